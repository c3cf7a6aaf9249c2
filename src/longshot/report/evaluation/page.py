"""An evaluation as an HTML page that needs nothing beside itself."""

import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from longshot.evaluation.results import Closely, Evaluation, Point
from longshot.report.drawing import rendered
from longshot.report.evaluation.figures import (
    draw_learning_curve,
    draw_reliability,
    draw_risk,
)
from longshot.report.pages import still_page
from longshot.report.pages.pieces import (
    definitions,
    figure,
    footer,
    masthead,
    notes,
    number,
    table,
    table_row,
    text,
)
from longshot.report.pages.wording import percent

if TYPE_CHECKING:
    from longshot.evaluation.intervals import Figure as Measured

TITLE = "How good is it here?"

MOST_CLASSES_SHOWN = 40
"""Of a confusion matrix; with more, only the frequent confusions are listed."""

N_CONFUSIONS = 20

_TERMS = {
    "accuracy": "The share of documents that get the right label.",
    "macro F1": "The mean over classes of F1, the harmonic mean of recall and "
    "precision, so that small classes count as much as large ones.",
    "recall": "Of a class's documents, the share that was found.",
    "precision": "Of the documents called so, the share that is.",
    "calibration error": "How far confidence lies from the share that is right, on the "
    "mean over 15 bins (ECE).",
    "AURC": "The mean share of mistakes over all shares decided, surest first: the "
    "area under the curve of risk against coverage.",
    "Brier, log loss": "Losses of all probabilities: squared error and surprise.",
    "small numbers": "The limits of 95 % intervals. They hold what other splits, other "
    "documents to judge and other documents to learn from would change.",
}


def evaluation_page(found: Evaluation) -> str:
    """Give the page of an evaluation; the same one gives the same page.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    return still_page(title=TITLE, body=_body(found))


def _body(found: Evaluation) -> Iterator[str]:
    splits, seed = found.settings.n_splits, found.settings.seed
    lede = (
        f"{found.n_documents:,} labelled documents; examples drawn {splits} times, "
        f"random numbers of seed {seed}."
    )
    yield from masthead(TITLE, lede)
    yield "<main><ul>"
    yield from (f"<li>{escape(answer)}</li>" for answer in found.answers)
    yield "</ul>"
    yield from notes(found.notes)
    yield from _curve(found)
    yield from _classes(found.closely)
    yield from _confusion(found.closely)
    yield from _trust(found.closely)
    yield "<h2>What the numbers are</h2>"
    yield from definitions(_TERMS)
    yield "</main>"
    yield from footer()


def _curve(found: Evaluation) -> Iterator[str]:
    yield "<h2>Learning curve</h2>"
    yield figure(
        rendered(draw_learning_curve(found), "svg"),
        "Accuracy of each learner over examples per class; the table has the numbers.",
        is_captioned=True,
    )
    columns = (
        "examples per class",
        "learner",
        "accuracy",
        "macro F1",
        "calibration error",
        "AURC",
        "Brier",
        "log loss",
    )
    order = sorted(found.points, key=lambda one: one.shots)
    caption = "Figures of each learner, with 95 % intervals."
    yield from table(caption, columns, map(_point, order))


def _point(one: Point) -> str:
    shares = (one.accuracy, one.macro_f1, one.calibration_error, one.aurc)
    losses = (one.brier, one.log_loss)
    cells = (text(one.learner), *map(_share, shares), *map(_loss, losses))
    return table_row(str(one.shots), cells)


def _classes(closely: Closely) -> Iterator[str]:
    yield "<h2>Class by class</h2>"
    rows = (
        table_row(
            one.label,
            (
                f"<td>{one.n_documents:,}</td>",
                *map(_share, (one.recall, one.precision, one.f1)),
            ),
        )
        for one in closely.classes
    )
    yield from table(
        f"{closely.learner}, {closely.shots} per class as examples.",
        ("class", "documents", "recall", "precision", "F1"),
        rows,
    )


def _confusion(closely: Closely) -> Iterator[str]:
    labels = [one.label for one in closely.classes]
    yield "<h2>What is taken for what</h2>"
    if len(labels) <= MOST_CLASSES_SHOWN:
        yield from table(
            "True class by row, predicted class by column, in % of the true class.",
            ("", *labels),
            _confusion_rows(closely.confusion, labels),
            style="confusion",
        )
    if frequent := frequent_confusions(closely)[:N_CONFUSIONS]:
        yield from table(
            "The most frequent mistakes.",
            ("true", "taken for", "share of true"),
            (
                table_row(true, (text(predicted), f"<td>{escape(percent(share))}</td>"))
                for true, predicted, share in frequent
            ),
        )


def frequent_confusions(closely: Closely) -> list[tuple[str, str, float]]:
    """List mistakes by their number: true label, predicted one, share of the true."""
    labels = [one.label for one in closely.classes]
    mistakes = closely.confusion * (1.0 - np.eye(len(labels)))
    totals = closely.confusion.sum(axis=1)
    order = np.argsort(-mistakes, axis=None, kind="stable")
    pairs = (divmod(int(cell), len(labels)) for cell in order)
    return [
        (labels[t], labels[p], float(mistakes[t, p] / totals[t]))
        for t, p in pairs
        if mistakes[t, p] > 0
    ]


def _confusion_rows(counts: np.ndarray, labels: Sequence[str]) -> Iterator[str]:
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-12)
    for true, label in enumerate(labels):
        yield table_row(
            label,
            (
                f'<td class="{_shade(share)}{" right" if true == predicted else ""}">'
                f"{_rounded(share)}</td>"
                for predicted, share in enumerate(shares[true])
            ),
        )


def _shade(share: float) -> str:
    """Name the shade of a cell, in ten steps."""
    return f"s{math.ceil(10 * share)}"


def _rounded(share: float) -> str:
    return f"{100 * share:.0f}" if share >= 0.005 else ""


def _trust(closely: Closely) -> Iterator[str]:
    reliability = (
        "Reliability: the share that is right against confidence. On the broken line, "
        "confidence means what it says; above it, it is too modest."
    )
    risk = (
        "Risk against coverage: the share of mistakes if only the surest documents are "
        "decided and the others are left to a person."
    )
    yield '<h2>How far its confidence can be trusted</h2><div class="figures">'
    for drawn, told in (
        (draw_reliability(closely), reliability),
        (draw_risk(closely), risk),
    ):
        yield figure(rendered(drawn, "svg"), told, is_captioned=True)
    yield "</div>"


def _share(one: "Measured") -> str:
    if math.isnan(one.value):
        return "<td>–</td>"
    value, low, high = (100 * limit for limit in (one.value, one.low, one.high))
    return number(f"{value:.1f}%", f"{low:.1f}", f"{high:.1f}")


def _loss(one: "Measured") -> str:
    return number(f"{one.value:.3f}", f"{one.low:.3f}", f"{one.high:.3f}")
