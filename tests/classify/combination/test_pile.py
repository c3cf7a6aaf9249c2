"""The pile: its shape is worth what can be seen of it, and what examples say of it."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from longshot.classify.combination.evidence import EvidenceModel
from longshot.classify.combination.pile import (
    SOURCES,
    ByItself,
    PileModel,
    by_itself,
    kappa,
)
from longshot.classify.combination.sources import Priors, fitted_priors
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import CorpusStatistics
from longshot.classify.scorers.examples import Examples
from tests.classify.combination.vectors import FLAT, around, documents_of

CENTRES = 2 * np.eye(2, 16)
TRUTH = np.repeat([0, 1], [90, 30])
SHOWN = np.repeat([0, 1], 4)
ALL_ALIKE = Priors(
    observables=("one",),
    coefficients={source: np.zeros(1) for source in SOURCES},
    precision=10.0,
)
CLEAR = documents_of(around(CENTRES, TRUTH, noise=0.3, seed=0))
SHAPELESS = documents_of(around(np.zeros((2, 16)), TRUTH, noise=1.0, seed=0))


def shown(classes: np.ndarray = SHOWN) -> Examples:
    return Examples(
        documents_of(around(CENTRES, classes, noise=0.3, seed=9)), classes, 2
    )


def of_examples(examples: Examples, corpus: DocumentFeatures) -> EvidenceModel:
    return EvidenceModel.fit(
        examples,
        None,
        statistics=CorpusStatistics.of(corpus),
        views=("body",),
        typical=corpus,
        priors=FLAT,
    )


def mistaken(margin: float, seed: int = 1) -> ByItself:
    """Give scores that favour the right class by a margin on the mean."""
    margins = np.random.default_rng(seed).normal(margin, size=len(TRUTH))
    scores = np.eye(2)[TRUTH] * margins[:, None]
    return np.stack([scores, scores])


def n_right(scores: np.ndarray) -> int:
    return int((scores.argmax(axis=1) == TRUTH).sum())


def before_held_out(n_shots: int, n_other: int | None = None) -> np.ndarray:
    """Give a pile's weights, all alike at first, beside so many examples of each class.

    None of them is held out.
    """
    of_other = n_shots if n_other is None else n_other
    examples = shown(np.repeat([0, 1], [n_shots, of_other]))
    none_held_out = of_examples(shown(np.array([0, 1])), CLEAR)
    fitted = PileModel.fit(
        none_held_out, none_held_out, examples, CLEAR, mistaken(0.7), ALL_ALIKE
    )
    return fitted.weights


def test_a_class_with_few_examples_leaves_more_to_the_pile() -> None:
    even, uneven = before_held_out(4), before_held_out(1, 7)

    assert np.all(uneven[1:] > even[1:])


@cache
def of_pile(*, clear: bool, priors: Priors | None = ALL_ALIKE) -> PileModel:
    pile, examples = CLEAR if clear else SHAPELESS, shown()
    model = of_examples(examples, pile)
    return PileModel.fit(model, model, examples, pile, mistaken(0.7), priors)


def test_two_clear_clusters_correct_what_is_wrong_alone() -> None:
    alone = mistaken(0.7)

    found = of_pile(clear=True).log_probabilities(CLEAR, alone)

    assert n_right(alone[1]) < 0.8 * len(TRUTH)
    assert n_right(found) > 0.9 * len(TRUTH)
    assert 1.0 == pytest.approx(np.exp(found).sum(axis=1))


def test_with_the_fitted_priors_clear_clusters_help_and_no_shape_does_no_harm() -> None:
    alone = mistaken(1.0)
    examples = shown()
    right = {}
    for name, pile in (("clear", CLEAR), ("shapeless", SHAPELESS)):
        model = of_examples(examples, pile)
        fitted = PileModel.fit(model, model, examples, pile, alone)
        right[name] = n_right(fitted.log_probabilities(pile, alone))

    assert right["clear"] > n_right(alone[1]) + 5
    assert right["shapeless"] > n_right(alone[1]) - 10


def test_the_shape_of_a_pile_can_be_seen_without_a_label() -> None:
    clear, shapeless = (of_pile(clear=one).observed for one in (True, False))

    assert clear["agreement"] > shapeless["agreement"]
    assert clear["coherence"] > shapeless["coherence"] + 0.2
    assert 1.0 == pytest.approx(clear["ways"])
    assert clear["stability"] > shapeless["stability"] + 0.2
    assert np.log(len(TRUTH) / 2) == pytest.approx(clear["size"])
    assert set(fitted_priors("pile").observables) <= set(clear)


def test_held_out_examples_raise_what_is_right_and_lower_what_is_wrong() -> None:
    """The mixture finds the clusters; what is said alone contradicts the labels."""
    examples = shown()
    model = of_examples(examples, CLEAR)
    wrong = model.held_out.scores.copy()
    wrong[:] = -wrong
    of_alone = EvidenceModel(
        **{
            **{name: getattr(model, name) for name in model.__slots__},
            "held_out": type(model.held_out)(
                examples=model.held_out.examples,
                class_indices=model.held_out.class_indices,
                scores=wrong,
            ),
        }
    )
    fitted = PileModel.fit(of_alone, model, examples, CLEAR, mistaken(3.0), ALL_ALIKE)

    expected = dict(zip(SOURCES, before_held_out(4), strict=True))
    weights = dict(zip(SOURCES, fitted.weights, strict=True))
    assert weights["alone"] < 0.8 * expected["alone"]
    assert weights["centred"] > 1.2 * expected["centred"]
    assert weights["mixture"] > 1.2 * expected["mixture"]


def test_examples_are_held_out_among_the_pile() -> None:
    fitted = of_pile(clear=True)

    assert fitted.held_out is not None
    assert (len(SOURCES), len(SHOWN), 2) == fitted.held_out.shape
    mixture = fitted.held_out[SOURCES.index("mixture")]
    assert SHOWN.tolist() == mixture.argmax(axis=1).tolist()


def test_without_examples_to_hold_out_the_weights_are_the_priors() -> None:
    examples = shown(np.array([0, 1]))
    model = of_examples(examples, CLEAR)

    fitted = PileModel.fit(model, model, examples, CLEAR, mistaken(0.7), ALL_ALIKE)

    assert before_held_out(1) == pytest.approx(fitted.weights)
    assert 0.0 == fitted.observed["likelihood"]


def test_with_many_examples_little_is_left_for_the_pile_to_say() -> None:
    alone, few, many = before_held_out(0), before_held_out(4), before_held_out(16)

    assert 1.0 == pytest.approx(alone)
    assert [1.0, 0.5, 0.5, 0.5] == pytest.approx(few)
    assert [1.0, 1 / 17, 1 / 17, 1 / 17] == pytest.approx(many)


def test_sources_that_are_not_trusted_say_nothing() -> None:
    examples, alone = shown(), mistaken(0.7)
    model = of_examples(examples, CLEAR)

    def trusting(*weights: float) -> np.ndarray:
        given = np.array(weights)
        one = PileModel.trusting(model, model, examples, CLEAR, alone, given)
        return one.log_probabilities(CLEAR, alone)

    expected = alone[1] - np.logaddexp.reduce(alone[1], axis=1, keepdims=True)
    assert expected == pytest.approx(trusting(0.0, 1.0, 0.0, 0.0))
    assert np.log(0.5) == pytest.approx(trusting(0.0, 0.0, 0.0, 0.0))


def test_a_part_of_the_pile_is_decided_as_in_the_whole() -> None:
    fitted, alone = of_pile(clear=True), mistaken(0.7)
    rows = np.arange(0, len(TRUTH), 3)

    expected = fitted.log_probabilities(CLEAR, alone)[rows]
    found = fitted.log_probabilities(CLEAR.take(rows), alone[:, rows])

    assert expected == pytest.approx(found, abs=1e-5)


def test_the_order_of_the_pile_never_matters() -> None:
    examples, alone = shown(), mistaken(0.7)
    order = np.random.default_rng(3).permutation(len(TRUTH))
    model = of_examples(examples, CLEAR)
    turned = CLEAR.take(order)

    fitted = PileModel.fit(model, model, examples, turned, alone[:, order], ALL_ALIKE)
    found = fitted.log_probabilities(turned, alone[:, order])

    expected = of_pile(clear=True).log_probabilities(CLEAR, alone)
    assert expected[order] == pytest.approx(found, abs=1e-3)


def test_every_source_is_zero_on_the_mean() -> None:
    found = of_pile(clear=True).source_scores(CLEAR, mistaken(0.7))

    assert (len(SOURCES), len(TRUTH), 2) == found.shape
    assert 0.0 == pytest.approx(found.sum(axis=2), abs=1e-5)


def test_what_is_said_of_documents_comes_alone_and_centred() -> None:
    examples = shown()
    alone, centred = (of_examples(examples, one) for one in (examples.features, CLEAR))

    found = by_itself(alone, centred, CLEAR)

    assert found[0] == pytest.approx(alone.scores(CLEAR))
    assert found[1] == pytest.approx(centred.scores(CLEAR))


def test_how_far_the_pile_was_trusted_is_told() -> None:
    weights, shape = of_pile(clear=True).lines()

    assert all(f"{source} " in weights for source in SOURCES)
    assert shape.startswith("what documents say alone agrees, beyond chance, with")


def test_kappa_by_hand() -> None:
    """Three of four alike where two would be by chance."""
    one, other = np.eye(2)[[0, 0, 1, 1]], np.eye(2)[[0, 0, 1, 0]]

    assert 0.5 == kappa(one, other)


@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_kappa_is_cohens_where_classes_are_as_large(seed: int, n_classes: int) -> None:
    random = np.random.default_rng(seed)
    one = random.permutation(np.repeat(np.arange(n_classes), 4))
    other = random.integers(n_classes, size=len(one))

    expected = cohen_kappa_score(one, other)

    found = kappa(np.eye(n_classes)[one], np.eye(n_classes)[other])
    assert expected == pytest.approx(found)
