"""How much one document may unpack to: one limit for everything that is unpacked.

A megabyte of zeros packs into a kilobyte, so the size of a file says nothing about the
memory that reading it takes. Deflate reaches a ratio of 1,032 (https://zlib.net/
zlib_tech.html); text reaches 3 to 20, and the XML of an office file 60 at most.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOBase
from pathlib import Path

from longshot.errors import SettingError
from longshot.reading.content import Unreadable

LIMIT_VARIABLE = "LONGSHOT_MOST_MB"
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What is still read as one document.

    Attributes
    ----------
    most_bytes
        What it may hold, unpacked: 500 MB of text are a quarter of a million pages.
    most_ratio
        How many times its packed size that may be; None for any. It counts from
        `ratio_counts_from_bytes` on: small files may well pack better.
    most_pdf_ratio
        How many times its size the text of a PDF may be; None for any. Deflate packs
        text 3 to 20 times: beyond, pages show one drawing again and again.
    ratio_counts_from_bytes
        What may be unpacked at any ratio. Parsed, it takes up to twenty times as much.
    most_depth
        How deep files may lie in each other: an archive attached to a mail that was
        forwarded three times, in a mailbox, in an archive, is eight deep.
    most_members
        How many files may lie in one that a person named; None for any number.
    """

    most_bytes: int = 500_000_000
    most_ratio: int | None = 200
    most_pdf_ratio: int | None = 20
    ratio_counts_from_bytes: int = 20_000_000
    most_depth: int = 10
    most_members: int | None = 50_000

    def check_size(self, n_bytes: int) -> None:
        """Refuse more than one document may hold.

        Raises
        ------
        Unreadable
            If it is more.
        """
        if n_bytes > self.most_bytes:
            raise Unreadable(
                f"holds more than {self.most_bytes / 1e6:,.0f} MB as one document: "
                f"split it, or set {LIMIT_VARIABLE} to more"
            )

    def check_ratio(self, unpacked: int, packed: int) -> None:
        """Refuse what unpacks to far more than any text could need.

        Raises
        ------
        Unreadable
            If it does.
        """
        self._check_ratio(unpacked, packed, self.most_ratio)

    def check_pdf(self, n_characters: int, packed: int) -> None:
        """Refuse a PDF whose pages hold far more text than the file can.

        Raises
        ------
        Unreadable
            If they do.
        """
        self.check_size(n_characters)
        self._check_ratio(n_characters, packed, self.most_pdf_ratio)

    def _check_ratio(self, unpacked: int, packed: int, most: int | None) -> None:
        if most is None or unpacked <= self.ratio_counts_from_bytes:
            return
        if unpacked > most * packed:
            raise Unreadable(
                f"unpacks to more than {most} times its size, as a zip bomb does: "
                f"leave it out, or set {LIMIT_VARIABLE} to read it anyway"
            )


def limits() -> Limits:
    """Give the limits: who sets a size means any ratio and any number of members.

    Raises
    ------
    SettingError
        If the variable holds no number of megabytes.
    """
    told = os.environ.get(LIMIT_VARIABLE)
    if not told:
        return Limits()
    if not told.isdecimal() or int(told) == 0:
        raise SettingError(
            f"{LIMIT_VARIABLE} must be a whole number of megabytes; got {told!r}. "
            "Set it to 500, for instance."
        )
    megabytes = int(told) * 1_000_000
    return Limits(
        most_bytes=megabytes, most_ratio=None, most_pdf_ratio=None, most_members=None
    )


def read_bytes(path: Path) -> bytes:
    """Read a file as one document; a pipe or a device too, but never without end.

    Raises
    ------
    Unreadable
        If it holds more than one document may.
    """
    allowed = limits()
    if path.is_file():
        allowed.check_size(path.stat().st_size)
    data = bytearray()
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            data += piece
            allowed.check_size(len(data))
    return bytes(data)


def bounded_lines(lines: TextIOBase) -> Iterator[str]:
    """Give lines with their ends, none of them longer than a document may be.

    Raises
    ------
    Unreadable
        If one is longer.
    """
    allowed = limits()
    while line := lines.readline(allowed.most_bytes + 1):
        allowed.check_size(len(line))
        yield line
