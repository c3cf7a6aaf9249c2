"""A pile learned from in parts is judged as one that memory holds."""

import numpy as np
import pytest

from longshot.classify import Classifier, DocumentFeatures
from longshot.classify.models import pile_in_parts, views
from longshot.classify.models.pile_in_parts import (
    AmongPile,
    MeasuredPart,
    PileInParts,
    PilePoints,
)
from longshot.classify.models.views import ViewsModel
from longshot.embedder import DocumentEmbedder
from longshot.recipe import Recipe
from tests.fakes import FakeEncoder

WORDS = {
    "lease": "rent tenant landlord premises deposit keys".split(),
    "recipe": "flour butter sugar oven bake dough".split(),
    "match": "goal referee penalty corner keeper league".split(),
}


def text_of(topic: str, number: int) -> str:
    words = WORDS[topic]
    return " ".join(words[(number * 5 + i * i) % 6] for i in range(12)) + f" p{number}"


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    recipe = Recipe(model="fake", window_tokens=4)
    embedder = DocumentEmbedder(recipe, encoder=FakeEncoder(), cache=None)
    shown = [(text_of(topic, n), topic) for topic in WORDS for n in (90, 91)]
    texts, labels = zip(*shown, strict=True)
    return Classifier(embedder=embedder, verbose=False).fit(texts, labels)


@pytest.fixture(scope="module")
def pile(classifier: Classifier) -> DocumentFeatures:
    return classifier.features(
        [text_of(topic, n) for n in range(20) for topic in WORDS]
    )


def learned_in_parts(
    in_parts: PileInParts, pile: DocumentFeatures, n_each: int
) -> AmongPile:
    """Do what a cluster does: nothing but sums goes from a part to the whole."""
    parts = list(pile.blocks(n_each))
    starts = np.arange(len(parts)) * n_each
    points = PilePoints.concat(
        PilePoints(one.last, one.content_hashes, start + np.arange(len(one)))
        for one, start in zip(parts, starts, strict=True)
    ).sample(in_parts.n_most)
    weights = in_parts.weights(points)
    measured, scores, places = [], [], []
    chosen = []
    for one, start in zip(parts, starts, strict=True):
        mine = np.flatnonzero(
            (points.places >= start) & (points.places < start + len(one))
        )
        if len(mine):
            chosen.append((one.take(points.places[mine] - start), mine))
    for some, mine in chosen:
        measured.append(MeasuredPart.of(some, weights[mine]))
        places.append(mine)
    whole = DocumentFeatures.concat([some for some, _ in chosen])
    back = np.argsort(np.concatenate(places))
    typical = points.sample(in_parts.n_typical)
    order = np.searchsorted(np.sort(points.places), typical.places)
    by_place = whole.take(back).take(np.argsort(points.places))
    evidence = in_parts.evidence(MeasuredPart.merge(measured), by_place.take(order))
    scores = [in_parts.scores(evidence, some) for some, _ in chosen]
    together = np.concatenate(scores, axis=1)[:, back]
    return AmongPile(in_parts.model, in_parts.pile_model(evidence, points, together))


@pytest.mark.parametrize("n_each", [60, 17, 1])
def test_parts_give_what_the_whole_gives(
    classifier: Classifier, pile: DocumentFeatures, n_each: int
) -> None:
    in_parts = classifier.pile_in_parts
    assert in_parts is not None
    wanted = in_parts.model.decide(pile, pile=True).probabilities
    learned = learned_in_parts(in_parts, pile, n_each)
    found = learned.decide(pile, pile=False).probabilities
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    some = pile.take(np.arange(7, 20))
    few = learned.decide(some, pile=False).probabilities
    np.testing.assert_allclose(few, wanted[7:20], atol=1e-5)


def test_of_a_very_large_pile_the_same_sample_is_learned_from(
    classifier: Classifier, pile: DocumentFeatures, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (views, pile_in_parts):
        monkeypatch.setattr(module, "MOST_SCORES", 3 * 24)  # 24 documents
    in_parts = classifier.pile_in_parts
    assert in_parts is not None
    wanted = in_parts.model.decide(pile, pile=True).probabilities
    found = learned_in_parts(in_parts, pile, 13).decide(pile, pile=False).probabilities
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_a_classifier_among_a_pile_decides_document_by_document(
    classifier: Classifier, pile: DocumentFeatures
) -> None:
    in_parts = classifier.pile_in_parts
    assert in_parts is not None
    learned = learned_in_parts(in_parts, pile, 17)
    texts = [text_of(topic, n) for n in range(20) for topic in WORDS]
    wanted = classifier.classify(texts).predictions
    found = list(classifier.among(learned.pile).classify_stream(texts))
    assert [one.label for one in found] == [one.label for one in wanted]
    for one, other in zip(found, wanted, strict=True):
        assert one.evidence is not None
        assert other.evidence is not None
        assert one.evidence.passage.text == other.evidence.passage.text
    # What was fitted before stays as it is.
    assert isinstance(classifier.pile_in_parts, PileInParts)


def test_no_pile_is_used_by_the_articles_decision(classifier: Classifier) -> None:
    assert isinstance(classifier.pile_in_parts, PileInParts)
    assert isinstance(classifier.pile_in_parts.model, ViewsModel)
    article = Classifier(embedder=classifier.embedder_, head="nearest", verbose=False)
    article.fit(["rent", "flour"], ["lease", "recipe"])
    assert article.pile_in_parts is None


def test_a_document_among_a_pile_is_rejected_by_itself(pile: DocumentFeatures) -> None:
    """Its neighbours may lie in parts that are elsewhere."""
    shown = [(text_of(topic, n), topic) for topic in WORDS for n in (90, 91)]
    texts, labels = zip(*shown, strict=True)
    embedder = DocumentEmbedder(
        Recipe(model="fake", window_tokens=4), encoder=FakeEncoder(), cache=None
    )
    rejecting = Classifier(embedder=embedder, unknown=0.25).fit(texts, labels)
    in_parts = rejecting.pile_in_parts
    assert in_parts is not None
    learned = learned_in_parts(in_parts, pile, 17)

    wanted = in_parts.model.p_values(pile, pile=False)

    for together in (False, True):
        np.testing.assert_array_equal(learned.p_values(pile, pile=together), wanted)
