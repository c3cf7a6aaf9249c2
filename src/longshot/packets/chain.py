"""Boundaries and labels of a file's units, decided together by dynamic programming.

Enters: for each unit of one file, how likely a document begins there and how likely
each label is; and how long documents are. Leaves: the probability of every boundary,
over all divisions with all labels that there are.

The model is a semi-Markov conditional random field (Sarawagi and Cohen 2004): a file is
a chain of documents, each with a label and a length. A document keeps its label; a new
one takes any label, its predecessor's own with a weight of its own. Time and memory
grow with units times labels.
"""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.packets.lengths import Lengths
from longshot.probabilities import logsumexp, softmax

_NEARBY = 0.5
"""What a boundary is worth that lies one unit off, beside one that is right."""

_TINY = 1e-300
"""What no division reaches, so that no logarithm is infinite."""

_MOST_UNITS = 512
"""Up to which lengths are told apart: what is longer is as likely as one of so many,
and time grows with the length of a file, not with its square."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ChainScores:
    """What is known of each unit of one file, in natural logarithms.

    Attributes
    ----------
    boundary
        How many times likelier it is that a document begins with a unit than that it
        goes on; that of the first unit does not count.
    first, inner
        How many times likelier each label makes the unit than all labels on the mean:
        where a document begins with it, and where it goes on.
    same
        How many times likelier a document has the label of the one before it than any
        other one.
    n_tokens
        Of each unit.
    lengths
        How long documents are; None where nobody knows.
    """

    boundary: Float[np.ndarray, " unit"]
    first: Float[np.ndarray, "unit class"]
    inner: Float[np.ndarray, "unit class"]
    n_tokens: Int[np.ndarray, " unit"]
    same: float = 0.0
    lengths: Lengths | None = None

    @property
    def log_new(self) -> tuple[float, float]:
        """The logarithm of the chance of the label before, and of any other one."""
        n_classes = self.first.shape[1]
        total = np.log(np.exp(self.same) + n_classes - 1)
        return float(self.same - total), float(-total)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Marginals:
    """Probabilities over all divisions.

    Attributes
    ----------
    begins
        That a document begins with each unit.
    log_total
        The logarithm of what all divisions weigh together.
    """

    begins: Float[np.ndarray, " unit"]
    log_total: float


def marginals(scores: ChainScores) -> Marginals:
    """Give the probability of each boundary: the forward-backward algorithm.

    In logarithms: no file is too long for it, and no score too great. Summed over what
    documents' lengths may be in this file, each as likely as it makes the whole.
    """
    lengths = scores.lengths.in_a_file() if scores.lengths else ((0.0, None),)
    found = [_of_lengths(replace(scores, lengths=one)) for _, one in lengths]
    logs = np.array([log for log, _ in lengths]) + [one.log_total for one in found]
    begins = np.array([one.begins for one in found])
    return Marginals(
        begins=np.minimum(softmax(logs) @ begins, 1.0),
        log_total=float(logsumexp(logs)),
    )


def _of_lengths(scores: ChainScores) -> Marginals:
    """Give the same where lengths are as they are said to be."""
    chain = _Chain.of(scores)
    before, log_total = chain.forward()
    of_labels = before + chain.backward() - log_total
    return Marginals(begins=np.exp(of_labels).sum(axis=1), log_total=log_total)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Chain:
    """Sums over the documents that end with a unit, and over those that begin with it.

    What a label makes of the units within a document is a difference of two sums from
    the file's first unit, so that the documents that end together are summed at once.

    Attributes
    ----------
    scores
        What is known of each unit.
    begun
        What a document that begins with each unit weighs there.
    inner, tokens
        Sums from the first unit up to each, and up to the end.
    n_near
        Up to how many units lengths are told apart.
    """

    scores: ChainScores
    begun: Float[np.ndarray, "unit class"]
    inner: Float[np.ndarray, "boundary class"]
    tokens: Float[np.ndarray, " boundary"]
    n_near: int

    @classmethod
    def of(cls, scores: ChainScores) -> "_Chain":
        """Add up what the units say."""
        begun = scores.boundary[:, None] + scores.first
        begun[0] = scores.first[0] - np.log(scores.first.shape[1])
        return cls(
            scores=scores,
            begun=begun,
            inner=np.cumsum(np.pad(scores.inner, ((1, 0), (0, 0))), axis=0),
            tokens=np.cumsum(np.pad(scores.n_tokens, (1, 0)), dtype=np.float64),
            n_near=_MOST_UNITS if scores.lengths else 0,
        )

    def forward(self) -> tuple[Float[np.ndarray, "unit class"], float]:
        """Give what all weighs that ends where a document begins, and the whole."""
        before = np.empty_like(self.begun)
        far = np.full(before.shape[1], -np.inf)
        ended = np.zeros(before.shape[1])
        for unit in range(len(before)):
            new = _any_label(ended, self.scores.log_new) if unit else 0.0
            before[unit] = self.begun[unit] + new
            last_far = unit - self.n_near
            if last_far >= 0:
                begun = before[last_far] - self.inner[last_far + 1]
                far = np.logaddexp(far, begun + self._longest(last_far))
            near = np.arange(max(last_far + 1, 0), unit + 1)
            lengths = self._lengths(self.tokens[unit + 1] - self.tokens[near])
            of_near = before[near] - self.inner[near + 1] + lengths
            ended = self.inner[unit + 1] + logsumexp(np.vstack([of_near, far]), axis=0)
        return before, float(logsumexp(ended))

    def backward(self) -> Float[np.ndarray, "unit class"]:
        """Give what all weighs that follows where a document begins."""
        after = np.empty_like(self.begun)
        far = np.full(after.shape[1], -np.inf)
        ended = self.inner.copy()  # and what follows; that of the file's end is nothing
        for unit in range(len(after) - 1, -1, -1):
            first_far = unit + self.n_near + 1
            if first_far < len(ended):
                far = np.logaddexp(far, ended[first_far])
            near = slice(unit + 1, min(first_far, len(ended)))
            lengths = self._lengths(self.tokens[near] - self.tokens[unit])
            all_far = far + (self._longest(unit) if first_far < len(ended) else 0.0)
            of_all = np.vstack([ended[near] + lengths, all_far])
            after[unit] = logsumexp(of_all, axis=0) - self.inner[unit + 1]
            begun = self.begun[unit] + after[unit]
            ended[unit] += _any_label(begun, self.scores.log_new)
        return after

    def _longest(self, unit: int) -> float:
        """Weigh the longest document from a unit on of which the length is told."""
        n_tokens = self.tokens[unit + self.n_near] - self.tokens[unit]
        return float(self._lengths(np.array([n_tokens]))[0, 0]) if self.n_near else 0.0

    def _lengths(
        self, n_tokens: Float[np.ndarray, " length"]
    ) -> Float[np.ndarray, "length 1"]:
        lengths = self.scores.lengths
        weights = lengths.log_likelier(n_tokens) if lengths else np.zeros(len(n_tokens))
        return weights[:, None]


def nearby_boundaries(
    probabilities: Float[np.ndarray, " unit"], price: float
) -> Bool[np.ndarray, " unit"]:
    """Choose boundaries so that as many as can be lie within a unit of a true one.

    Where it is not clear with which of three passages a document begins, none of them
    is likely, and the likeliest division has no boundary there; yet one is. Each choice
    earns the chance that a document begins with its unit or a neighbour, which no other
    choice earns as well, and costs the price: of all sets of choices the best one is
    found by dynamic programming.

    Parameters
    ----------
    probabilities
        That a document begins with each unit.
    price
        The least chance for which a boundary is told.

    Examples
    --------
    >>> chances = np.array([1.0, 0.0, 0.3, 0.4, 0.2, 0.0, 0.1])
    >>> np.flatnonzero(nearby_boundaries(chances, 0.5)).tolist()
    [0, 3]
    """
    gains = _gains(probabilities, price)
    n_units = len(gains)
    # What all choices before a unit earn at most if it is chosen, by whether it leaves
    # the unit before it to the last of them; and which that was.
    earned = np.full((n_units, 2), -np.inf)
    last = np.zeros((n_units, 2, 2), dtype=np.int64)
    apart, from_apart = 0.0, (0, 0)  # the first unit is no choice, and shares nothing
    for unit in range(1, n_units):
        for place, shares in ((unit - 3, 0), (unit - 3, 1)) if unit > 3 else ():
            total = earned[place, shares] + gains[place, shares, 1]
            if total > apart:
                apart, from_apart = total, (place, shares)
        earned[unit, 0], last[unit, 0] = apart, from_apart
        for place, shares in product(range(max(unit - 2, 1), unit), (0, 1)):
            total = earned[place, shares] + gains[place, shares, unit - place - 1]
            if total > earned[unit, 1]:
                earned[unit, 1], last[unit, 1] = total, (place, shares)
    totals = earned + gains[:, :, 1]
    totals[0] = [0.0, -np.inf]
    unit, shares = divmod(int(totals.argmax()), 2)
    begins = np.zeros(n_units, dtype=bool)
    begins[0] = True
    while unit:
        begins[unit] = True
        unit, shares = last[unit, shares].tolist()
    return begins


def _gains(
    probabilities: Float[np.ndarray, " unit"], price: float
) -> Float[np.ndarray, "unit shares keeps"]:
    """Give what the choice of a unit earns beyond its price.

    By whether it leaves the unit before to another choice, and whether it keeps the one
    after. No choice can be right twice.
    """
    own = probabilities.copy()
    own[0] = 0.0
    before, after = _NEARBY * np.append(0.0, own[:-1]), _NEARBY * np.append(own[1:], 0)
    gains = np.empty((len(own), 2, 2))
    for shares, keeps in product((0, 1), repeat=2):
        gains[:, shares, keeps] = own + (1 - shares) * before + keeps * after
    return np.minimum(gains, 1.0) - price


def _any_label(
    of_labels: Float[np.ndarray, " class"], log_new: tuple[float, float]
) -> Float[np.ndarray, " class"]:
    """Sum over the labels on the other side of a boundary, for each on this side."""
    same, other = np.exp(log_new)
    most = of_labels.max()
    weights = np.exp(of_labels - most)
    others = np.maximum(weights.sum() - weights, 0.0)
    return np.asarray(most + np.log(other * others + same * weights + _TINY))
