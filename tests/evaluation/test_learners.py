import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from longshot.classify import LongshotClassifier
from longshot.classify.heads import Head
from longshot.embedder import DocumentEmbedder
from longshot.evaluation.learners import (
    HeadLearner,
    LogisticLearner,
    TfidfLearner,
    standard_learners,
)
from longshot.recipe import Recipe
from tests.fakes import FakeEncoder

TEXTS = [
    "the tenant pays the rent",
    "the landlord lets the flat",
    "a lease of the shop and its yard",
    "the boiler leaks",
    "a crack in the roof of the school",
    "the lift was examined and leaks oil",
]
LABELS = np.array([0, 0, 0, 1, 1, 1])
TRAIN, TEST = np.array([0, 1, 3, 4]), np.array([2, 5])


@pytest.fixture(scope="module")
def embedder() -> DocumentEmbedder:
    return DocumentEmbedder(Recipe(model="fake"), encoder=FakeEncoder())


@pytest.mark.parametrize("head", ["nearest", "prototype"])
def test_head_learner_is_the_classifier(embedder: DocumentEmbedder, head: Head) -> None:
    classifier = LongshotClassifier(head=head, embedder=embedder)
    classifier.fit([TEXTS[i] for i in TRAIN], LABELS[TRAIN])
    learner = HeadLearner(documents=embedder.embed(TEXTS), head=head)

    np.testing.assert_allclose(
        learner(TRAIN, LABELS[TRAIN], TEST),
        classifier.predict_proba([TEXTS[i] for i in TEST]),
        rtol=1e-4,
    )


def test_tfidf_learner_is_scikit_learns_pipeline() -> None:
    pipeline = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000))
    pipeline.fit([TEXTS[i] for i in TRAIN], LABELS[TRAIN])

    np.testing.assert_allclose(
        TfidfLearner(TEXTS)(TRAIN, LABELS[TRAIN], TEST),
        pipeline.predict_proba([TEXTS[i] for i in TEST]),
        rtol=1e-6,
    )


def test_texts_without_words_are_judged_all_the_same() -> None:
    given = TfidfLearner(["!", "?", "...", "-"])(
        np.array([0, 1]), np.array([0, 1]), np.array([2, 3])
    )

    np.testing.assert_allclose(given, 0.5)


def test_logistic_learner_does_not_depend_on_a_common_shift_of_scale(
    embedder: DocumentEmbedder,
) -> None:
    vectors = embedder.embed(TEXTS)

    np.testing.assert_allclose(
        LogisticLearner(documents=vectors)(TRAIN, LABELS[TRAIN], TEST),
        LogisticLearner(documents=7 * vectors)(TRAIN, LABELS[TRAIN], TEST),
        rtol=1e-4,
    )


def test_baselines_stand_beside_the_classifier(embedder: DocumentEmbedder) -> None:
    learners = standard_learners(embedder.embed(TEXTS), TEXTS)

    assert ["longshot", "article", "tf-idf"] == list(learners)
