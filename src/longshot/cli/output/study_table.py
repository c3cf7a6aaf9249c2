"""A study as tables on stdout: one per word and model, one line per layer."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from longshot.cli.output.consoles import printable
from longshot.contextuality.results import SENSES_CENTRED, Reading, Row, Study
from longshot.report.contextual.figures import short_name

_Key = tuple[str, Reading, bool]

_COLUMNS: tuple[tuple[str, _Key], ...] = (
    ("self", ("self_similarity", "word", True)),
    ("intra", ("intra_sentence_similarity", "word", True)),
    ("variance", ("max_explainable_variance", "word", True)),
    ("1-NN by word", ("nearest_neighbour", "word", SENSES_CENTRED)),
    ("sentence", ("nearest_neighbour", "sentence", SENSES_CENTRED)),
    ("both", ("nearest_neighbour", "both", SENSES_CENTRED)),
)


def print_study(study: Study) -> None:
    """Print each word in each model.

    First the three measures, corrected for anisotropy; then, where senses are told, the
    share of uses whose nearest neighbour has the same sense, by the word's vector, by
    its sentence's and by both side by side, centred.
    """
    for word, model in dict.fromkeys((row.word, row.model) for row in study.rows):
        rows = [row for row in study.rows if (row.word, row.model) == (word, model)]
        console = Console(highlight=False)
        title = f"{word} · {short_name(model)} · {rows[0].n_uses:,} uses"
        console.print(Text(printable(title), style="bold"), soft_wrap=True)
        console.print(_table(rows))


def _table(rows: list[Row]) -> Table:
    cells = {
        (row.layer, (row.measure, row.reading, row.corrected)): row for row in rows
    }
    shown = [
        (title, key)
        for title, key in _COLUMNS
        if any(key == there for _, there in cells)
    ]
    table = Table(box=None, pad_edge=False)
    table.add_column("layer", no_wrap=True)
    for title, _ in shown:
        table.add_column(title, justify="right", no_wrap=True)
    for layer in dict.fromkeys(row.layer for row in rows):
        table.add_row(layer, *(_number(cells.get((layer, key))) for _, key in shown))
    return table


def _number(row: Row | None) -> str:
    return "" if row is None else f"{row.value:.3f}"
