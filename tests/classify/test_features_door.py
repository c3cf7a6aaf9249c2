"""The second door: from features to decisions, as from texts."""

from pathlib import Path

import numpy as np
import pytest

from longshot.classify import LongshotClassifier
from longshot.embedder import DocumentEmbedder
from longshot.errors import ExamplesError

TEXTS = [
    "the tenant pays rent to the landlord",
    "rent is due to the landlord of the house each month",
    "the boiler leaks and the roof leaks",
    "a crack in the wall and a leak were found by the surveyor",
]
LABELS = ["lease", "lease", "report", "report"]
SEVERAL = [["lease"], ["lease", "report"], ["report"], []]
PILE = ["the landlord wants rent", "the wall leaks", "rent for the boiler house is due"]
MEANINGS = {"lease": "rent and landlords", "letter": None}


@pytest.mark.parametrize("pile", [True, False])
@pytest.mark.parametrize("head", ["views", "nearest"])
def test_both_doors_lead_to_the_same_decisions(
    embedder: DocumentEmbedder, head: str, pile: bool
) -> None:
    told = MEANINGS if head == "views" else None
    settings = {"head": head, "embedder": embedder}
    texts = LongshotClassifier(**settings).fit(TEXTS, LABELS, told)  # type: ignore[arg-type]
    other = LongshotClassifier(**settings)  # type: ignore[arg-type]
    other.fit_features(other.features(TEXTS), LABELS, told)

    found = other.classify_features(other.features(PILE), pile=pile, confidence=0.5)

    predictions = texts.classify(PILE, pile=pile, confidence=0.5)
    assert [one.label for one in predictions] == found.labels.tolist()
    judge = texts.predict_proba_pile if pile else texts.predict_proba
    np.testing.assert_allclose(judge(PILE), found.probabilities, atol=1e-6)
    assert found.is_in_set is not None
    sets = [set(one.label_set or ()) for one in predictions]
    assert sets == [set(found.classes[row].tolist()) for row in found.is_in_set]
    assert predictions.report == found.report


def test_several_labels_come_in_the_form_of_the_examples(
    classifier: LongshotClassifier,
) -> None:
    features = classifier.features(TEXTS)

    found = classifier.fit_features(features, SEVERAL).classify_features(features)

    assert all(isinstance(labels, tuple) for labels in found.labels)
    assert found.is_in_set is None


def test_without_texts_there_is_no_evidence(classifier: LongshotClassifier) -> None:
    classifier.fit_features(classifier.features(TEXTS), LABELS)

    assert all(one.evidence is None for one in classifier.classify(PILE))
    with pytest.raises(ExamplesError, match="examples must have texts"):
        classifier.explain(PILE[0])


def test_what_was_fitted_from_features_is_saved_and_grows(
    classifier: LongshotClassifier, tmp_path: Path
) -> None:
    classifier.fit_features(classifier.features(TEXTS), LABELS, MEANINGS)
    classifier.save(tmp_path / "saved")

    copy = LongshotClassifier.load(tmp_path / "saved", embedder=classifier.embedder)

    expected = classifier.predict_proba(PILE)
    assert np.array_equal(expected, copy.predict_proba(PILE))
    grown = copy.add(["the ferry sank"], ["accident"])
    assert "accident" in grown.classes_


def test_no_document_gives_no_features(classifier: LongshotClassifier) -> None:
    assert 0 == len(classifier.features([]))


def test_features_and_labels_must_be_as_many(classifier: LongshotClassifier) -> None:
    with pytest.raises(ExamplesError, match="got 4 features and 1 labels"):
        classifier.fit_features(classifier.features(TEXTS), ["lease"])


def test_the_same_content_counts_once(classifier: LongshotClassifier) -> None:
    features = classifier.features([*TEXTS, TEXTS[0]])

    classifier.fit_features(features, [*LABELS, LABELS[0]])

    assert len(TEXTS) == len(classifier.support_)


def test_the_vectors_of_each_document_are_told_once(
    classifier: LongshotClassifier,
) -> None:
    told: list[str] = []
    classifier.fit(TEXTS, LABELS)

    classifier.classify(PILE, on_vectors=lambda one: told.append(one.document_id))

    assert ["0", "1", "2"] == told
