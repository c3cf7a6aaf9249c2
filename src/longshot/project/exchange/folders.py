"""One folder per label: the files themselves, copied; and such folders read in."""

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from longshot.errors import OutputError
from longshot.machine.unfinished import unfinished_folder
from longshot.project.exchange.base import Known, Opinion, Received
from longshot.reading import read_examples
from longshot.records import SetAside
from longshot.report.files import encodable, make_folder

NONE_FOLDER = "_none of these"
OPEN_FOLDER = "_not decided"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]|^\.+|[. ]+$')
_MOST_NAME_BYTES = 200
"""Of a file's name: systems take 255, and a number may have to follow."""


def write(path: Path, known: Iterable[Known]) -> int:
    """Copy each document's file into its label's folder, and count them.

    A document that came from no file of its own is written as a text file. The folders
    appear all at once, when they are complete.

    Raises
    ------
    OutputError
        If there is something already, or it cannot be written.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise OutputError(
            f"folders must go to a place that is empty; {path} is not. Name another."
        )
    make_folder(path.resolve().parent)
    n_documents = 0
    try:
        with unfinished_folder(path.resolve().parent, f".{path.name}-") as made:
            whole = made / "whole"
            whole.mkdir()
            for one in known:
                _put(whole, one)
                n_documents += 1
            if path.is_dir():
                path.rmdir()
            whole.rename(path)
    except OSError as error:
        raise OutputError(
            f"{path} must be writable; writing failed ({error.strerror or error}). "
            "Free some space or name another folder."
        ) from error
    return n_documents


def read(path: Path) -> Iterator[Received | SetAside]:
    """Read labelled folders, as ``longshot classify`` takes them for examples."""
    aside: list[SetAside] = []
    for one in read_examples(path, on_set_aside=aside.append):
        yield from aside
        aside.clear()
        document = one.document
        yield Received(
            id=document.id,
            text=document.text,
            source=document.source,
            opinions=(Opinion(label=one.label),),
        )
    yield from aside


def _put(folder: Path, known: Known) -> None:
    label = known.shown_label
    if label is not None:
        # A path of labels (finance/tax) is a path of folders.
        parts = [_safe(part) or "_" for part in label.split("/")]
    elif known.is_labelled or known.decision is not None:
        parts = [NONE_FOLDER]
    else:
        parts = [OPEN_FOLDER]
    place = folder.joinpath(*parts)
    place.mkdir(parents=True, exist_ok=True)
    source = _file_of(known)
    name = _safe(Path(known.document.id).name) or "document"
    if source is None:
        target = _free(place, name if Path(name).suffix else f"{name}.txt")
        target.write_text(encodable(known.document.text), encoding="utf-8")
    else:
        shutil.copyfile(source, _free(place, name))


def _file_of(known: Known) -> Path | None:
    """Find the file that a document came from; a row of a table has none."""
    try:
        source = Path(known.document.source)
        return source if known.document.source and source.is_file() else None
    except (OSError, ValueError):
        return None


def _free(folder: Path, name: str) -> Path:
    """Find a name that is not taken in the folder."""
    stem, suffix = Path(name).stem, Path(name).suffix
    target, number = folder / name, 1
    while target.exists():
        number += 1
        target = folder / f"{stem} ({number}){suffix}"
    return target


def _safe(name: str) -> str:
    """Make a name of a file that every system takes."""
    kept = _UNSAFE.sub("_", encodable(name)).strip()
    while len(kept.encode()) > _MOST_NAME_BYTES:
        kept = kept[1:]  # the ending stays
    return kept
