"""Result files: which kind a name asks for, and never half written."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TypeVar

from longshot.errors import MissingExtraError, OutputError, SettingError
from longshot.machine.unfinished import unfinished_file

W = TypeVar("W")

_PAGE_ENDINGS = (".html", ".htm")


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that appears under its name only once it is complete.

    It is written beside its place and renamed; on any error, or when the process is
    killed, what stood there before stays. What a killed process left beside it goes
    when the file is written anew. Where the name is a link, the file that it leads to
    is written.

    Raises
    ------
    OutputError
        If it cannot be written: the folder is missing, the disk is full.
    """
    path = path.resolve()
    check_writable(path)
    try:
        with unfinished_file(path) as (temporary, descriptor):
            with os.fdopen(descriptor, "wb", closefd=False) as file:
                yield file
                file.flush()
                os.fsync(descriptor)
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error


def check_writable(path: Path) -> None:
    """Find out before a long run that its result will have a place.

    Raises
    ------
    OutputError
        If the folder is missing or not writable, or the path is a folder or a device.
    """
    try:
        mistake = _why_no_place(path)
    except OSError as error:  # a name that is too long
        raise unwritable(path, error) from error
    if mistake is not None:
        raise OutputError(mistake)


def check_page_place(path: Path) -> None:
    """Find out before a long run that a page can be written there.

    Raises
    ------
    SettingError
        If its name is not that of a page.
    OutputError
        As :func:`check_writable`.
    """
    if path.suffix.lower() not in _PAGE_ENDINGS:
        raise SettingError(
            f"a report's file name must end in {' or '.join(_PAGE_ENDINGS)}; got "
            f"{path.name}. Change --report."
        )
    check_writable(path)


def make_folder(path: Path) -> None:
    """Make a folder for results, unless it is there.

    Raises
    ------
    OutputError
        If it cannot be made, or a file has its name.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"results must go to a folder that can be made; {path} cannot "
            f"({error.strerror or error}). Name another."
        ) from error


def _why_no_place(path: Path) -> str | None:
    if path.is_dir():
        return f"a result must go to a file; {path} is a folder. Name a file in it."
    if path.exists() and not path.is_file():
        return (
            f"a result must go to a file; {path} is a device or a pipe. Name a file, "
            "or leave out --out to print the result."
        )
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        return (
            f"a result must go to a folder that can be written; {path.parent} is "
            "missing or read-only. Create it, or name another with --out."
        )
    return None


def by_ending(path: Path, writers: Mapping[str, W], *, what: str) -> W:
    """Find the writer for a file's ending; `what` names such a file.

    Raises
    ------
    SettingError
        If there is none.
    MissingExtraError
        If it is Parquet's, and what writes it is not installed.
    """
    if path.suffix == ".parquet" and find_spec("pyarrow") is None:
        raise MissingExtraError.naming("pyarrow", extra="parquet")
    if path.suffix not in writers:
        *others, last = writers
        raise SettingError(
            f"{what} must end in {', '.join(others)} or {last}; got {path.name}. "
            "Change --out."
        )
    return writers[path.suffix]


def encodable(text: str) -> str:
    """Put ``?`` for lone surrogates: UTF-8 has none."""
    return text.encode(errors="replace").decode()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def unwritable(path: Path, error: OSError) -> OutputError:
    """Say in one line that a file could not be written, and why."""
    return OutputError(
        f"{path} must be writable; writing failed ({error.strerror or error}). "
        "Nothing was left there. Free some space or name another file with --out."
    )
