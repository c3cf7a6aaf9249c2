"""The routes: suggest, learn from what people chose, and say that one is there."""

import asyncio
import hashlib
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, status

from longshot.errors import EmptyDocumentError
from longshot.project import Project
from longshot.records import Document
from longshot.server.encoding import LabelledTexts, Wanted
from longshot.server.errors import Refused
from longshot.server.routes.label_studio.form import Form, read_form
from longshot.server.routes.label_studio.shapes import (
    AnnotatedTask,
    Learned,
    PredictRequest,
    PredictResponse,
    SetupRequest,
    SetupResponse,
    Task,
    TrainRequest,
    Up,
    WebhookRequest,
)
from longshot.server.routes.texts import as_documents, check_texts
from longshot.server.shared import Shared, SharedOf

router = APIRouter(prefix="/label-studio", tags=["label studio"])

_LEARNED_FROM = ("ANNOTATION_CREATED", "ANNOTATION_UPDATED")


@router.get("")
@router.get("/health")
@router.get("/{project_id}/health")
async def health(shared: SharedOf, project_id: str | None = None) -> Up:
    """Tell that the backend is up, and that its project is served."""
    _project_id(shared, project_id)
    return Up()


@router.post("/setup")
@router.post("/{project_id}/setup")
async def setup(
    asked: SetupRequest, shared: SharedOf, project_id: str | None = None
) -> SetupResponse:
    """Take note of a form; its labels and what each means are read from it."""
    form = read_form(asked.label_schema)
    labelled = await asyncio.to_thread(_labelled, shared, project_id, form)
    return SetupResponse(model_version=_version(labelled))


@router.post("/predict")
@router.post("/{project_id}/predict")
async def predict(
    asked: PredictRequest, shared: SharedOf, project_id: str | None = None
) -> PredictResponse:
    """Suggest a label for each task."""
    form = read_form(asked.label_config)
    labelled = await asyncio.to_thread(_labelled, shared, project_id, form)
    texts = [form.text_of(task) for task in asked.tasks]
    check_texts(shared, texts, what="tasks")
    encoded = await shared.encoder.encode(texts)
    read = [text for text, one in zip(texts, encoded, strict=True) if one is not None]
    found = []
    if read:
        classifier = await shared.classifiers.of(labelled)
        found = await shared.decisions.classify(
            classifier, as_documents(read), Wanted(evidence=False)
        )
    decided = iter(found)
    version = _version(labelled)
    results = []
    for one in encoded:
        label, score = None, 0.0
        if one is not None:
            prediction = next(decided)
            label, score = prediction.label, prediction.confidence
        results.append(form.prediction(label, score, version))
    return PredictResponse(results=results, model_version=version)


@router.post("/webhook", status_code=status.HTTP_201_CREATED)
@router.post("/{project_id}/webhook", status_code=status.HTTP_201_CREATED)
async def webhook(
    asked: WebhookRequest, shared: SharedOf, project_id: str | None = None
) -> Learned:
    """Learn from what a person labelled; the next suggestion rests on it.

    An annotation that was deleted is not told with its task, and stays learned from
    until the task is labelled again.
    """
    if asked.action not in _LEARNED_FROM:
        return Learned(status="ignored", n_learned=0)
    if asked.task is None or asked.annotation is None or asked.project is None:
        raise Refused(
            422,
            "request_invalid",
            "a webhook about an annotation must hold task, annotation and project; one "
            "is missing. Let the webhook send its payload.",
        )
    form = read_form(asked.project.label_config)
    task = AnnotatedTask(
        id=asked.task.id, data=asked.task.data, annotations=[asked.annotation]
    )
    project = await asyncio.to_thread(_project, shared, project_id)
    n_learned = await asyncio.to_thread(
        _learn, project, form, [task], str(asked.project.id)
    )
    return Learned(status="ok", n_learned=n_learned)


@router.post("/train", status_code=status.HTTP_201_CREATED)
@router.post("/{project_id}/train", status_code=status.HTTP_201_CREATED)
async def train(
    asked: TrainRequest, shared: SharedOf, project_id: str | None = None
) -> Learned:
    """Learn from labelled tasks; where none come, there is nothing to be done.

    A classifier is made anew from its examples whenever they changed.
    """
    if not asked.annotations or asked.label_config is None:
        return Learned(status="ignored", n_learned=0)
    form = read_form(asked.label_config)
    name = asked.project if isinstance(asked.project, str | int) else ""
    project = await asyncio.to_thread(_project, shared, project_id)
    n_learned = await asyncio.to_thread(
        _learn, project, form, asked.annotations, str(name)
    )
    return Learned(status="ok", n_learned=n_learned)


# --- what is learned ------------------------------------------------------------------


def _labelled(shared: Shared, project_id: str | None, form: Form) -> LabelledTexts:
    """Give the examples of the project whose labels are those of the form."""
    known = _project_id(shared, project_id)
    own = LabelledTexts(texts=(), labels=(), descriptions=form.labels)
    if known is None:
        return own
    kept = shared.project_examples.of(shared.projects.get(known))
    names = {name for name, _ in form.labels}
    rows = [
        row
        for row in zip(kept.texts, kept.labels, kept.ids or (), strict=True)
        if row[1] in names
    ]
    return replace(
        own,
        texts=tuple(text for text, _, _ in rows),
        labels=tuple(str(label) for _, label, _ in rows),
        ids=tuple(one for _, _, one in rows) or None,
        speaks_for=kept.speaks_for,
        speaks_against=kept.speaks_against,
    )


def _learn(
    project: Project, form: Form, tasks: list[AnnotatedTask], origin: str
) -> int:
    n_learned = 0
    for task in tasks:
        for annotation in task.annotations:
            if annotation.was_cancelled:
                continue
            label = form.label_of(annotation)
            known_by = _document_of(project, form.text_of(task), task, origin)
            who = f"Label Studio {_person(annotation.completed_by)}".strip()
            if label is None:
                project.forget([known_by], who=who)
            else:
                project.label([known_by], label, who=who)
            n_learned += 1
    return n_learned


def _document_of(project: Project, text: str, task: Task, origin: str) -> str:
    """Find the document of a task, or add it."""
    known_by = f"label-studio/{origin}/{task.id}"
    if task.id is None:
        digest = hashlib.sha256(text.encode(errors="replace")).hexdigest()
        known_by = f"label-studio/{origin}/{digest[:16]}"
    if not text.strip():
        raise EmptyDocumentError(
            f"a task must hold at least one token; task {task.id} holds none. "
            "Remove it."
        )
    source = f"Label Studio, project {origin}, task {task.id}"
    project.add([Document(id=known_by, text=text, source=source)], who="Label Studio")
    return known_by


def _person(completed_by: Any) -> str:
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("email") or completed_by.get("id")
    return "" if completed_by is None else str(completed_by)[:100]


def _project_id(shared: Shared, project_id: str | None) -> str | None:
    """Give the project that is meant: the one that is named, or that alone is served.

    Raises
    ------
    Refused
        If none of this name is served.
    """
    if project_id is not None:
        shared.projects.check(project_id)
        return project_id
    return shared.projects.ids[0] if len(shared.projects.ids) == 1 else None


def _project(shared: Shared, project_id: str | None) -> Project:
    known = _project_id(shared, project_id)
    if known is None:
        raise Refused(
            409,
            "one_project_needed",
            "what is learned must be kept in a project; this address names none, and "
            f"{len(shared.projects.ids)} are served. Run `longshot serve PROJECT`, or "
            "give Label Studio the address /label-studio/PROJECT.",
        )
    return shared.projects.get(known)


def _version(labelled: LabelledTexts) -> str:
    return f"longshot-{labelled.key[:12]}"
