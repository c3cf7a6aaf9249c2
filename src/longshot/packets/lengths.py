"""How long documents are, as the examples tell, and what that speaks for.

Whole documents of one kind are of some length: an invoice has a page, a lease a dozen.
That tells a section that is too short to be a document from one that may be one.
"""

from dataclasses import dataclass, replace
from math import lgamma, log, pi

import numpy as np
from jaxtyping import Float, Real

_USUAL_SPREAD = 0.6
_LIKE_EXAMPLES = 4
"""The usual standard deviation of the logarithm of documents' tokens in the sets that
weights are fitted on, and as how many examples it counts beside a person's own. With
0.8, or as two examples, boundaries of sets left out were found within a point alike."""

_FACTORS = {1.0: 0.95, 2.0: 0.04, 4.0: 0.01}
"""By how much all documents of a file may be longer than the examples, and the chance
of it. With factors below 1 contracts fell apart into their chapters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lengths:
    """The distribution of documents' lengths: Student's t, of their logarithm.

    What the next document of a normal distribution is like, of which some are known
    and the variance has an inverse gamma prior (Gelman et al., Bayesian Data Analysis,
    2013, section 3.3).

    Attributes
    ----------
    centre, spread
        The mean of the logarithm of tokens, and its standard deviation.
    degrees
        Of freedom: how well the spread is known.
    mean
        The mean of tokens.
    """

    centre: float
    spread: float
    degrees: float
    mean: float

    @classmethod
    def of(cls, n_tokens: Real[np.ndarray, " example"]) -> "Lengths":
        """Learn from the lengths of whole documents.

        Examples
        --------
        >>> lengths = Lengths.of(np.array([900, 1000, 1100]))
        >>> said = lengths.log_likelier(np.array([100.0, 1000.0, 3000.0]))
        >>> (said > 0).tolist()
        [False, True, False]
        """
        logs = np.log(np.maximum(n_tokens, 1))
        degrees = len(logs) - 1 + _LIKE_EXAMPLES
        squares = len(logs) * logs.var() + _LIKE_EXAMPLES * _USUAL_SPREAD**2
        return cls(
            centre=float(logs.mean()),
            spread=float(np.sqrt(squares / degrees * (1 + 1 / len(logs)))),
            degrees=float(degrees),
            mean=float(max(n_tokens.mean(), 1.0)),
        )

    def log_likelier(
        self, n_tokens: Float[np.ndarray, " length"]
    ) -> Float[np.ndarray, " length"]:
        """Tell how many times likelier lengths are than if any unit could be the last.

        Where a document ends with each unit alike, its length is distributed
        exponentially: that is what a chain without lengths takes for granted.
        """
        logs = np.log(np.maximum(n_tokens, 1.0))
        squares = ((logs - self.centre) / self.spread) ** 2
        tails = -(self.degrees + 1) / 2 * np.log1p(squares / self.degrees)
        exponential = -n_tokens / self.mean - np.log(self.mean)
        return np.asarray(tails - logs + self._log_factor - exponential)

    def in_a_file(self) -> tuple[tuple[float, "Lengths"], ...]:
        """Give what the lengths in one file may be, with the logarithm of each chance.

        All documents of a file may be shorter or longer than the examples: excerpts
        were given, or the file holds a case of long leases.
        """
        return tuple(
            (log(chance), replace(self, centre=self.centre + log(factor)))
            for factor, chance in _FACTORS.items()
        )

    @property
    def _log_factor(self) -> float:
        """The logarithm of what Student's density is multiplied by."""
        half = self.degrees / 2
        return (
            lgamma(half + 0.5)
            - lgamma(half)
            - 0.5 * log(pi * self.degrees)
            - log(self.spread)
        )
