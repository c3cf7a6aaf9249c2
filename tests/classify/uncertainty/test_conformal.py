"""Sets of labels that hold the true one with the confidence that was asked for."""

import numpy as np
import pytest

from longshot.classify import LongshotClassifier
from longshot.classify.models.fitting import Head
from longshot.classify.uncertainty.conformal import (
    ConformalFold,
    LabelPValues,
    n_needed,
)
from longshot.embedder import DocumentEmbedder
from longshot.errors import SettingError
from longshot.recipe import Recipe
from tests.classify.uncertainty.test_novelty import OTHER, WORDS, texts
from tests.fakes import FakeEncoder


def made(n_examples: int = 24, head: Head = "views") -> LongshotClassifier:
    embedder = DocumentEmbedder(Recipe(model="fake"), encoder=FakeEncoder())
    examples = [
        (text, label)
        for label, words in WORDS.items()
        for text in texts(words + OTHER, n_examples // 2, seed=len(label))
    ]
    classifier = LongshotClassifier(head=head, embedder=embedder)
    return classifier.fit(*map(list, zip(*examples, strict=True)))


def test_a_p_value_is_the_share_of_held_out_examples_that_are_stranger() -> None:
    """Of four surprises two are above 2.5; the document counts by its draw."""
    known = np.array([1.0, 2.0, 3.0, 4.0])
    found = LabelPValues.of(
        [ConformalFold(known, np.array([[2.5, 9.0]]))],
        draws=np.array([0.5]),
        n_classes=2,
    )

    np.testing.assert_allclose(found.values, [[2.5 / 5, 0.5 / 5]])
    assert 4 == found.n_held_out


@pytest.mark.parametrize(
    ("n_examples", "confidence", "has_ties"),
    [(9, 0.9, False), (16, 0.9, True), (40, 0.8, False)],
)
def test_coverage_is_as_asked_for_whatever_the_number_of_examples(
    n_examples: int, confidence: float, has_ties: bool
) -> None:
    """Example and documents alike: the mean over many of both is the confidence."""
    random = np.random.default_rng(n_examples)
    covered = []
    for _ in range(1000):
        known = random.exponential(size=n_examples)
        found = random.exponential(size=(20, 1))
        if has_ties:
            known, found = known.round(1), found.round(1)
        p_values = LabelPValues.of([ConformalFold(known, found)], random.random(20), 1)
        covered.append(p_values.is_in_set(confidence).mean())

    assert confidence == pytest.approx(np.mean(covered), abs=0.025)


def test_sets_hold_the_true_label_about_as_often_as_asked_for() -> None:
    truth = np.repeat(list(WORDS), 150)
    pile = [
        text for words in WORDS.values() for text in texts(words + OTHER, 150, seed=9)
    ]
    sets = made(60).predict_set(pile, confidence=0.8)

    covered = np.mean([label in one for label, one in zip(truth, sets, strict=True)])
    assert 0.7 <= covered <= 0.9


def test_more_confidence_never_takes_a_label_away() -> None:
    classifier, pile = made(), texts(WORDS["lease"], 20, seed=2)
    smaller, larger = (
        classifier.predict_set(pile, confidence=share) for share in (0.7, 0.9)
    )

    assert all(set(a) <= set(b) for a, b in zip(smaller, larger, strict=True))


@pytest.mark.parametrize("together", [False, True])
def test_predictions_hold_the_sets_best_label_first(together: bool) -> None:
    classifier, pile = made(), texts([*WORDS["lease"], *OTHER], 12, seed=3)

    predictions = classifier.classify(pile, pile=together, confidence=0.9)

    sets = classifier.predict_set(pile, confidence=0.9, pile=together)
    assert [set(one) for one in sets] == [set(p.label_set or ()) for p in predictions]
    for one in predictions:
        ranked = [one.label, *(label for label, _ in one.alternatives)]
        assert one.label_set is not None
        assert list(one.label_set) == [r for r in ranked if r in one.label_set]


def test_the_same_document_gets_the_same_set_whatever_stands_beside_it() -> None:
    classifier, pile = made(), texts([*WORDS["lease"], *OTHER], 12, seed=3)

    sets = classifier.predict_set(pile)

    assert sets[::-1] == classifier.predict_set(pile[::-1])
    assert sets[:1] == classifier.predict_set(pile[:1])


def test_without_being_asked_there_is_no_set() -> None:
    (one,) = made().classify(["rent"])

    assert one.label_set is None


def test_too_few_examples_leave_no_label_out() -> None:
    assert [("lease", "report")] == made(8).predict_set(["rent"], confidence=0.9)
    assert (8, 9) == (len(made(8).support_), n_needed(0.9))


@pytest.mark.parametrize("head", ["nearest", "prototype"])
def test_the_article_s_heads_give_sets_too(head: Head) -> None:
    (one,) = made(head=head).predict_set(["tenant landlord rent"], confidence=0.9)

    assert set(one) <= {"lease", "report"}


@pytest.mark.parametrize("confidence", [0.0, 1.0, 90.0])
def test_a_confidence_outside_of_its_bounds_is_told(confidence: float) -> None:
    with pytest.raises(SettingError, match=r"confidence must be between 0 and 1.* got"):
        made().predict_set(["rent"], confidence=confidence)
    with pytest.raises(SettingError, match="confidence must be between 0 and 1"):
        made().classify(["rent"], confidence=confidence)
