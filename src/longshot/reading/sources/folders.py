"""Which files a folder holds, in a fixed order, and each of them once."""

import os
import stat
import warnings
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path

from longshot.errors import LongshotWarning
from longshot.reading.kinds import is_litter
from longshot.records import SetAside

_SHOWN_REPEATS = 3

Apart = Callable[[str], Hashable]
"""Gives, for a place below the folder, what files are kept apart by: their label."""


def walk(folder: Path, *, apart: Apart | None = None) -> Iterator[Path | SetAside]:
    """Give all files below a folder, sorted by path; hidden ones are left out.

    So is what systems and programs leave behind (``Thumbs.db``, ``~$lease.docx``).

    Links are followed, and what they lead to is read once: links between sibling
    folders would otherwise multiply, six folders with a file each to 1,956. What was
    left out for that reason is told at the end, as a :class:`LongshotWarning`. What is
    neither file nor folder (a device, a pipe), or cannot be opened, is set aside.

    Parameters
    ----------
    folder
        The folder.
    apart
        A file is read once for each value of it; by default, once altogether.
    """
    reached = _Reached(folder, apart)
    waiting = _below(folder, folder)
    while waiting:  # a stack, and no recursion: folders may lie thousands deep
        found = waiting.pop()
        if isinstance(found, SetAside):
            yield found
            continue
        try:
            facts = found.stat()
        except FileNotFoundError:  # a link that leads nowhere: reading it says so
            yield found
            continue
        except OSError as error:
            yield _unopened(found, folder, error)
            continue
        if stat.S_ISDIR(facts.st_mode):
            waiting += _below(found, folder) if reached.is_new(found, facts) else []
        elif not stat.S_ISREG(facts.st_mode):
            yield _set_aside(found, folder, "is neither a file nor a folder")
        elif reached.is_new(found, facts):
            yield found
    reached.tell_repeats()


def id_below(path: Path, root: Path) -> str:
    """Name a file by its path below a folder, with forward slashes on every system.

    Examples
    --------
    >>> id_below(Path("pile/2024/lease.txt"), Path("pile"))
    '2024/lease.txt'
    """
    relative = path.relative_to(root).as_posix()
    return os.fsencode(relative).decode("utf-8", errors="replace")


class _Reached:
    """Remembers files and folders by what they are, and no longer by their paths."""

    def __init__(self, root: Path, apart: Apart | None) -> None:
        self._root = root
        self._apart = apart
        self._places: dict[Hashable, str] = {}
        self._repeats: list[str] = []

    def is_new(self, path: Path, facts: os.stat_result) -> bool:
        """Tell whether it was not reached before; take note of it either way."""
        place = id_below(path, self._root)
        is_folder = stat.S_ISDIR(facts.st_mode)
        if is_folder and _leads_back_up(path):
            return False
        what = (facts.st_dev, facts.st_ino) if facts.st_ino else place
        key = (what, self._kept_apart(place, is_folder))
        first = self._places.setdefault(key, place)
        if first != place:
            self._repeats.append(f"{place} is {first}")
        return first == place

    def _kept_apart(self, place: str, is_folder: bool) -> Hashable:
        if self._apart is None:
            return None
        # Nested labels would keep every path through linked folders apart.
        return place.split("/")[0] if is_folder else self._apart(place)

    def tell_repeats(self) -> None:
        """Warn of what was reached again, and left out."""
        if not self._repeats:
            return
        shown = self._repeats[:_SHOWN_REPEATS]
        if len(self._repeats) > len(shown):
            shown.append(f"and {len(self._repeats) - len(shown):,} more")
        warnings.warn(
            f"each file is read once; links in {self._root} lead to some files again, "
            f"and these were left out: {', '.join(shown)}. To count a file twice, "
            "copy it.",
            LongshotWarning,
            stacklevel=3,
        )


def _leads_back_up(path: Path) -> bool:
    if not path.is_symlink():
        return False
    above = path.parent.resolve()
    return path.resolve() in (above, *above.parents)


def _below(folder: Path, root: Path) -> list[Path | SetAside]:
    """Give what lies directly in a folder, last path first."""
    try:
        names = [
            name
            for name in os.listdir(folder)
            if not name.startswith(".") and not is_litter(name)
        ]
    except OSError as error:
        return [_unopened(folder, root, error)]
    return [folder / name for name in sorted(names, reverse=True)]


def _unopened(path: Path, root: Path, error: OSError) -> SetAside:
    return _set_aside(path, root, f"cannot be opened ({error.strerror or error})")


def _set_aside(path: Path, root: Path, reason: str) -> SetAside:
    return SetAside(id=id_below(path, root), source=str(path), reason=reason)
