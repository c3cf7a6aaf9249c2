"""``longshot audit``: how many labels are right, from a sample that a person checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from jaxtyping import Float

from longshot.cli.output.consoles import counted, put, say
from longshot.cli.output.failures import telling_mistakes
from longshot.cli.project.opening import is_project_folder
from longshot.errors import ReadingError, SettingError

if TYPE_CHECKING:
    from longshot.audit import Answer, AuditSample, Certificate

NONE = "none"
UNSURE = "?"
_N, _SEED, _POPULATION = "asked_for", "seed", "population"


@telling_mistakes
def audit(
    labels: Annotated[
        Path,
        typer.Argument(
            metavar="LABELS",
            help="The table that classify --out wrote: csv, tsv, jsonl or parquet with "
            "the columns id, label and confidence. Or the folder of a project.",
            show_default=False,
        ),
    ],
    *,
    n: Annotated[
        int, typer.Option("--n", "-n", min=1, help="How many documents to check.")
    ] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random sample.")] = 0,
    checked: Annotated[
        Path | None,
        typer.Option(
            help="The sample with its column label filled in, as far as you came: "
            f"{NONE} where no label fits, {UNSURE} where you are unsure."
        ),
    ] = None,
    target: Annotated[
        float | None,
        typer.Option(help="The share that shall be right: 0.95 for 95 %."),
    ] = None,
    level: Annotated[
        float, typer.Option(help="With what probability the limit shall hold.")
    ] = 0.95,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write the sample to this table; with --checked, the certificate to "
            "this JSON file."
        ),
    ] = None,
) -> None:
    """Check a random sample of LABELS, and learn how many of all are right.

    The first call writes the documents to check, without what was decided; the second
    call, with --checked, prints the certificate. You may stop whenever you like.

    Example: longshot audit labels.csv -n 100 --out sample.csv
    """
    if is_project_folder(labels):
        _audit_project(labels, n, seed, checked, target, level, out)
        return
    decided = _read_decided(labels)
    if checked is None:
        _give_sample(decided, n, seed, level, out, labels)
        return
    if target is not None and not 0.0 < target <= 1.0:
        raise SettingError(
            f"--target must be above 0 and at most 1; got {target}. Give 0.95 for 95 %."
        )
    _give_certificate(_certified(decided, checked, level, target), out)


def _audit_project(
    place: Path,
    n: int,
    seed: int,
    checked: Path | None,
    target: float | None,
    level: float,
    out: Path | None,
) -> None:
    """Do the same in a project, which keeps sample, answers and certificate."""
    from longshot.cli.project.auditing import check_for_project, draw_for_project
    from longshot.reading.sources.labelled import named

    if checked is None:
        draw_for_project(
            str(place), n, seed=seed or None, level=level, target=target, out=out
        )
        return
    said = [(id_, row.get("label")) for id_, row in _rows(checked, (), "--checked")]
    given = [(id_, named(label)) for id_, label in said if _is_said(label)]
    check_for_project(
        str(place),
        checked,
        [
            (id_, None if label in (NONE, UNSURE) else label, label == UNSURE)
            for id_, label in given
        ],
    )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Decided:
    """What longshot decided, without what a person labelled."""

    labels: Mapping[str, str | None]
    confidences: Float[np.ndarray, " document"]
    n_of_people: int

    def sample(self, n: int, seed: int, level: float) -> "AuditSample":
        """Draw documents; the same numbers draw the same ones."""
        from longshot.audit import draw_sample

        return draw_sample(self.confidences, n, seed=seed, level=level)


def _read_decided(path: Path) -> _Decided:
    from longshot.reading.sources.labelled import named
    from longshot.reading.sources.references import CHECKED, LABELLED_BY, LONGSHOT

    labels: dict[str, str | None] = {}
    confidences: list[float] = []
    n_of_people = 0
    others = ("confidence", CHECKED, LABELLED_BY)
    for id_, row in _rows(path, others, "LABELS"):
        if _is_said(row.get(CHECKED)) or row.get(LABELLED_BY) not in (
            None,
            "",
            LONGSHOT,
        ):
            n_of_people += 1
            continue
        if id_ in labels:
            raise ReadingError(
                f'LABELS must hold each document once; {path} has "{id_}" twice. '
                "Leave one out."
            )
        labels[id_] = named(row["label"]) if _is_said(row.get("label")) else None
        confidences.append(_number(row.get("confidence"), id_, path))
    return _Decided(
        labels=labels, confidences=np.array(confidences), n_of_people=n_of_people
    )


def _rows(
    path: Path, others: tuple[str, ...], argument: str
) -> "list[tuple[str, Mapping[str, object]]]":
    """Read the rows of a table, each with its id."""
    from longshot.reading.sources import existing
    from longshot.reading.tables.columns import Columns
    from longshot.reading.tables.rows import Row
    from longshot.reading.tables.table import KINDS, Table, is_table

    place = existing(path, argument=argument)
    if not is_table(place):
        raise ReadingError(
            f"{argument} must be a table ({KINDS}); {path} is none. Name another file."
        )
    columns = Columns(text=None, label="label", others=others, argument=argument)
    table = Table(path=place, columns=columns)
    found = []
    for row in table.rows():
        if not isinstance(row, Row):
            raise ReadingError(
                f"{argument} must be readable as a whole; {row.place} of {path} "
                f"{row.reason}. Mend it."
            )
        found.append((table.id_of(row), row.values))
    return found


def _is_said(value: object) -> bool:
    return value is not None and str(value).strip() != ""


def _number(value: object, id_: str, path: Path) -> float:
    try:
        return float(str(value))
    except ValueError:
        raise ReadingError(
            'LABELS must hold a number in the column "confidence"; '
            f'"{id_}" in {path} has {value!r}. Give the table that classify wrote.'
        ) from None


def _give_sample(
    decided: _Decided, n: int, seed: int, level: float, out: Path | None, labels: Path
) -> None:
    """Write the documents to check, or print them."""
    from longshot.audit import planned_limit, population_hash
    from longshot.cli.input.places import check_apart
    from longshot.report.tables import (
        Row,
        as_csv,
        check_table_place,
        write_table,
    )

    if out is not None:
        check_table_place(out)
    check_apart({"--out": out}, {"LABELS": labels})
    sample = decided.sample(n, seed, level)
    ids = list(decided.labels)
    population = population_hash(decided.labels)
    rows: list[Row] = [
        {"id": ids[i], "label": None, _N: n, _SEED: seed, _POPULATION: population}
        for i in sample.rows
    ]
    if decided.n_of_people:
        say(
            "{} labelled by a person: left out, only decided ones are audited",
            counted(decided.n_of_people, "document"),
        )
    promised = f"{planned_limit(sample, level=level):.1%}"
    if out is None:
        put(as_csv(rows))
    else:
        write_table(out, rows)
        say("{} to check are in {}", counted(len(rows), "document"), out)
        say("  fill in its column label from top to bottom without looking at LABELS")
    say("if confidences are right, at least {} will turn out certain", promised)


def _certified(
    decided: _Decided, checked: Path, level: float, target: float | None
) -> "Certificate":
    import datetime

    from longshot.audit import audit_result, certify, population_hash

    given = _rows(checked, (_N, _SEED, _POPULATION), "--checked")
    first = given[0][1]
    population = population_hash(decided.labels)
    if first.get(_POPULATION) != population:
        raise SettingError(
            "LABELS must be the labels that the sample was drawn from; those of "
            f"{checked} were others. Give the table as it was, or draw a new sample."
        )
    n, seed = (int(float(str(first[name]))) for name in (_N, _SEED))
    sample = decided.sample(n, seed, level)
    result = audit_result(sample, _answers(decided, sample, dict(given)), level=level)
    return certify(
        sample,
        result,
        date=datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        population=population,
        target=target,
    )


def _answers(
    decided: _Decided, sample: "AuditSample", given: Mapping[str, Mapping[str, object]]
) -> "Sequence[Answer | None]":
    """Compare what the person said with what was decided."""
    ids = list(decided.labels)
    return [
        _answer(decided.labels[ids[i]], given.get(ids[i], {}).get("label"))
        for i in sample.rows
    ]


def _answer(decided: str | None, said: object) -> "Answer | None":
    from longshot.reading.sources.labelled import named

    if not _is_said(said):
        return None
    label = named(said)
    if label == UNSURE:
        return "unsure"
    return "right" if label == (NONE if decided is None else decided) else "wrong"


def _give_certificate(certificate: "Certificate", out: Path | None) -> None:
    import json

    from longshot.report.files import whole_file

    put("".join(f"{line}\n" for line in certificate.lines()))
    if out is not None:
        with whole_file(out) as file:
            file.write(json.dumps(certificate.as_dict(), indent=1).encode() + b"\n")
        say("the certificate is in {}", out)
