"""The files of packages, without installing these."""

import gzip
import io
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

Files = Iterator[tuple[str, bytes]]
"""Paths within a package, and what the files hold."""

Rows = Iterator[tuple[str, str]]
"""Labels and texts."""

_GZIP = b"\x1f\x8b"


def files_of(package: Path) -> Files:
    """Give the files of a wheel, a Debian package, or a gzipped tar archive."""
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as wheel:
            yield from ((name, wheel.read(name)) for name in wheel.namelist())
        return
    data = package.read_bytes()
    if package.suffix == ".deb":
        command = ["dpkg-deb", "--fsys-tarfile", str(package)]
        data = subprocess.run(command, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            if member.isreg() and (file := archive.extractfile(member)) is not None:
                yield member.name, file.read()


def text_of(data: bytes) -> str:
    r"""Decode a file, gzipped or not.

    Examples
    --------
    >>> text_of(gzip.compress(b"one\r\ntwo"))
    'one\ntwo'
    """
    if data.startswith(_GZIP):
        data = gzip.decompress(data)
    return data.decode("utf-8", errors="replace").replace("\r\n", "\n")
