"""What the labels' names say: a label nearly always has one.

A name is read by the same model as the documents, and compared with each of their spans
(one passage may say it), with the head and the title (where a document tells what it
is), and letter by letter with the title.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float, Float16, Int
from scipy.special import expit, log_softmax, logsumexp

from longshot.classify.combination.weighing import ViewName
from longshot.classify.features.corpus_statistics import CorpusStatistics
from longshot.classify.features.document_features import DocumentFeatures, Spans
from longshot.classify.features.views import (
    centre_of,
    dense_view,
    has_title,
    lexical_view,
)
from longshot.classify.labels.label_lists import Label
from longshot.classify.labels.tree import LabelTree
from longshot.errors import ExamplesError
from longshot.similarity import unit

Descriptions = Sequence[Label] | Mapping[Any, str | None]
"""Label names, or what each means; None where the name says all."""

SHARPNESS = 10.0
"""Of the attention over spans: log of the mean of exp(10 cos)."""

_LEAST_SPREAD = 0.7
_MOST_GAIN = 6.0
_OF_TITLES = 4.0
"""How much more letters of titles count than those of texts without one."""

_PRIOR_ODDS = 4.0
"""That a label's name says what it is."""

_BLOCK_SPANS = 1 << 12
_SAMPLE = 500
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
) -> list[str] | None:
    """Give the text that stands for each label: its description, or else its name.

    Of labels that are paths, it is the last part where that is like no other.

    None where nobody described them and they are numbers or codes, without three
    letters in a row: they say nothing.
    """
    labels = [one.item() if isinstance(one, np.generic) else one for one in classes]
    if not any(descriptions.values()) and not any(map(_says_something, labels)):
        return None
    tree = LabelTree.of(labels)
    names = tree.names if tree else map(str, labels)
    return [
        descriptions.get(label) or readable(name)
        for label, name in zip(labels, names, strict=True)
    ]


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


@dataclass(frozen=True, slots=True, eq=False)
class NameScorer:
    """Scores documents by the names of the classes.

    Attributes
    ----------
    names
        The names, read as documents.
    reference
        What is subtracted from both.
    gain
        What the scores of spans are multiplied by.
    """

    names: DocumentFeatures
    reference: CorpusStatistics
    gain: float = 1.0

    def fitted(self, documents: DocumentFeatures) -> "NameScorer":
        """Choose the gain under which the classes differ by at least 0.7 on average.

        A model that holds all names for much the same would else never be heard.
        """
        scores = self.scores("spans", documents.sample(_SAMPLE))
        spread = float(np.sqrt(scores.var(axis=1).mean()))
        gain = float(np.clip(_LEAST_SPREAD / max(spread, 1e-6), 1.0, _MOST_GAIN))
        return NameScorer(self.names, self.reference, gain)

    def scores(
        self, view: ViewName, documents: DocumentFeatures
    ) -> Float[np.ndarray, "document class"]:
        """Give the score of each class for each document, in one view.

        Of head, title and letters the squares count, so that only a strong likeness is
        heard; letters count more where they are those of a title. The body is compared
        with what tells the names apart.
        """
        if view == "spans":
            return self.gain * self._attention(documents.spans)
        if view == "body":
            rows = dense_view(view, documents, self.reference)
            return np.asarray(self.gain * SHARPNESS * rows @ self.body.T)
        if view == "title_words":
            rows = lexical_view(view, documents, self.reference)
            names = lexical_view(view, self.names, self.reference)
            cosines = (rows @ names.T).toarray()
            cosines[has_title(documents)] *= np.sqrt(_OF_TITLES)
        else:
            rows = dense_view(view, documents, self.reference)
            cosines = rows @ self._centred(centre_of(view, self.reference)).T
        return np.asarray(cosines * np.abs(cosines))

    @property
    def body(self) -> Float[np.ndarray, "class dim"]:
        """The names in the last layers, centred half way to their own mean."""
        centre = (self.names.layers.mean(axis=0) + self.reference.layers) / 2
        return dense_view("body", self.names, replace(self.reference, layers=centre))

    def span_cosines(
        self, spans: Float16[np.ndarray, "span dim"]
    ) -> Float[np.ndarray, "span class"]:
        """Give the cosine of each span to each name."""
        names = self._centred(self.reference.spans)
        centred = unit(spans - self.reference.spans, np.float32)
        return np.asarray(centred @ names.T)

    def _attention(self, spans: Spans) -> Float[np.ndarray, "document class"]:
        """Give the log of the mean over a document's spans of exp(10 cos)."""
        n_classes = len(self.names)
        found = [np.empty((0, n_classes))]
        for block in _blocks(spans):
            exponentials = np.exp(SHARPNESS * self.span_cosines(np.concatenate(block)))
            counts = np.array([len(one) for one in block])
            firsts = np.concatenate([[0], np.cumsum(counts[:-1])])
            sums = np.add.reduceat(exponentials, firsts, axis=0)
            found.append(np.log(sums / counts[:, None]))
        return np.vstack(found)

    def _centred(self, centre: np.ndarray) -> Float[np.ndarray, "class dim"]:
        return unit(self.names.last - centre)


def trust_in_names(
    scores: Float[np.ndarray, "example class"],
    class_indices: Int[np.ndarray, " example"],
) -> float:
    """Tell from the examples how probably their names say something.

    The likelihood of the examples' classes under the names' scores, whole and halved,
    is held against that of names that say nothing. Names that mislead must cost
    nothing: what is less likely than not is not trusted at all.

    Parameters
    ----------
    scores
        What the names say of each example.
    class_indices
        The examples' classes.
    """
    if not len(class_indices):
        return 1.0
    rows = np.arange(len(class_indices))
    likelihoods = [
        log_softmax(share * scores, axis=1)[rows, class_indices].sum()
        for share in (0.5, 1.0)
    ]
    guessing = len(rows) * np.log(scores.shape[1])
    return trust_of_likelihoods(np.array(likelihoods) + guessing)


def trust_of_likelihoods(gains: Float[np.ndarray, " share"]) -> float:
    """Tell how probably names say something; 0 where it is less likely than not.

    Parameters
    ----------
    gains
        In log-likelihood above guessing, with each share of what the names say.
    """
    gain = logsumexp(gains) - np.log(len(gains))
    trust = float(expit(gain + np.log(_PRIOR_ODDS)))
    return trust if trust >= 0.5 else 0.0


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
