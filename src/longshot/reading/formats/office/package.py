"""Office files that are ZIPs of parts: what they unpack to, before anything does so."""

import zipfile
from pathlib import Path

from longshot.reading.content import Unreadable
from longshot.reading.limits import limits


def check_size(path: Path) -> None:
    """Refuse a package that unpacks to far more than any text could need.

    The sizes are those that the archive declares. That is safe: ``zipfile`` never
    unpacks a member beyond its declared size and then fails on its checksum.

    Raises
    ------
    Unreadable
        If it would, or is no whole ZIP.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise Unreadable(
            "is cut short, or damaged: open it in the program that made it, and save "
            "it again"
        ) from error
    allowed = limits()
    allowed.check_ratio(unpacked, packed=path.stat().st_size)
    allowed.check_size(unpacked)
