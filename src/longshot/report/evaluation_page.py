"""An evaluation as an HTML page that needs nothing beside itself.

Labels are a person's text: whatever comes from them is escaped, and figures are images,
so that no text can act.
"""

import base64
import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from longshot.evaluation.results import Closely, Evaluation, Point
from longshot.report.contextual_figures import rendered
from longshot.report.evaluation_figures import (
    draw_learning_curve,
    draw_reliability,
    draw_risk,
)

if TYPE_CHECKING:
    from longshot.evaluation.intervals import Figure as Measured

MOST_CLASSES_SHOWN = 40
"""Of a confusion matrix; with more, only the frequent confusions are listed."""

N_CONFUSIONS = 20

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto;
  padding: 0 1rem; color: #1a1a1a; background: #fff; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { margin-top: 2.5rem; }
p, li { max-width: 46rem; } .note { color: #7a4a00; }
.figures { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-start; }
figure { flex: 1 1 18rem; min-width: 0; max-width: 34rem; margin: 0; }
figure img { width: 100%; height: auto; } figcaption { color: #444; font-size: .9rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; overflow-wrap: normal;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .5rem 0; color: #444; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid #ddd; text-align: right;
  vertical-align: top; }
thead th { vertical-align: bottom; }
th[scope=row] { text-align: left; position: sticky; left: 0; background: #fff;
  font-weight: 600; max-width: 16rem; }
td.text { text-align: left; }
.interval { display: block; color: #595959; font-size: .75rem; white-space: nowrap; }
.confusion td { min-width: 2rem; border: 1px solid #eee; }
.confusion td.right { outline: 2px solid #1a1a1a; outline-offset: -2px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem;
  max-width: 60rem; font-size: .9rem; } dt { font-weight: 600; } dd { margin: 0; }
@media (max-width: 40rem) {
  dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
@media print { body { margin: 0; max-width: none; } .wide { overflow: visible; }
  figure, tr { break-inside: avoid; } * { print-color-adjust: exact; } }
"""
_TERMS = {
    "accuracy": "The share of documents that come out right.",
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


def page(found: Evaluation) -> Iterator[str]:
    """Give the page piece by piece.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    title = "How good is it here?"
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{title}</h1><ul>"
    )
    yield from (f"<li>{escape(answer)}</li>" for answer in found.answers)
    yield "</ul>"
    yield from (f'<p class="note">{escape(note)}.</p>' for note in found.notes)
    yield from _curve(found)
    yield from _classes(found.closely)
    yield from _confusion(found.closely)
    yield from _trust(found.closely)
    yield "<h2>What the numbers are</h2><dl>"
    yield from (f"<dt>{escape(t)}</dt><dd>{escape(d)}</dd>" for t, d in _TERMS.items())
    splits, seed = found.settings.n_splits, found.settings.seed
    yield (
        f"</dl><p>{found.n_documents:,} labelled documents; examples drawn {splits} "
        f"times, random numbers of seed {seed}.</p></main></body></html>\n"
    )


def _curve(found: Evaluation) -> Iterator[str]:
    yield "<h2>Learning curve</h2>"
    alt = "Accuracy of each learner over examples per class; the table has the numbers."
    yield _image(rendered(draw_learning_curve(found), "svg"), alt)
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
    yield _head("Figures of each learner, with 95 % intervals.", columns)
    order = sorted(found.points, key=lambda one: one.shots)
    yield from map(_point, order)
    yield "</tbody></table></div>"


def _point(one: Point) -> str:
    shares = (one.accuracy, one.macro_f1, one.calibration_error, one.aurc)
    return (
        f'<tr><th scope="row">{one.shots}</th>'
        f'<td class="text">{escape(one.learner)}</td>'
        + "".join(_share(figure) for figure in shares)
        + _loss(one.brier)
        + _loss(one.log_loss)
        + "</tr>"
    )


def _classes(closely: Closely) -> Iterator[str]:
    yield "<h2>Class by class</h2>"
    caption = f"{closely.learner}, {closely.shots} per class as examples."
    yield _head(caption, ("class", "documents", "recall", "precision", "F1"))
    for one in closely.classes:
        yield (
            f'<tr><th scope="row">{escape(one.label)}</th><td>{one.n_documents:,}</td>'
            f"{_share(one.recall)}{_share(one.precision)}{_share(one.f1)}</tr>"
        )
    yield "</tbody></table></div>"


def _confusion(closely: Closely) -> Iterator[str]:
    labels = [one.label for one in closely.classes]
    yield "<h2>What is taken for what</h2>"
    if len(labels) <= MOST_CLASSES_SHOWN:
        caption = (
            "True class by row, predicted class by column, in % of the true class."
        )
        yield _head(caption, ("", *labels), style="confusion")
        yield from _confusion_rows(closely.confusion, labels)
        yield "</tbody></table></div>"
    frequent = frequent_confusions(closely)[:N_CONFUSIONS]
    if frequent:
        yield _head(
            "The most frequent mistakes.", ("true", "taken for", "share of true")
        )
        for true, predicted, share in frequent:
            yield (
                f'<tr><th scope="row">{escape(true)}</th>'
                f'<td class="text">{escape(predicted)}</td><td>{share:.0%}</td></tr>'
            )
        yield "</tbody></table></div>"


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
        cells = "".join(
            f"<td{' class=right' if true == predicted else ''} "
            f'style="{_shade(share, right=true == predicted)}">'
            f"{_rounded(share)}</td>"
            for predicted, share in enumerate(shares[true])
        )
        yield f'<tr><th scope="row">{escape(label)}</th>{cells}</tr>'


def _shade(share: float, *, right: bool) -> str:
    colour = "0, 114, 178" if right else "213, 94, 0"
    return f"background: rgba({colour}, {0.6 * share:.2f})"


def _rounded(share: float) -> str:
    return f"{100 * share:.0f}" if share >= 0.005 else ""


def _trust(closely: Closely) -> Iterator[str]:
    yield '<h2>How far its confidence can be trusted</h2><div class="figures">'
    yield _image(
        rendered(draw_reliability(closely), "svg"),
        "Reliability: the share that is right against confidence. On the broken line, "
        "confidence means what it says; above it, it is too modest.",
    )
    yield _image(
        rendered(draw_risk(closely), "svg"),
        "Risk against coverage: the share of mistakes if only the surest documents are "
        "decided and the others are left to a person.",
    )
    yield "</div>"


def _image(svg: bytes, told: str) -> str:
    data = base64.b64encode(svg).decode()
    return (
        f'<figure><img alt="{escape(told, quote=True)}" '
        f'src="data:image/svg+xml;base64,{data}">'
        f"<figcaption>{escape(told)}</figcaption></figure>"
    )


def _head(caption: str, columns: Sequence[str], *, style: str = "") -> str:
    cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    return (
        f'<div class="wide" tabindex="0"><table class="{style}">'
        f"<caption>{escape(caption)}</caption>"
        f"<thead><tr>{cells}</tr></thead><tbody>"
    )


def _share(figure: "Measured") -> str:
    if math.isnan(figure.value):
        return "<td>–</td>"
    return (
        f'<td>{100 * figure.value:.1f} %<span class="interval">'
        f"{100 * figure.low:.1f} to {100 * figure.high:.1f}</span></td>"
    )


def _loss(figure: "Measured") -> str:
    return (
        f'<td>{figure.value:.3f}<span class="interval">{figure.low:.3f} to '
        f"{figure.high:.3f}</span></td>"
    )
