"""When a document has been read far enough for its label.

After some windows a document has a margin: the logarithm of how much likelier its best
label is than the second. Reading the rest would move it by an amount that is not known
before. How far rests move margins, the examples tell: they are read whole, so that what
is judged of their first windows can be held against what is judged of all of them. The
margin that a document would end with is then a distribution around the one that it has,
and what reading on would gain is an expectation: how much likelier to be right the
label would become where the two change places, and nothing where they do not (the value
of information, Howard 1966). Near a tie a change is worth little; far from one it does
not come about.

A document is read on while it would gain more than the reading costs: what is left of a
long document has to promise more than what is left of a short one. What a token costs
follows from a promise: documents like the examples are to forgo half a point of
accuracy at most, on the mean. Each example is judged by what was learned without it,
round by round, and the greatest price is taken that keeps the promise.

No label of an example enters, so that one example per class is enough, as long as some
are longer than what was read of the document; none is then held out, and a page costs
half a point. Few examples tell little of how far rests move margins: the upper end of
what they allow is taken.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.extraction import Layout, extract
from longshot.pooling import pool_windows
from longshot.probabilities import log_softmax
from longshot.recipe import WindowPooling
from longshot.records import Vectors

MOST_FORGONE = 0.005
"""Of accuracy, on the mean over documents, by what is left unread: what a person who
wants to save time is thought to give up. No data tell it."""

PAGE_TOKENS = 512
MOST_PER_TOKEN = MOST_FORGONE / PAGE_TOKENS
"""The greatest price: half a point for a page. Without it, the hardest documents would
be left unread, too, wherever most of the others are settled after a page."""

FEWEST_EXAMPLES = 8
"""That must be longer than what was read, for them to tell what the rest would do."""

_DOUBT = 0.01
"""How improbable it is that margins move further than is reckoned with. Without this
bound 0.6 points were lost of long documents of two sets, with it 0.2."""

Scorer = Callable[[DocumentFeatures], Float[np.ndarray, "document class"]]
"""Gives each class a score: the logarithm of its probability, but for a constant."""

HeldOutScorer = Callable[
    [DocumentFeatures, Int[np.ndarray, " document"]],
    Float[np.ndarray, "document class"],
]
"""Scores readings of examples, told which ones, by what was learned without each."""

Extent = Literal["all", "adaptive"]
"""How far documents are read: whole, or each as far as its label needs."""

_QUANTILES = (np.arange(64) + 0.5) / 64


@dataclass(frozen=True, slots=True)
class Shift:
    """How far the rest of the examples moved their margins.

    Attributes
    ----------
    n_windows
        After so many windows.
    deviation
        The standard deviation, at most, for a document that is nearly all rest.
    n_examples
        Of how many examples.
    """

    n_windows: int
    deviation: float
    n_examples: int

    @classmethod
    def of(cls, n_windows: int, squares: Float[np.ndarray, " example"]) -> "Shift":
        """Reckon with the upper confidence bound of a deviation around zero."""
        from scipy.special import gammaincinv

        n_examples = len(squares)
        # The quantile of chi-squared; scipy.stats takes half a second to import.
        variance = squares.sum() / (2 * gammaincinv(n_examples / 2, _DOUBT))
        return cls(n_windows, float(np.sqrt(variance)), n_examples)


@dataclass(frozen=True, slots=True, eq=False)
class StoppingRule:
    """Tells which documents are to be read on.

    Attributes
    ----------
    score
        What was learned from the examples.
    shifts
        By the windows read, ascending; none where the examples do not tell, and then
        every document is read whole.
    price
        What reading on must be expected to gain for every token that is left.
    """

    score: Scorer
    shifts: tuple[Shift, ...]
    price: float = MOST_PER_TOKEN

    @classmethod
    def fit(
        cls,
        score: Scorer,
        score_held_out: HeldOutScorer,
        examples: DocumentFeatures,
        vectors: Sequence[Vectors],
        layout: Layout,
    ) -> "StoppingRule":
        """Learn from the examples what the rest of a document does.

        Parameters
        ----------
        score, score_held_out
            What was learned from them, and from all but the one that is scored.
        examples, vectors
            Their features and vectors.
        layout
            How vectors are read.
        """
        whole = score(examples) if len(examples) else np.empty((0, 0))
        shifts, forgone, left = [], [], []
        for n_windows, rows in _longer(vectors):
            begun = [
                beginning(vectors[row], n_windows, layout.window_pooling)
                for row in rows
            ]
            documents = extract(((one, "") for one in begun), layout)
            documents = documents.with_content_of(examples.take(rows))
            moved = _moved(score(documents), whole[rows])
            unread = np.array([one.n_unread / one.n_tokens for one in begun])
            shifts.append(Shift.of(n_windows, moved**2 / unread))
            # Of examples that are read to their end by now, nothing is forgone.
            gains, n_unread = np.zeros((2, len(examples)))
            held_out = score_held_out(documents, rows)
            gains[rows] = expected_gain(held_out, unread, shifts[-1])
            n_unread[rows] = [one.n_unread for one in begun]
            forgone.append(gains)
            left.append(n_unread)
        if not shifts:
            return cls(score, ())
        return cls(score, tuple(shifts), price_of(np.array(forgone), np.array(left)))

    def goes_on(
        self,
        documents: DocumentFeatures,
        n_windows: Int[np.ndarray, " document"],
        n_read: Int[np.ndarray, " document"],
        n_unread: Int[np.ndarray, " document"],
    ) -> Bool[np.ndarray, " document"]:
        """Tell which documents are to be read on, given how much was read of them.

        Parameters
        ----------
        documents
            What was read of them.
        n_windows, n_read, n_unread
            How many windows that is, how many tokens, and how many are left.
        """
        if not self.shifts:
            return np.ones(len(documents), dtype=bool)
        scores, unread = self.score(documents), n_unread / (n_read + n_unread)
        gains = np.empty(len(documents))
        for one in np.unique(n_windows):
            rows = n_windows == one
            shift = self._after(int(one))
            gains[rows] = expected_gain(scores[rows], unread[rows], shift)
        return np.asarray(gains > self.price * n_unread)

    def lines(self) -> tuple[str, ...]:
        """Tell what was learned, in lines for people."""
        if not self.shifts:
            return ("documents are read whole: the examples are too few or too short",)
        moved = (
            f"after {one.n_windows} of its windows, the rest of an example moves its "
            f"margin by at most {one.deviation:.2f} ({one.n_examples} examples)"
            for one in self.shifts
        )
        points = 100 * PAGE_TOKENS * self.price
        price = (
            "a document is read on while that is expected to gain more than "
            f"{points:.2f} points of accuracy for every {PAGE_TOKENS} tokens left"
        )
        return (*moved, price)

    def _after(self, n_windows: int) -> Shift:
        """Give what the examples tell; of those that are too few, the ones before."""
        return [one for one in self.shifts if one.n_windows <= n_windows][-1]


def expected_gain(
    scores: Float[np.ndarray, "document class"],
    unread: Float[np.ndarray, " document"],
    shift: Shift,
) -> Float[np.ndarray, " document"]:
    """Give how much likelier to be right each document's label would become.

    Parameters
    ----------
    scores
        Of what was read; as logarithms of probabilities, up to a constant.
    unread
        The share of the document that is left.
    shift
        How far the rest moves a margin.

    Returns
    -------
    ndarray
        In [0, 1].

    Examples
    --------
    >>> shift = Shift(1, 1.0, 100)
    >>> scores = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0]])
    >>> expected_gain(scores, np.ones(3), shift).round(3).tolist()
    [0.176, 0.039, 0.0]
    """
    from scipy.special import stdtrit

    ranked = np.sort(log_softmax(scores, axis=1), axis=1)
    margins = ranked[:, -1] - ranked[:, -2]
    of_both = np.exp(ranked[:, -2:]).sum(axis=1)
    steps = shift.deviation * stdtrit(shift.n_examples, _QUANTILES)
    ends = margins[:, None] + np.sqrt(unread)[:, None] * steps
    gains = np.maximum(0.0, np.tanh(-ends / 2)).mean(axis=1)
    return np.asarray(of_both * gains)


def price_of(
    forgone: Float[np.ndarray, "round example"],
    n_unread: Float[np.ndarray, "round example"],
) -> float:
    """Give the greatest price of a token at which examples forgo little on the mean.

    Parameters
    ----------
    forgone
        What stopping after each round would forgo of each example; NaN where that is
        not known.
    n_unread
        How many tokens would be left.

    Examples
    --------
    Two examples of which four and two pages are left: to stop at once would forgo 0.8
    points of both. So one of them has to be read on, the shorter one.

    >>> pages = np.array([[4.0, 2.0]])
    >>> price = price_of(np.array([[0.008, 0.008]]), PAGE_TOKENS * pages)
    >>> round(100 * PAGE_TOKENS * price, 2)
    0.2
    """
    is_known = ~np.isnan(forgone).any(axis=0)
    forgone, n_unread = forgone[:, is_known], n_unread[:, is_known]
    if not forgone.size:
        return MOST_PER_TOKEN
    per_token = forgone / np.maximum(n_unread, 1)
    prices = np.unique(per_token[per_token < MOST_PER_TOKEN])[::-1]
    columns = np.arange(forgone.shape[1])
    for price in (MOST_PER_TOKEN, *prices.tolist()):
        stops = per_token <= price
        first = forgone[stops.argmax(axis=0), columns]
        # who never stops reads to the end, and forgoes nothing
        if np.where(stops.any(axis=0), first, 0.0).mean() <= MOST_FORGONE:
            return float(price)
    return 0.0


def beginning(
    vectors: Vectors, n_windows: int, pooling: WindowPooling = "tokens"
) -> Vectors:
    """Give a document as if only its first windows had been read."""
    windows = vectors.windows[:n_windows]
    layer_means = vectors.layer_means[:n_windows]
    has_spans = len(vectors.span_vectors) > 0
    n_spans = sum(len(one.spans) for one in windows) if has_spans else 0
    n_met = sum(one.n_new_tokens + one.n_missing for one in windows)
    return replace(
        vectors,
        windows=windows,
        layer_means=layer_means,
        document=pool_windows(
            layer_means.mean(axis=1), np.array([w.n_tokens for w in windows]), pooling
        ),
        span_vectors=vectors.span_vectors[:n_spans],
        n_unread=vectors.n_tokens - n_met,
    )


def _longer(
    vectors: Sequence[Vectors],
) -> Iterator[tuple[int, Int[np.ndarray, " example"]]]:
    """Give 1, 2, 4 ... windows, each with the examples that have more."""
    lengths = np.array([len(one.windows) for one in vectors], dtype=np.int64)
    n_windows = 1
    while (lengths > n_windows).sum() >= FEWEST_EXAMPLES:
        yield n_windows, np.flatnonzero(lengths > n_windows)
        n_windows *= 2


def _moved(
    begun: Float[np.ndarray, "example class"],
    whole: Float[np.ndarray, "example class"],
) -> Float[np.ndarray, " example"]:
    """Give how far the margin between the best two labels moved."""
    rows = np.arange(len(begun))
    second, best = begun.argsort(axis=1, kind="stable")[:, -2:].T
    after = whole[rows, best] - whole[rows, second]
    return np.asarray(after - (begun[rows, best] - begun[rows, second]))
