"""How many labels are right, where the true ones are known."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from longshot.cli.output.consoles import counted, say
from longshot.cli.output.summary import say_some
from longshot.errors import ReadingError
from longshot.records import Prediction

Decided = tuple[str, str | None, bool]
"""A document's id, its label (None for "none of these"), and whether it was told."""


def compare(
    predictions: Sequence[Prediction],
    true_labels: Mapping[str, str],
    examples: Collection[str],
) -> None:
    """Tell how many predictions are right: see :func:`tell_right`."""
    others = (one.alternatives for one in predictions if one.label is None)
    labels = {label for label, _ in next(others, ())}
    decided = (
        (one.document_id, one.label, one.document_id in examples) for one in predictions
    )
    tell_right(decided, true_labels, labels)


def tell_right(
    decided: Iterable[Decided], true_labels: Mapping[str, str], labels: Collection[str]
) -> None:
    """Tell how many labels are right, and which are not; examples do not count.

    Parameters
    ----------
    decided
        What was decided about each document.
    true_labels
        The true label of each id.
    labels
        All that could be given: "none of these" is right where the true one is not
        among them.

    Raises
    ------
    ReadingError
        If none of the true labels is of a document that was decided about.
    """
    first, wrong = "", []
    counts: Counter[str] = Counter()
    for id_, label, is_example in decided:
        first = first or id_
        truth = true_labels.get(id_)
        if truth is None or is_example:
            counts["unknown" if truth is None else "examples"] += 1
            continue
        counts["judged"] += 1
        is_right = truth not in labels if label is None else truth == label
        if not is_right:
            wrong.append(f"{id_} is {truth}, not {label or 'none of these'}")
    _tell(counts, wrong, _such_as(true_labels, first))


def _tell(counts: Counter[str], wrong: Sequence[str], such_as: str) -> None:
    n_judged, n_examples = counts["judged"], counts["examples"]
    if not n_judged + n_examples:
        raise ReadingError(
            f"--truth must hold ids of DOCUMENTS; none of its ids is one{such_as}. "
            "Compare them, or name the column of ids with --id-column."
        )
    if n_judged:
        say("[bold]{} of {} are right[/]", n_judged - len(wrong), n_judged)
    else:
        say("every document in --truth is also an example: there is nothing to compare")
    if n_examples:
        told = counted(n_examples, "document")
        say("  {} not counted: also among the examples", told)
    if counts["unknown"]:
        told = counted(counts["unknown"], "document")
        say("  {} without a true label: not in --truth", told)
    say_some(wrong)


def _such_as(true_labels: Mapping[str, str], id_: str) -> str:
    if not true_labels or not id_:
        return ""
    return f' (it has "{next(iter(true_labels))}", DOCUMENTS has "{id_}")'
