"""A study's numbers and report: csv, and HTML that stands alone."""

import base64
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from html import escape
from pathlib import Path

from longshot.contextuality.results import DEFAULT, FoundSense, Row, Study
from longshot.report.contextual_figures import figures, rendered, short_name
from longshot.report.files import whole_file

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto;
  padding: 0 1rem; color: #1a1a1a; background: #fff; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; }
img { max-width: 100%; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-
nums; } th, td { padding: .25rem .6rem; border-bottom: 1px solid #ddd; text-align:
right; } th:first-child, td:first-child, td.text { text-align: left; } .interval {
color: #666; } .note { color: #7a4a00; }
"""
_MEASURES = {
    "self_similarity": "self-similarity",
    "intra_sentence_similarity": "intra-sentence similarity",
    "max_explainable_variance": "max. explainable variance",
    "within_senses": "cosine within senses",
    "across_senses": "cosine across senses",
    "nearest_neighbour": "nearest neighbour right",
    "silhouette": "silhouette",
}
_EXPLANATION = (
    "Self-similarity is the mean cosine of a word's vectors in different sentences: 1 "
    "for a static embedding. Intra-sentence similarity is the mean cosine of a "
    "sentence's words to their mean. Maximum explainable variance is the share of a "
    "word's vectors that one static vector could stand for. Corrected values subtract "
    "what random words of the same layer have in common (Ethayarajh 2019, section 3); "
    "for senses, the mean of the uses is subtracted from their vectors. In brackets: "
    "95 % bootstrap intervals."
)


def write_numbers(path: Path, study: Study) -> None:
    """Write all numbers as csv, one per line.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Row)])
    writer.writeheader()
    writer.writerows(asdict(row) for row in study.rows)
    with whole_file(path) as file:
        file.write(text.getvalue().encode())


def write_figures(folder: Path, study: Study) -> list[Path]:
    """Write every figure as PNG and SVG into a folder.

    Raises
    ------
    OutputError
        If one cannot be written.
    MissingExtraError
        If matplotlib is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, figure in figures(study):
        for kind in ("svg", "png"):
            path = folder / f"{name}.{kind}"
            with whole_file(path) as file:
                file.write(rendered(figure, kind))
            written.append(path)
    return written


def write_report(path: Path, study: Study) -> None:
    """Write a page that needs nothing beside itself.

    Whatever comes from sentences, labels and names is escaped, and figures are images,
    so that no text can act.

    Raises
    ------
    OutputError
        If it cannot be written.
    MissingExtraError
        If matplotlib is not installed.
    """
    page = "".join(_page(study))
    with whole_file(path) as file:
        file.write(page.encode())


def _page(study: Study) -> Iterator[str]:
    words = list(dict.fromkeys(row.word for row in study.rows))
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>How contextual is {escape(', '.join(words))}?</title>"
        f"<style>{_STYLE}</style></head><body>"
        f"<h1>How contextual is {escape(', '.join(words))}?</h1>"
        f"<p>{study.n_sentences:,} sentences. {_EXPLANATION}</p>"
    )
    yield from (f'<p class="note">{escape(note)}.</p>' for note in study.notes)
    drawn = dict(figures(study))
    for number, word in enumerate(words):
        yield f"<h2>{escape(word)}</h2><p>In {study.n_found[word]:,} sentences.</p>"
        for name, figure in drawn.items():
            if name.split("-")[1] == str(number):
                yield _image(rendered(figure, "svg"), f"{name.split('-')[0]} of {word}")
        yield from _tables([row for row in study.rows if row.word == word])
        yield from _found([one for one in study.found_senses if one.word == word])
    yield "</body></html>\n"


def _image(svg: bytes, alt: str) -> str:
    data = base64.b64encode(svg).decode()
    return (
        f'<p><img alt="{escape(alt, quote=True)}" '
        f'src="data:image/svg+xml;base64,{data}"></p>'
    )


def _tables(rows: Sequence[Row]) -> Iterator[str]:
    for model in dict.fromkeys(row.model for row in rows):
        of_model = [row for row in rows if row.model == model]
        yield f"<h3>{escape(short_name(model))}</h3>"
        yield _table([row for row in of_model if row.reading == "word"])
        senses = [row for row in of_model if row.measure == "nearest_neighbour"]
        if senses:
            yield "<p>Share of uses whose nearest other use has the same sense:</p>"
            yield _table(senses, by_reading=True)


def _table(rows: Sequence[Row], *, by_reading: bool = False) -> str:
    """Draw a table: one line per layer, one column per measure."""
    cells = {(row.layer, _column(row, by_reading=by_reading)): row for row in rows}
    layers = dict.fromkeys(row.layer for row in rows)
    columns = dict.fromkeys(_column(row, by_reading=by_reading) for row in rows)
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    lines = "".join(
        f"<tr><td>{escape(_layer(layer))}</td>"
        + "".join(_cell(cells.get((layer, column))) for column in columns)
        + "</tr>"
        for layer in layers
    )
    return (
        f'<div class="wide"><table><thead><tr><th>layer</th>{head}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _column(row: Row, *, by_reading: bool) -> str:
    name = row.reading if by_reading else _MEASURES[row.measure]
    return f"{name}, corrected" if row.corrected else name


def _layer(layer: str) -> str:
    return layer if layer == DEFAULT else f"{int(layer):2d}"


def _cell(row: Row | None) -> str:
    if row is None:
        return "<td></td>"
    return (
        f'<td>{row.value:.3f} <span class="interval">[{row.low:.3f}, '
        f"{row.high:.3f}]</span></td>"
    )


def _found(senses: Sequence[FoundSense]) -> Iterator[str]:
    for model in dict.fromkeys(one.model for one in senses):
        of_model = [one for one in senses if one.model == model]
        yield f"<h3>Senses that {escape(short_name(model))} finds by itself</h3><ul>"
        for one in of_model:
            told = ", ".join(f"{label} {n}" for label, n in one.told)
            uses = f"{one.n_uses} uses ({told})" if told else f"{one.n_uses} uses"
            yield f"<li>{escape(uses)}, such as:<ul>"
            yield from (f"<li>{escape(text)}</li>" for text in one.typical)
            yield "</ul></li>"
        yield "</ul>"
