"""Predictions for people: a table, and with ``--explain`` a paragraph for each."""

from collections.abc import Iterator, Sequence

from longshot.cli.output.consoles import printable, put
from longshot.cli.output.table import print_table
from longshot.records import Evidence, Passage, Prediction, RunnerUp
from longshot.report.classified.rows import told_reasons
from longshot.report.openings import opening
from longshot.report.pages.wording import percent


def print_predictions(predictions: Sequence[Prediction]) -> None:
    """Print one line per document: its label, how sure, and the passage.

    Beside them the set of labels, where sets were asked for.
    """
    rows = [
        [
            one.document_id,
            "; ".join(one.labels or ()) or one.label or "none of these",
            percent(one.confidence),
            f"{one.n_tokens:,}",
            percent(one.coverage),
            deciding_passage(one),
        ]
        for one in predictions
    ]
    header = ["document", "label", "sure", "tokens", "read", "the passage that decided"]
    if any(one.label_set is not None for one in predictions):
        header.insert(5, "set of labels")
        for row, one in zip(rows, predictions, strict=True):
            row.insert(5, ", ".join(one.label_set or ()) or "none")
    print_table(header, rows, numbers={2, 3, 4}, passages={len(header) - 1})


def print_explanations(predictions: Sequence[Prediction]) -> None:
    """Print a paragraph for each document that has evidence.

    It holds what spoke for the document's label, and what spoke against it.
    """
    for one in predictions:
        if one.evidence is not None:
            lines = [_headline(one), *_lines(one.evidence)]
            put("\n" + "".join(f"{printable(line)}\n" for line in lines))


def deciding_passage(prediction: Prediction) -> str:
    """Give the opening of the passage that decided; nothing without evidence."""
    evidence = prediction.evidence
    if evidence is None:
        return ""
    return opening(evidence.passage.text, start=evidence.passage.start)


def _headline(prediction: Prediction) -> str:
    label = prediction.label or "none of these"
    return f"{prediction.document_id}: {label} ({percent(prediction.confidence)})"


def _lines(evidence: Evidence) -> Iterator[str]:
    for passage in evidence.supporting:
        yield _passage("for", passage)
    for passage in evidence.opposing:
        yield _passage("against", passage)
    if evidence.match is not None:
        match = evidence.match
        yield f"  like     {match.example_id} (cosine {match.similarity:.2f})"
    if evidence.runner_up is not None:
        yield from _second(evidence.runner_up)


def _second(second: RunnerUp) -> Iterator[str]:
    yield f"  second   {second.label}, behind by {second.lost_by:.2f}"
    yield f"           {told_reasons(second)}"
    yield _passage("for it", second.passage)


def _passage(side: str, passage: Passage) -> str:
    text = opening(passage.text, start=passage.start)
    place = f"{passage.start}–{passage.end}"
    return f"  {side:<8} {passage.contribution:+.2f}  {place}  {text}"
