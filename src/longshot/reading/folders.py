"""Which files a folder holds, in a fixed order."""

import os
from collections.abc import Iterator
from pathlib import Path

from longshot.reading.kinds import is_litter
from longshot.records import SetAside


def walk(folder: Path) -> Iterator[Path | SetAside]:
    """Give all files below a folder, sorted by path; hidden ones are left out.

    So is what systems and programs leave behind (``Thumbs.db``, ``~$lease.docx``).

    Links to folders are followed, each folder once. What is neither file nor folder,
    or cannot be opened, is set aside.
    """
    yield from _walk(folder, root=folder, above=frozenset())


def id_below(path: Path, root: Path) -> str:
    """Name a file by its path below a folder, with forward slashes on every system.

    Examples
    --------
    >>> id_below(Path("pile/2024/lease.txt"), Path("pile"))
    '2024/lease.txt'
    """
    relative = path.relative_to(root).as_posix()
    return os.fsencode(relative).decode("utf-8", errors="replace")


def _walk(
    folder: Path, *, root: Path, above: frozenset[Path]
) -> Iterator[Path | SetAside]:
    real = folder.resolve()
    if real in above:  # a link that leads back up
        return
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        yield _set_aside(folder, root, f"cannot be opened ({error.strerror})")
        return
    for path in paths:
        if is_litter(path.name):
            continue
        if path.is_dir():
            yield from _walk(path, root=root, above=above | {real})
        elif path.is_file() or path.is_symlink():
            yield path
        else:
            yield _set_aside(path, root, "is neither a file nor a folder")


def _set_aside(path: Path, root: Path, reason: str) -> SetAside:
    return SetAside(id=id_below(path, root), source=str(path), reason=reason)
