"""Uploaded files on disk, under names that lead nowhere else."""

import re
import shutil
import uuid
from pathlib import Path, PurePosixPath
from typing import Protocol, runtime_checkable

_MOST_NAME_CHARACTERS = 120
"""Of a folder or file: file systems take 255 bytes, and a sign may have four."""
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"|?*]|[\ud800-\udfff]')


@runtime_checkable
class Readable(Protocol):
    """An open file of bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """Give the next bytes."""
        ...


def uploads_folder(state_folder: Path) -> Path:
    """Make a folder for the files of one request; whoever read them removes it."""
    folder = state_folder / "uploads" / uuid.uuid4().hex
    folder.mkdir(parents=True)
    return folder


def save_upload(folder: Path, name: str, content: Readable) -> Path:
    """Save a file below a folder, under the path that its browser tells.

    What would lead out of the folder, or no file system takes, is changed; a second
    file of the same name gets a number.

    Parameters
    ----------
    folder
        Where uploads of one request go.
    name
        What the browser calls it: ``letter.pdf`` or ``pile/2024/letter.pdf``.
    content
        The open file.

    Returns
    -------
    Path
        The file.
    """
    path = folder / safe_name(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    number = 2
    free = path
    while free.exists():
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    with free.open("xb") as file:
        shutil.copyfileobj(content, file)
    return free


def safe_name(name: str) -> str:
    r"""Give a relative path that stays below where it is put.

    Examples
    --------
    >>> safe_name("pile/letter.pdf"), safe_name("C:\\pile\\..\\..\\etc/passwd")
    ('pile/letter.pdf', 'C_/pile/etc/passwd')
    """
    parts = PurePosixPath(_NOT_IN_NAMES.sub("_", name.replace("\\", "/"))).parts
    kept = [_short(part) for part in parts if part.strip(". /")]
    return "/".join(kept) or "file"


def _short(part: str) -> str:
    """Shorten a name to what file systems take, and leave its ending."""
    part = part.strip()
    stem, dot, ending = part.rpartition(".")
    if dot and len(ending) <= 10:
        return stem[: _MOST_NAME_CHARACTERS - len(ending) - 1] + dot + ending
    return part[:_MOST_NAME_CHARACTERS]
