"""None of these, in a pile: a document is about as familiar as those around it.

The documents of a class that no example shows lie together. One by one, some of them
look like a known class; around them, most do not. So every document and every example
is linked to its nearest neighbours, the examples are known, and what is said of each
document alone is spread along the links (Zhou et al. 2004, "Learning with local and
global consistency"). The links are weighed by how far the neighbours of both ends lie
(Zelnik-Manor and Perona 2004, "Self-tuning spectral clustering"), because classes lie
more or less densely.

The p-value is cross-conformal, as that of labels is
(:mod:`longshot.classify.uncertainty.conformal`): the examples are held out in turn, and
lie in the pile as the documents do, their class not known. Classes have about the same
number of examples, but not of documents. Each held-out example therefore counts as many
documents as its class seems to have for each of its examples: weighted conformal
prediction (Tibshirani et al. 2019; for classes, Podkopaev and Ramdas 2021).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, UInt64

from longshot.classify.combination.evidence import EvidenceModel
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import directions_together
from longshot.classify.scorers.examples import Examples
from longshot.classify.scorers.mixture import N_NEIGHBOURS, Scores
from longshot.classify.uncertainty.novelty import standing_out
from longshot.probabilities import softmax
from longshot.similarity import unit

MOST_LINKED = 3_000
"""Documents whose links are learned from; all others are linked to these."""

_OF_NEIGHBOURS = 0.8
"""What the neighbours count for, and the document itself for the rest. With less, more
is found of what fits nowhere document by document, and less of what lies together
(docs/research/005)."""

_SHARPNESS = 4.0
"""How fast the weight of a link falls with its length. With 1, as Zelnik-Manor and
Perona have it, three in a hundred fewer are found (docs/research/005)."""

_ROUNDS = 30
"""What changes after these is less than a thousandth: 0.8 to the power of 30."""

_LEAST_LENGTH = 1e-6
"""Of a link: the cosine of two equal texts is rounded."""

_BLOCK_DOCUMENTS = 512


@dataclass(frozen=True, slots=True, eq=False)
class _Links:
    """The nearest nodes of each document, and the logarithm of each link's weight."""

    nearest: Int[np.ndarray, "document neighbour"]
    log_weights: Float[np.ndarray, "document neighbour"]

    def take(self, rows: Int[np.ndarray, " row"]) -> "_Links":
        """Give the links of some of the documents."""
        return _Links(self.nearest[rows], self.log_weights[rows])

    def shares(
        self, log_counts: Float[np.ndarray, " node"]
    ) -> Float[np.ndarray, "document neighbour"]:
        """Give each neighbour's share, where every node counts for several."""
        counted = self.log_weights + log_counts[self.nearest]
        return np.asarray(softmax(counted, axis=1))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Nodes:
    """The documents of a pile, and behind them the examples, as directions.

    Attributes
    ----------
    centre, rows
        Their mean in the last layer, and the direction of each from there.
    reach
        How far the last of each one's neighbours is: one minus the cosine.
    hashes
        Of the documents' texts: what tells that a document is a node itself.
    """

    centre: Float[np.ndarray, " dim"]
    rows: Float[np.ndarray, "node dim"]
    reach: Float[np.ndarray, " node"]
    hashes: UInt64[np.ndarray, " pile_document"]

    @classmethod
    def of(
        cls, pile: DocumentFeatures, examples: DocumentFeatures
    ) -> tuple["_Nodes", _Links]:
        """Link documents and examples to their neighbours among each other."""
        centre, rows = directions_together(pile, examples)
        starts = range(0, len(rows), _BLOCK_DOCUMENTS)
        blocks = [np.arange(len(rows))[one:][:_BLOCK_DOCUMENTS] for one in starts]
        found = [_nearest(rows[block], rows, block) for block in blocks]
        nearest, lengths = map(np.concatenate, zip(*found, strict=True))
        nodes = cls(
            centre=centre,
            rows=rows,
            reach=lengths.max(axis=1),
            hashes=pile.content_hashes,
        )
        return nodes, nodes._weighed(nearest, lengths)

    def links(self, documents: DocumentFeatures) -> _Links:
        """Link documents to nodes, but none to the node that it is itself."""
        rows = unit(documents.last - self.centre, np.float32)
        order = np.argsort(self.hashes, kind="stable")
        found = np.searchsorted(self.hashes, documents.content_hashes, sorter=order)
        places = order[np.minimum(found, len(order) - 1)]
        is_node = self.hashes[places] == documents.content_hashes
        return self._weighed(*_nearest(rows, self.rows, np.where(is_node, places, -1)))

    def _weighed(
        self,
        nearest: Int[np.ndarray, "document neighbour"],
        lengths: Float[np.ndarray, "document neighbour"],
    ) -> _Links:
        reach = lengths.max(axis=1, keepdims=True)
        scale = np.sqrt(reach * self.reach[nearest])
        return _Links(nearest, -_SHARPNESS * lengths / scale)


def _nearest(
    rows: Float[np.ndarray, "document dim"],
    nodes: Float[np.ndarray, "node dim"],
    itself: Int[np.ndarray, " document"],
) -> tuple[
    Int[np.ndarray, "document neighbour"], Float[np.ndarray, "document neighbour"]
]:
    """Find the nearest nodes, and how far they are; `itself` is -1 where it is none."""
    lengths = 1 - rows @ nodes.T
    of_node = np.flatnonzero(itself >= 0)
    lengths[of_node, itself[of_node]] = np.inf
    n_nearest = min(N_NEIGHBOURS, len(nodes) - 1)
    nearest = np.argpartition(lengths, n_nearest - 1, axis=1)[:, :n_nearest]
    found = np.take_along_axis(lengths, nearest, axis=1)
    return nearest, np.maximum(found, _LEAST_LENGTH)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Fold:
    """What is known of the pile while some examples lie in it, their class not known.

    Attributes
    ----------
    standing
        By how much the best class of the documents, and of these examples, stands out,
        ascending.
    familiar
        How familiar each node is, between 0 and 1.
    log_counts
        The logarithm of what each node counts as a neighbour.
    held_out
        How familiar these examples are, ascending.
    counts
        What the first of them count together: none of them, one, and so on.
    """

    standing: Float[np.ndarray, " scored"]
    familiar: Float[np.ndarray, " node"]
    log_counts: Float[np.ndarray, " node"]
    held_out: Float[np.ndarray, " held_out"]
    counts: Float[np.ndarray, " held_out_and_none"]

    @classmethod
    def of(
        cls,
        scores: Scores,
        links: _Links,
        left_out: Int[np.ndarray, " left_out"],
        log_counts: Float[np.ndarray, " node"],
        worth: Float[np.ndarray, " left_out"],
    ) -> "_Fold":
        """Spread what is said of each alone along the links.

        Parameters
        ----------
        scores
            Of the documents, and behind them of the examples that are held out.
        links, log_counts
            Of all nodes.
        left_out, worth
            Which examples are held out, and what each counts beside the documents.
        """
        n_documents = len(scores) - len(left_out)
        scored = np.concatenate([np.arange(n_documents), n_documents + left_out])
        standing = standing_out(scores)
        ascending = np.sort(standing)
        alone = _ranks(standing, ascending)
        familiar = np.ones(len(log_counts))  # what the other examples stay
        familiar[scored] = alone
        of_scored = links.take(scored)
        shares = of_scored.shares(log_counts)
        for _ in range(_ROUNDS):
            around = (shares * familiar[of_scored.nearest]).sum(axis=1)
            familiar[scored] = _joined(alone, around)
        found = familiar[scored[n_documents:]]
        order = np.argsort(found, kind="stable")
        return cls(
            standing=ascending,
            familiar=familiar,
            log_counts=log_counts,
            held_out=found[order],
            counts=np.concatenate([[0.0], np.cumsum(worth[order])]),
        )

    def n_no_more_familiar(
        self, scores: Scores, links: _Links
    ) -> Float[np.ndarray, " document"]:
        """Count the held-out examples that are no more familiar than each document."""
        alone = _ranks(standing_out(scores), self.standing)
        shares = links.shares(self.log_counts)
        around = (shares * self.familiar[links.nearest]).sum(axis=1)
        familiar = _joined(alone, around)
        return self.counts[np.searchsorted(self.held_out, familiar, side="right")]


def _ranks(
    standing: Float[np.ndarray, " document"], among: Float[np.ndarray, " scored"]
) -> Float[np.ndarray, " document"]:
    """Give the share of the others that stand out less; what is equal counts half."""
    below = np.searchsorted(among, standing, side="left")
    up_to = np.searchsorted(among, standing, side="right")
    return np.asarray((below + up_to) / (2 * len(among)))


def _joined(
    alone: Float[np.ndarray, " document"], around: Float[np.ndarray, " document"]
) -> Float[np.ndarray, " document"]:
    return (1 - _OF_NEIGHBOURS) * alone + _OF_NEIGHBOURS * around


@dataclass(frozen=True, slots=True, eq=False)
class NoveltyInPile:
    """Tells documents of known classes from others, among those of a pile.

    Attributes
    ----------
    evidence
        What was learned of documents by themselves.
    learned_from
        The documents of the pile that are nodes.
    nodes
        These, and the examples.
    folds
        What is known of them while some of the examples are held out.
    scores
        Those of `learned_from` under each fold: none is scored twice.
    """

    evidence: EvidenceModel
    learned_from: DocumentFeatures
    nodes: _Nodes
    folds: tuple[_Fold, ...]
    scores: tuple[Scores, ...]

    @classmethod
    def fit(
        cls, evidence: EvidenceModel, examples: Examples, pile: DocumentFeatures
    ) -> "NoveltyInPile":
        """Learn from a pile, or from a sample of it where it is very large."""
        some = pile.sample(MOST_LINKED)
        nodes, links = _Nodes.of(some, examples.features)
        decided = evidence.scores(some).argmax(axis=1)
        sizes = np.bincount(decided, minlength=examples.n_classes) + 1.0
        classes = examples.class_indices
        by_fold = list(evidence.scores_by_fold(some))
        held_out = classes[np.concatenate([one.left_out for one, *_ in by_fold])]
        worth = _documents_each(sizes, held_out)
        folds = []
        for fold, scores, of_left_out in by_fold:
            counts = np.ones(len(links.nearest))
            each = _documents_each(sizes, classes[fold.kept])
            counts[len(some) + fold.kept] = each[classes[fold.kept]]
            folds.append(
                _Fold.of(
                    np.vstack([scores, of_left_out]),
                    links,
                    fold.left_out,
                    np.log(counts),
                    worth[classes[fold.left_out]],
                )
            )
        of_folds = tuple(scores for _, scores, _ in by_fold)
        return cls(evidence, some, nodes, tuple(folds), of_folds)

    def p_values(self, documents: DocumentFeatures) -> Float[np.ndarray, " document"]:
        """Give the share of the known that is no more familiar; never quite 0.

        Parameters
        ----------
        documents
            Of the pile that was learned from, or like it.
        """
        n_held_out = sum(len(one.held_out) for one in self.folds)
        found = [np.zeros(0)]
        for block, of_folds in self._scored(documents):
            links = self.nodes.links(block)
            counts = [
                fold.n_no_more_familiar(scores, links)
                for fold, scores in zip(self.folds, of_folds, strict=True)
            ]
            found.append(np.sum(counts, axis=0))
        return np.asarray((np.concatenate(found) + 1) / (n_held_out + 1))

    def _scored(
        self, documents: DocumentFeatures
    ) -> Iterator[tuple[DocumentFeatures, list[Scores]]]:
        """Give some documents at a time, with their scores under each fold."""
        start = 0
        for block in documents.blocks(_BLOCK_DOCUMENTS):
            if documents is self.learned_from:
                of_folds = [one[start : start + len(block)] for one in self.scores]
            else:
                by_fold = self.evidence.scores_by_fold(block)
                of_folds = [scores for _, scores, _ in by_fold]
            yield block, of_folds
            start += len(block)


def _documents_each(
    sizes: Float[np.ndarray, " class"], shown: Int[np.ndarray, " example"]
) -> Float[np.ndarray, " class"]:
    """Tell for how many documents an example of each class stands: one, on the mean.

    Parameters
    ----------
    sizes
        How many documents each class seems to have.
    shown
        The classes of the examples.

    Examples
    --------
    >>> _documents_each(np.array([30.0, 10.0]), np.array([0, 0, 1, 1]))
    array([1.5, 0.5])
    """
    n_shown = np.bincount(shown, minlength=len(sizes))
    each = sizes / np.maximum(n_shown, 1)
    return np.asarray(each / each[shown].mean())
