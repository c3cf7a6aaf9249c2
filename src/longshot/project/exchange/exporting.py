"""Out of a project: documents with all that stands about them, in whatever form."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from longshot import __version__
from longshot.project.browsing import document_from, put_aside
from longshot.project.counting import status
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
from longshot.project.exchange.base import Known, Shaped, json_array, json_lines
from longshot.project.exchange.certificate import (
    certificate_beside,
    certificate_line,
    write_certificate,
)
from longshot.project.exchange.forms import TABLES
from longshot.project.labels import all_labels
from longshot.project.opening import ProjectSettings
from longshot.project.records import Explained, ProjectAudit
from longshot.records import SetAside
from longshot.records.forms import ExchangeForm
from longshot.report.files import whole_file
from longshot.report.tables import write_table

_TOOLS: dict[str, tuple[Shaped, Callable[[Iterable[dict[str, Any]]], str]]] = {
    "label-studio": (label_studio.shaped, json_array),
    "argilla": (argilla.shaped, json_array),
    "prodigy": (prodigy.shaped, json_lines),
    "doccano": (doccano.shaped, json_lines),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Exporter:
    """Writes all documents of a project, with what stands about each.

    Attributes
    ----------
    database, settings
        The project's.
    explained
        Gives the evidence and vectors of all documents: asked only where a form shows
        them.
    audit
        The latest one; None where none was begun.
    """

    database: Database
    settings: ProjectSettings
    explained: Callable[[], Explained]
    audit: ProjectAudit | None

    def write(
        self,
        path: Path,
        form: ExchangeForm,
        *,
        keep_formulas: bool = False,
        evidence: bool = False,
    ) -> int:
        """Write them to a file or folder, and count them.

        What an audit says of the labels stands beside it, where there was one.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        known = known_documents(self.database)
        if form in TABLES:
            told = self.explained().evidence if evidence else None
            rows = [tables.shaped(one, told) for one in known]
            write_table(path, rows, keep_formulas=keep_formulas)
            n_documents = len(rows)
        elif form == "folders":
            n_documents = folders.write(path, known)
        elif form == "report":
            n_documents = self._report(path, list(known))
        else:
            n_documents = self._for_a_tool(path, form, known)
        if self.audit is not None and self.audit.answers:
            write_certificate(certificate_beside(path), self.audit)
        return n_documents

    def _for_a_tool(self, path: Path, form: str, known: Iterable[Known]) -> int:
        shaped, written = _TOOLS[form]
        names = self._label_names()
        items = [shaped(one, names) for one in known]
        with whole_file(path) as file:
            file.write(written(items).encode())
        return len(items)

    def _report(self, path: Path, known: list[Known]) -> int:
        from longshot.project.exchange import report

        told = self.explained()
        with self.database.reading() as connection:
            aside = put_aside(connection)
        evidence = {
            one.document.id: told.evidence[one.document.id]
            for one in known
            if one.document.id in told.evidence
            and told.evidence[one.document.id].label == one.shown_label
        }
        return report.write(
            path,
            [one for one in known if one.document.id in told.vectors],
            title=f"Labels for {self.settings.name}",
            labels=self._label_names(),
            settings=list(self._told_settings()),
            evidence=evidence,
            vectors=told.vectors,
            set_aside=[
                SetAside(id=one.id, source=one.source, reason=one.reason)
                for one in aside
            ],
        )

    def _told_settings(self) -> Iterator[tuple[str, str]]:
        """Give what the report tells of the project, in lines of two cells."""
        name, recipe = self.settings.name, self.settings.recipe
        with self.database.reading() as connection:
            now = status(connection, name, recipe.model)
        counts = (f"{one.label} {one.n_given}" for one in now.counts if one.n_given)
        yield "project", name
        yield "examples", ", ".join(counts) or "none"
        for key, value in recipe.to_dict().items():
            yield key.replace("_", " "), str(value)
        yield "state", now.state or "none"
        if self.audit is not None and self.audit.answers:
            yield "audit", certificate_line(self.audit)
        yield "longshot", __version__

    def _label_names(self) -> tuple[str, ...]:
        with self.database.reading() as connection:
            return tuple(one.name for one in all_labels(connection))


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
        for some in parts(numbers):
            rows = connection.execute(_KNOWN.where(documents.c.number.in_(some)))
            yield from map(_known, rows)


# What a document has in common with its decision goes by another name.
_KNOWN = (
    select(
        documents.c.id,
        documents.c.source,
        documents.c.notes,
        documents.c.pages,
        documents.c.text_share,
        documents.c.labelled_by,
        documents.c.state.label("document_state"),
        documents.c.label.label("given_label"),
        texts.c.text,
        entries.c.at.label("labelled_at"),
        decisions,
        states.c.classes,
    )
    .join(texts, texts.c.document == documents.c.number)
    .outerjoin(entries, entries.c.number == documents.c.label_entry)
    .outerjoin(decisions, decisions.c.document == documents.c.number)
    .outerjoin(states, states.c.id == decisions.c.state)
    .order_by(documents.c.number)
)


def _known(row: Any) -> Known:
    return Known(
        document=document_from(row),
        state=row.document_state,
        label=row.given_label,
        labelled_by=row.labelled_by,
        labelled_at=row.labelled_at,
        decision=None if row.document is None else decision_from(row, row.id),
    )
