"""Tables as streams: unzipped, decoded and never held as a whole.

The encoding is decided on the first piece. Bytes that do not fit it later come through
as lone surrogates (PEP 383), so that only the row that holds them is decoded anew.
"""

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from longshot.reading.content import Content
from longshot.reading.formats.text import (
    decode,
    decode_damaged,
    encoding_of_mark,
    guess_encodings,
    mostly_utf8,
)
from longshot.reading.limits import bounded_lines, limits

STANDARD_INPUT = Path("-")
_FIRST_PIECE_BYTES = 1_048_576
_READ_BYTES = 65_536
# Without a byte order mark and with ASCII only so far, or from a pipe.
_UNDECIDED = "utf-8-sig"


@dataclass(frozen=True, kw_only=True, slots=True)
class TextStream:
    """A decoded stream.

    Attributes
    ----------
    lines
        Its lines, which keep their ends.
    encoding
        What it is decoded from.
    notes
        The guess, if the encoding is one.
    """

    lines: Iterator[str]
    encoding: str
    notes: tuple[str, ...]

    def mend(self, text: str) -> Content:
        """Decode anew what did not fit the stream's encoding; else leave it as it is.

        In a stream that is known to be UTF-8 it can only be damage; otherwise this may
        be the first text that shows the encoding.

        Raises
        ------
        Unreadable
            If it fits no encoding.
        """
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            if self.encoding == "utf-8":
                return decode_damaged(text.encode("utf-8", "surrogateescape"))
            encoding = self.encoding.removesuffix("-sig")
            return decode(text.encode(encoding, "surrogateescape"))
        return Content(text=text)


class _LimitedGzipFile(gzip.GzipFile):
    """Unzips a file until it turns out to be a bomb."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")
        self._limits = limits()

    def read(self, size: int | None = -1) -> bytes:
        """Read and unzip bytes."""
        return self._checked(super().read(size))

    def read1(self, size: int = -1) -> bytes:
        """Read and unzip bytes, as many as come at once."""
        return self._checked(super().read1(size))

    def _checked(self, piece: bytes) -> bytes:
        packed = cast(IO[bytes], self.fileobj)
        self._limits.check_ratio(self.tell(), packed=packed.tell())
        return piece


@contextmanager
def open_bytes(path: Path) -> Iterator[io.BufferedIOBase]:
    """Open a file, unzipped if its name ends in ``.gz``; ``-`` is standard input."""
    if path == STANDARD_INPUT:
        yield cast(io.BufferedIOBase, sys.stdin.buffer)
    elif path.suffix.lower() == ".gz":
        with _LimitedGzipFile(path) as file:
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
        buffer = cast(Any, data)  # what TextIOWrapper asks for has no public type
        text = io.TextIOWrapper(buffer, encoding, "surrogateescape", newline=newline)
        try:
            lines = bounded_lines(text)
            yield TextStream(lines=lines, encoding=encoding, notes=notes)
        finally:
            text.detach()


def _first_piece(data: io.BufferedIOBase, path: Path) -> bytes:
    """Look at the first piece of a file; of a pipe at none: it cannot be read twice."""
    piece = bytearray()
    if path.is_file():
        with suppress(EOFError, zlib.error):  # a broken .gz: its good part counts
            while len(piece) < _FIRST_PIECE_BYTES and (more := data.read(_READ_BYTES)):
                piece += more
        data.seek(0)
    return bytes(piece)


def _encoding(piece: bytes) -> tuple[str, tuple[str, ...]]:
    marked = encoding_of_mark(piece)
    if marked is not None:
        return marked, ()
    if piece.isascii():
        return _UNDECIDED, ()
    try:
        codecs.getincrementaldecoder("utf-8")().decode(piece)
    except UnicodeDecodeError as error:
        if not mostly_utf8(piece):
            return _first_fitting(piece, guess_encodings(piece, error.start))
    return "utf-8", ()


def _first_fitting(piece: bytes, guesses: list[str]) -> tuple[str, tuple[str, ...]]:
    for encoding in guesses:
        try:
            codecs.getincrementaldecoder(encoding)().decode(piece)
        except UnicodeDecodeError:
            continue
        return encoding, (f"decoded as {encoding} (guessed)",)
    return _UNDECIDED, ()
