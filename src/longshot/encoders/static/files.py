"""Files of word vectors to words and rows: word2vec, GloVe and fastText's ``.vec``.

Text files are read line by line, so that a file larger than memory can be converted and
a broken line can be named; gensim's reader keeps all in memory and stops at GloVe's
words with blanks in them ("at name@domain.com" in glove.840B), which are read here by
counting columns from the right.
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO

import numpy as np
from jaxtyping import Float

from longshot.errors import ModelIntegrityError, ModelNotFoundError

Rows = tuple[list[str], Float[np.ndarray, "word dim"]]

_CHUNK_LINES = 1000
_PEEK_BYTES = 1 << 16
_GZIP_MAGIC = b"\x1f\x8b"
_CHECK = "Check the file or fetch it again."


def read_vectors(path: Path) -> Iterator[Rows]:
    """Read a file of word vectors in chunks, whichever of the formats it is in.

    A first line of two numbers is word2vec's header (words and dimensions); without it
    the file is GloVe's. Zipped files (gzip) are recognised by their content.

    Raises
    ------
    ModelNotFoundError
        If there is no such file.
    ModelIntegrityError
        If a line does not hold a word and as many finite numbers as the first one, or
        the file holds fewer words than its header says.
    """
    if not path.is_file():
        raise ModelNotFoundError(
            f"a file of word vectors must exist; there is no {path}. Check the path."
        )
    chunks = _read_binary(path) if _is_binary(path) else _read_text(path)
    for words, vectors in chunks:
        _check_finite(path, words, vectors)
        yield words, vectors


def _is_binary(path: Path) -> bool:
    """Whether word2vec's header is followed by what is no word with numbers in text.

    The bytes of binary numbers may be letters, or an end of line, by chance.
    """
    with _told_if_broken(path), _opened(path) as file:
        header = _header(file.readline())
        line = file.readline(_PEEK_BYTES)
    if header is None:
        return False
    try:
        text = line.decode().rstrip()
        _, *numbers = text.split() or [""]
        float(numbers[-1] if numbers else "")
    except ValueError:  # a UnicodeDecodeError is one
        return True
    return not text.isprintable()


def _read_binary(path: Path) -> Iterator[Rows]:
    """Read words, each followed by a blank and its numbers as 32-bit floats."""
    with _told_if_broken(path), _opened(path) as file:
        n_words, dim = _header(file.readline()) or (0, 0)
        buffer = b""
        for start in range(0, n_words, _CHUNK_LINES):
            words: list[str] = []
            numbers: list[bytes] = []
            for _ in range(start, min(start + _CHUNK_LINES, n_words)):
                word, buffer = _word_before_blank(path, file, buffer)
                words.append(word.decode(errors="replace"))
                if len(buffer) < 4 * dim:
                    buffer += file.read(max(4 * dim, _PEEK_BYTES))
                numbers.append(buffer[: 4 * dim])
                buffer = buffer[4 * dim :]
            if len(numbers[-1]) < 4 * dim:
                raise _cut_short(path)
            vectors = np.frombuffer(b"".join(numbers), dtype="<f4")
            yield words, vectors.reshape(len(words), dim)


def _word_before_blank(
    path: Path, file: IO[bytes], buffer: bytes
) -> tuple[bytes, bytes]:
    while b" " not in buffer:
        more = file.read(_PEEK_BYTES)
        if not more or len(buffer) > _PEEK_BYTES:
            raise _cut_short(path)
        buffer += more
    word, _, rest = buffer.partition(b" ")
    return word.lstrip(b"\n"), rest


def _cut_short(path: Path) -> ModelIntegrityError:
    return ModelIntegrityError(
        f"{path} must hold the number of words and dimensions that its first line "
        f"says; it is damaged or cut short. {_CHECK}"
    )


def _read_text(path: Path) -> Iterator[Rows]:
    with _told_if_broken(path), _opened(path) as file:
        first = file.readline()
        header = _header(first)
        lines = file if header else chain([first], file)
        dim = header[1] if header else len(_clean(first).split(b" ")) - 1
        if dim < 1:
            raise ModelIntegrityError(
                f"{path} must hold a word and its numbers on every line; line 1 holds "
                f"no numbers. {_CHECK}"
            )
        n_words = 0
        for chunk in iter(lambda: list(islice(lines, _CHUNK_LINES)), []):
            yield _rows(path, chunk, dim, first_line=n_words + (2 if header else 1))
            n_words += len(chunk)
    if header and n_words != header[0]:
        raise ModelIntegrityError(
            f"{path} must hold the {header[0]:,} words of its first line; it holds "
            f"{n_words:,}. {_CHECK}"
        )


def _rows(path: Path, lines: list[bytes], dim: int, *, first_line: int) -> Rows:
    parsed = _parsed(lines, dim)
    if parsed is None:
        one_by_one = [
            _parsed_alone(path, line, dim, number)
            for number, line in enumerate(lines, start=first_line)
        ]
        return [word for word, _ in one_by_one], np.stack(
            [row for _, row in one_by_one]
        )
    return parsed


def _parsed(lines: list[bytes], dim: int) -> Rows | None:
    """Parse lines all at once; None if one is not plainly a word and numbers."""
    split = [_clean(line).partition(b" ") for line in lines]
    if any(not word or rest.count(b" ") != dim - 1 for word, _, rest in split):
        return None
    numbers = b" ".join(rest for _, _, rest in split).split(b" ")
    try:
        vectors = np.array(list(map(float, numbers)), dtype=np.float32)
    except ValueError:
        return None
    words = [word.decode(errors="replace") for word, _, _ in split]
    return words, vectors.reshape(len(lines), dim)


def _parsed_alone(
    path: Path, line: bytes, dim: int, number: int
) -> tuple[str, Float[np.ndarray, " dim"]]:
    """Parse one line whose word may hold blanks, or say what is wrong with it."""
    word, *numbers = _clean(line).rsplit(b" ", dim)
    if len(numbers) != dim or not word:
        raise ModelIntegrityError(
            f"every line of {path} must hold a word and {dim} numbers; line {number} "
            f"holds {max(len(_clean(line).split(b' ')) - 1, 0)}. {_CHECK}"
        )
    try:
        row = np.array(list(map(float, numbers)), dtype=np.float32)
    except ValueError as error:
        raise ModelIntegrityError(
            f"every line of {path} must hold a word and {dim} numbers; line {number} "
            f"holds something else ({error}). {_CHECK}"
        ) from error
    return word.decode(errors="replace"), row


def _check_finite(path: Path, words: list[str], vectors: np.ndarray) -> None:
    finite = np.isfinite(vectors).all(axis=1)
    if not finite.all():
        word = words[int(np.argmin(finite))]
        raise ModelIntegrityError(
            f"{path} must hold finite numbers; the vector of {word!r} has NaN or "
            f"infinity. {_CHECK}"
        )


def _header(line: bytes) -> tuple[int, int] | None:
    fields = line.split()
    if len(fields) != 2 or not all(field.isdigit() for field in fields):
        return None
    return int(fields[0]), int(fields[1])


def _clean(line: bytes) -> bytes:
    return line.rstrip(b" \r\n\t").replace(b"\t", b" ")


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as file:
        zipped = file.read(2) == _GZIP_MAGIC
        file.seek(0)
        if not zipped:
            yield file
            return
        with gzip.GzipFile(fileobj=file) as unzipped:
            yield unzipped  # type: ignore[misc]


@contextmanager
def _told_if_broken(path: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError, zlib.error) as error:
        raise ModelIntegrityError(
            f"{path} must be readable to its end; it is not ({error}). {_CHECK}"
        ) from error
