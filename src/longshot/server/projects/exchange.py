"""A project to a file, and documents and labels of other tools back in."""

import shutil
import tempfile
from pathlib import Path
from typing import Literal, get_args

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from pydantic import BaseModel
from starlette.background import BackgroundTask
from starlette.datastructures import UploadFile

from longshot.project import Project
from longshot.project.exchange.certificate import write_certificate
from longshot.records.forms import ExchangeForm
from longshot.server.errors import Refused
from longshot.server.projects.asked import Asker, ProjectOf
from longshot.server.shared import SharedOf
from longshot.server.uploads import read_import, save_upload, uploads_folder

router = APIRouter()

ExportForm = Literal[ExchangeForm, "certificate"]
_IMPORT_FORMS: dict[str, ExchangeForm] = {
    form: form
    for form in get_args(ExchangeForm)
    if form not in ("folders", "report")  # a file holds neither
}

_ENDINGS: dict[ExportForm, str] = {
    "csv": "csv",
    "tsv": "tsv",
    "jsonl": "jsonl",
    "parquet": "parquet",
    "folders": "zip",
    "report": "html",
    "label-studio": "json",
    "argilla": "json",
    "prodigy": "jsonl",
    "doccano": "jsonl",
    "certificate": "json",
}


_IMPORTED = {
    "type": "object",
    "required": ["form", "file"],
    "properties": {
        "form": {"type": "string", "enum": list(_IMPORT_FORMS)},
        "file": {"type": "string", "format": "binary"},
    },
}


class ImportedOut(BaseModel):
    """What came in."""

    n_added: int
    n_known: int
    n_labels: int
    n_set_aside: int


@router.get(
    "/projects/{project_id}/export",
    response_class=FileResponse,
    responses={
        200: {
            "description": "The file",
            "content": {
                "application/octet-stream": {
                    "schema": {"type": "string", "format": "binary"}
                }
            },
        }
    },
)
def export(
    project_id: str, project: ProjectOf, form: ExportForm, evidence: bool = False
) -> FileResponse:
    """Give all documents, labels and decisions as a file; folders as one zip.

    With ``evidence``, a table tells the passage that decided, too, which takes longer.
    The certificate of the latest audit stands in the report and among the folders, and
    is a file of its own beside the others.
    """
    folder = Path(tempfile.mkdtemp(prefix="longshot-export-"))
    try:
        path = _written(project, folder, project_id, form, evidence=evidence)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return FileResponse(
        path,
        filename=path.name,
        media_type="application/octet-stream",
        background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
    )


def _written(
    project: Project, folder: Path, name: str, form: ExportForm, *, evidence: bool
) -> Path:
    tool = (
        f"-{form}" if form in ("label-studio", "argilla", "prodigy", "doccano") else ""
    )
    if form == "certificate":
        return _certificate(project, folder, name)
    if form == "folders":
        project.export(folder / name, form)
        return Path(shutil.make_archive(str(folder / name), "zip", folder, name))
    path = folder / f"{name}{tool}.{_ENDINGS[form]}"
    project.export(path, form, evidence=evidence)
    return path


def _certificate(project: Project, folder: Path, name: str) -> Path:
    """Give what stands beside every export, by itself."""
    audit = project.audits.latest()
    if audit is None or not audit.answers:
        raise Refused(
            409,
            "no_audit",
            "a certificate must come of an audit; there is none with an answer yet. "
            "Begin one with POST …/audits.",
        )
    path = folder / f"{name}.certificate.json"
    write_certificate(path, audit)
    return path


@router.post(
    "/projects/{project_id}/import",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"multipart/form-data": {"schema": _IMPORTED}},
        }
    },
)
async def import_labels(
    project: ProjectOf, shared: SharedOf, asker: Asker, request: Request
) -> ImportedOut:
    """Add documents and labels from a file of another tool, or of longshot's own."""
    folder = uploads_folder(shared.settings.state_folder)
    try:
        async with request.form(max_files=1) as given:
            named, file = given.get("form"), given.get("file")
            form = _IMPORT_FORMS.get(str(named))
            if form is None or not isinstance(file, UploadFile):
                raise Refused(
                    400,
                    "request_invalid",
                    "an import must tell its form and hold a file; the forms are "
                    f"{', '.join(_IMPORT_FORMS)}. Send both as a form.",
                )
            name = file.filename or "file"
            path = await run_in_threadpool(save_upload, folder, name, file.file)
        made = await run_in_threadpool(
            project.take_in,
            read_import(path, form, shared.settings),
            who=asker,
            why=f"import of {path.name}",
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return ImportedOut(
        n_added=made.n_added,
        n_known=made.n_known,
        n_labels=made.n_labelled,
        n_set_aside=made.n_set_aside,
    )
