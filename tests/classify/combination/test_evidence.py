"""What examples and names say of each document by itself."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshot.classify.combination.evidence import (
    EvidenceModel,
    correlation,
    names_likelihood,
    spread_of,
)
from longshot.classify.combination.sources import Source
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import CorpusStatistics, View
from longshot.classify.scorers.examples import Examples
from tests.classify.combination.vectors import FLAT, around, documents_of

N_CLASSES = 3
CENTRES = np.random.default_rng(5).normal(size=(N_CLASSES, 8))
CLASSES = np.arange(12) % N_CLASSES
BODY: tuple[View, ...] = ("body",)


def documents(seed: int, classes: np.ndarray = CLASSES) -> DocumentFeatures:
    rows = around(CENTRES, classes, noise=0.7, seed=seed)
    return documents_of(rows, around(CENTRES, classes, noise=0.7, seed=seed + 100))


NAMES = documents_of(around(CENTRES, np.arange(N_CLASSES), noise=0.7, seed=3))
NEW = documents(2)


def fitted(
    examples: Examples,
    names: DocumentFeatures | None,
    views: tuple[View, ...] = ("body", "head"),
) -> EvidenceModel:
    return EvidenceModel.fit(
        examples,
        names,
        statistics=CorpusStatistics.of(examples.features),
        views=views,
        typical=examples.features,
        priors=FLAT,
    )


@cache
def learned() -> EvidenceModel:
    return fitted(Examples(documents(1), CLASSES, N_CLASSES), NAMES)


def times(features: DocumentFeatures, factor: float) -> DocumentFeatures:
    scaled = np.float32(factor)
    return replace(
        features,
        layers=scaled * features.layers,
        head=scaled * features.head,
        spans=tuple(np.float16(factor) * one for one in features.spans),
    )


def test_documents_are_recognised_by_themselves() -> None:
    model = learned()

    log_probabilities = model.log_probabilities(NEW)

    assert CLASSES.tolist() == log_probabilities.argmax(axis=1).tolist()
    assert 1.0 == pytest.approx(np.exp(log_probabilities).sum(axis=1))
    whole = [model.scores(NEW.take(np.array([row])))[0] for row in range(len(NEW))]
    assert model.scores(NEW) == pytest.approx(np.array(whole), abs=1e-5)


def test_a_score_is_the_sum_of_its_weighed_sources() -> None:
    model = learned()
    parts = list(model.weighed_sources(NEW))

    assert len(model.sources) == len(parts)
    assert model.scores(NEW) == pytest.approx(np.sum(parts, axis=0))
    for one in parts:
        assert 0.0 == pytest.approx(one.sum(axis=1), abs=1e-5)


def test_scores_are_measured_in_their_spread_over_typical_documents() -> None:
    examples = Examples(documents(1), CLASSES, N_CLASSES)
    statistics, typical = CorpusStatistics.of(NEW), NEW

    in_pile = EvidenceModel.fit(
        examples,
        NAMES,
        statistics=statistics,
        views=("body", "head"),
        typical=typical,
        is_pile=True,
        priors=FLAT,
    )

    for source in in_pile.sources:
        root = np.sqrt((in_pile.source_scores(source, typical) ** 2).mean())
        assert 1.0 == pytest.approx(root, abs=1e-4), source


@settings(max_examples=4)
@given(st.sampled_from([0.25, 0.5, 2.0, 8.0]))
def test_the_length_of_vectors_changes_nothing(factor: float) -> None:
    """A model's vectors may be of any length; powers of two change no digit."""
    examples = Examples(times(documents(1), factor), CLASSES, N_CLASSES)

    scaled = fitted(examples, times(NAMES, factor)).scores(times(NEW, factor))

    assert learned().scores(NEW) == pytest.approx(scaled, abs=1e-3)


@pytest.mark.parametrize("has_names", [True, False])
def test_a_source_that_says_nothing_adds_nothing(has_names: bool) -> None:
    """Every document has the same head."""
    names = NAMES if has_names else None

    def with_one_head(features: DocumentFeatures) -> DocumentFeatures:
        return replace(features, head=np.ones_like(features.head))

    examples = Examples(with_one_head(documents(1)), CLASSES, N_CLASSES)
    named = None if names is None else with_one_head(names)

    expected = fitted(examples, named, BODY).scores(NEW)
    found = fitted(examples, named, ("body", "head")).scores(with_one_head(NEW))

    assert expected == pytest.approx(found, abs=1e-2)


@settings(max_examples=5)
@given(st.permutations(range(N_CLASSES)))
def test_the_order_of_classes_never_matters(order: list[int]) -> None:
    """But for which examples are left out together, so that each class has one."""
    one_each = documents(1, np.arange(N_CLASSES))

    expected = fitted(Examples(one_each, np.arange(N_CLASSES), N_CLASSES), NAMES)
    examples = Examples(one_each, np.argsort(order), N_CLASSES)
    found = fitted(examples, NAMES.take(np.array(order)))

    assert expected.weights == pytest.approx(found.weights, abs=1e-3)
    assert expected.scores(NEW)[:, order] == pytest.approx(found.scores(NEW), abs=0.01)


def test_left_out_examples_are_scored_as_documents_are() -> None:
    """The examples themselves as documents: what left them out scores them alike."""
    features = documents(1)
    model = learned()

    n_seen = np.zeros(len(CLASSES), dtype=int)
    for fold, scores, of_left_out in model.scores_by_fold(features):
        assert not set(fold.left_out) & set(fold.kept)
        assert scores[fold.left_out] == pytest.approx(of_left_out, abs=1e-4)
        n_seen[fold.left_out] += 1

    assert (n_seen == 1).all()


def test_readings_of_examples_are_scored_without_the_examples_themselves() -> None:
    model, features = learned(), documents(1)
    rows = np.array([7, 0, 3])

    found = model.scores_held_out(features.take(rows), rows)

    assert np.allclose(model.held_out.weighed(model.weights)[rows], found, atol=1e-6)


def test_names_alone_are_weighed_by_the_priors() -> None:
    nothing = documents(1).take(np.zeros(0, dtype=np.int64))
    examples = Examples(nothing, np.zeros(0, dtype=np.int64), N_CLASSES)

    model = EvidenceModel.fit(
        examples,
        NAMES,
        statistics=CorpusStatistics.of(NEW),
        views=("body", "head"),
        typical=NEW,
        priors=FLAT,
    )

    assert {"names"} == {source.kind for source in model.sources}
    assert 1.0 == pytest.approx(model.weights)
    assert 0.0 == model.observed[0]["likelihood"]
    assert [] == list(model.scores_by_fold(NEW))


def test_an_only_example_of_its_class_is_not_held_out() -> None:
    classes = np.array([0, 0, 0, 1, 1, 2])
    examples = Examples(documents(1, classes), classes, N_CLASSES)

    model = fitted(examples, NAMES)

    assert [0, 1, 2, 3, 4] == model.held_out.examples.tolist()
    assert [0, 0, 0, 1, 1] == model.held_out.class_indices.tolist()
    for fold, _, of_left_out in model.scores_by_fold(NEW):
        assert len(fold.left_out) == len(of_left_out)


def test_one_example_of_each_class_is_enough() -> None:
    classes = np.arange(N_CLASSES)
    model = fitted(Examples(documents(1, classes), classes, N_CLASSES), None)

    assert 0 == len(model.held_out.examples)
    assert 1.0 == pytest.approx(model.weights)
    assert classes.tolist() == model.scores(documents(1, classes)).argmax(1).tolist()


def test_what_is_no_source_has_no_weight() -> None:
    model = learned()

    assert 0.0 == model.weight_of(Source("examples", "words"))
    body = Source("examples", "body")
    place = model.sources.index(body)
    expected = model.weights[place] / model.spreads[place]
    assert expected == pytest.approx(model.weight_of(body))


def test_a_spread_by_hand() -> None:
    """Both rows lie one from their mean."""
    assert 1.0 == pytest.approx(spread_of(np.array([[0.0, 2.0], [7.0, 5.0]])))


@pytest.mark.parametrize("shape", [(0, 3), (4, 3)])
def test_what_says_nothing_is_measured_in_one(shape: tuple[int, int]) -> None:
    assert 1.0 == spread_of(np.full(shape, 0.7))


scores = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).normal(size=(3, 5, 4))
)


@given(scores, st.floats(0.01, 100))
def test_a_correlation_lies_within_bounds_and_knows_no_scale(
    several: np.ndarray, factor: float
) -> None:
    one, *others = several

    found = correlation(one, others)

    assert -1 <= found <= 1
    assert found == pytest.approx(correlation(factor * one, others), abs=1e-5)
    assert 1.0 == pytest.approx(correlation(one, [factor * one]), abs=1e-5)
    assert -found == pytest.approx(correlation(-one, others))


def test_names_are_likely_where_they_name_the_examples_and_unlikely_elsewhere() -> None:
    examples = Examples(documents(1), CLASSES, N_CLASSES)
    told = 2 * np.eye(N_CLASSES)[CLASSES][:, None]

    right, wrong = (names_likelihood(one, examples) for one in (told, -told))

    assert -np.pi / 2 < wrong < 0 < right < np.pi / 2
    silent = np.zeros((len(CLASSES), 1, N_CLASSES))
    assert 0.0 == pytest.approx(names_likelihood(silent, examples), abs=1e-9)
    assert 0.0 == names_likelihood(silent[:, :0], examples)
