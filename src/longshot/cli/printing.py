"""Tables for people, on stdout.

A column is as wide as its widest cell, so that nothing is cut in a pipe; on a terminal
the passages give way, and only they.
"""

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from jaxtyping import Float, Int
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from longshot.cli.consoles import printable, put
from longshot.encoders import Model
from longshot.records import Document, Prediction, Window
from longshot.report.openings import opening

LEAST_PASSAGE_CHARACTERS = 20


def print_predictions(predictions: Sequence[Prediction]) -> None:
    """Print one line per document: its label, how sure, and the passage.

    Beside them the set of labels, where sets were asked for.
    """
    rows = [
        [
            one.document_id,
            "; ".join(one.labels or ()) or one.label or "none of these",
            f"{one.confidence:.0%}",
            f"{one.n_tokens:,}",
            f"{one.coverage:.0%}",
            _evidence(one),
        ]
        for one in predictions
    ]
    header = ["document", "label", "sure", "tokens", "read", "the passage that decided"]
    if any(one.label_set is not None for one in predictions):
        header.insert(5, "set of labels")
        for row, one in zip(rows, predictions, strict=True):
            row.insert(5, ", ".join(one.label_set or ()) or "none")
    print_table(header, rows, numbers={2, 3, 4}, passages={len(header) - 1})


def print_models(models: Iterable[Model]) -> None:
    """Print one line per model."""
    rows = [
        [
            model.name,
            str(model.dim),
            str(model.n_layers),
            str(model.max_framed_tokens or "any"),
            str(model.folder),
        ]
        for model in models
    ]
    header = ["model", "dimensions", "hidden states", "window", "folder"]
    print_table(header, rows, numbers={1, 2, 3})


def print_matches(
    documents: Sequence[Document],
    windows: Sequence[Window],
    other_windows: Sequence[Window],
    best: Int[np.ndarray, " window"],
    similarities: Float[np.ndarray, " window"],
) -> None:
    """Print, for each window of one document, its closest window of the other."""
    rows = [
        [
            f"{similarity:.4f}",
            _passage(documents[0], window),
            _passage(documents[1], other_windows[match]),
        ]
        for window, match, similarity in zip(windows, best, similarities, strict=True)
    ]
    header = ["cosine", *(document.id for document in documents)]
    print_table(header, rows, numbers={0}, passages={1, 2})


def print_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numbers: Collection[int] = (),
    passages: Collection[int] = (),
) -> None:
    """Print a table, with the columns of numbers to the right."""
    table = Table(box=None, pad_edge=False)
    widest = [max(map(cell_len, column)) for column in zip(header, *rows, strict=True)]
    least = [
        min(width, LEAST_PASSAGE_CHARACTERS) if index in passages else width
        for index, width in enumerate(widest)
    ]
    for index, name in enumerate(header):
        table.add_column(
            Text(printable(name)),
            justify="right" if index in numbers else "left",
            min_width=least[index],
            overflow="ellipsis",
            style="dim" if index in passages else "",
        )
    for row in rows:
        table.add_row(*(Text(printable(cell), no_wrap=True) for cell in row))
    gaps = 2 * len(header)
    _print_between(table, least=sum(least) + gaps, most=sum(widest) + gaps)


def _print_between(table: Table, *, least: int, most: int) -> None:
    """Print as wide as the terminal is, but not narrower than can be read."""
    console = Console()
    console.width = max(console.width, least) if console.is_terminal else most
    with console.capture() as captured:
        console.print(table)
    lines = captured.get().splitlines()
    put("".join(line.rstrip() + "\n" for line in lines))


def _evidence(prediction: Prediction) -> str:
    evidence = prediction.evidence
    if evidence is None:
        return ""
    return opening(evidence.passage.text, start=evidence.passage.start)


def _passage(document: Document, window: Window) -> str:
    text = opening(document.text[window.start : window.end], start=window.start)
    return f"{window.start}–{window.end} {text}"
