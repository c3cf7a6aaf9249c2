"""What the labels' names say: a label nearly always has one.

A name is read by the same model as the documents, in several sentences, and compared
with each of their spans (one passage may say it), with the whole and with the head,
where a document tells what it is, and letter by letter with the title.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float, Float16, Float32

from longshot.classify.features.document_features import DocumentFeatures, Spans
from longshot.classify.features.views import (
    CorpusStatistics,
    View,
    centre_of,
    dense_view,
    lexical_view,
)
from longshot.classify.labels.label_lists import Label
from longshot.classify.labels.tree import LabelTree
from longshot.classify.scorers.mixture import UNWEIGHED
from longshot.errors import ExamplesError
from longshot.similarity import EPSILON, unit

Descriptions = Sequence[Label] | Mapping[Any, str | None]
"""Label names, or what each means; None where the name says all."""

NAME_VIEWS: tuple[View, ...] = ("last", "spans", "head", "title_words")
"""Besides, there is ``entailment`` where a model of natural-language inference is
asked: what it says of each label."""

NAME_SENTENCES = (
    "{}",
    "{}. This document is about {}.",
    "The topic is {}.",
    "category: {}",
    "An example of {}",
)
"""A name is read in each of them, and their mean stands for it, as in CLIP (Radford et
al. 2021, "prompt ensembling"): one word alone is unlike what a model was trained on.
``python -m benchmarks.labels.name_sentences`` compares them."""

_BLOCK_SPANS = 1 << 12
_MOST_SPANS = 1 << 14

_SIGN_EXPONENT_MANTISSA = np.int32(-0x70002000)
"""Of a half, moved by 13 bits: without the copies of its sign between them."""

_WORD = re.compile(r"[^\W\d_]{3}")
_SPLIT = re.compile(r"[\s_\-/.:|]+|(?<=[a-z])(?=[A-Z])")


def readable(name: str) -> str:
    """Write a label as people would: ``sports_news`` and ``SportsNews`` as words.

    Examples
    --------
    >>> readable("accountBlocked"), readable("real-estate_law")
    ('account Blocked', 'real estate law')
    """
    return " ".join(part for part in _SPLIT.split(name) if part) or name


def name_texts(
    classes: Sequence[Label] | np.ndarray, descriptions: Mapping[Label, str | None]
) -> list[tuple[str, ...]] | None:
    """Give the texts that stand for each label: its name, and its description.

    Of labels that are paths, the name is the last part where that is like no other. A
    number or a code, without three letters in a row, says nothing beside a description.

    None where nobody described them and all are such: they say nothing.

    Examples
    --------
    >>> name_texts(["tax", "7"], {"7": "what a lease says", "tax": None})
    [('tax',), ('what a lease says',)]
    """
    labels = [one.item() if isinstance(one, np.generic) else one for one in classes]
    if not any(descriptions.values()) and not any(map(_says_something, labels)):
        return None
    tree = LabelTree.of(labels)
    names = tree.names if tree else map(str, labels)
    return [
        _texts_of(label, readable(name), descriptions.get(label))
        for label, name in zip(labels, names, strict=True)
    ]


def _texts_of(label: Label, name: str, description: str | None) -> tuple[str, ...]:
    if not description:
        return (name,)
    return (name, description) if _says_something(label) else (description,)


def _says_something(label: Label) -> bool:
    return isinstance(label, str) and _WORD.search(label) is not None


def described(descriptions: Descriptions | None) -> dict[Label, str | None]:
    """Give descriptions by label, whatever way a person gave them.

    Raises
    ------
    ExamplesError
        If they are a single string, or name a label twice.
    """
    if descriptions is None:
        return {}
    if isinstance(descriptions, str):
        raise ExamplesError(
            "descriptions must be a list of label names or a dict of name and "
            "description; got one string. Put it in a list."
        )
    if isinstance(descriptions, Mapping):
        return dict(descriptions)
    names = list(descriptions)
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ExamplesError(
            f"label names must be distinct; got {twice[0]} twice. Leave one out."
        )
    return dict.fromkeys(names)


def read_names(
    texts: Sequence[tuple[str, ...]],
    read: Callable[[Sequence[str]], DocumentFeatures],
) -> DocumentFeatures:
    """Read what stands for each label.

    A description stands beside the name, and never in its place.

    Parameters
    ----------
    texts
        Of each label, as :func:`name_texts` gives them.
    read
        Reads texts.
    """
    names = _in_sentences([one[0] for one in texts], read)
    if all(len(one) == 1 for one in texts):
        return names
    descriptions = _in_sentences([one[-1] for one in texts], read)
    words = ((names.words + descriptions.words) / 2).tocsr()
    return replace(names.averaged([descriptions]), words=words)


def _in_sentences(
    names: Sequence[str], read: Callable[[Sequence[str]], DocumentFeatures]
) -> DocumentFeatures:
    sentences = [
        sentence.replace("{}", name) for sentence in NAME_SENTENCES for name in names
    ]
    readings = read(sentences)
    rows = np.arange(len(sentences)).reshape(len(NAME_SENTENCES), len(names))
    bare, *others = (readings.take(one) for one in rows)
    return bare.averaged(others)


@dataclass(frozen=True, slots=True, eq=False)
class NameScorer:
    """Scores documents by the names of the classes.

    Attributes
    ----------
    names
        The names, read as documents; the keys of their ``entailment`` tell what of the
        documents' stands for each class.
    statistics
        What is subtracted from both.
    sharpness
        Of the attention over spans.
    """

    names: DocumentFeatures
    statistics: CorpusStatistics
    sharpness: float = 1.0

    @classmethod
    def fit(
        cls,
        names: DocumentFeatures,
        statistics: CorpusStatistics,
        typical: DocumentFeatures,
    ) -> "NameScorer":
        """Measure on typical documents how far cosines to names lie apart."""
        scorer = cls(names, statistics)
        blocks = map(np.concatenate, _blocks(typical.spans))
        cosines = np.concatenate([scorer.span_cosines(block) for block in blocks])
        deviation = max(float(cosines.std()), 1e-6)
        return cls(names, statistics, UNWEIGHED / deviation)

    def scores(
        self, view: View, documents: DocumentFeatures
    ) -> Float[np.ndarray, "document class"]:
        """Give the score of each class for each document, in one view.

        Of the head and of letters the squares count, so that only a strong likeness is
        heard. The whole is compared with what tells the names apart: they are centred
        half way to their own mean. The last layer alone, which sentence models are
        trained for: with three layers medical abstracts fall from 43 % to 27 %. Of what
        a model says of a label, what it says of most documents is taken away, as it is
        from vectors.
        """
        if view == "entailment":
            usual = self.statistics.entailment
            by_label = [
                documents.entailment[key].astype(np.float64) - usual.get(key, 0.0)
                for key in self.names.entailment
            ]
            return np.stack(by_label, axis=1)
        if view == "spans":
            return self._attention(documents.spans)
        if view == "last":
            rows = dense_view(view, documents, self.statistics)
            own = self.names.last.mean(axis=0)
            centre = (own + centre_of(view, self.statistics)) / 2
            return np.asarray(rows @ self._centred(centre).T)
        if view == "title_words":
            rows = lexical_view(view, documents, self.statistics)
            names = lexical_view(view, self.names, self.statistics)
            letters = np.unique(names.indices)
            cosines = rows[:, letters] @ names[:, letters].toarray().T
        else:
            rows = dense_view(view, documents, self.statistics)
            cosines = rows @ self._centred(centre_of(view, self.statistics)).T
        return np.asarray(cosines * np.abs(cosines))

    def span_cosines(
        self, spans: Float[np.ndarray, "span dim"] | Float16[np.ndarray, "span dim"]
    ) -> Float[np.ndarray, "span class"]:
        """Give the cosine of each span to each name."""
        names = self._centred(self.statistics.spans).T.astype(np.float32)
        centre = self.statistics.spans.astype(np.float32)  # for no sums in float64
        found = np.empty((len(spans), names.shape[1]), dtype=np.float32)
        for first in range(0, len(spans), _MOST_SPANS):  # of a document of any length
            part = slice(first, first + _MOST_SPANS)
            centred = widened(spans[part]) - centre
            lengths = np.sqrt(np.einsum("sd,sd->s", centred, centred))
            found[part] = (centred @ names) / np.maximum(lengths, EPSILON)[:, None]
        return found

    def _attention(self, spans: Spans) -> Float[np.ndarray, "document class"]:
        """Give the soft maximum over a document's spans: log of the mean of exp."""
        found = [np.empty((0, len(self.names)))]
        for block in _blocks(spans):
            rows = block[0] if len(block) == 1 else np.concatenate(block)
            cosines = self.span_cosines(rows)
            counts = np.array([len(one) for one in block])
            firsts = np.concatenate([[0], np.cumsum(counts[:-1])])
            # Beside the greatest, so that no exponential is out of bounds.
            most = np.maximum.reduceat(cosines, firsts, axis=0)
            beside = cosines - np.repeat(most, counts, axis=0)
            sums = np.add.reduceat(np.exp(self.sharpness * beside), firsts, axis=0)
            found.append(most + np.log(sums / counts[:, None]) / self.sharpness)
        return np.vstack(found)

    def _centred(self, centre: np.ndarray) -> Float[np.ndarray, "class dim"]:
        return unit(self.names.last - centre)


def widened(
    numbers: Float[np.ndarray, "*shape"],
) -> Float32[np.ndarray, "*shape"]:
    """Give numbers in single precision: from half precision, four times as fast.

    NumPy widens halves one at a time. Moved to where a single has its exponent and its
    mantissa, their bits are the number itself over 2**112, the difference of the two
    biases: exactly, also where it is less than the least normal half. Not for infinity.

    Examples
    --------
    >>> widened(np.array([1.5, -6e-8], dtype=np.float16)).tolist()
    [1.5, -5.960464477539063e-08]
    """
    if numbers.dtype != np.float16:
        return numbers.astype(np.float32)
    bits = numbers.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= _SIGN_EXPONENT_MANTISSA
    found = bits.view(np.float32)
    found *= np.float32(2.0**112)
    return found


def _blocks(spans: Spans) -> Iterator[list[np.ndarray]]:
    """Give the documents' spans some thousand at a time."""
    block: list[np.ndarray] = []
    n_spans = 0
    for one in spans:
        block.append(one)
        n_spans += len(one)
        if n_spans >= _BLOCK_SPANS:
            yield block
            block, n_spans = [], 0
    if block:
        yield block
