"""What the fit of the pile's priors finds in cases whose answer is known."""

import numpy as np
import pytest
from scipy.special import log_softmax

from benchmarks.suite.fit import PILE, Case, fit_pile
from longshot.classify.combination.pile import SOURCES
from longshot.classify.combination.sources import PRIORS, read_priors

N_DOCUMENTS, N_CLASSES = 60, 3
MIXTURE = SOURCES.index("mixture")


def case(name: str, share_right: float, *, sure: float = 1.0, seed: int = 0) -> Case:
    """Give documents that the mixture labels right to this share, and others half."""
    random = np.random.default_rng(seed)
    truth = random.integers(N_CLASSES, size=N_DOCUMENTS)
    scores = np.zeros((N_DOCUMENTS, len(SOURCES), N_CLASSES))
    for place in range(len(SOURCES)):
        right = share_right if place == MIXTURE else 0.5
        wrong = random.permutation(N_DOCUMENTS) >= round(right * N_DOCUMENTS)
        said = (truth + wrong * random.integers(1, N_CLASSES, N_DOCUMENTS)) % N_CLASSES
        scores[np.arange(N_DOCUMENTS), place, said] = sure if place == MIXTURE else 1.0
    observed = np.zeros((len(SOURCES), len(PILE)))
    observed[:, 0] = 1.0
    return Case(
        source=name,
        set_name=name,
        scores=scores - scores.mean(axis=2, keepdims=True),
        truth=truth,
        observed=observed,
    )


def weights(rows: np.ndarray) -> np.ndarray:
    return np.asarray(np.exp(rows[:, 0]))


def surprise(cases: list[Case], rows: np.ndarray, factor: float = 1.0) -> float:
    losses = []
    for one in cases:
        weighed = np.einsum("dfc,f->dc", one.scores, factor * weights(rows))
        fitted = log_softmax(weighed, axis=1)
        losses.append(-fitted[np.arange(N_DOCUMENTS), one.truth].mean())
    return float(np.mean(losses))


def test_the_mixture_counts_most_where_it_is_right() -> None:
    rows = fit_pile([case("a", 0.95), case("b", 0.9, seed=1)])

    assert weights(rows).argmax() == MIXTURE


def test_a_pile_that_misleads_in_one_set_is_still_heard_in_the_others() -> None:
    clear = [case(name, 0.95, seed=seed) for seed, name in enumerate("abc")]
    one_misled = [*clear, case("tone", 0.2, sure=3.0, seed=9)]

    trusted, still = (weights(fit_pile(cases)) for cases in (clear, one_misled))

    assert still[MIXTURE] < trusted[MIXTURE]
    assert still.argmax() == MIXTURE


def test_how_sure_to_be_is_what_makes_the_truth_likeliest() -> None:
    cases = [case("a", 0.9), case("b", 0.6, seed=1), case("c", 0.8, seed=2)]
    rows = fit_pile(cases)

    for factor in (0.8, 1.25):
        assert surprise(cases, rows) < surprise(cases, rows, factor)


def test_the_shipped_file_has_what_the_fit_observes() -> None:
    assert tuple(PILE) == read_priors(PRIORS, "pile").observables
    assert pytest.approx(10.0) == read_priors(PRIORS, "pile").precision
