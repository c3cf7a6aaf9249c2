"""Boundaries and labels of a file's units, decided together by dynamic programming.

Enters: for each unit of one file, how likely a document begins there and how likely
each label is. Leaves: the likeliest division of all, and the probability of every
boundary and every label, each over all divisions that there are.

The model is a conditional random field over a chain (Lafferty, McCallum and Pereira
2001): a state is the label of a unit and whether a document begins with it. A document
keeps its label; a new one takes any label, its predecessor's own with a weight of its
own. Time and memory grow with units times labels.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.probabilities import logsumexp

_NEARBY = 0.5
"""What a boundary is worth that lies one unit off, beside one that is right."""

_TINY = 1e-300
"""What no division reaches, so that no logarithm is infinite."""


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
    """

    boundary: Float[np.ndarray, " unit"]
    first: Float[np.ndarray, "unit class"]
    inner: Float[np.ndarray, "unit class"]
    same: float = 0.0

    @property
    def log_new(self) -> tuple[float, float]:
        """The logarithm of the chance of the label before, and of any other one."""
        n_classes = self.first.shape[1]
        total = np.log(np.exp(self.same) + n_classes - 1)
        return float(self.same - total), float(-total)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Division:
    """A file divided into documents.

    Attributes
    ----------
    begins
        Whether a document begins with each unit; one always does with the first.
    labels
        The label of each unit, as an index.
    """

    begins: Bool[np.ndarray, " unit"]
    labels: Int[np.ndarray, " unit"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Marginals:
    """Probabilities over all divisions.

    Attributes
    ----------
    first, inner
        That a unit has a label, and a document begins with it or goes on.
    same
        That a document begins with a unit, and has the label of the one before it.
    log_total
        The logarithm of what all divisions weigh together.
    """

    first: Float[np.ndarray, "unit class"]
    inner: Float[np.ndarray, "unit class"]
    same: Float[np.ndarray, " unit"]
    log_total: float

    @property
    def begins(self) -> Float[np.ndarray, " unit"]:
        """The probability that a document begins with each unit."""
        return np.asarray(self.first.sum(axis=1))

    @property
    def labels(self) -> Float[np.ndarray, "unit class"]:
        """The probability of each label of each unit."""
        return np.asarray(self.first + self.inner)


def best_division(scores: ChainScores) -> Division:
    """Find the likeliest division: Viterbi's algorithm.

    Where two are alike, the one with the fewer documents and the earlier labels.
    """
    n_units, n_classes = scores.first.shape
    same, other = scores.log_new
    classes = np.arange(n_classes)
    best = scores.first[0] - np.log(n_classes)
    before = np.zeros((n_units, n_classes), dtype=np.int64)
    begins = np.zeros((n_units, n_classes), dtype=bool)
    begins[0] = True
    for unit in range(1, n_units):
        came, moved = _best_before(best, same, other)
        new = scores.boundary[unit] + moved + scores.first[unit]
        on = best + scores.inner[unit]
        begins[unit] = new > on
        before[unit] = np.where(begins[unit], came, classes)
        best = np.maximum(new, on)
    labels = np.zeros(n_units, dtype=np.int64)
    labels[-1] = best.argmax()
    for unit in range(n_units - 1, 0, -1):
        labels[unit - 1] = before[unit, labels[unit]]
    return Division(begins=begins[np.arange(n_units), labels], labels=labels)


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


def _best_before(
    best: Float[np.ndarray, " class"], same: float, other: float
) -> tuple[Int[np.ndarray, " class"], Float[np.ndarray, " class"]]:
    """Find the best label before a new document of each label, and what both weigh."""
    first = int(best.argmax())
    rest = best.copy()
    rest[first] = -np.inf
    second = int(rest.argmax())
    came = np.full(len(best), first)
    came[first] = second
    moved = best[came] + other
    stays = best + same >= moved
    return np.where(stays, np.arange(len(best)), came), np.where(
        stays, best + same, moved
    )


def marginals(scores: ChainScores) -> Marginals:
    """Give the probability of each boundary and label: the forward-backward algorithm.

    In logarithms, each step less the sum of all: no file is too long for it, and no
    score too great.
    """
    begins = scores.boundary[:, None] + scores.first
    begins[0] = scores.first[0] - np.log(scores.first.shape[1])
    forward, totals = _forward(scores, begins)
    backward = np.zeros_like(forward)
    for unit in range(len(forward) - 2, -1, -1):
        new = begins[unit + 1] + backward[unit + 1]
        on = scores.inner[unit + 1] + backward[unit + 1]
        of_all = np.logaddexp(on, _any_label(new, scores.log_new))
        backward[unit] = of_all - totals[unit + 1]
    whole = np.exp(forward + backward)
    first, same = whole.copy(), np.zeros(len(whole))
    after = begins[1:] + backward[1:] - totals[1:, None]
    for unit, of_unit in enumerate(after, start=1):
        before = forward[unit - 1]
        first[unit] = np.exp(_any_label(before, scores.log_new) + of_unit)
        same[unit] = np.exp(before + scores.log_new[0] + of_unit).sum()
    return Marginals(
        first=first,
        inner=np.maximum(whole - first, 0.0),
        same=same,
        log_total=float(totals.sum()),
    )


def _forward(
    scores: ChainScores, begins: Float[np.ndarray, "unit class"]
) -> tuple[Float[np.ndarray, "unit class"], Float[np.ndarray, " unit"]]:
    """Give the share of each label after each unit, and what all weigh together."""
    forward, totals = np.empty_like(begins), np.empty(len(begins))
    for unit, of_unit in enumerate(begins):
        if unit:
            new = _any_label(forward[unit - 1], scores.log_new) + of_unit
            of_unit = np.logaddexp(forward[unit - 1] + scores.inner[unit], new)
        totals[unit] = logsumexp(of_unit)
        forward[unit] = of_unit - totals[unit]
    return forward, totals


def _any_label(
    of_labels: Float[np.ndarray, " class"], log_new: tuple[float, float]
) -> Float[np.ndarray, " class"]:
    """Sum over the labels on the other side of a boundary, for each on this side."""
    same, other = np.exp(log_new)
    most = of_labels.max()
    weights = np.exp(of_labels - most)
    others = np.maximum(weights.sum() - weights, 0.0)
    return np.asarray(most + np.log(other * others + same * weights + _TINY))
