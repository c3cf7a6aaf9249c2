"""Which documents a person checks: rounds of one document from each stratum.

Strata hold documents of like confidence. Where a stratum ends follows the cumulative
rule of Dalenius and Hodges (1959), "Minimum variance stratification", with the standard
deviation ``sqrt(c * (1 - c))`` that a confidence promises, mixed with equal sizes:
doubtful documents are drawn more often, sure ones often enough that a limit can be
given. How many strata, and how much of each rule, is what promises the highest limit
for the answers asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from longshot.audit.bets import log_growth
from longshot.audit.expectations import LEAST_WRONG, check_confidences, wrong_by
from longshot.errors import SettingError

LEVEL = 0.95

DOUBT = 0.1
"""How far a stratum's expected share of wrong labels is drawn to that of all.

Whatever a classifier is sure of may be wrong for a reason that it does not see. A limit
holds whatever this is; only its width depends on it, and little between 0.05 and 0.5.
"""

_STRATA = (1, 2, 3, 4, 5, 6, 8)
_EVENNESS = (1.0, 0.75, 0.5)
_PLANNED = np.linspace(0.0, 1.0, 401)[1:-1]


@dataclass(frozen=True, kw_only=True, eq=False)
class AuditSample:
    """A random sample, in the order in which it is checked.

    Attributes
    ----------
    strata
        The stratum of each document of the population.
    expected_wrong
        The share of each stratum that is wrong if confidences are right.
    rows
        The documents to check, round by round.
    seed
        Of everything drawn at random.
    """

    strata: Int[np.ndarray, " document"]
    expected_wrong: Float[np.ndarray, " stratum"]
    rows: Int[np.ndarray, " drawn"]
    seed: int

    @property
    def n_documents(self) -> int:
        """How many documents it was drawn from."""
        return len(self.strata)

    @cached_property
    def sizes(self) -> Int[np.ndarray, " stratum"]:
        """How many documents each stratum holds."""
        return np.bincount(self.strata, minlength=len(self.expected_wrong))

    @cached_property
    def rounds(self) -> tuple[Int[np.ndarray, " stratum"], ...]:
        """The rows, round by round: one of each stratum that has any left."""
        sizes, start, found = self.sizes.copy(), 0, []
        while start < len(self.rows):
            n = int((sizes > 0).sum())
            found.append(self.rows[start : start + n])
            sizes[sizes > 0] -= 1
            start += n
        return tuple(found)

    def extended(self, n: int) -> "AuditSample":
        """Go on to `n` documents: those that were drawn stay the first.

        The limits hold for a sample that was made longer because of what was found.
        """
        return replace(self, rows=_ordered(self.strata, n, self.seed))

    def as_dict(self) -> dict[str, Any]:
        """Give what JSON can hold."""
        return {
            "strata": self.strata.tolist(),
            "expected_wrong": self.expected_wrong.tolist(),
            "rows": self.rows.tolist(),
            "seed": self.seed,
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "AuditSample":
        """Take it from what :meth:`as_dict` gave."""
        return cls(
            strata=np.asarray(kept["strata"], dtype=np.int64),
            expected_wrong=np.asarray(kept["expected_wrong"], dtype=np.float64),
            rows=np.asarray(kept["rows"], dtype=np.int64),
            seed=int(kept["seed"]),
        )


def draw_sample(
    confidences: Float[np.ndarray, " document"],
    n: int,
    *,
    seed: int,
    level: float = LEVEL,
) -> AuditSample:
    """Draw the documents that a person checks.

    Parameters
    ----------
    confidences
        In the label of each document that the certificate is to cover. Leave out
        documents that a person has labelled: they are not decided.
    n
        How many answers are asked for; the sample has this number or a few less, so
        that its last round is whole (at least one round; at most all documents).
    seed
        Of everything drawn at random.
    level
        With what probability the limit is to hold.

    Raises
    ------
    SettingError
        If there are no documents, a confidence is no probability, or `n` is below 1.

    Examples
    --------
    >>> sample = draw_sample(np.array([0.9, 0.99, 0.6, 0.7]), 4, seed=0)
    >>> sorted(sample.rows.tolist())
    [0, 1, 2, 3]
    """
    check_confidences(confidences)
    check_level(level)
    if n < 1:
        raise SettingError(
            f"n must be at least 1; got {n}. Ask for one document or more."
        )
    n = min(n, len(confidences))
    best = max(_designs(confidences, n), key=lambda one: _promised(one, n, level))
    wrong, strata = best
    return AuditSample(
        strata=strata,
        expected_wrong=wrong,
        rows=_ordered(strata, n, seed),
        seed=seed,
    )


def planned_limit(sample: AuditSample, *, level: float = LEVEL) -> float:
    """Give the limit that the sample promises, if confidences are right."""
    check_level(level)
    return _promised((sample.expected_wrong, sample.strata), len(sample.rows), level)


def check_level(level: float) -> None:
    """Make sure that a level of confidence is one.

    Raises
    ------
    SettingError
        If it is not above 0 and below 1.
    """
    if not 0.0 < level < 1.0:
        raise SettingError(
            f"level must be above 0 and below 1; got {level}. Give 0.95 for 95 %."
        )


_Design = tuple[Float[np.ndarray, " stratum"], Int[np.ndarray, " document"]]


def _designs(confidences: np.ndarray, n: int) -> list[_Design]:
    """Cut the documents into strata in several ways."""
    order = np.argsort(confidences, kind="stable")
    wrong = wrong_by(confidences)
    spread = np.sqrt(wrong * (1.0 - wrong))[order]
    designs = []
    for n_strata in _STRATA:
        for evenness in _EVENNESS:
            if n_strata > n:
                continue
            weights = evenness + (1.0 - evenness) * spread / spread.mean()
            # the middle of each document's share decides where it falls
            places = (np.cumsum(weights) - 0.5 * weights) / weights.sum()
            cut = np.minimum((places * n_strata).astype(np.int64), n_strata - 1)
            strata = np.empty(len(order), dtype=np.int64)
            strata[order] = np.unique(cut, return_inverse=True)[1]
            designs.append((_means(wrong, strata), strata))
    return designs


def _means(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    return np.asarray(np.bincount(groups, weights=values) / np.bincount(groups))


def _promised(design: _Design, n: int, level: float) -> float:
    """Give the greatest hypothesis that is rejected if expectations are right."""
    wrong, strata = design
    weights = np.bincount(strata) / len(strata)
    growth = log_growth(doubted(wrong, weights), weights, _PLANNED)
    enough = (n // len(weights)) * growth >= -np.log1p(-level)
    return float(_PLANNED[enough].max(initial=0.0))


def doubted(
    wrong: Float[np.ndarray, " stratum"], weights: Float[np.ndarray, " stratum"]
) -> Float[np.ndarray, " stratum"]:
    """Draw expectations a little towards their mean: see :data:`DOUBT`."""
    mixed = (1.0 - DOUBT) * wrong + DOUBT * float(weights @ wrong)
    return np.clip(mixed, LEAST_WRONG, 1.0 - LEAST_WRONG)


def _ordered(strata: np.ndarray, n: int, seed: int) -> np.ndarray:
    """Give at most `n` documents, in whole rounds, at least one round.

    The order within a round is random too, so that it tells nothing of a stratum.
    """
    random = np.random.default_rng((seed, 6))
    members = [
        random.permutation(np.flatnonzero(strata == k)) for k in range(strata.max() + 1)
    ]
    rows: list[int] = []
    for place in range(max(len(one) for one in members)):
        drawn = [int(one[place]) for one in members if place < len(one)]
        if rows and len(rows) + len(drawn) > n:
            break
        rows.extend(random.permutation(drawn).tolist())
    return np.array(rows, dtype=np.int64)
