"""Unfinished files and folders: known from those that a killed process left behind.

Who works on one holds a lock on it, which the system lets go when the process ends,
however it ends. The next one who works in the same place removes what nobody holds.
Where there are no such locks (Windows, some network drives), nothing is removed.
"""

import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SUFFIX = ".unfinished"
_MOST_NAME_CHARACTERS = 50


@contextmanager
def unfinished_file(target: Path) -> Iterator[tuple[Path, int]]:
    """Open a file beside the one that it becomes by renaming; what is left goes.

    Yields
    ------
    tuple
        Its path and its descriptor, which is closed in the end.

    Raises
    ------
    OSError
        If none can be made.
    """
    prefix = f".{target.name[:_MOST_NAME_CHARACTERS]}-"
    remove_left_behind(target.parent, prefix)
    while True:
        descriptor, name = tempfile.mkstemp(
            dir=target.parent, prefix=prefix, suffix=_SUFFIX
        )
        if _held(descriptor, name):
            break
        os.close(descriptor)
    try:
        yield Path(name), descriptor
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)
        os.close(descriptor)


@contextmanager
def unfinished_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Make a folder to work in, which is removed in the end, with what is left in it.

    Raises
    ------
    OSError
        If none can be made.
    """
    remove_left_behind(parent, prefix)
    while True:
        name = tempfile.mkdtemp(dir=parent, prefix=prefix, suffix=_SUFFIX)
        descriptor = _opened_folder(name)
        if descriptor is None or _held(descriptor, name):
            break
        os.close(descriptor)
    try:
        yield Path(name)
    finally:
        shutil.rmtree(name, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


def remove_left_behind(parent: Path, prefix: str) -> None:
    """Remove what killed processes left, files and folders of this prefix."""
    pattern = f"{glob.escape(str(parent / prefix))}*{_SUFFIX}"
    for path in map(Path, glob.glob(pattern)):
        with suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                if _locked(descriptor, wait=False):
                    _remove(path)
            finally:
                os.close(descriptor)


def is_unfinished(path: Path) -> bool:
    """Tell whether somebody works on a file or folder, or was killed doing so."""
    return path.name.endswith(_SUFFIX)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink()


def _opened_folder(name: str) -> int | None:
    try:
        return os.open(name, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return None


def _held(descriptor: int, name: str) -> bool:
    """Hold what was made; False if it was taken for left behind in that moment."""
    _locked(descriptor, wait=True)
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(name))
    except FileNotFoundError:
        return False


def _locked(descriptor: int, *, wait: bool) -> bool:
    """Lock a file or folder as long as it is open; False where that cannot be."""
    try:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except (ImportError, OSError):
        return False
    return True
