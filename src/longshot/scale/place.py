"""Where files are: a folder of this machine, an object store, whatever pyarrow opens.

A file that is written here is whole or it is not there. In an object store that is what
a single upload gives; elsewhere it is written under another name, and renamed.
"""

import posixpath
import re
import uuid
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from longshot.errors import MissingExtraError, OutputError, ReadingError, first_line

_OBJECT_STORES = ("s3", "gcs", "abfs")
"""Of pyarrow's file systems: an upload appears under its name when it is complete."""

_UNFINISHED = ".unfinished"
_KEYS = re.compile(r"://[^/@]*@")


class Place:
    """A file or folder, by its address; it can be sent to another machine.

    Parameters
    ----------
    address
        A path of this machine, or an address such as ``s3://bucket/folder``.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is open: another process opens it for itself."""
        return {"address": self.address}

    def __repr__(self) -> str:
        return f"Place({self.shown!r})"

    @property
    def shown(self) -> str:
        """Its address, without keys and what is asked of the file system."""
        return shown_address(self.address)

    @property
    def path(self) -> str:
        """Its path within its file system."""
        return self._opened[1]

    @property
    def files(self) -> Any:
        """The file system, as pyarrow has it."""
        return self._opened[0]

    @property
    def is_local(self) -> bool:
        """Whether it lies on a file system of the machine."""
        return bool(self.files.type_name == "local")

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        require_pyarrow()
        from pyarrow import fs

        address = self.address
        if "://" not in address:
            address = str(Path(address).expanduser().resolve())
        try:
            files, path = fs.FileSystem.from_uri(address)
        except Exception as error:  # each file system has errors of its own
            raise ReadingError(
                f"an address must be one that pyarrow opens (s3, gs, abfs, hdfs, a "
                f"path); {self.shown} is not ({first_line(error)}). Check it."
            ) from error
        return files, path.rstrip("/") or "/"

    def write(self, name: str, content: bytes) -> None:
        """Write a file below this folder, whole or not at all.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        path = posixpath.join(self.path, name)
        try:
            if self.files.type_name in _OBJECT_STORES:
                self._put(path, content)
                return
            folder, own = posixpath.split(path)
            self.files.create_dir(folder, recursive=True)
            beside = posixpath.join(folder, f".{own}-{uuid.uuid4().hex}{_UNFINISHED}")
            self._put(beside, content)
            self.files.move(beside, path)
        except OSError as error:
            raise OutputError(
                f"results must go where files can be written; {self.shown} failed "
                f"({first_line(error)}). Free some space, or check the rights."
            ) from error

    def _put(self, path: str, content: bytes) -> None:
        with self.files.open_output_stream(path) as stream:
            stream.write(content)

    def read(self, name: str) -> bytes:
        """Read a file below this folder.

        Raises
        ------
        FileNotFoundError
            If there is none.
        """
        with self.files.open_input_stream(posixpath.join(self.path, name)) as stream:
            return bytes(stream.read())

    def has(self, name: str) -> bool:
        """Tell whether there is such a file below this folder."""
        from pyarrow import fs

        (found,) = self.files.get_file_info([posixpath.join(self.path, name)])
        return bool(found.type == fs.FileType.File)

    def names(self, folder: str = "") -> list[str]:
        """Give the files below a folder in it, by their paths from there, sorted."""
        return sorted(name for name, _ in self.sizes(folder))

    def sizes(self, folder: str = "") -> Iterator[tuple[str, int]]:
        """Give the files below a folder in it, each with its size in bytes."""
        from pyarrow import fs

        start = posixpath.join(self.path, folder).rstrip("/")
        asked = fs.FileSelector(start, recursive=True, allow_not_found=True)
        for found in self.files.get_file_info(asked):
            if found.type == fs.FileType.File and not found.path.endswith(_UNFINISHED):
                yield found.path[len(start) :].lstrip("/"), found.size

    def remove(self, folder: str) -> None:
        """Remove a folder in it, with all that is there."""
        path = posixpath.join(self.path, folder)
        try:
            self.files.delete_dir(path)
        except FileNotFoundError:
            return

    def remove_unfinished(self) -> None:
        """Remove what killed writers left; nobody may be writing."""
        from pyarrow import fs

        if self.files.type_name in _OBJECT_STORES:
            return
        asked = fs.FileSelector(self.path, recursive=True, allow_not_found=True)
        for found in self.files.get_file_info(asked):
            if found.path.endswith(_UNFINISHED):
                self.files.delete_file(found.path)


def shown_address(address: str) -> str:
    """Give an address as it may be shown: keys stand before an ``@``.

    Examples
    --------
    >>> shown_address("s3://key:secret@bucket/labels?region=eu-west-1")
    's3://bucket/labels'
    """
    if "://" not in address:
        return address
    return _KEYS.sub("://", address.partition("?")[0])


def require_pyarrow() -> None:
    """Refuse what needs pyarrow where it is not installed.

    Raises
    ------
    MissingExtraError
        If it is not.
    """
    try:
        import pyarrow.fs  # noqa: F401
    except ImportError as error:
        raise MissingExtraError.naming("pyarrow", extra="cluster") from error
