"""New classes: clusters of the pile that no known class claims.

Where documents that fit no label lie densest, a new cluster is begun; beside the
known classes, which their examples hold in place, a mixture of von Mises-Fisher
distributions is fitted (Banerjee et al. 2005). A new cluster is kept where most of its
documents fit no label, and where both halves of the pile find it. New clusters
that are alike become one; of those that fail, the worst goes first, and the others are
fitted anew, so that what it held can go where it belongs.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from longshot.classify.features.lexical import (
    Counts,
    columns,
    content_words,
    document_frequencies,
)
from longshot.classify.scorers.mixture import N_NEIGHBOURS, UNWEIGHED, usual_cosine
from longshot.probabilities import softmax
from longshot.records import NewClass
from longshot.similarity import unit

MOST_SEEDS = 8
LEAST_DOCUMENTS = 5
LEAST_REJECTED, LEAST_STABILITY = 0.7, 0.5
"""Of its documents, the share that must fit no label, and the share that both halves of
the pile must put into it. With 0.5 for the first, three times as many clusters are
offered where every class is known (docs/research/005)."""

MOST_LIKE_NEW = 0.6
"""Cosine of the means of two new clusters: beyond that they are one."""

N_WORDS = 8
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_MOST_READ = 20
"""Documents of a cluster in which its words are looked for."""

_ROUNDS = 15
_SAME_SEED = 0.4
_MOST_COMPARED = 3000
_BY_CLOSENESS = 1e-3
"""What closeness to the classes counts beside a p-value: it breaks ties."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Pile:
    """Documents and examples as points.

    Attributes
    ----------
    documents, examples
        Of unit length, centred on what they have in common.
    targets
        The class of each example, as a row of zeros and a one.
    p_values
        How familiar each document is.
    unknown
        The p-value up to which a document fits no label.
    """

    documents: Float[np.ndarray, "document dim"]
    examples: Float[np.ndarray, "example dim"]
    targets: Float[np.ndarray, "example class"]
    p_values: Float[np.ndarray, " document"]
    unknown: float

    @property
    def n_classes(self) -> int:
        """Known classes."""
        return int(self.targets.shape[1])

    @cached_property
    def concentration(self) -> float:
        """How closely the documents of a cluster are held to lie together."""
        return UNWEIGHED / usual_cosine(self.documents)

    def means(
        self,
        new: Float[np.ndarray, "new dim"],
        members: Bool[np.ndarray, " document"] | None = None,
    ) -> Float[np.ndarray, "cluster dim"]:
        """Fit the means of the known classes and of new ones, by some documents."""
        documents = self.documents if members is None else self.documents[members]
        of_examples = np.vstack([self.targets.T @ self.examples, np.zeros_like(new)])
        known = unit(of_examples[: self.n_classes], np.float32)
        means = np.vstack([known, new]).astype(np.float32)
        for _ in range(_ROUNDS):
            posterior = softmax(self.concentration * (documents @ means.T), axis=1)
            means = unit(posterior.T @ documents + of_examples, np.float32)
        return means

    def nearest(
        self, means: Float[np.ndarray, "cluster dim"]
    ) -> Int[np.ndarray, " document"]:
        """Give the cluster of each document."""
        return np.asarray((self.documents @ means.T).argmax(axis=1))


def find_new_classes(pile: Pile) -> list[Int[np.ndarray, " member"]]:
    """Find clusters that no known class claims.

    Returns
    -------
    list of ndarray
        The documents of each, the most typical first; the largest cluster first.
    """
    if len(pile.documents) < 2 * LEAST_DOCUMENTS:
        return []
    known = pile.means(pile.documents[:0])
    closeness = (pile.documents @ known.T).max(axis=1)
    familiar = pile.p_values + _BY_CLOSENESS * closeness
    new = _seeds(pile, familiar)
    while len(new):
        means = pile.means(new)
        if (alike := _most_alike(means[pile.n_classes :])) is not None:
            merged = unit(new[alike].sum(axis=0, keepdims=True))
            new = np.vstack([np.delete(new, alike, axis=0), merged])
            continue
        worth = _worth(pile, means, new)
        if worth.min() >= 0:
            return _members(pile, means)
        new = np.delete(new, worth.argmin(), axis=0)
    return []


def _most_alike(new: Float[np.ndarray, "new dim"]) -> list[int] | None:
    """Find the two new clusters that are most likely one; None where none are."""
    likeness = np.triu(new @ new.T, k=1)
    one, other = np.unravel_index(likeness.argmax(), likeness.shape)
    return [int(one), int(other)] if likeness[one, other] > MOST_LIKE_NEW else None


def _seeds(
    pile: Pile, familiar: Float[np.ndarray, " document"]
) -> Float[np.ndarray, "seed dim"]:
    """Find where the documents that fit no label lie densest, each place once."""
    n_least = max(N_NEIGHBOURS + 1, int((pile.p_values <= pile.unknown).sum()))
    least = np.argsort(familiar, kind="stable")[: min(n_least, _MOST_COMPARED)]
    documents = pile.documents[least]
    cosines = documents @ documents.T
    nearest = np.argsort(-cosines, axis=1)[:, : N_NEIGHBOURS + 1]
    density = np.take_along_axis(cosines, nearest, axis=1)[:, 1:].mean(axis=1)
    seeds: list[np.ndarray] = []
    is_free = np.ones(len(least), dtype=bool)
    while is_free.any() and len(seeds) < MOST_SEEDS:
        densest = np.where(is_free, density, -np.inf).argmax()
        middle = documents[nearest[densest]].mean(axis=0, keepdims=True)
        seeds.append(unit(middle)[0])
        is_free &= documents @ seeds[-1] < _SAME_SEED
        is_free[densest] = False
    return np.array(seeds)


def _worth(
    pile: Pile,
    means: Float[np.ndarray, "cluster dim"],
    new: Float[np.ndarray, "new dim"],
) -> Float[np.ndarray, " new"]:
    """Tell by how much each new cluster passes what it must, at its worst."""
    half = _halves(pile.documents)
    found = [pile.nearest(pile.means(new, half == one)) for one in (False, True)]
    nearest, fits_none = pile.nearest(means), pile.p_values <= pile.unknown
    worths = []
    for cluster in range(pile.n_classes, len(means)):
        members = nearest == cluster
        if members.sum() < LEAST_DOCUMENTS:
            worths.append(-1.0)
            continue
        first, second = (one == cluster for one in found)
        stability = (first & second).sum() / max((first | second).sum(), 1)
        rejected = fits_none[members].mean()
        worths.append(min(rejected - LEAST_REJECTED, stability - LEAST_STABILITY))
    return np.array(worths)


def _members(
    pile: Pile, means: Float[np.ndarray, "cluster dim"]
) -> list[Int[np.ndarray, " member"]]:
    nearest = pile.nearest(means)
    found = []
    for cluster in range(pile.n_classes, len(means)):
        rows = np.flatnonzero(nearest == cluster)
        typical = np.argsort(-(pile.documents[rows] @ means[cluster]), kind="stable")
        found.append(rows[typical])
    return sorted(found, key=len, reverse=True)


def _halves(
    documents: Float[np.ndarray, "document dim"],
) -> Bool[np.ndarray, " document"]:
    """Deal the documents to two halves by what they hold, not by where they stand."""
    direction = np.random.default_rng(0).normal(size=documents.shape[1])
    half = np.empty(len(documents), dtype=bool)
    half[np.argsort(documents @ direction)] = np.arange(len(documents)) % 2 == 1
    return half


def typical_words(
    counts: Shaped[np.ndarray, " word"],
    others: Shaped[np.ndarray, " word"],
    n_members: int,
    n_others: int,
) -> Float[np.ndarray, " word"]:
    """Score words by how much more of the members than of the others hold them.

    Parameters
    ----------
    counts, others
        How many of the members, and of the other documents, hold each word.
    n_members, n_others
        How many there are.
    """
    share = counts / max(n_members, 1)
    of_others = (others + 1) / (n_others + 2)
    return np.asarray(share * np.log(np.maximum(share, 1e-9) / of_others))


def discovered(
    clusters: Sequence[Int[np.ndarray, " member"]],
    ids: Sequence[str],
    words: Counts,
    text_of: Callable[[int], str],
) -> tuple[NewClass, ...]:
    """Give each cluster's documents and the words that tell it from the others.

    Parameters
    ----------
    clusters
        The rows of each one's documents, the most typical first.
    ids, words
        Of all documents: their ids, and the counts of their hashed words.
    text_of
        Gives the text of a row. Few are read: a word that tells a cluster stands in its
        most typical documents.
    """
    in_all = document_frequencies(words)
    found = []
    for members in clusters:
        inside = document_frequencies(words[members])
        scores = typical_words(
            inside, in_all - inside, len(members), len(ids) - len(members)
        )
        read = [text_of(int(row)) for row in members[:_MOST_READ]]
        held = sorted({one for text in read for one in content_words(text)})
        named = [one for one in held if _LETTERS.fullmatch(one)]
        worth = scores[columns(named)] if named else np.empty(0)
        best = np.argsort(-worth, kind="stable")[:N_WORDS]
        found.append(
            NewClass(
                document_ids=tuple(ids[row] for row in members),
                words=tuple(named[i] for i in best if worth[i] > 0),
            )
        )
    return tuple(found)
