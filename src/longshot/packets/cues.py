"""What speaks for a document's beginning at a unit: cues from texts and vectors.

Some compare a unit with the one before it: two pages of one lease speak of the same
shop. Some hold it against the examples, which show how such documents begin, and how
long they are. Some stand in the text: a page number, a title, a sentence that goes on.
None decides by itself: what each is worth was learned from files whose documents are
known (``weights.json``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from longshot.classify import DocumentFeatures
from longshot.classify.features.lexical import Counts, weigh
from longshot.classify.features.views import (
    CorpusStatistics,
    dense_view,
    layers_side_by_side,
)
from longshot.packets.change_points import (
    are_lowest,
    dense_likeness,
    depths,
    relative,
    sparse_likeness,
)
from longshot.packets.furniture import is_same_furniture, page_number
from longshot.packets.headings import (
    begins_message,
    closes,
    greets,
    has_title,
    is_numbered,
    looks_like_beginning,
)
from longshot.packets.lengths import Lengths
from longshot.packets.units import UnitKind
from longshot.probabilities import logsumexp
from longshot.similarity import unit as unit_length

_OF_BOTH = (
    "one",
    "body",
    "words",
    "around",
    "seam",
    "begins alike",
    "title alike",
    "named",
    "goes on in small letters",
    "sentence is open",
    "heading",
)
_OF_EXAMPLES = ("share of beginnings", "length unknown")
_OF_PAGES = (
    "page number one",
    "next page number",
    "same furniture",
    "short before",
)
_OF_PASSAGES = (
    "around, of four",
    "around, of eight",
    "words of four",
    "words of eight",
    "depth",
    "depth of words",
    "lowest of words",
    "around, in the file",
    "around of four, in the file",
    "words of four, in the file",
    "blank lines",
    "title",
    "greeting",
    "closing before",
    "message",
    "numbered",
)
CUES: dict[UnitKind, tuple[str, ...]] = {
    "page": (*_OF_BOTH, *_OF_PAGES, *_OF_EXAMPLES),
    "passage": (*_OF_BOTH, *_OF_EXAMPLES, *_OF_PASSAGES),
}
"""What each column is, as ``weights.json`` calls it; all of them grow with the chance
of a beginning or fall with it, as was learned. A page says much of itself; passages are
compared several at a time, and by what plain text shows of a beginning."""

_MOST_SURPRISE = 4.0
"""Of a sign that hardly any other passage of the file has: e to the fourth is about as
many passages as a document has, and a sign that is rarer says no more."""

_HEAD_SPANS = 2
_CONCENTRATION = 10.0
"""Of the von Mises-Fisher kernel on cosines of heads: about the inverse of their
variance between two documents of a class."""

_MOST_WITHIN = 4_096
_BLOCK_UNITS = 1_024
"""Of runs within examples that heads are compared with, and of units at once: so many
cosines take 16 MB."""

_SHORT_UNIT = 0.1
"""The share of a file's units that are shorter than the shortest of documents: the last
pages of some."""

_LOG_ODDS = (-5.0, 2.0)
"""Bounds of the log-odds of a beginning: a file of one document in 150 units, or one in
which nearly every unit is a document."""

_SENTENCE_END = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*\s*$")


@dataclass(frozen=True, kw_only=True, eq=False)
class KnownDocuments:
    """What is known of the documents that a file may hold.

    Attributes
    ----------
    examples
        Whole documents; None where there are none.
    names
        The labels' names; None where they say nothing.
    """

    examples: DocumentFeatures | None = None
    names: DocumentFeatures | None = None

    @cached_property
    def within(self) -> Float[np.ndarray, "place dim"] | None:
        """Runs of spans within examples, each as long as a head; None without any."""
        if self.examples is None:
            return None
        found = [
            _mean(spans[place : place + _HEAD_SPANS])
            for spans in self.examples.spans
            for place in range(_HEAD_SPANS, len(spans), _HEAD_SPANS)
        ]
        if not found:
            return None
        step = -(-len(found) // _MOST_WITHIN)
        return np.stack(found[::step])

    def lengths(self, units: DocumentFeatures) -> Lengths | None:
        """Tell how long documents are that are made of a file's units.

        None without examples. An example that is shorter than hardly any unit counts as
        a short unit: where all units are far longer than the examples, a file would
        else be one document, so that only one is too long.
        """
        if self.examples is None:
            return None
        least = np.quantile(units.n_tokens, _SHORT_UNIT)
        return Lengths.of(np.maximum(self.examples.n_tokens, least))


def cues_of(
    texts: Sequence[str],
    units: DocumentFeatures,
    known: KnownDocuments,
    kind: UnitKind = "page",
) -> Float[np.ndarray, "unit cue"]:
    """Give the cues of each unit of one file; those of the first are zero.

    Parameters
    ----------
    texts, units
        The file's units in reading order: their texts and their features.
    known
        The examples and names.
    kind
        What the units are: the columns are those of :data:`CUES`.
    """
    found = np.zeros((len(texts), len(CUES[kind])))
    if len(texts) < 2:
        return found
    references = [one for one in (units, known.examples) if one is not None]
    statistics = CorpusStatistics.of(DocumentFeatures.concat(references))
    of_examples = _of_length(units, known.examples)
    columns = [
        np.ones(len(texts)),
        *_of_vectors(units, statistics),
        _begins_alike(units, known, statistics),
        _title_alike(units, known.examples, statistics),
        _title_alike(units, known.names, statistics),
        *_of_texts(texts),
    ]
    if kind == "page":
        columns += [*_of_page_texts(texts), *of_examples]
    else:
        columns += [*of_examples, *_of_changes(units, statistics), *_of_signs(texts)]
    found[1:] = np.stack(columns, axis=1)[1:]
    return found


def _of_vectors(
    units: DocumentFeatures, statistics: CorpusStatistics
) -> list[Float[np.ndarray, " unit"]]:
    """Compare each unit with the one before, two with two, and the two sides."""
    body = dense_view("body", units, statistics)
    words = weigh(units.words, statistics.words_idf)
    return [
        _after_first((body[1:] * body[:-1]).sum(axis=1)),
        _after_first(_products(words)),
        _after_first(_around(units, statistics)),
        _after_first(_seams(units, statistics)),
    ]


def _after_first(values: Float[np.ndarray, " seam"]) -> Float[np.ndarray, " unit"]:
    return np.concatenate([[0.0], values])


def _products(rows: Counts) -> Float[np.ndarray, " seam"]:
    """Give the product of each row with the next one."""
    return np.asarray(rows[1:].multiply(rows[:-1]).sum(axis=1)).ravel()


def _around(
    units: DocumentFeatures, statistics: CorpusStatistics
) -> Float[np.ndarray, " seam"]:
    """Compare the two units before each seam with the two after it."""
    layers = (units.layers - statistics.layers) * units.n_tokens[:, None, None]
    empty = np.zeros_like(layers[:1])
    before = layers[:-1] + np.concatenate([empty, layers[:-2]])
    after = layers[1:] + np.concatenate([layers[2:], empty])
    sides = layers_side_by_side(before), layers_side_by_side(after)
    return np.asarray((sides[0] * sides[1]).sum(axis=1))


def _seams(
    units: DocumentFeatures, statistics: CorpusStatistics
) -> Float[np.ndarray, " seam"]:
    """Compare the last spans before each seam with the first ones after it."""
    last = np.stack([_mean(one[-_HEAD_SPANS:]) for one in units.spans[:-1]])
    first = np.stack([_mean(one[:_HEAD_SPANS]) for one in units.spans[1:]])
    sides = [unit_length(one - statistics.spans, np.float32) for one in (last, first)]
    return np.asarray((sides[0] * sides[1]).sum(axis=1))


def _mean(spans: np.ndarray) -> Float[np.ndarray, " dim"]:
    return np.asarray(spans.astype(np.float32).mean(axis=0))


def _begins_alike(
    units: DocumentFeatures, known: KnownDocuments, statistics: CorpusStatistics
) -> Float[np.ndarray, " unit"]:
    """Tell how much likelier a unit's head is among examples' heads than within them.

    The logarithm of the ratio of two densities on the sphere; nothing, where no example
    has more than its head.
    """
    if known.examples is None or known.within is None:
        return np.zeros(len(units))
    rows, heads, within = (
        unit_length(one - statistics.spans, np.float32)
        for one in (units.head, known.examples.head, known.within)
    )
    found = [
        _log_density(block, heads) - _log_density(block, within)
        for start in range(0, len(rows), _BLOCK_UNITS)
        for block in [rows[start : start + _BLOCK_UNITS]]
    ]
    return np.concatenate(found)


def _log_density(
    rows: Float[np.ndarray, "row dim"], others: Float[np.ndarray, "other dim"]
) -> Float[np.ndarray, " row"]:
    """Give the logarithm of how dense others lie around each row, up to a constant."""
    products = _CONCENTRATION * (rows @ others.T)
    return np.asarray(logsumexp(products, axis=1) - np.log(len(others)))


def _title_alike(
    units: DocumentFeatures,
    known: DocumentFeatures | None,
    statistics: CorpusStatistics,
) -> Float[np.ndarray, " unit"]:
    """Find the title that is most like that of each unit, in its letters."""
    if known is None:
        return np.zeros(len(units))
    idf = statistics.title_words_idf
    rows, others = (weigh(one.title_words, idf) for one in (units, known))
    products = sparse.csr_matrix(rows @ others.T)
    return np.asarray(products.max(axis=1).toarray()).ravel()


def _of_texts(texts: Sequence[str]) -> list[Float[np.ndarray, " unit"]]:
    stripped = [text.strip() for text in texts]
    rows = [[0.0] * 3]
    for before, text in pairwise(stripped):
        rows.append(
            [
                float(text[:1].islower()),
                float(_SENTENCE_END.search(before) is None),
                float(looks_like_beginning(text)),
            ]
        )
    return list(np.array(rows).T)


def _of_page_texts(texts: Sequence[str]) -> list[Float[np.ndarray, " unit"]]:
    stripped = [text.strip() for text in texts]
    numbers = [page_number(text) for text in stripped]
    lengths = np.array([len(text) for text in stripped], dtype=np.float64)
    usual = max(float(np.median(lengths)), 1.0)
    rows = [[0.0] * 4]
    for place in range(1, len(texts)):
        last, number = numbers[place - 1], numbers[place]
        goes_on = last is not None and number == last + 1
        rows.append(
            [
                float(number == 1),
                float(goes_on),
                float(is_same_furniture(stripped[place - 1], stripped[place])),
                max(0.0, 1.0 - lengths[place - 1] / usual),
            ]
        )
    return list(np.array(rows).T)


def _of_changes(
    units: DocumentFeatures, statistics: CorpusStatistics
) -> list[Float[np.ndarray, " unit"]]:
    """Compare several passages with several: see ``packets.change_points``."""
    layers = layers_side_by_side(units.layers - statistics.layers)
    words = weigh(units.words, statistics.words_idf)
    of_two, of_four, of_eight = (dense_likeness(layers, n) for n in (2, 4, 8))
    words_of_four, words_of_eight = (sparse_likeness(words, n) for n in (4, 8))
    columns = [
        of_four,
        of_eight,
        words_of_four,
        words_of_eight,
        depths(of_two),
        depths(words_of_four),
        are_lowest(words_of_four),
        relative(of_two),
        relative(of_four),
        relative(words_of_four),
    ]
    return [_after_first(column) for column in columns]


def _of_signs(texts: Sequence[str]) -> list[Float[np.ndarray, " unit"]]:
    """Tell what each passage shows of a beginning, by how rare that is in the file.

    Where every third passage has a title, a title says little; but a thread may well be
    a mail in every passage.
    """
    shown = (has_title, greets)
    return [
        _wide_gaps(texts),
        *(_rare(np.array([0.0, *map(one, texts[1:])], dtype=float)) for one in shown),
        _rare(np.array([0.0, *map(closes, texts[:-1])], dtype=float)),
        np.array([float(begins_message(text)) for text in texts]),
        np.array([float(is_numbered(text)) for text in texts]),
    ]


def _wide_gaps(texts: Sequence[str]) -> Float[np.ndarray, " unit"]:
    """Tell where more blank lines than usual stand before a passage."""
    gaps = np.array([_n_line_ends(text) for text in texts[:-1]])
    n_as_wide = len(gaps) - np.searchsorted(np.sort(gaps), gaps)
    surprises = _surprise(n_as_wide, len(texts))
    return _after_first(np.where(gaps > np.median(gaps), surprises, 0.0))


def _n_line_ends(text: str) -> int:
    """Count the ends of lines behind a text."""
    return text.count("\n", len(text.rstrip()))


def _rare(shown: Float[np.ndarray, " unit"]) -> Float[np.ndarray, " unit"]:
    return np.asarray(shown * _surprise(np.array([shown[1:].sum()]), len(shown)))


def _surprise(
    n_shown: Float[np.ndarray, " sign"] | Int[np.ndarray, " sign"], n_units: int
) -> Float[np.ndarray, " sign"]:
    """Give the negative logarithm of the share of units that show a sign."""
    share = np.minimum((n_shown + 0.5) / n_units, 1.0)
    return np.asarray(np.minimum(-np.log(share), _MOST_SURPRISE))


def _of_length(
    units: DocumentFeatures, examples: DocumentFeatures | None
) -> list[Float[np.ndarray, " unit"]]:
    """Give the log-odds of a beginning, where documents are as long as the examples.

    One example more of one unit stands for what is not known of their lengths.
    """
    ones = np.ones(len(units))
    if examples is None:
        return [0.0 * ones, ones]
    n_units = np.maximum(examples.n_tokens / max(units.n_tokens.mean(), 1.0), 1.0)
    share = (len(examples) + 1) / (n_units.sum() + 1)
    share = min(max(float(share), 1e-6), 1 - 1e-6)
    log_odds = np.clip(np.log(share / (1 - share)), *_LOG_ODDS)
    return [float(log_odds) * ones, 0.0 * ones]
