"""``longshot check``: which examples look wrong."""

from typing import TYPE_CHECKING

from longshot.cli.options import (
    ColumnOptions,
    Examples,
    Meanings,
    Out,
    with_embedder,
    with_options,
)
from longshot.cli.output.consoles import counted, say
from longshot.cli.output.failures import telling_mistakes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from longshot.embedder import DocumentEmbedder
    from longshot.evaluation.suspects import Suspect
    from longshot.report.tables import Row


@telling_mistakes
@with_embedder
@with_options
def check(
    examples: Examples,
    *,
    labels: Meanings = None,
    out: Out = None,
    columns: ColumnOptions,
    embedder: "DocumentEmbedder",
) -> None:
    """Find EXAMPLES that look wrong: likely label errors, contradictions, copies.

    Example: longshot check labelled/
    """
    from longshot.cli.input.embedding import embed_labelled, read_meanings
    from longshot.cli.input.examples import read_labelled
    from longshot.cli.input.places import check_apart
    from longshot.cli.output.summary import summary_at_end
    from longshot.evaluation.learners import longshot_learner
    from longshot.evaluation.suspects import find_suspects
    from longshot.report.tables import check_table_place

    if out is not None:
        check_table_place(out)
    check_apart({"--out": out}, {"EXAMPLES": examples, "--labels": labels})
    descriptions = read_meanings(labels)
    with summary_at_end(out) as summary:
        read = read_labelled(examples, columns, summary)
        summary.described(descriptions)
        labelled = embed_labelled(read, embedder, summary)
        learner = longshot_learner(
            labelled.embedded.features, labelled.labels, embedder, descriptions
        )
        suspects = find_suspects(labelled.texts, labelled.labels, learner)
        summary.tell_not_read()
        ids = [document.id for document in labelled.embedded.documents]
        _give(suspect_rows(suspects, ids), out)
        n_different = len({one.row for one in suspects})
        say("{} of {} look wrong", n_different, counted(len(ids), "example"))


def _give(rows: "list[Row]", out: "Path | None") -> None:
    """Write the suspects to a file, or print them."""
    from longshot.cli.output.table import print_table
    from longshot.report.tables import write_table

    if out is not None:
        write_table(out, rows)
        say("the suspects are in {}", out)
    elif rows:
        shown = [[str(cell) for cell in row.values()] for row in rows]
        print_table(["id", "label", "likely", "sure", "why"], shown, numbers={3})


def suspect_rows(suspects: "Sequence[Suspect]", ids: "Sequence[str]") -> "list[Row]":
    """Give suspects as rows, the reason in words."""
    return [
        {
            "id": ids[one.row],
            "label": one.given,
            "likely_label": one.likely,
            "confidence": round(one.confidence, 4),
            "why": _reason(one, ids),
        }
        for one in suspects
    ]


def _reason(one: "Suspect", ids: "Sequence[str]") -> str:
    other = ids[one.other] if one.other is not None else ""
    return {
        "label": "the other examples point to another label",
        "contradiction": f"the same text as {other}, which has another label",
        "near_copy": f"nearly the same text as {other}, which has another label",
        "copy": f"the same text as {other}: it counts once",
    }[one.why]
