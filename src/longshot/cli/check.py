"""``longshot check``: which examples look wrong."""

from typing import TYPE_CHECKING

from longshot.cli.consoles import counted, say
from longshot.cli.failures import telling_mistakes
from longshot.cli.options import (
    Examples,
    IdColumn,
    LabelColumn,
    Out,
    TextColumn,
    with_embedder,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from longshot.embedder import DocumentEmbedder
    from longshot.evaluation.suspects import Suspect
    from longshot.report.tables import Row


@telling_mistakes
@with_embedder
def check(
    examples: Examples,
    *,
    out: Out = None,
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    id_column: IdColumn = "id",
    embedder: "DocumentEmbedder",
) -> None:
    """Name the EXAMPLES that look wrong: likely label errors, contradictions, copies.

    Example: longshot check labelled/
    """
    from longshot.cli.labelled_set import embed_documents, read_labelled
    from longshot.cli.printing import print_table
    from longshot.cli.summary import summary_at_end
    from longshot.evaluation.learners import longshot_learner
    from longshot.evaluation.suspects import find_suspects
    from longshot.report.files import check_writable
    from longshot.report.tables import check_table_ending, write_table

    if out is not None:
        check_table_ending(out)
        check_writable(out)
    columns = {"text_column": text_column, "id_column": id_column}
    with summary_at_end() as summary:
        read = read_labelled(examples, label_column, columns, summary)
        labels = {one.document.id: one.label for one in read}
        whole = embed_documents((one.document for one in read), embedder, summary)
        ids = [document.id for document in whole.documents]
        given = [labels[one] for one in ids]
        suspects = find_suspects(
            [document.text for document in whole.documents],
            given,
            longshot_learner(whole.readings, given, embedder),
        )
        summary.tell_not_read()
        rows = suspect_rows(suspects, ids)
        if out is not None:
            write_table(out, rows)
            say("the suspects are in {}", out)
        elif rows:
            shown = [[str(cell) for cell in row.values()] for row in rows]
            print_table(["id", "label", "likely", "sure", "why"], shown, numbers={3})
        n_different = len({one.row for one in suspects})
        say("{} of {} look wrong", n_different, counted(len(ids), "example"))


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
        "label": "the other examples speak for another label",
        "contradiction": f"the same text as {other}, which has another label",
        "near_copy": f"nearly the same text as {other}, which has another label",
        "copy": f"the same text as {other}: it counts once",
    }[one.why]
