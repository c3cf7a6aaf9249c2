"""Result folders: never half written."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from longshot.errors import OutputError


@contextmanager
def whole_folder(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Give a folder to write into, which gets its name only once it is complete.

    It is written beside its place and renamed; on any error, or when the process is
    killed, what stood there before stays.

    Parameters
    ----------
    path
        The folder's name.
    overwrite
        Whether a folder of that name is replaced.

    Raises
    ------
    OutputError
        If it cannot be written, or stands there and is not to be replaced.
    """
    check_folder_place(path, overwrite=overwrite)
    path = path.resolve()
    try:
        with tempfile.TemporaryDirectory(
            dir=path.parent, prefix=f".{path.name}-"
        ) as scratch:
            new = Path(scratch) / "new"
            new.mkdir()
            yield new
            _sync(new)
            if path.exists():
                _replace(path, new, former=Path(scratch) / "former")
            else:
                new.rename(path)
    except OSError as error:
        raise OutputError(
            f"{path} must be writable; writing failed ({error.strerror or error}). "
            "Nothing was left there. Free some space or name another folder with --out."
        ) from error


def check_folder_place(path: Path, *, overwrite: bool = False) -> None:
    """Find out before a long run that its folder will have a place.

    Raises
    ------
    OutputError
        If the folder around it is missing or not writable, a file has its name, or
        something stands in it and is not to be replaced.
    """
    parent = path.resolve().parent
    if path.exists() and not path.is_dir():
        raise OutputError(
            f"the result must go to a folder; {path} is a file. Name another with "
            "--out."
        )
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise OutputError(
            f"a result must go to a folder that can be written; {parent} is none. "
            "Make it, or name another with --out."
        )
    if path.is_dir() and any(path.iterdir()) and not overwrite:
        raise OutputError(
            f"the result must go to a new folder; {path} holds something. Name another "
            "with --out, or replace it with --overwrite."
        )


def _replace(path: Path, new: Path, *, former: Path) -> None:
    """Put a folder in another's place; on an error the former one is put back."""
    path.rename(former)
    try:
        new.rename(path)
    except OSError:
        former.rename(path)
        raise
    shutil.rmtree(former)


def _sync(folder: Path) -> None:
    """Have the files on the disk before their folder gets its name."""
    for file in folder.iterdir():
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
