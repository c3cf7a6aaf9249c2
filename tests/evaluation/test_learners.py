import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from longshot.classify import LongshotClassifier
from longshot.embedder import DocumentEmbedder
from longshot.evaluation.learners import (
    ClassifierLearner,
    LogisticLearner,
    TfidfLearner,
    longshot_learner,
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
def test_a_head_s_learner_is_the_classifier(
    embedder: DocumentEmbedder, head: str
) -> None:
    labels = [str(label) for label in LABELS]
    classifier = LongshotClassifier(head=head, embedder=embedder)  # type: ignore[arg-type]
    learner = ClassifierLearner(
        classifier=LongshotClassifier(head=head, embedder=embedder),  # type: ignore[arg-type]
        documents=classifier.features(TEXTS),
        labels=labels,
    )
    classifier.fit([TEXTS[i] for i in TRAIN], [labels[i] for i in TRAIN])

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
    features = LongshotClassifier(embedder=embedder).features(TEXTS)
    labels = [f"class {label}" for label in LABELS]

    learners = standard_learners(features, labels, TEXTS, embedder)

    assert ["longshot", "article", "tf-idf"] == list(learners)
    together = standard_learners(features, labels, TEXTS, embedder, pile=True)
    ours = ["longshot, with the pile", "longshot, each alone"]
    assert [*ours, "article", "tf-idf"] == list(together)


@pytest.mark.parametrize("described", [True, False])
@pytest.mark.parametrize("pile", [True, False])
@pytest.mark.parametrize("names", [True, False])
def test_longshot_s_learner_is_the_classifier_with_its_descriptions(
    embedder: DocumentEmbedder, names: bool, pile: bool, described: bool
) -> None:
    features = LongshotClassifier(embedder=embedder).features(TEXTS)
    given = LABELS.tolist() if not names else [f"class {label}x" for label in LABELS]
    labels = [str(label) for label in given]
    train = [TEXTS[row] for row in TRAIN]
    classifier = LongshotClassifier(embedder=embedder)
    told = {label: f"about {label} and rent" for label in labels if described}
    classifier.fit(train, [labels[row] for row in TRAIN], told)

    learner = longshot_learner(features, labels, embedder, told, pile=pile)

    judge = classifier.predict_proba_pile if pile else classifier.predict_proba
    np.testing.assert_allclose(
        judge([TEXTS[row] for row in TEST]),
        learner(TRAIN, LABELS[TRAIN], TEST),
        atol=1e-4,
    )
