"""Methods for the limit, side by side on piles drawn at random.

Each pile has documents whose log-odds of being right vary with a standard deviation of
2. Confidences fit, are too sure (odds of being wrong 4.5 times as great as said), or
say nothing (they are dealt out to the documents anew).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, expit, gammaln
from scipy.stats import chi2, hypergeom, norm

from benchmarks.output.tables import print_header, print_row
from longshot.audit import audit_result, draw_sample

LEVEL = 0.95
N_STRATA = 5
CELLS = (
    (100, 0.90, "fit", 20),
    (600, 0.90, "fit", 50),
    (600, 0.90, "fit", 100),
    (600, 0.90, "too sure", 100),
    (600, 0.90, "say nothing", 100),
    (600, 0.97, "fit", 100),
    (2_000, 0.80, "fit", 100),
    (2_000, 0.95, "fit", 200),
    (2_000, 0.99, "fit", 200),
    (2_000, 0.999, "fit", 100),
    (20_000, 0.95, "fit", 100),
    (20_000, 0.95, "too sure", 200),
)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A pile, and answers that are asked for."""

    is_right: np.ndarray
    confidences: np.ndarray
    n: int
    random: np.random.Generator

    def simple(self) -> int:
        """Draw a simple random sample, and count the wrong ones."""
        rows = self.random.permutation(len(self.is_right))[: self.n]
        return int((~self.is_right[rows]).sum())

    def stratified(self) -> list[tuple[np.ndarray, int]]:
        """Draw from five strata of one size: rows drawn, and each stratum's size."""
        order = np.argsort(self.confidences, kind="stable")
        strata = np.array_split(order, N_STRATA)
        counts = [len(one) for one in np.array_split(np.arange(self.n), N_STRATA)]
        return [
            (self.random.permutation(one)[:n], len(one))
            for one, n in zip(strata, counts, strict=True)
        ]


def ours(drawn: Drawn) -> float:
    """Bet on rounds of one document from each stratum."""
    seed = int(drawn.random.integers(2**31))
    sample = draw_sample(drawn.confidences, drawn.n, seed=seed)
    right = drawn.is_right[sample.rows]
    return audit_result(sample, ["right" if one else "wrong" for one in right]).limit


def simple_exact(drawn: Drawn) -> float:
    """Invert the hypergeometric distribution (Buonaccorsi 1987)."""
    n_all = len(drawn.is_right)
    return 1.0 - _most_wrong(drawn.simple(), drawn.n, n_all, 1 - LEVEL) / n_all


def bonferroni(drawn: Drawn) -> float:
    """Add exact limits of the strata, each at a fifth of the error."""
    most = sum(
        _most_wrong(int((~drawn.is_right[rows]).sum()), len(rows), n, 0.05 / N_STRATA)
        for rows, n in drawn.stratified()
    )
    return 1.0 - most / len(drawn.is_right)


def fisher(drawn: Drawn) -> float:
    """Combine the strata's p-values by Fisher, over the worst spread of wrong ones.

    Ottoboni, Stark, Lindeman and McBurnett 2018, section 3.
    """
    enough = chi2.ppf(LEVEL, 2 * N_STRATA) / 2
    total = np.zeros(1)
    for rows, n in drawn.stratified():
        wrong = int((~drawn.is_right[rows]).sum())
        p_values = hypergeom.cdf(wrong, n, np.arange(n + 1), len(rows))
        costs = -np.log(np.maximum(p_values, 1e-300))
        costs = costs[: int(np.flatnonzero(costs < enough).max()) + 1]
        summed = np.full(len(total) + len(costs) - 1, np.inf)
        for i, cost in enumerate(costs):
            part = summed[i : i + len(total)]
            np.minimum(part, total + cost, out=part)
        total = summed
    n_wrong = int(np.flatnonzero(total < enough).max())
    return 1.0 - n_wrong / len(drawn.is_right)


def prior_posterior(drawn: Drawn) -> float:
    """Bet by the ratio of prior and posterior on a simple sample, stopping at will.

    Waudby-Smith and Ramdas 2020, "Confidence sequences for sampling without
    replacement", section 2, with a prior that expects a tenth to be wrong.
    """
    n_all, n, wrong = len(drawn.is_right), drawn.n, drawn.simple()
    before, after = 0.5, 4.5
    numbers = np.arange(wrong, n_all - (n - wrong) + 1)
    likelihood = (
        gammaln(numbers + 1)
        - gammaln(numbers - wrong + 1)
        + gammaln(n_all - numbers + 1)
        - gammaln(n_all - numbers - (n - wrong) + 1)
        + gammaln(n_all - n + 1)
        - gammaln(n_all + 1)
    )
    mixed = betaln(before + wrong, after + n - wrong) - betaln(before, after)
    kept = numbers[likelihood > np.log(1 - LEVEL) + mixed]
    return float(1.0 - kept.max() / n_all)


def prediction_powered(drawn: Drawn) -> float:
    """Correct the mean confidence; a normal approximation, which promises nothing.

    Angelopoulos et al. 2023, with strata as Fisch et al. 2024 have it.
    """
    n_all = len(drawn.is_right)
    mean, variance = drawn.confidences.mean(), 0.0
    for rows, n in drawn.stratified():
        off = drawn.is_right[rows] - drawn.confidences[rows]
        mean += n / n_all * off.mean()
        if len(rows) > 1:
            left = 1.0 - len(rows) / n
            variance += (n / n_all) ** 2 * off.var(ddof=1) / len(rows) * left
    return float(mean - norm.ppf(LEVEL) * np.sqrt(variance))


METHODS: dict[str, Callable[[Drawn], float]] = {
    "betting on strata (kept)": ours,
    "prior-posterior ratio": prior_posterior,
    "simple sample, exact": simple_exact,
    "strata, Fisher": fisher,
    "strata, Bonferroni": bonferroni,
    "prediction-powered": prediction_powered,
}


def measure(n_audits: int) -> None:
    """Print, for each pile and method, the distance to the truth and how often held."""
    print_header("documents", "right", "confidences", "answers", *METHODS)
    for n_all, share, kind, n in CELLS:
        cells = []
        found = np.array(
            [
                [_distance(method, n_all, share, kind, n, i) for i in range(n_audits)]
                for method in METHODS.values()
            ]
        )
        for distances in found:
            is_held = distances >= -1e-12
            cells.append(f"{100 * distances.mean():.1f} ({100 * is_held.mean():.0f} %)")
        print_row(f"{n_all:,}", f"{share:.1%}", kind, str(n), *cells)


def _distance(
    method: Callable[[Drawn], float],
    n_all: int,
    share: float,
    kind: str,
    n: int,
    i: int,
) -> float:
    drawn = _pile(n_all, share, kind, n, np.random.default_rng(i))
    return float(drawn.is_right.mean() - method(drawn))


def _pile(
    n_all: int, share: float, kind: str, n: int, random: np.random.Generator
) -> Drawn:
    spread = random.normal(0.0, 2.0, n_all)
    low, high = -10.0, 20.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        is_below = expit(spread + middle).mean() < share
        low, high = (middle, high) if is_below else (low, middle)
    chances = expit(spread + low)
    said = {
        "fit": chances,
        "too sure": expit(spread + low + 1.5),
        "say nothing": random.permutation(chances),
    }[kind]
    return Drawn(random.random(n_all) < chances, said, n, random)


def _most_wrong(wrong: int, n: int, n_all: int, error: float) -> int:
    """Give the greatest number of wrong ones that an exact test does not reject."""
    low, high = wrong, n_all - (n - wrong)
    while low < high:
        middle = (low + high + 1) // 2
        if hypergeom.cdf(wrong, n_all, middle, n) > error:
            low = middle
        else:
            high = middle - 1
    return low
