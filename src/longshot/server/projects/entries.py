"""What people do: labels, skips, undo; the log of it; where they disagree."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from longshot.project import Entry, Project
from longshot.report.openings import opening
from longshot.server.projects.asked import Asker, ProjectOf
from longshot.server.routes.texts import Strict

router = APIRouter()

MOST_ENTRIES = 500
_SNIPPET_CHARACTERS = 400


class EntryIn(BaseModel):
    """Something that a person does to documents."""

    kind: Literal["label", "forget", "skip", "ignore"]
    documents: Annotated[list[str], Field(min_length=1)]
    label: str | None = Field(default=None, description="Null for none of these.")
    note: str = ""
    passage: str = Field(
        default="", description="To ignore everywhere: words of the first document."
    )
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
    """The entry that was made."""

    entry: EntryOut


class UndoIn(Strict):
    """How far undoing may go."""

    documents: bool = Field(
        default=False,
        description="Take back that documents were added or removed, too.",
    )


class Undone(BaseModel):
    """What was taken back; all null where nothing is left.

    Where the next entry to take back added or removed documents, and that was not asked
    for, it is told as ``next``, and nothing is done.
    """

    entry: EntryOut | None = None
    undone: EntryOut | None = None
    next: EntryOut | None = None


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


@router.post("/projects/{project_id}/entries")
def enter(project: ProjectOf, entry: EntryIn, asker: Asker) -> Entered:
    """Write an entry into the log; ``classify`` decides anew by it."""
    who = asker or entry.who
    ids = entry.documents
    if entry.kind == "label":
        made = project.label(ids, entry.label, who=who, why=entry.note)
    elif entry.kind == "forget":
        made = project.forget(ids, who=who, why=entry.note)
    elif entry.kind == "ignore":
        made = project.ignore(ids[0], entry.passage, who=who)
    else:
        made = project.skip(ids, who=who, note=entry.note)
    return Entered(entry=entry_out(made))


@router.post("/projects/{project_id}/undo")
def undo(project: ProjectOf, asker: Asker, wanted: UndoIn | None = None) -> Undone:
    """Take the last entry back that still holds; that is an entry too."""
    last = _last_entry(project, asker or project.who)
    if last is None:
        return Undone()
    is_of_documents = last.kind in ("add", "remove")
    if is_of_documents and not (wanted and wanted.documents):
        return Undone(next=entry_out(last))
    made = project.undo(who=asker)
    return Undone(entry=entry_out(made) if made else None, undone=entry_out(last))


def _last_entry(project: Project, who: str) -> Entry | None:
    """Find the latest entry of a person that still holds."""
    before = None
    while entries := project.history(MOST_ENTRIES, before):
        for one in entries:
            if one.who == who and one.kind != "undo" and not one.is_undone:
                return one
        before = entries[-1].number
    return None


@router.get("/projects/{project_id}/history")
def history(
    project: ProjectOf,
    limit: Annotated[int, Query(ge=1, le=MOST_ENTRIES)] = 50,
    before: Annotated[int | None, Query(ge=1, le=1 << 60)] = None,
) -> list[EntryOut]:
    """Give the log, the newest entries first."""
    return [entry_out(one) for one in project.history(limit, before)]


@router.get("/projects/{project_id}/conflicts")
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
