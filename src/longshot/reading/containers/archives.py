"""ZIP and tar: every file in them, in the archive's order.

Nothing is unpacked to the path that an archive names, links in it are not followed, and
the budget counts what really comes out: what an archive declares may be a lie.
"""

import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from longshot.errors import one_line
from longshot.reading.containers.base import (
    BoundedPieces,
    Budget,
    Member,
    Names,
    Pieces,
    cleaned,
    is_left_out,
)
from longshot.reading.containers.packed import unpacked
from longshot.reading.content import Unreadable

_BREAKS = (EOFError, OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error)
_ENCRYPTED = 0x1  # APPNOTE.TXT, section 4.4.4


def zip_members(path: Path, budget: Budget) -> Iterator[Member]:
    """Give the files of a ZIP.

    Raises
    ------
    Unreadable
        If its directory is broken, or names too many.
    """
    names = Names()
    try:
        archive = zipfile.ZipFile(path)
    except (*_BREAKS, NotImplementedError) as error:
        raise Unreadable(f"is a broken ZIP ({one_line(str(error))})") from error
    with archive:
        budget.check_members(sum(not info.is_dir() for info in archive.infolist()))
        for info in archive.infolist():
            name = cleaned(info.filename)
            if info.is_dir() or not name or is_left_out(name):
                continue
            budget.count_member()
            yield from _zip_member(archive, info, names.apart(name))


def _zip_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str
) -> Iterator[Member]:
    if info.flag_bits & _ENCRYPTED:
        yield Member(name=name, holds=Unreadable("is protected by a password"))
    elif stat.S_ISLNK(info.external_attr >> 16):
        yield Member(name=name, holds=Unreadable("is a link inside of an archive"))
    else:
        try:
            with archive.open(info) as file:
                yield Member(name=name, holds=_Told(file))
        except (*_BREAKS, NotImplementedError) as error:
            yield Member(name=name, holds=_broken(error))


def tar_members(path: Path, budget: Budget) -> Iterator[Member]:
    """Give the files of a tar, compressed or not.

    Raises
    ------
    Unreadable
        If it breaks off.
    """
    names = Names()
    with _tar(path, budget) as archive:
        while (info := _next(archive)) is not None:
            name = cleaned(info.name)
            archive.members.clear()  # tarfile would remember them all
            if info.isdir() or not name or is_left_out(name):
                continue
            budget.count_member()
            name = names.apart(name)
            file = archive.extractfile(info) if info.isreg() else None
            if file is None:
                reason = "is a link or a device inside of an archive"
                yield Member(name=name, holds=Unreadable(reason))
            else:
                yield Member(name=name, holds=_Told(file))


@contextmanager
def _tar(path: Path, budget: Budget) -> Iterator[Any]:
    """Open it as a stream, whose headers count against the budget too."""
    with unpacked(path) as pieces:
        source = cast(IO[bytes], BoundedPieces(pieces, budget))
        try:
            with tarfile.open(fileobj=source, mode="r|") as archive:
                yield archive
        except tarfile.TarError as error:
            raise Unreadable(f"is a broken tar ({one_line(str(error))})") from error


def _next(archive: Any) -> Any:
    try:
        return archive.next()
    except Unreadable:
        raise
    except (*_BREAKS, tarfile.TarError) as error:
        raise Unreadable(f"breaks off ({one_line(str(error))})") from error


class _Told:
    """A member's bytes; where they break off, that is told as a reason."""

    def __init__(self, file: Pieces) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes.

        Raises
        ------
        Unreadable
            If it breaks off.
        """
        try:
            return self._file.read(size)
        except (*_BREAKS, NotImplementedError, tarfile.TarError) as error:
            raise _broken(error) from error


def _broken(error: Exception) -> Unreadable:
    return Unreadable(f"is broken in its archive ({one_line(str(error))})")
