"""Tables as streams: unzipped, decoded and never held as a whole.

The encoding is decided on the first piece. Bytes that do not fit it later come through
as lone surrogates (PEP 383), so that only the row that holds them is decoded anew.
"""

import codecs
import gzip
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TextIO

from longshot.reading.content import Content
from longshot.reading.text import (
    decode,
    encoding_of_mark,
    guess_encodings,
    mostly_utf8,
)

STANDARD_INPUT = Path("-")
_FIRST_PIECE_BYTES = 1_048_576
_UTF8 = "utf-8-sig"


@dataclass(frozen=True, kw_only=True, slots=True)
class TextStream:
    """A decoded stream.

    Attributes
    ----------
    lines
        The stream; its lines keep their ends.
    encoding
        What it is decoded from.
    notes
        The guess, if the encoding is one.
    """

    lines: TextIO
    encoding: str
    notes: tuple[str, ...]

    def mend(self, text: str) -> Content:
        """Decode anew what did not fit the stream's encoding; else leave it as it is.

        Raises
        ------
        Unreadable
            If it fits no encoding.
        """
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            encoding = "utf-8" if self.encoding == _UTF8 else self.encoding
            return decode(text.encode(encoding, "surrogateescape"))
        return Content(text=text)


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, unzipped if its name ends in ``.gz``; ``-`` is standard input."""
    if path == STANDARD_INPUT:
        yield sys.stdin.buffer
    elif path.suffix.lower() == ".gz":
        with gzip.open(path, "rb") as file:
            yield file
    else:
        with path.open("rb") as file:
            yield file


@contextmanager
def open_text(path: Path, *, newline: str) -> Iterator[TextStream]:
    r"""Open a table as text.

    Parameters
    ----------
    path
        The file; ``-`` is standard input.
    newline
        As of :func:`open`: ``"\n"`` for jsonl, ``""`` for csv.
    """
    with open_bytes(path) as data:
        encoding, notes = _encoding(_first_piece(data, path))
        lines = io.TextIOWrapper(data, encoding, "surrogateescape", newline=newline)
        try:
            yield TextStream(lines=lines, encoding=encoding, notes=notes)
        finally:
            lines.detach()


def _first_piece(data: IO[bytes], path: Path) -> bytes:
    """Look at the first piece of a file; a pipe cannot be read twice, so not at it."""
    if not path.is_file():
        return b""
    try:
        return data.read(_FIRST_PIECE_BYTES)
    finally:
        data.seek(0)


def _encoding(piece: bytes) -> tuple[str, tuple[str, ...]]:
    marked = encoding_of_mark(piece)
    if marked is not None:
        return marked, ()
    try:
        codecs.getincrementaldecoder("utf-8")().decode(piece)
    except UnicodeDecodeError as error:
        guesses = [] if mostly_utf8(piece) else guess_encodings(piece, error.start)
        return _first_fitting(piece, guesses)
    return _UTF8, ()


def _first_fitting(piece: bytes, guesses: list[str]) -> tuple[str, tuple[str, ...]]:
    for encoding in guesses:
        try:
            codecs.getincrementaldecoder(encoding)().decode(piece)
        except UnicodeDecodeError:
            continue
        return encoding, (f"decoded as {encoding} (guessed)",)
    return _UTF8, ()
