"""One file that is compressed: gzip, bzip2, xz."""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from longshot.errors import one_line
from longshot.reading.containers.base import Budget, Member, Pieces, cleaned
from longshot.reading.content import Unreadable

_ENDINGS = (".gz", ".bz2", ".xz", ".tgz", ".tbz2", ".txz")
_BREAKS = (EOFError, OSError, ValueError, lzma.LZMAError, zlib.error)
_MOST_XZ_BYTES = 128 << 20  # of a dictionary: `xz -9` takes 65 MB
_PIECE_BYTES = 1 << 16


def packed_member(path: Path, budget: Budget) -> Iterator[Member]:
    """Give the one file in it, by the name without the last ending."""
    budget.count_member()
    name = path.name
    if name.lower().endswith(_ENDINGS):
        name = name.rpartition(".")[0]
    with unpacked(path) as pieces:
        yield Member(name=cleaned(name) or "member", holds=pieces)


@contextmanager
def unpacked(path: Path) -> Iterator[Pieces]:
    """Open a file, uncompressed if its content is; it tells where it breaks off."""
    with path.open("rb") as file:
        start = file.read(6)
        file.seek(0)
        if start.startswith(b"\x1f\x8b"):
            yield _Told(gzip.GzipFile(fileobj=file))
        elif start.startswith(b"BZh"):
            yield _Told(bz2.BZ2File(file))
        elif start == b"\xfd7zXZ\0":
            yield _Told(_Xz(file))
        else:
            yield file


def start_of(path: Path, n_bytes: int) -> bytes:
    """Give the first bytes that a compressed file unpacks to; fewer where it breaks."""
    try:
        with unpacked(path) as pieces:
            return pieces.read(n_bytes)
    except Unreadable:
        return b""


class _Told:
    def __init__(self, pieces: object) -> None:
        self._pieces = cast(Pieces, pieces)

    def read(self, size: int, /) -> bytes:
        try:
            return self._pieces.read(size)
        except _BREAKS as error:
            raise Unreadable(f"breaks off ({one_line(str(error))})") from error


class _Xz:
    """Unpacks xz in bounded memory, which :class:`lzma.LZMAFile` cannot."""

    def __init__(self, file: Pieces) -> None:
        self._file = file
        self._unpacker = _xz()

    def read(self, size: int, /) -> bytes:
        while True:
            if self._unpacker.eof:
                packed = self._unpacker.unused_data or self._file.read(_PIECE_BYTES)
                if not packed.strip(b"\0"):
                    return b""
                self._unpacker = _xz()  # one stream may follow another
            else:
                wanted = self._unpacker.needs_input
                packed = self._file.read(_PIECE_BYTES) if wanted else b""
                if wanted and not packed:
                    raise EOFError("the file ends before its stream does")
            piece = self._unpacker.decompress(packed, size)
            if piece:
                return piece


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_XZ_BYTES)
