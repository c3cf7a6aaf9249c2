"""Out of a project and into it: documents with all that stands about them."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from sqlalchemy import select

from longshot.audit.certificate import floored
from longshot.errors import SettingError
from longshot.project.adding import content_hash, made_id
from longshot.project.browsing import document_from
from longshot.project.database.connection import Database, parts
from longshot.project.database.schema import (
    decisions,
    documents,
    entries,
    states,
    texts,
)
from longshot.project.deciding.decisions import decision_from
from longshot.project.exchange import (
    argilla,
    doccano,
    folders,
    label_studio,
    prodigy,
    tables,
)
from longshot.project.exchange.base import (
    Known,
    Received,
    Shaped,
    json_array,
    json_lines,
)
from longshot.project.log import storable
from longshot.project.records import Imported
from longshot.recipe import check_choice
from longshot.records import Document, OnSetAside, SetAside
from longshot.records.forms import ExchangeForm

if TYPE_CHECKING:
    from longshot.project.project import Project

FORMS: tuple[ExchangeForm, ...] = get_args(ExchangeForm)
_TABLES = ("csv", "tsv", "jsonl", "parquet")
_TOOLS: dict[str, tuple[Shaped, Callable[[Iterable[dict[str, Any]]], str]]] = {
    "label-studio": (label_studio.shaped, json_array),
    "argilla": (argilla.shaped, json_array),
    "prodigy": (prodigy.shaped, json_lines),
    "doccano": (doccano.shaped, json_lines),
}
_READERS = {
    "folders": folders.read,
    "label-studio": label_studio.read,
    "argilla": argilla.read,
    "prodigy": prodigy.read,
    "doccano": doccano.read,
}
_BATCH = 500


def form_of(path: Path, form: str | None) -> ExchangeForm:
    """Give the form that a path's name asks for, unless one is named.

    Raises
    ------
    SettingError
        If there is none of that name, or the path's name tells none.

    Examples
    --------
    >>> form_of(Path("labels.csv"), None), form_of(Path("labels.json"), "argilla")
    ('csv', 'argilla')
    """
    if form is not None:
        check_choice("form", form, FORMS)
        return form  # type: ignore[return-value]
    ending = path.suffix.lower().removeprefix(".")
    if ending in ("html", "htm"):
        return "report"
    if ending in _TABLES:
        return ending  # type: ignore[return-value]
    if path.is_dir() or not ending:
        return "folders"
    raise SettingError(
        f"the form must be clear from the name's ending (csv, tsv, jsonl, parquet, "
        f"html) or be named; got {path.name}. Give --form: {', '.join(FORMS)}."
    )


def known_documents(database: Database) -> Iterator[Known]:
    """Give every document with all that stands about it, in the order of adding."""
    with database.reading() as connection:
        numbers = list(
            connection.execute(
                select(documents.c.number)
                .where(~documents.c.is_removed)
                .order_by(documents.c.number)
            ).scalars()
        )
        wanted = (
            select(
                documents,
                texts.c.text,
                entries.c.at.label("labelled_at"),
                decisions.c.document.label("decided"),
                decisions.c.label.label("decided_label"),
                decisions.c.confidence,
                decisions.c.probabilities,
                decisions.c.n_tokens,
                decisions.c.n_windows,
                decisions.c.coverage,
                decisions.c.n_unknown,
                decisions.c.new_class,
                decisions.c.state.label("decided_state"),
                states.c.classes,
            )
            .join(texts, texts.c.document == documents.c.number)
            .outerjoin(entries, entries.c.number == documents.c.label_entry)
            .outerjoin(decisions, decisions.c.document == documents.c.number)
            .outerjoin(states, states.c.id == decisions.c.state)
            .order_by(documents.c.number)
        )
        for some in parts(numbers):
            yield from map(
                _known, connection.execute(wanted.where(documents.c.number.in_(some)))
            )


def export(
    project: "Project",
    database: Database,
    path: Path,
    form: ExchangeForm,
    *,
    keep_formulas: bool = False,
    evidence: bool = False,
) -> int:
    """Write all documents to a file or folder, and count them.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    known = known_documents(database)
    if form in _TABLES:
        n_documents = _write_rows(project, known, path, keep_formulas, evidence)
    else:
        n_documents = _written(project, known, path, form)
    _write_certificate(project, path, form)
    return n_documents


def _write_rows(
    project: "Project",
    known: Iterable[Known],
    path: Path,
    keep_formulas: bool,
    evidence: bool,
) -> int:
    from longshot.report.tables import write_table

    told = project.explained().evidence if evidence else None
    rows = [tables.shaped(one, told) for one in known]
    write_table(path, rows, keep_formulas=keep_formulas)
    return len(rows)


def _written(
    project: "Project", known: Iterable[Known], path: Path, form: ExchangeForm
) -> int:
    from longshot.report.files import whole_file

    if form == "folders":
        return folders.write(path, known)
    if form == "report":
        return _report(project, path, list(known))
    shaped, written = _TOOLS[form]
    names = tuple(one.name for one in project.labels())
    items = [shaped(one, names) for one in known]
    with whole_file(path) as file:
        file.write(written(items).encode())
    return len(items)


def _write_certificate(project: "Project", path: Path, form: ExchangeForm) -> None:
    """Write beside an export what an audit says of its labels, where there was one."""
    from longshot.report.files import whole_file

    audit = project.audits.latest()
    if audit is None or not audit.answers:
        return
    told = {
        **audit.certificate.as_dict(),
        "limit_now": audit.limit_now,
        "is_current": audit.is_current,
        "text": list(audit.certificate.lines()),
    }
    in_folder = path / "_certificate.json"
    beside = path.with_suffix(".certificate.json")
    with whole_file(in_folder if form == "folders" else beside) as file:
        text = json.dumps(told, ensure_ascii=False, indent=2)
        file.write(f"{text}\n".encode())


def read_form(
    path: Path, form: ExchangeForm, **columns: str
) -> Iterator[Received | SetAside]:
    """Read what a file of some form says about documents; no project is needed.

    Parameters
    ----------
    path, form
        What is read.
    columns
        Of a table: ``text_column``, ``label_column``, ``id_column``.

    Raises
    ------
    ReadingError
        If the file cannot be read.
    SettingError
        If nothing can be read of this form.
    """
    if form == "report":
        raise SettingError(
            "a page of HTML cannot be read in; save its labels as a table first, and "
            "import that. Name another --form."
        )
    return tables.read(path, **columns) if form in _TABLES else _READERS[form](path)


def take_in(
    project: "Project",
    database: Database,
    received: Iterable[Received | SetAside],
    *,
    who: str,
    why: str,
    on_set_aside: OnSetAside | None,
) -> Imported:
    """Add the documents that a file holds, and give them the labels that stand there.

    What is there already is known, so that taking a file in twice changes nothing.
    """
    aside: list[SetAside] = []

    def told(one: SetAside) -> None:
        aside.append(one)
        if on_set_aside is not None:
            on_set_aside(one)

    n_added = n_known = n_labelled = 0
    for batch in _batches(received):
        kept = _with_ids(database, [one for one in batch if isinstance(one, Received)])
        refused = [one for one in batch if isinstance(one, SetAside)]
        n_before = len(aside)
        written = [one for one in kept if one.text is not None]
        given: list[Document | SetAside] = [*map(_document, written), *refused]
        added = project.add(given, who=who, on_set_aside=told)
        n_added += added.n_added
        n_known += added.n_known
        gone = {one.id for one in aside[n_before:]}
        kept = [one for one in kept if one.id not in gone]
        n_labelled += _label(project, kept, who, why, told)
    return Imported(
        n_added=n_added,
        n_known=n_known,
        n_labelled=n_labelled,
        n_set_aside=len(aside),
    )


def _label(
    project: "Project",
    received: list[Received],
    who: str,
    why: str,
    told: OnSetAside,
) -> int:
    """Give labels, those of one person and name together; those that hold stay."""
    there = project.opinions([_id(one) for one in received])
    groups: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    skipped: list[str] = []
    n_labelled = 0
    for one in received:
        id_ = _id(one)
        if id_ not in there:
            reason = "names a document that the project does not hold"
            told(SetAside(id=id_, source=one.source, reason=reason))
            continue
        n_labelled += bool(one.opinions)
        for opinion in one.opinions:
            said_by = opinion.who or who
            if there[id_].get(said_by, _NOTHING) != opinion.label:
                groups[opinion.who, opinion.label].append(id_)
        if one.is_skipped and not one.opinions:
            skipped.append(id_)
    for (name, label), ids in groups.items():
        project.label(ids, label, who=who, why=why, said_by=name)
    if skipped:
        project.skip(skipped, who=who, note=why)
    return n_labelled


_NOTHING = object()


def _batches(
    received: Iterable[Received | SetAside],
) -> Iterator[list[Received | SetAside]]:
    batch: list[Received | SetAside] = []
    for one in received:
        batch.append(one)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _with_ids(database: Database, received: list[Received]) -> list[Received]:
    """Give each an id: its own, that of a document of the same text, or a made one."""
    nameless = {
        content_hash(storable(one.text or "")) for one in received if not one.id
    }
    there: dict[str, str] = {}
    with database.reading() as connection:
        for some in parts(sorted(nameless)):
            rows = connection.execute(
                select(documents.c.content_hash, documents.c.id).where(
                    documents.c.content_hash.in_(some), ~documents.c.is_removed
                )
            )
            there.update((row.content_hash, row.id) for row in rows)

    def named(one: Received) -> str:
        if one.id:
            return storable(one.id)
        text = storable(one.text or "")
        return there.get(content_hash(text)) or made_id(text)

    return [replace(one, id=named(one)) for one in received]


def _document(one: Received) -> Document:
    return Document(id=_id(one), text=one.text or "", source=one.source)


def _id(one: Received) -> str:
    assert one.id is not None
    return one.id


def _known(row: Any) -> Known:
    document = document_from(row)
    decision = None
    if row.decided is not None:
        decision = decision_from(_Decided(row), row.id)
    return Known(
        document=document,
        state=row.state,
        label=row.label,
        labelled_by=row.labelled_by,
        labelled_at=row.labelled_at,
        decision=decision,
    )


class _Decided:
    """A row's decision, under the names of the table of decisions."""

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        renamed = {"label": "decided_label", "state": "decided_state"}
        return getattr(self._row, renamed.get(name, name))


def _certified(project: "Project") -> list[tuple[str, str]]:
    audit = project.audits.latest()
    if audit is None or not audit.answers:
        return []
    now = f"Of the labels as they stand in this report: {floored(audit.limit_now)}."
    lines = audit.certificate.lines()
    return [("audit", " ".join(lines if audit.is_current else (*lines, now)))]


def _report(project: "Project", path: Path, known: list[Known]) -> int:
    from longshot import __version__
    from longshot.project.exchange import report

    told = project.explained()
    status = project.status()
    counts = ", ".join(
        f"{one.label} {one.n_given}" for one in status.counts if one.n_given
    )
    settings = [
        ("project", project.name),
        ("examples", counts or "none"),
        *(
            (name.replace("_", " "), str(v))
            for name, v in project.recipe.to_dict().items()
        ),
        ("state", status.state or "none"),
        *_certified(project),
        ("longshot", __version__),
    ]
    evidence = {
        one.document.id: told.evidence[one.document.id]
        for one in known
        if one.document.id in told.evidence
        and told.evidence[one.document.id].label == one.shown_label
    }
    return report.write(
        path,
        [one for one in known if one.document.id in told.vectors],
        title=f"Labels for {project.name}",
        labels=[one.name for one in project.labels()],
        settings=settings,
        evidence=evidence,
        vectors=told.vectors,
        set_aside=[
            SetAside(id=one.id, source=one.source, reason=one.reason)
            for one in project.set_aside()
        ],
    )
