from copy import copy
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import approx_fprime
from sklearn.base import clone
from sklearn.metrics import f1_score
from sklearn.model_selection import cross_val_predict

from longshot.classify import LongshotClassifier
from longshot.classify.combination.several import HeldOutPairs, SeveralExamples
from longshot.classify.features.extraction import TextFeatures
from longshot.classify.features.views import CorpusStatistics
from longshot.classify.scorers.examples import ExampleScorer
from longshot.classify.scorers.regression import balanced_weights, fit_softmax
from longshot.embedder import DocumentEmbedder
from longshot.errors import ExamplesError, SettingError
from longshot.recipe import Recipe
from tests.classify.combination.vectors import around, documents_of
from tests.fakes import FakeEncoder

TEXTS = [
    "the tenant pays rent",
    "rent is due to the landlord",
    "the boiler leaks and the tenant pays no rent",
    "a crack in the wall was found",
    "members voted and the chair closed",
    "members voted on the leaking boiler",
    "nothing to see here",
]
LABELS = [
    ["lease"],
    ["lease"],
    ["report", "lease"],
    ["report"],
    ["minutes"],
    ["minutes", "report"],
    [],
]
CLASSES = ["lease", "minutes", "report"]
INDICATORS = np.array([[one in labels for one in CLASSES] for labels in LABELS]) * 1
PILE = ["the landlord wants rent", "the wall leaks", "the chair voted", "rent boiler"]


def made(**parameters: Any) -> LongshotClassifier:
    embedder = DocumentEmbedder(
        Recipe(model="fake", window_tokens=4), encoder=FakeEncoder()
    )
    return LongshotClassifier(embedder=embedder, **parameters)


@pytest.fixture(scope="module")
def learned() -> LongshotClassifier:
    """Give a classifier that learned once; what it learned is never altered."""
    return made().fit(TEXTS, LABELS)


@pytest.fixture
def fitted(learned: LongshotClassifier) -> LongshotClassifier:
    """Give a copy, which a test may teach more."""
    return copy(learned)


def test_lists_give_tuples_of_the_labels_that_are_probable_enough(
    fitted: LongshotClassifier,
) -> None:
    sure = fitted.predict_proba(PILE)

    assert CLASSES == fitted.classes_.tolist()
    assert fitted.threshold_ is not None
    assert 0 < fitted.threshold_ < 1
    expected = [
        tuple(c for c, p in zip(CLASSES, row, strict=True) if p >= fitted.threshold_)
        for row in sure
    ]
    assert expected == fitted.predict(PILE).tolist()


def test_what_was_learned_from_is_found_again(fitted: LongshotClassifier) -> None:
    expected = INDICATORS.astype(bool)
    order = fitted.predict_proba(TEXTS)

    assert order[expected].mean() > 2 * order[~expected].mean()


@pytest.mark.parametrize("kind", [tuple, set, frozenset, np.array])
def test_any_kind_of_list_says_the_same(kind: Any, fitted: LongshotClassifier) -> None:
    other = made().fit(TEXTS, [kind(labels) for labels in LABELS])

    assert np.array_equal(fitted.predict_proba(PILE), other.predict_proba(PILE))


def test_indicators_and_lists_give_the_same() -> None:
    """But for names, which columns have none of."""
    lists = made(names=False).fit(TEXTS, LABELS)
    dense = made().fit(TEXTS, INDICATORS)

    assert [0, 1, 2] == dense.classes_.tolist()
    assert lists.predict_proba(PILE) == pytest.approx(
        dense.predict_proba(PILE), abs=1e-5
    )
    found = dense.predict(PILE)
    assert [tuple(np.array(CLASSES)[row == 1]) for row in found] == [
        tuple(one) for one in lists.predict(PILE)
    ]


def test_a_matrix_comes_back_as_it_was_given() -> None:
    dense = made().fit(TEXTS, INDICATORS).predict(PILE)
    thin = made().fit(TEXTS, sparse.csr_matrix(INDICATORS)).predict(PILE)

    assert isinstance(dense, np.ndarray)
    assert sparse.issparse(thin)
    assert np.array_equal(dense, thin.toarray())
    assert (len(PILE), 3) == dense.shape


def test_columns_may_be_described_by_their_number() -> None:
    named = made().fit(TEXTS, INDICATORS, dict(enumerate(CLASSES)))
    lists = made().fit(TEXTS, LABELS)

    assert lists.predict_proba(PILE) == pytest.approx(
        named.predict_proba(PILE), abs=1e-5
    )


def test_a_column_without_examples_is_kept_and_improbable() -> None:
    wide = np.hstack([INDICATORS, np.zeros((len(TEXTS), 1), dtype=int)])

    sure = made().fit(TEXTS, wide).predict_proba(PILE)

    assert (len(PILE), 4) == sure.shape
    assert (sure[:, 3] < sure.max(axis=1)).all()


@cache
def as_they_stand() -> np.ndarray:
    """Give the pile's probabilities by a fit of the examples as they stand."""
    return made().fit(TEXTS, LABELS).predict_proba(PILE)


@settings(max_examples=10)
@given(order=st.permutations(range(len(TEXTS))))
def test_the_order_of_the_examples_never_matters(order: list[int]) -> None:
    other = made().fit([TEXTS[i] for i in order], [LABELS[i][::-1] for i in order])

    assert np.array_equal(as_they_stand(), other.predict_proba(PILE))


def test_adding_and_removing_take_effect_at_once(fitted: LongshotClassifier) -> None:
    before, ids = fitted.predict_proba(PILE), fitted.example_ids_

    fitted.add(["a ferry sank in rain"], [["accident", "weather"]], ids=["new"])
    assert {"accident", "weather"} < set(fitted.classes_)
    fitted.remove(["new"])

    assert ids == fitted.example_ids_
    assert np.array_equal(before, fitted.predict_proba(PILE))


@pytest.mark.parametrize("labels", [LABELS, INDICATORS, sparse.csr_matrix(INDICATORS)])
def test_a_saved_one_decides_bit_by_bit_the_same(labels: Any, tmp_path: Path) -> None:
    classifier = made().fit(TEXTS, labels)

    classifier.save(tmp_path / "saved")
    loaded = LongshotClassifier.load(tmp_path / "saved", embedder=classifier.embedder)

    assert np.array_equal(classifier.predict_proba(PILE), loaded.predict_proba(PILE))
    assert type(classifier.predict(PILE)) is type(loaded.predict(PILE))
    assert classifier.example_ids_ == loaded.example_ids_


def test_clone_and_cross_validation_work_with_a_matrix() -> None:
    texts, matrix = np.array(TEXTS * 2, dtype=object), np.vstack([INDICATORS] * 2)
    texts = np.array([f"{text} {i}" for i, text in enumerate(texts)], dtype=object)

    found = cross_val_predict(clone(made()), texts, matrix, cv=2)

    assert matrix.shape == found.shape
    assert f1_score(matrix, found, average="micro", zero_division=0) > 0.5


def test_score_is_the_share_of_documents_that_are_all_right(
    fitted: LongshotClassifier,
) -> None:
    predicted = fitted.predict(TEXTS)
    right = [set(a) == set(b) for a, b in zip(predicted, LABELS, strict=True)]

    assert np.mean(right) == fitted.score(TEXTS, LABELS)


def test_classify_names_all_labels_that_apply(fitted: LongshotClassifier) -> None:
    expected = fitted.predict(TEXTS)

    for one, labels in zip(fitted.classify(TEXTS), expected, strict=True):
        assert one.labels is not None
        assert set(labels) == set(one.labels)
        assert (one.labels[0] if one.labels else None) == one.label
        ranked = dict(one.alternatives) | ({one.label: 0.0} if one.label else {})
        assert set(CLASSES) == set(ranked)
        assert one.evidence is not None
        assert one.evidence.text in TEXTS or one.n_windows > 1


def test_where_no_label_applies_confidence_is_that_of_none(
    fitted: LongshotClassifier,
) -> None:
    sure = fitted.predict_proba(PILE)
    for row, one in zip(sure, fitted.classify(PILE), strict=True):
        if not one.labels:
            assert one.confidence == pytest.approx(np.prod(1 - row))


def test_each_label_has_its_own_passage(fitted: LongshotClassifier) -> None:
    text = "the tenant pays rent members voted the chair"

    lease, minutes = fitted.explain(text, "lease"), fitted.explain(text, "minutes")

    assert ("lease", "minutes") == (lease.label, minutes.label)
    assert "the tenant pays rent" == lease.text
    assert "members voted the chair" == minutes.text


def test_one_example_of_each_label_is_enough() -> None:
    """Nothing can be held out then; what was learned still applies."""
    texts, labels = ["the rent", "a boiler leaks"], [["lease"], ["report"]]

    classifier = made(names=False).fit(texts, labels)

    assert 0.5 == classifier.threshold_
    assert [("lease",), ("report",)] == classifier.predict(texts).tolist()


def test_the_pile_changes_nothing(fitted: LongshotClassifier) -> None:
    alone = fitted.predict_proba(PILE)

    assert np.array_equal(alone, fitted.predict_proba_pile(PILE))


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ([["a"], "b", *[[]] * 5], "number 1 is 'b'. Put it in a list"),
        ([["a"], ["b", None], *[[]] * 5], "number 1 has None"),
        ([["a"], [1], *[[]] * 5], "all be of one type"),
        ([[True, 1], [0], *[[]] * 5], "all be of one type"),
        ([["a"], [""], *[[]] * 5], "must have a name"),
        ([["a"]] * 7, "two different labels; got only a"),
        ([[]] * 7, "two different labels; got no example"),
        ([["a"], ["b"]], "got 7 texts and 2 labels"),
        (INDICATORS[:3], "got 7 texts and 3 labels"),
        (INDICATORS * 2, "hold zeros and ones; got one of 7 x 3"),
        (np.array([["a", "b"]] * 7), "hold zeros and ones"),
    ],
)
def test_what_is_no_set_of_label_lists_is_an_error(labels: Any, told: str) -> None:
    with pytest.raises(ExamplesError, match=told):
        made().fit(TEXTS, labels)


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (["lease"], "a list of labels for each text"),
        (np.array([[1, 0, 0]]), "a list of labels for each text"),
    ],
)
def test_labels_are_added_in_the_form_of_those_before(
    fitted: LongshotClassifier, labels: Any, told: str
) -> None:
    with pytest.raises(ExamplesError, match=told):
        fitted.add(["a ferry"], labels)


def test_settings_for_one_label_are_told_to_be_such(fitted: LongshotClassifier) -> None:
    with pytest.raises(SettingError, match="head must be views"):
        made(head="nearest").fit(TEXTS, LABELS)
    with pytest.raises(SettingError, match="level cannot be used"):
        fitted.predict(PILE, level=1)
    with pytest.raises(SettingError, match="unknown cannot be used"):
        made(unknown=0.1).fit(TEXTS, LABELS)


def test_a_wide_label_is_not_held_down_for_its_many_examples() -> None:
    """A domain has the examples of all its intents; its score is what they teach."""
    intents = np.repeat([0, 1, 2, 3], 4)
    rows = around(2 * np.eye(4, 16), intents, noise=0.3, seed=1)
    domains = np.stack([intents < 2, intents >= 2], axis=1)
    members = np.hstack([domains, intents[:, None] == np.arange(4)])
    examples = SeveralExamples(documents_of(rows), members)
    statistics = CorpusStatistics.of(examples.features)
    scorer = ExampleScorer.of("body", examples, None, statistics)

    found = scorer.learn(np.arange(len(intents)), 200)

    weights = balanced_weights(examples.targets)
    expected = fit_softmax(scorer.rows, examples.targets, weights, max_rounds=200)
    assert expected.logits(scorer.rows) == pytest.approx(
        found.logits(scorer.rows), abs=1e-4
    )


def test_folds_spread_every_class() -> None:
    random = np.random.default_rng(0)
    members = random.random((40, 5)) < 0.3
    embedder = made().embedder
    assert embedder is not None
    texts = [f"text {number}" for number in range(40)]
    features = TextFeatures(embedder).of(texts)
    examples = SeveralExamples(features, members)

    parts = list(examples.folds(4))

    assert sorted(range(40)) == sorted(np.concatenate([out for _, out in parts]))
    counts = np.array([members[out].sum(axis=0) for _, out in parts])
    assert (counts.max(axis=0) - counts.min(axis=0) <= 2).all()


def test_the_weights_are_where_the_loss_is_flat() -> None:
    """Against a numerical derivative of the loss written out anew."""
    random = np.random.default_rng(3)
    members = random.random((30, 4)) < 0.4
    scores = (members * 2.0 + random.normal(size=(30, 4)))[:, None]
    pairs = HeldOutPairs(
        scores=scores, is_judged=np.ones((30, 4), dtype=bool), members=members
    )
    weights, offsets = pairs.fitted(np.array([0.0]), ["examples"])

    def surprise(terms: np.ndarray) -> float:
        odds = scores[:, 0] * terms[0] + terms[1] + terms[2:]
        signed = np.where(members, odds, -odds)
        # one weight is the sum of three terms of precision 2: they act as 2/3 together
        prior = np.log(terms[0]) ** 2 / (1 / 2 + 1 / 2 + 1 / 2) / 2
        held = 0.05 * terms[1] ** 2 / 2 + (terms[2:] ** 2).sum()
        return float(np.log1p(np.exp(-signed)).sum() + prior + held)

    shared = 2.0 * offsets.sum() / (0.05 + 2.0 * len(offsets))
    found = np.concatenate([weights, [shared], offsets - shared])
    slopes = approx_fprime(found, surprise, 1e-6)
    assert np.zeros(len(found)) == pytest.approx(slopes, abs=0.02)
