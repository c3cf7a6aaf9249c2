"""Work that takes longer than a request: adding documents, reading them, deciding."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from longshot.project import Added, Project
from longshot.project.adding import made_id
from longshot.records import Document, OnWindow, SetAside
from longshot.server.errors import Refused
from longshot.server.jobs import JobRun
from longshot.server.projects.set_aside import (
    files_again,
    keep,
    keep_no_others,
    kept_folder,
    read_again,
)
from longshot.server.routes.jobs import JobStatus, status_of
from longshot.server.shared import Shared
from longshot.server.uploads import read_uploads

ADD, RETRY, CLASSIFY = "add_documents", "retry_set_aside", "classify"


class JobBody(BaseModel):
    """A job that was begun; follow it under ``/v1/jobs``."""

    job: JobStatus


def register_jobs(shared: Shared) -> None:
    """Tell what the work of each kind of jobs of projects is."""
    shared.jobs.handle(ADD, lambda run: _add(shared, _project_of(shared, run), run))
    shared.jobs.handle(RETRY, lambda run: _retry(shared, _project_of(shared, run), run))
    shared.jobs.handle(CLASSIFY, lambda run: _classify(_project_of(shared, run), run))


def start_adding(
    shared: Shared,
    project_id: str,
    *,
    who: str | None,
    rows: list[dict[str, Any]] | None = None,
    folder: Path | None = None,
) -> JobBody:
    """Begin to add rows, or the files of a folder, which is removed in the end."""
    place = None if folder is None else str(folder)
    job = shared.jobs.start(ADD, project_id, rows=rows or [], folder=place, who=who)
    return JobBody(job=status_of(job))


def start_classifying(shared: Shared, project_id: str) -> JobBody:
    """Begin to read what was not read yet, and to decide."""
    return JobBody(job=status_of(shared.jobs.start(CLASSIFY, project_id)))


def _project_of(shared: Shared, run: JobRun) -> Project:
    assert run.project is not None
    project = shared.projects.get(run.project)
    assert isinstance(project, Project)
    return project


def _add(shared: Shared, project: Project, run: JobRun) -> dict[str, int]:
    """Add documents; what was added before a restart is known by its content."""
    given = run.parameters["folder"]
    folder = None if given is None else Path(given)
    aside: list[SetAside] = []
    added = project.add(
        _documents(shared, run, folder),
        who=run.parameters["who"],
        on_set_aside=aside.append,
    )
    if folder is not None:
        keep(folder, kept_folder(shared.settings, run.project), aside)
        shutil.rmtree(folder, ignore_errors=True)
    _read(project, run)
    return _counts(added)


def start_retrying(
    shared: Shared, project_id: str, project: Project, *, who: str | None
) -> JobBody:
    """Begin to read again what was set aside.

    Raises
    ------
    Refused
        If none of its files is there any more.
    """
    kept = kept_folder(shared.settings, project_id)
    if not any(files_again(kept, project.set_aside())):
        raise Refused(
            409,
            "nothing_to_retry",
            "what was set aside must still be there to be read again; none of its "
            "files is. Add them anew.",
        )
    return JobBody(job=status_of(shared.jobs.start(RETRY, project_id, who=who)))


def _retry(shared: Shared, project: Project, run: JobRun) -> dict[str, int]:
    """Read again what was set aside: files that were uploaded, and those that lie."""
    kept = kept_folder(shared.settings, run.project)
    added = project.retry_set_aside(
        read=lambda aside: read_again(kept, aside, shared.settings),
        who=run.parameters["who"],
    )
    keep_no_others(kept, project.set_aside())
    _read(project, run)
    return _counts(added)


def _counts(added: Added) -> dict[str, int]:
    return {
        "n_added": added.n_added,
        "n_known": added.n_known,
        "n_set_aside": added.n_set_aside,
    }


def _documents(
    shared: Shared, run: JobRun, folder: Path | None
) -> Iterator[Document | SetAside]:
    """Give the documents of a job, and tell how many there are so far."""
    set_aside: list[SetAside] = []
    n_read = 0
    for row in run.parameters["rows"]:
        yield Document(id=row["id"] or made_id(row["text"]), text=row["text"])
    if folder is None:
        return
    for one in read_uploads(folder, shared.settings, on_set_aside=set_aside.append):
        n_read += 1
        run.report(n_read, n_set_aside=len(set_aside))
        yield one
    yield from set_aside


def _classify(project: Project, run: JobRun) -> dict[str, Any]:
    _read(project, run)
    made = project.classify()
    return {"state": made.state, "n_documents": made.n_documents}


def _read(project: Project, run: JobRun) -> None:
    """Read what was not read yet, and tell how far that is."""
    total = project.n_to_encode()
    if total:
        run.report(0, total)
        project.encode(on_window=_progress(run, total))


def _progress(run: JobRun, total: int) -> OnWindow:
    """Tell documents begun, tokens per second, and the time that is left."""
    begun = time.monotonic()
    seen: set[str] = set()
    n_tokens = 0

    def told(document_id: str, _: int, new_tokens: int) -> None:
        nonlocal n_tokens
        seen.add(document_id)
        n_tokens += new_tokens
        took_s = max(time.monotonic() - begun, 1e-3)
        done = max(len(seen) - 1, 0)  # the one that is being read does not count
        left_s = took_s * (total - done) / done if done else None
        run.report(done, total, tokens_per_s=n_tokens / took_s, left_s=left_s)

    return told
