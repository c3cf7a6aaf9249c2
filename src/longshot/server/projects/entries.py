"""What people do: labels, skips, passages, undo; the log of it; where they disagree."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from longshot.project import Entry
from longshot.report.openings import opening
from longshot.server.errors import Refused
from longshot.server.projects.asked import Asker, ProjectOf

router = APIRouter()

MOST_ENTRIES = 500
_SNIPPET_CHARACTERS = 400


class PassageIn(BaseModel):
    """Characters of a document, and what they are."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    kind: Literal["decides", "boilerplate"]


class EntryIn(BaseModel):
    """Something that a person does to documents."""

    kind: Literal["label", "forget", "skip", "passage"]
    documents: Annotated[list[str], Field(min_length=1)]
    label: str | None = Field(default=None, description="Null for none of these.")
    note: str = ""
    passage: PassageIn | None = None
    who: str | None = None


class EntryOut(BaseModel):
    """A line of the log; ``documents`` holds the first of those that it is about."""

    seq: int
    kind: str
    who: str
    when: str
    note: str
    label: str | None
    documents: list[str]
    n_documents: int
    undoes: int | None
    is_undone: bool


class Entered(BaseModel):
    """The entry that was made; null where there was nothing to undo."""

    entry: EntryOut | None
    undone: EntryOut | None = None


class Opinion(BaseModel):
    """What somebody said of a document."""

    who: str
    label: str | None
    when: str


class ConflictOut(BaseModel):
    """A document to which people gave different labels; the latest one holds."""

    document: str
    snippet: str
    entries: list[Opinion]


@router.post("/{project_id}/entries")
def enter(project: ProjectOf, entry: EntryIn, asker: Asker) -> Entered:
    """Write an entry into the log; ``classify`` decides anew by it."""
    who = asker or entry.who
    ids = entry.documents
    if entry.kind == "label":
        made = project.label(ids, entry.label, who=who, why=entry.note)
    elif entry.kind == "forget":
        made = project.forget(ids, who=who, why=entry.note)
    elif entry.kind == "skip":
        made = project.skip(ids, who=who, note=entry.note)
    else:
        made = _mark(project, entry, who)
    return Entered(entry=entry_out(made))


def _mark(project: ProjectOf, entry: EntryIn, who: str | None) -> Entry:
    passage = entry.passage
    if passage is None or len(entry.documents) != 1:
        raise Refused(
            422,
            "request_invalid",
            "an entry of kind passage must name one document and its passage; got "
            f"{len(entry.documents)} documents. Send one entry for each.",
        )
    (document_id,) = entry.documents
    return project.mark_passage(
        document_id, passage.start, passage.end, passage.kind, who=who
    )


@router.post("/{project_id}/undo")
def undo(project: ProjectOf, asker: Asker) -> Entered:
    """Take the last entry back that still holds; that is an entry too."""
    made = project.undo(who=asker)
    if made is None or made.undoes is None:
        return Entered(entry=None)
    (undone,) = project.history(1, before=made.undoes + 1)
    return Entered(entry=entry_out(made), undone=entry_out(undone))


@router.get("/{project_id}/history")
def history(
    project: ProjectOf,
    limit: Annotated[int, Query(ge=1, le=MOST_ENTRIES)] = 50,
    before: Annotated[int | None, Query(ge=1, le=1 << 60)] = None,
) -> list[EntryOut]:
    """Give the log, the newest entries first."""
    return [entry_out(one) for one in project.history(limit, before)]


@router.get("/{project_id}/conflicts")
def conflicts(project: ProjectOf) -> list[ConflictOut]:
    """List documents that people labelled differently."""
    return [
        ConflictOut(
            document=one.document_id,
            snippet=opening(
                project.document(one.document_id).text,
                start=0,
                characters=_SNIPPET_CHARACTERS,
            ),
            entries=[
                Opinion(who=said.who, label=said.label, when=said.at)
                for said in one.opinions
            ],
        )
        for one in project.conflicts()
    ]


def entry_out(entry: Entry) -> EntryOut:
    """Give an entry as it is sent."""
    return EntryOut(
        seq=entry.number,
        kind=entry.kind,
        who=entry.who,
        when=entry.at,
        note=entry.why,
        label=entry.label,
        documents=list(entry.document_ids),
        n_documents=entry.n_documents,
        undoes=entry.undoes,
        is_undone=entry.is_undone,
    )
