"""A study as an HTML page that needs nothing beside itself."""

from collections.abc import Iterator, Sequence
from html import escape

from longshot.contextuality.results import (
    SENSE_READING,
    SENSES_CENTRED,
    FoundSense,
    Reading,
    Row,
    Study,
)
from longshot.report.contextual.figures import (
    CURVES,
    draw_curves,
    draw_maps,
    short_name,
)
from longshot.report.drawing import rendered
from longshot.report.pages import still_page
from longshot.report.pages.pieces import (
    bullets,
    definitions,
    figure,
    folded,
    footer,
    masthead,
    notes,
    number,
    table,
    table_row,
)
from longshot.report.pages.wording import counted

_Key = tuple[str, Reading, bool]
"""Measure, reading, and whether it is corrected."""

_CONTEXTUALITY: dict[str, _Key] = {
    "self-similarity": ("self_similarity", "word", False),
    "self-similarity, corrected": ("self_similarity", "word", True),
    "intra-sentence similarity": ("intra_sentence_similarity", "word", False),
    "intra-sentence sim., corrected": ("intra_sentence_similarity", "word", True),
    "max. explainable variance": ("max_explainable_variance", "word", False),
    "max. expl. variance, corrected": ("max_explainable_variance", "word", True),
}
_SEPARATION: dict[str, _Key] = {
    "nearest neighbour right": ("nearest_neighbour", SENSE_READING, SENSES_CENTRED),
    "cosine within senses": ("within_senses", SENSE_READING, SENSES_CENTRED),
    "cosine across senses": ("across_senses", SENSE_READING, SENSES_CENTRED),
    "silhouette": ("silhouette", SENSE_READING, SENSES_CENTRED),
}
_READINGS: dict[Reading, str] = {
    "word": "the word",
    "sentence": "its sentence",
    "both": "both",
}
_SEPARATION_CAPTION = (
    "How far the senses lie apart, by the word's and its sentence's vectors side by "
    "side, one part to four, centred."
)
_OTHER_READINGS: dict[str, _Key] = {
    f"{told}, centred" if centred else told: ("nearest_neighbour", reading, centred)
    for centred in (False, True)
    for reading, told in _READINGS.items()
}
_TERMS = {
    "default": "The mean of the last four layers, which the other commands read; for "
    "senses, each layer at length one.",
    "self-similarity": "The mean cosine of a word's vectors in different sentences: 1 "
    "for a static embedding.",
    "intra-sentence similarity": "The mean cosine of a sentence's words to their mean.",
    "max. explainable variance": "The share of a word's vectors that one static vector "
    "could stand for.",
    "corrected": "What random words of the same layer have in common is subtracted "
    "(Ethayarajh 2019, section 3).",
    "nearest neighbour right": "The share of uses whose nearest other use has the same "
    "sense.",
    "centred": "The mean over all uses is subtracted from their vectors.",
    "small numbers": "The limits between which 95 % of bootstrap samples lie.",
}


def contextual_page(study: Study) -> str:
    """Give the page of a study; the same one gives the same page.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    words = list(dict.fromkeys(row.word for row in study.rows))
    title = f"How contextual is {', '.join(f'“{word}”' for word in words)}?"
    return still_page(title=title, body=_body(study, words, title))


def _body(study: Study, words: Sequence[str], title: str) -> Iterator[str]:
    yield from masthead(title, f"{counted(study.n_sentences, 'sentence')} were read.")
    yield "<main>"
    yield from notes(study.notes)
    for word in words:
        yield f"<h2>{escape(word)}</h2><p>In {study.n_found[word]:,} sentences.</p>"
        yield from _figures(study, word)
        yield from _models([row for row in study.rows if row.word == word])
        yield from _found([one for one in study.found_senses if one.word == word])
    yield "<h2>What the numbers are</h2>"
    yield from definitions(_TERMS)
    yield "</main>"
    yield from footer()


def _figures(study: Study, word: str) -> Iterator[str]:
    """Draw each panel as an image of its own, so that they flow on narrow screens."""
    yield '<div class="figures">'
    for map_ in study.maps:
        if map_.word == word:
            alt = f"The uses of {word} in {short_name(map_.model)}"
            yield figure(rendered(draw_maps([map_]), "svg"), alt)
    yield '</div><div class="figures">'
    rows = [row for row in study.rows if row.word == word]
    for curve in CURVES:
        if chosen := curve.of(rows):
            svg = rendered(draw_curves(chosen, [curve]), "svg")
            yield figure(svg, f"{curve.title} of {word} over layers")
    yield "</div>"


def _models(rows: Sequence[Row]) -> Iterator[str]:
    for model in dict.fromkeys(row.model for row in rows):
        of_model = [row for row in rows if row.model == model]
        yield f"<h3>{escape(short_name(model))}</h3>"
        yield from _layers(
            "How contextual the word's vector is.", _CONTEXTUALITY, of_model
        )
        if any(row.measure == "nearest_neighbour" for row in of_model):
            yield from _layers(_SEPARATION_CAPTION, _SEPARATION, of_model)
            others = _layers("Nearest neighbour right.", _OTHER_READINGS, of_model)
            yield from folded("Other readings of the senses", others)


def _layers(
    caption: str, columns: dict[str, _Key], rows: Sequence[Row]
) -> Iterator[str]:
    """Draw a table: one line per layer."""
    cells = {
        (row.layer, (row.measure, row.reading, row.corrected)): row for row in rows
    }
    lines = (
        table_row(layer, (_cell(cells.get((layer, key))) for key in columns.values()))
        for layer in dict.fromkeys(row.layer for row in rows)
    )
    yield from table(caption, ("layer", *columns), lines)


def _cell(row: Row | None) -> str:
    if row is None:
        return "<td></td>"
    return number(f"{row.value:.3f}", f"{row.low:.3f}", f"{row.high:.3f}")


def _found(senses: Sequence[FoundSense]) -> Iterator[str]:
    for model in dict.fromkeys(one.model for one in senses):
        of_model = [one for one in senses if one.model == model]
        yield f"<h3>Senses that {escape(short_name(model))} finds by itself</h3>"
        if len(of_model) == 1:
            yield "<p>One only: its vectors of the word fall into no groups.</p>"
        yield "<ul>"
        for one in of_model:
            told = ", ".join(f"{label} {n}" for label, n in one.told)
            uses = f"{one.n_uses} uses ({told})" if told else f"{one.n_uses} uses"
            yield f"<li>{escape(uses)}, such as:"
            yield from bullets(map(escape, one.typical))
            yield "</li>"
        yield "</ul>"
