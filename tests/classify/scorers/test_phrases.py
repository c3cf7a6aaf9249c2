"""Words and phrases that speak for a label, or against it."""

import numpy as np

from longshot import DocumentEmbedder, LongshotClassifier, Recipe
from longshot.classify import DocumentFeatures
from longshot.classify.scorers.phrases import PhraseScorer
from tests.fakes import FakeEncoder

CLASSES = ["lease", "report"]


def features(*texts: str) -> DocumentFeatures:
    embedder = DocumentEmbedder(Recipe(model="fake"), encoder=FakeEncoder())
    return LongshotClassifier(embedder=embedder).features(list(texts))


def scorer(**speaks: dict[str, list[str]]) -> PhraseScorer:
    found = PhraseScorer.of(CLASSES, speaks.get("for_", {}), speaks.get("against", {}))
    assert found is not None
    return found


def test_phrases_count_for_and_against() -> None:
    phrases = scorer(
        for_={"lease": ["rent arrears", "tenant"]}, against={"report": ["tenant"]}
    )
    documents = features("The tenant has rent arrears.", "The rent.", "A tenant.")
    assert [[2, -1], [0, 0], [1, -1]] == phrases.counts(documents).tolist()


def test_a_phrase_moves_what_is_likely() -> None:
    phrases = scorer(for_={"report": ["roof"]})
    found = phrases.added_to(np.full((2, 2), 0.5), features("The roof.", "The rent."))
    assert np.allclose([0.5, 0.5], found[1])
    assert np.isclose(np.e / (1 + np.e), found[0, 1])


def test_labels_that_contradict_phrases_silence_them() -> None:
    phrases = scorer(for_={"lease": ["rent"], "report": ["roof"]})
    documents = features(*["The rent."] * 10, *["The roof."] * 10)
    right = np.repeat([0, 1], 10)
    assert phrases.fitted(documents, right).weight > 1.0
    assert phrases.fitted(documents, 1 - right).weight < 0.1
    assert phrases.fitted(documents.take(np.arange(0)), right[:0]).weight == 1.0


def test_words_that_tell_nothing_are_no_phrases() -> None:
    assert PhraseScorer.of(CLASSES, {"lease": ["of the", ""]}, {}) is None
    assert PhraseScorer.of(CLASSES, {"other": ["rent"]}, {}) is None
