"""Tables for people, on stdout."""

from collections.abc import Iterable, Sequence

import numpy as np
from jaxtyping import Float, Int
from rich.console import Console
from rich.table import Table
from rich.text import Text

from longshot.encoders import Model
from longshot.records import Document, Prediction, Window

PASSAGE_CHARACTERS = 72


def print_predictions(predictions: Sequence[Prediction]) -> None:
    """Print one line per document: its label, how sure, and the passage."""
    table = Table(box=None, pad_edge=False)
    table.add_column("document", no_wrap=True)
    table.add_column("label", no_wrap=True)
    table.add_column("sure", justify="right")
    table.add_column("tokens", justify="right")
    table.add_column("read", justify="right")
    table.add_column("the passage that decided", no_wrap=True, overflow="ellipsis")
    for one in predictions:
        passage = one.evidence.text if one.evidence else ""
        table.add_row(
            Text(one.document_id),
            Text(one.label or "none of these", style="bold"),
            f"{one.confidence:.0%}",
            f"{one.n_tokens:,}",
            f"{one.coverage:.0%}",
            Text(opening(passage), style="dim"),
        )
    Console().print(table)


def print_models(models: Iterable[Model]) -> None:
    """Print one line per model."""
    table = Table(box=None, pad_edge=False)
    for column in ("model", "dimensions", "hidden states", "window", "folder"):
        table.add_column(column, no_wrap=True, overflow="fold")
    for model in models:
        table.add_row(
            Text(model.name),
            str(model.dim),
            str(model.n_layers),
            str(model.max_framed_tokens or "any"),
            Text(str(model.folder)),
        )
    Console(soft_wrap=True).print(table)


def print_matches(
    documents: Sequence[Document],
    windows: Sequence[Window],
    other_windows: Sequence[Window],
    best: Int[np.ndarray, " window"],
    similarities: Float[np.ndarray, " window"],
) -> None:
    """Print, for each window of one document, its closest window of the other."""
    table = Table(box=None, pad_edge=False)
    table.add_column("cosine", justify="right")
    for document in documents:
        table.add_column(Text(document.id), no_wrap=True, overflow="ellipsis")
    for window, match, similarity in zip(windows, best, similarities, strict=True):
        table.add_row(
            f"{similarity:.4f}",
            _passage(documents[0], window),
            _passage(documents[1], other_windows[match]),
        )
    Console().print(table)


def _passage(document: Document, window: Window) -> Text:
    text = opening(document.text[window.start : window.end])
    return Text(f"{window.start}–{window.end} {text}")


def opening(passage: str) -> str:
    """Give the first words of a passage, in one line."""
    line = " ".join(passage[: 4 * PASSAGE_CHARACTERS].split())
    if len(line) <= PASSAGE_CHARACTERS:
        return line
    return line[:PASSAGE_CHARACTERS].rsplit(" ", 1)[0] + " …"
