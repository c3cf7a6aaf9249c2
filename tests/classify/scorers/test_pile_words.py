"""Words of a pile: learned from what its documents seem to be, and believed so far."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from longshot.classify.scorers.pile_words import PileWords
from scipy.special import log_softmax

from longshot.classify import LongshotClassifier
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.extraction import TextFeatures
from longshot.classify.features.lexical import count_words
from longshot.embedder import DocumentEmbedder
from longshot.recipe import Recipe
from tests.fakes import FakeEncoder

N_DOCUMENTS = 240
OWN_WORDS = (
    [f"tenant{n}" for n in range(30)],
    [f"boiler{n}" for n in range(30)],
)
COMMON_WORDS = [f"common{n}" for n in range(40)]


def read(texts: Sequence[str]) -> DocumentFeatures:
    recipe = Recipe(model="fake", window_tokens=16)
    return TextFeatures(DocumentEmbedder(recipe, encoder=FakeEncoder())).of(texts)


def drawn(seed: int = 0, n_own: int = 4) -> tuple[list[str], np.ndarray]:
    """Draw texts of two classes: some words of their own among common ones."""
    random = np.random.default_rng(seed)
    classes = np.arange(N_DOCUMENTS) % 2
    texts = [
        " ".join(
            [
                *random.choice(COMMON_WORDS, 8),
                *random.choice(OWN_WORDS[one], n_own),
            ]
        )
        for one in classes
    ]
    return texts, classes


def judged(classes: np.ndarray, mean_margin: float, seed: int = 1) -> np.ndarray:
    """Give log-probabilities that favour the right class by a margin on the mean."""
    margins = np.random.default_rng(seed).normal(mean_margin, size=len(classes))
    scores = np.eye(2)[classes] * margins[:, None]
    return np.asarray(log_softmax(scores, axis=1))


def n_right(scores: np.ndarray, classes: np.ndarray) -> int:
    return int((scores.argmax(axis=1) == classes).sum())


def test_words_set_right_what_documents_seemed_to_be() -> None:
    texts, classes = drawn()
    pile, alone = read(texts), judged(classes, 0.7)

    words = PileWords.learned(pile, alone)
    scores = words.scores(pile)
    together = words.weighed(1.0, alone, scores).added(alone, scores)

    assert n_right(alone, classes) < 0.8 * N_DOCUMENTS
    assert n_right(scores, classes) > 0.95 * N_DOCUMENTS
    assert n_right(together, classes) > n_right(alone, classes) + 20


def test_words_say_nothing_where_classes_have_none_of_their_own() -> None:
    texts, classes = drawn(n_own=0)
    pile, alone = read(texts), judged(classes, 0.7)

    scores = PileWords.learned(pile, alone).scores(pile)

    assert np.abs(scores).max() < 0.2


def test_no_document_is_judged_by_words_that_it_taught() -> None:
    texts, classes = drawn()
    pile, alone = read(texts), judged(classes, 1.5)
    changed = alone.copy()
    changed[0] = changed[0, ::-1]

    before, after = (PileWords.learned(pile, one) for one in (alone, changed))
    lone = pile.take(np.array([0]))

    expected, found = (
        replace(one, strength=1.0).scores(lone) for one in (before, after)
    )
    assert np.array_equal(expected, found)


def test_copies_of_a_document_are_judged_alike() -> None:
    texts, classes = drawn()
    texts[7] = texts[6]
    pile = read(texts)

    scores = PileWords.learned(pile, judged(classes, 1.5)).scores(pile)

    assert np.array_equal(scores[6], scores[7])


@pytest.mark.parametrize("weight", [0.0, 0.5, 2.0])
def test_words_make_nobody_surer(weight: float) -> None:
    texts, classes = drawn()
    pile, alone = read(texts), judged(classes, 1.0)
    words = PileWords.learned(pile, alone)
    scores = words.scores(pile)

    weighed = words.weighed(weight, alone, scores)
    together = log_softmax(weighed.calm * weighed.added(alone, scores), axis=1)

    surest = [np.exp(one).max(axis=1).mean() for one in (alone, together)]
    assert surest[0] == pytest.approx(surest[1], abs=0.02)
    assert np.exp(together).sum(axis=1) == pytest.approx(1.0)


def test_a_word_of_a_single_document_teaches_nothing() -> None:
    texts, classes = drawn()
    pile, alone = read(texts), judged(classes, 1.5)
    once = read([*texts[:-1], texts[-1] + " hapax"])

    assert PileWords.learned(pile, alone).columns.tolist() == (
        PileWords.learned(once, alone).columns.tolist()
    )


def test_the_commonest_words_are_looked_at_where_classes_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("longshot.classify.scorers.pile_words._MOST_COUNTS", 80)
    texts, classes = drawn()
    pile = read(texts)

    words = PileWords.learned(pile, judged(classes, 1.5))

    assert np.array_equal(
        words.columns, np.unique(count_words([" ".join(COMMON_WORDS)]).indices)
    )


def test_a_pile_without_a_word_is_judged_as_before() -> None:
    pile = read(["12 34", "56 78", "90 12"])
    alone = judged(np.array([0, 1, 0]), 1.0)
    words = PileWords.learned(read(["alpha", "beta", "gamma"]), alone)

    assert words.scores(pile) == pytest.approx(0.0)


def words_weight(texts: list[str], labels: np.ndarray) -> float:
    recipe = Recipe(model="fake", window_tokens=16)
    embedder = DocumentEmbedder(recipe, encoder=FakeEncoder())
    classifier = LongshotClassifier(embedder=embedder, names=False)
    classifier.fit(texts[:2], labels[:2].tolist())
    lines = classifier.classify(texts).report
    start = "what the pile's words say: weight "
    return float(next(line for line in lines if line.startswith(start))[len(start) :])


def test_words_count_less_where_documents_hold_few() -> None:
    texts, classes = drawn(n_own=12)
    shortened = [" ".join(text.split()[-3:]) for text in texts]

    assert 0 < words_weight(shortened, classes) < 0.5 * words_weight(texts, classes)
