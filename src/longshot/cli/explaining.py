"""``--explain``: for each document, what spoke for its label and against it."""

from collections.abc import Iterator, Sequence

from longshot.cli.consoles import printable, put
from longshot.records import Evidence, Passage, Prediction, RunnerUp
from longshot.report.openings import opening
from longshot.report.predictions import told_reasons


def print_explanations(predictions: Sequence[Prediction]) -> None:
    """Print a paragraph for each document that has evidence."""
    for one in predictions:
        if one.evidence is not None:
            lines = [_headline(one), *_lines(one.evidence)]
            put("\n" + "".join(f"{printable(line)}\n" for line in lines))


def _headline(prediction: Prediction) -> str:
    label = prediction.label or "none of these"
    return f"{prediction.document_id}: {label} ({prediction.confidence:.0%})"


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
