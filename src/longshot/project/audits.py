"""Audits kept in a project: what was drawn, what people answered, what is certain.

The sample and the labels that it covers are written down when it is drawn, and never
again. Answers stand in the log, as everything that people say, and can be taken back.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, insert, select

from longshot.audit import (
    Answer,
    AuditResult,
    AuditSample,
    Shift,
    audit_result,
    certify,
    draw_sample,
    population_hash,
    shift_of_odds,
    sign_off,
)
from longshot.audit.sample import check_level
from longshot.errors import NotInProjectError, ProjectError, SettingError
from longshot.project.browsing import standings_by_number
from longshot.project.database import Database
from longshot.project.database.connection import Row
from longshot.project.database.schema import (
    audits,
    decisions,
    documents,
    entries,
    entry_documents,
)
from longshot.project.deciding.decisions import current_state
from longshot.project.labels import checked_label
from longshot.project.log import (
    attach,
    begin_entry,
    entry_of,
    is_taken_back,
    now,
    storable,
    write,
)
from longshot.project.records import Entry, Forecast, ProjectAudit

_MOST_SEEDS = 1 << 31


@dataclass(frozen=True, slots=True, eq=False)
class _Population:
    """The documents that an audit covers, and what was decided about them."""

    numbers: list[int]
    ids: list[str]
    labels: list[str | None]
    confidences: list[float]

    def as_json(self) -> str:
        return json.dumps([self.numbers, self.ids, self.labels, self.confidences])

    @classmethod
    def of_json(cls, plain: str) -> "_Population":
        return cls(*json.loads(plain))


class Audits:
    """What a project knows of how much is right.

    Parameters
    ----------
    database
        The project's.
    who
        Who does it, unless told otherwise.
    """

    def __init__(self, database: Database, who: str) -> None:
        self._database = database
        self._who = who

    def forecast(self, target: float = 0.95) -> Forecast | None:
        """Tell how much of what was decided can be left alone.

        It is as good as the confidences are, corrected by an audit where there was one.

        Parameters
        ----------
        target
            The share of the documents left alone that shall be right.

        Returns
        -------
        Forecast or None
            None where nothing was decided.

        Raises
        ------
        SettingError
            If the target is no share.
        """
        _check_target(target)
        with self._database.reading() as connection:
            population = _decided(connection)
            if not population.numbers:
                return None
            found = sign_off(
                np.array(population.confidences), target, shift=_shift(connection)
            )
        return Forecast(
            n_alone=found.n_alone,
            n_documents=found.n_documents,
            target=found.target,
            expected_right=found.expected_right,
            least_confidence=found.least_confidence,
            low=found.low,
            high=found.high,
            n_checked=found.n_checked,
        )

    def start(
        self,
        n: int,
        *,
        seed: int | None = None,
        level: float = 0.95,
        target: float | None = None,
        who: str | None = None,
    ) -> ProjectAudit:
        """Draw a random sample of what was decided, for a person to check blind.

        It covers the labels as they stand now, and no later ones.

        Parameters
        ----------
        n
            How many documents to check.
        seed
            Of the draw; drawn itself by default, so that nobody can foresee the sample.
        level
            With what probability the limit shall hold.
        target
            The share of right labels that is to be reached, to be told with the result.
        who
            Who begins it.

        Raises
        ------
        ProjectError
            If nothing was decided.
        SettingError
            If `n`, the level or the target is none.
        """
        check_level(level)
        _check_target(target)
        drawn = secrets.randbelow(_MOST_SEEDS) if seed is None else seed
        with self._database.writing() as connection:
            state = current_state(connection)
            population = _decided(connection)
            if state is None or not population.numbers:
                raise ProjectError(
                    "an audit must have decisions to check; there are none. "
                    "Run: longshot classify PROJECT"
                )
            confidences = np.array(population.confidences)
            sample = draw_sample(confidences, n, seed=drawn, level=level)
            made = connection.execute(
                insert(audits).values(
                    who=storable(who or self._who),
                    started_at=now(),
                    state=state.id,
                    level=level,
                    target=target,
                    sample=json.dumps(sample.as_dict()),
                    population=population.as_json(),
                )
            )
            number = made.inserted_primary_key
            assert number is not None
            return _standing(connection, int(number[0]))

    def answer(
        self,
        audit_id: int,
        document_id: str,
        label: str | None,
        *,
        unsure: bool = False,
        who: str | None = None,
    ) -> ProjectAudit:
        """Say what a document of an audit's sample is; None for "none of these".

        Answers are no examples: see :meth:`use`. ``undo`` takes them back.

        Raises
        ------
        NotInProjectError
            If there is no such audit, or the document is gone.
        SettingError
            If the document is not in its sample, or the label is blank.
        """
        named = None if label is None else checked_label(label)
        with self._database.writing() as connection:
            sample, population = _read(_row(connection, audit_id))
            drawn = {population.ids[one] for one in sample.rows.tolist()}
            if storable(document_id) not in drawn:
                raise SettingError(
                    f"a document must be in the sample of audit {audit_id}; this one "
                    "is not. Answer those that the audit asks for."
                )
            write(
                connection,
                "answer",
                [document_id],
                who=who or self._who,
                label=named,
                details={"audit": audit_id, "unsure": unsure, "label": named},
            )
            return _standing(connection, audit_id)

    def latest(self) -> ProjectAudit | None:
        """Give the latest audit with its certificate; None where none was begun."""
        with self._database.reading() as connection:
            number = _newest(connection)
            return None if number is None else _standing(connection, number)

    def numbered(self, audit_id: int) -> ProjectAudit:
        """Give an audit with its certificate.

        Raises
        ------
        NotInProjectError
            If there is none of that number.
        """
        with self._database.reading() as connection:
            return _standing(connection, audit_id)

    def use(self, audit_id: int, *, who: str | None = None) -> list[Entry]:
        """Make the answers of an audit labels, so that what was wrong is put right.

        The certificate goes on to cover what it covered: see ``limit_now``.

        Raises
        ------
        NotInProjectError
            If there is none of that number.
        """
        made = []
        with self._database.writing() as connection:
            for label, numbers in _corrections(connection, audit_id).items():
                number = begin_entry(
                    connection,
                    "label",
                    who=who or self._who,
                    why=f"audit {audit_id}",
                    label=label,
                    details={"blind": True},
                )
                attach(connection, number, numbers)
                made.append(entry_of(connection, number))
        return made


def _standing(connection: Connection, audit: int) -> ProjectAudit:
    """Give an audit with all that is certain by now."""
    row = _row(connection, audit)
    sample, population = _read(row)
    said = _said(connection, audit)
    given = _answers(sample, population, said)
    result = audit_result(sample, given, level=row.level)
    labels = dict(zip(population.ids, population.labels, strict=True))
    certificate = certify(
        sample,
        result,
        date=now()[:10],
        population=population_hash(labels),
        state=row.state,
        target=row.target,
    )
    rows = sample.rows.tolist()
    still_open = [one for one in rows if population.numbers[one] not in said]
    lost, corrected = _changes(connection, population, said)
    return ProjectAudit(
        id=row.number,
        who=row.who,
        started_at=row.started_at,
        state=row.state,
        document_ids=tuple(population.ids[one] for one in rows),
        answers=tuple(given),
        next_id=population.ids[still_open[0]] if still_open else None,
        certificate=certificate,
        is_current=not lost and not corrected,
        limit_now=certificate.limit_now(
            n_documents=len(population.numbers), n_lost=lost, n_corrected=corrected
        ),
    )


def _newest(connection: Connection) -> int | None:
    found = connection.execute(select(func.max(audits.c.number))).scalar()
    return None if found is None else int(found)


def _corrections(connection: Connection, audit: int) -> dict[str | None, list[int]]:
    """Give the documents that people were sure about, by the label that they gave."""
    _row(connection, audit)
    found: dict[str | None, list[int]] = {}
    for number, one in _said(connection, audit).items():
        if not one["unsure"]:
            found.setdefault(one["label"], []).append(number)
    return found


def _shift(connection: Connection) -> Shift | None:
    """Give what the latest audit of the current decisions says about confidences."""
    state, audit = current_state(connection), _newest(connection)
    if state is None or audit is None:
        return None
    row = _row(connection, audit)
    if row.state != state.id:
        return None
    sample, population = _read(row)
    given = _answers(sample, population, _said(connection, audit))
    result: AuditResult = audit_result(sample, given, level=row.level)
    if not result.n_counted:
        return None
    checked = sample.rows[: len(given)]
    confidences = np.array(population.confidences)[checked]
    is_wrong = np.array([one != "right" for one in given], dtype=np.int64)
    return shift_of_odds(1.0 - confidences, np.ones_like(is_wrong), is_wrong)


def _decided(connection: Connection) -> _Population:
    """Give the documents with a decision that nobody labelled, in order of adding."""
    rows = connection.execute(
        select(
            documents.c.number,
            documents.c.id,
            decisions.c.label,
            decisions.c.confidence,
        )
        .join(decisions, decisions.c.document == documents.c.number)
        .where(~documents.c.is_removed, documents.c.state != "labelled")
        .order_by(documents.c.number)
    ).all()
    columns = [list(one) for one in zip(*rows, strict=True)] or [[], [], [], []]
    return _Population(*columns)


def _row(connection: Connection, audit: int) -> Row:
    row = connection.execute(select(audits).where(audits.c.number == audit)).first()
    if row is None:
        raise NotInProjectError(
            f"an audit must be one of the project's; there is no number {audit}. "
            "Start one."
        )
    return row


def _read(row: Row) -> tuple[AuditSample, _Population]:
    sample = AuditSample.from_dict(json.loads(row.sample))
    return sample, _Population.of_json(row.population)


def _said(connection: Connection, audit: int) -> dict[int, dict[str, Any]]:
    """Give the answers that stand, by the document's number; the latest one counts."""
    rows = connection.execute(
        select(entry_documents.c.document, entries.c.details)
        .join(entries, entries.c.number == entry_documents.c.entry)
        .where(entries.c.kind == "answer", ~is_taken_back())
        .order_by(entries.c.number)
    )
    found = {}
    for row in rows:
        details = json.loads(row.details)
        if details["audit"] == audit:
            found[row.document] = details
    return found


def _answers(
    sample: AuditSample, population: _Population, said: Mapping[int, dict[str, Any]]
) -> list[Answer | None]:
    """Hold what people said against what was decided, in the order of the sample."""
    found: list[Answer | None] = []
    for row in sample.rows.tolist():
        one = said.get(population.numbers[row])
        if one is None:
            found.append(None)
        elif one["unsure"]:
            found.append("unsure")
        else:
            is_right = one["label"] == population.labels[row]
            found.append("right" if is_right else "wrong")
    while found and found[-1] is None:
        found.pop()
    return found


def _changes(
    connection: Connection,
    population: _Population,
    said: Mapping[int, dict[str, Any]],
) -> tuple[int, int]:
    """Count covered labels that were lost since, and those that were put right."""
    standing = standings_by_number(connection)
    lost = corrected = 0
    for number, label in zip(population.numbers, population.labels, strict=True):
        one = said.get(number)
        is_wrong = one is not None and (one["unsure"] or one["label"] != label)
        is_same = number in standing and standing[number] == label
        if is_wrong and one is not None and not one["unsure"]:
            corrected += number in standing and standing[number] == one["label"]
        elif not is_same:
            lost += 1
    return lost, corrected


def _check_target(target: float | None) -> None:
    if target is not None and not 0.0 < target <= 1.0:
        raise SettingError(
            f"target must be above 0 and at most 1; got {target}. Give 0.95 for 95 %."
        )
