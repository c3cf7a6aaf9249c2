"""Uploaded files that could not be read: kept, and read again when somebody asks."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from longshot.project import PutAside
from longshot.project.adding import files_aside
from longshot.reading.tables.table import is_there
from longshot.records import Document, SetAside
from longshot.server.settings import ServerSettings
from longshot.server.uploads import read_files
from longshot.server.uploads.saving import safe_name


def kept_folder(settings: ServerSettings, project_id: str | None) -> Path:
    """Name the folder of a project's uploads that could not be read."""
    return settings.state_folder / "set-aside" / str(project_id)


def keep(folder: Path, kept: Path, aside: Iterable[SetAside]) -> None:
    """Keep the files of an upload that were set aside, to be tried again."""
    for one in aside:
        name = _upload_of(folder, one.id)
        if name is not None:
            (kept / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(folder / name, kept / name)


def keep_no_others(kept: Path, aside: Iterable[PutAside]) -> None:
    """Remove files of which nothing is set aside any more."""
    needed, _ = files_again(kept, aside)
    for path in [one for one in kept.rglob("*") if one.is_file()]:
        if path not in needed:
            path.unlink()


def files_again(
    kept: Path, aside: Iterable[PutAside]
) -> tuple[dict[Path, str], dict[Path, PutAside]]:
    """Give the files of what was set aside, as far as they are there.

    Those that were uploaded are kept, and known by their names; others lie where they
    were added from.
    """
    of_uploads: dict[Path, str] = {}
    others: list[PutAside] = []
    for one in aside:
        name = _upload_of(kept, one.id)
        if name is None:
            others.append(one)
        else:
            of_uploads[kept / name] = name
    return of_uploads, files_aside(others)


def read_again(
    kept: Path, aside: Iterable[PutAside], settings: ServerSettings
) -> Iterator[Document | SetAside]:
    """Read these files, within the limits of uploads."""
    of_uploads, lying = files_again(kept, aside)
    yield from read_files(of_uploads.items(), settings)
    for path, known in lying.items():
        for one in read_files([(path, known.id)], settings):
            # It goes on to be told of by the file where it lies.
            yield replace(one, source=one.source.replace(known.id, known.source, 1))


def _upload_of(folder: Path, document_id: str) -> str | None:
    """Name the uploaded file that holds a document; None where none is there.

    Of a table's row it is the table, of a part the mail or archive.
    """
    path = Path(safe_name(document_id.partition("#")[0]))
    for one in (path, *path.parents[:-1]):
        if is_there(folder / one):
            return one.as_posix()
    return None
