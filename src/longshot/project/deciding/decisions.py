"""Decisions as they are kept: one for each document, with the state that made it.

Only what is new or other than before is written, in one go.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float32
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from longshot.project.database.connection import Row, is_sqlite, parts
from longshot.project.database.schema import decisions, states
from longshot.project.log import now
from longshot.project.records import Decision, Decisions, OfferedClass
from longshot.project.records.decisions import PROBABILITY_DIGITS

if TYPE_CHECKING:
    from longshot.project.deciding.pile import Pile
    from longshot.project.deciding.state import Outcome, State


def current_state(connection: Connection) -> Row | None:
    """Give the state that decided last; None where nothing was decided."""
    return connection.execute(
        select(states).order_by(states.c.last_entry.desc()).limit(1)
    ).first()


def write(
    connection: Connection,
    state: "State",
    pile: "Pile",
    outcome: "Outcome",
) -> Decisions:
    """Keep decisions: those that are new or other than before, in one go."""
    newest = current_state(connection)
    is_older = newest is not None and newest.last_entry > state.last_entry
    before = _kept(connection)
    rows, n_relabelled = _changed(state, pile, outcome, before)
    if not is_older:  # else another process has decided with more examples meanwhile
        _upsert(
            connection,
            states,
            "id",
            [
                {
                    "id": state.id,
                    "first_decided_at": now(),
                    "last_entry": state.last_entry,
                    "n_documents": len(pile),
                    "n_examples": len(state.example_labels),
                    "classes": json.dumps(outcome.classes),
                    "details": json.dumps(
                        {
                            "report": outcome.report,
                            "offered": [asdict(one) for one in outcome.offered],
                        }
                    ),
                }
            ],
            keep=("first_decided_at",),
        )
        _upsert(connection, decisions, "document", rows)
        gone = sorted(before.keys() - set(pile.numbers.tolist()))
        for some in parts(gone):
            connection.execute(delete(decisions).where(decisions.c.document.in_(some)))
    return Decisions(
        state=state.id,
        n_documents=len(pile),
        n_changed=len(rows),
        n_relabelled=n_relabelled,
        n_examples=len(state.example_labels),
        report=tuple(outcome.report),
        new_classes=outcome.offered,
    )


def as_before(newest: Row) -> Decisions:
    """Tell of a state that has decided already, and holds."""
    return Decisions(
        state=newest.id,
        n_documents=newest.n_documents,
        n_changed=0,
        n_relabelled=0,
        n_examples=newest.n_examples,
        report=tuple(json.loads(newest.details)["report"]),
        new_classes=offered_by(newest),
    )


def offered_by(state: Row) -> tuple[OfferedClass, ...]:
    """Give the groups of documents that fitted no label when a state decided.

    Decisions of older versions tell none: they are offered after the next label.
    """
    return tuple(
        OfferedClass(
            n_documents=one["n_documents"],
            words=tuple(one["words"]),
            document_ids=tuple(one["document_ids"]),
        )
        for one in json.loads(state.details).get("offered", ())
    )


def touch(connection: Connection, state: "State") -> None:
    """Note that a state still holds after the latest entries."""
    connection.execute(
        states.update()
        .where(states.c.id == state.id)
        .values(last_entry=state.last_entry)
    )


def forget_all(connection: Connection) -> None:
    """Drop all decisions: with fewer than two labels there is nothing to decide."""
    connection.execute(delete(decisions))
    connection.execute(states.update().values(last_entry=0))


def decision_of(
    connection: Connection, number: int, document_id: str
) -> Decision | None:
    """Give the decision about a document; None where there is none."""
    row = connection.execute(
        select(decisions, states.c.classes)
        .join(states, states.c.id == decisions.c.state)
        .where(decisions.c.document == number)
    ).first()
    if row is None:
        return None
    return decision_from(row, document_id)


def decision_from(row: Row, document_id: str) -> Decision:
    """Read a decision from a row that has its state's classes, too."""
    classes = json.loads(row.classes)
    probabilities = np.frombuffer(row.probabilities, dtype=np.float32)
    order = np.argsort(-probabilities, kind="stable").tolist()
    ranked = [
        (classes[i], round(float(probabilities[i]), PROBABILITY_DIGITS)) for i in order
    ]
    return Decision(
        document_id=document_id,
        label=row.label,
        confidence=row.confidence,
        alternatives=tuple(one for one in ranked if one[0] != row.label),
        n_tokens=row.n_tokens,
        n_windows=row.n_windows,
        coverage=row.coverage,
        n_unknown=row.n_unknown,
        new_class=row.new_class,
        state=row.state,
    )


def probabilities_of(
    connection: Connection, numbers: Sequence[int]
) -> tuple[list[str], Float32[np.ndarray, "document class"]] | None:
    """Give the classes, and each document's probabilities; None where any has none."""
    state = current_state(connection)
    if state is None or state.last_entry == 0:
        return None
    classes = json.loads(state.classes)
    kept = _kept(connection)
    if not set(numbers) <= kept.keys():
        return None
    rows = [np.frombuffer(kept[one].probabilities, np.float32) for one in numbers]
    if any(len(one) != len(classes) for one in rows):
        return None
    return classes, np.stack(rows) if rows else np.empty((0, len(classes)), np.float32)


def _kept(connection: Connection) -> dict[int, Any]:
    """Give what is kept about every document."""
    rows = connection.execute(
        select(
            decisions.c.document,
            decisions.c.label,
            decisions.c.confidence,
            decisions.c.probabilities,
            decisions.c.new_class,
            states.c.classes,
        ).join(states, states.c.id == decisions.c.state)
    )
    return {row.document: row for row in rows}


def _changed(
    state: "State",
    pile: "Pile",
    outcome: "Outcome",
    before: Mapping[int, Any],
) -> tuple[list[dict[str, Any]], int]:
    named = json.dumps(outcome.classes)
    rows: list[dict[str, Any]] = []
    n_relabelled = 0
    reading = pile.reading
    for row, number in enumerate(pile.numbers.tolist()):
        old = before.get(number)
        label, blob = outcome.labels[row], outcome.probabilities[row].tobytes()
        new_class = outcome.new_class[row]
        n_relabelled += old is not None and old.label != label
        if old is not None and (
            old.label == label
            and old.probabilities == blob
            and old.new_class == new_class
            and old.classes == named
        ):
            continue
        rows.append(
            {
                "document": number,
                "state": state.id,
                "label": label,
                "confidence": float(outcome.confidence[row]),
                "probabilities": blob,
                "n_tokens": int(reading.n_tokens[row]),
                "n_windows": int(reading.n_windows[row]),
                "coverage": float(reading.coverage[row]),
                "n_unknown": int(reading.n_unknown[row]),
                "new_class": new_class,
            }
        )
    return rows, n_relabelled


def _upsert(
    connection: Connection,
    table: Any,
    key: str,
    rows: list[dict[str, Any]],
    keep: tuple[str, ...] = (),
) -> None:
    """Insert rows, or replace those of the same key; both databases know how."""
    if not rows:
        return
    dialect = sqlite if is_sqlite(connection) else postgresql
    made: Any = dialect.insert(table)
    changes = {
        name: made.excluded[name] for name in rows[0] if name not in (key, *keep)
    }
    connection.execute(
        made.on_conflict_do_update(index_elements=[key], set_=changes), rows
    )
