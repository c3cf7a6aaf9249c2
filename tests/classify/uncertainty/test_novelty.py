"""None of these, through the estimator."""

import numpy as np
import pytest

from longshot.classify import DocumentFeatures, LongshotClassifier
from longshot.embedder import DocumentEmbedder
from longshot.errors import ExamplesError, SettingError
from longshot.recipe import Recipe
from tests.fakes import FakeEncoder

WORDS = {
    "lease": "tenant landlord rent month house key deposit notice term clause".split(),
    "report": "boiler roof leak crack wall damp survey repair mould gutter".split(),
}
OTHER = "onion rice butter oven dough flour stir pan salt pepper".split()


def texts(words: list[str], n: int, seed: int) -> list[str]:
    random = np.random.default_rng(seed)
    return [" ".join(random.choice(words, 6)) for _ in range(n)]


def made(
    unknown: float | None, n_examples: int = 24, **settings: str
) -> LongshotClassifier:
    embedder = DocumentEmbedder(Recipe(model="fake"), encoder=FakeEncoder())
    examples = [
        (text, label)
        for label, words in WORDS.items()
        for text in texts(words, n_examples // 2, seed=len(label))
    ]
    classifier = LongshotClassifier(unknown=unknown, embedder=embedder, **settings)  # type: ignore[arg-type]
    return classifier.fit(*map(list, zip(*examples, strict=True)))


def test_what_no_example_shows_is_none_of_these() -> None:
    classifier = made(0.1)

    unknown = classifier.predict(texts(OTHER, 20, seed=1))
    known = classifier.predict(texts(WORDS["lease"], 20, seed=2))

    assert sum(label is None for label in unknown) > sum(one is None for one in known)
    assert sum(label == "lease" for label in known) >= 14


@pytest.mark.parametrize("together", [False, True])
def test_a_prediction_says_so_with_the_labels_that_come_closest(together: bool) -> None:
    classifier = made(0.15)
    pile = [*texts(OTHER, 3, seed=3), *texts(WORDS["report"], 3, seed=4)]

    predictions = classifier.classify(pile, pile=together)

    labels = [one.label for one in predictions]
    decide = classifier.predict_pile if together else classifier.predict
    assert decide(pile).tolist() == labels
    rejected = [one for one in predictions if one.label is None]
    assert rejected
    assert all(one.confidence > 0.8 for one in rejected)
    for one in rejected:
        assert {"lease", "report"} == {label for label, _ in one.alternatives}


def test_in_a_pile_neighbours_count_and_in_too_small_a_one_they_do_not() -> None:
    classifier = made(0.1)
    pile = classifier.features(
        [*texts(OTHER, 20, seed=1), *texts(WORDS["lease"], 20, seed=2)]
    )
    few = pile.take(np.arange(3))  # two for each class would be four

    def p_values(documents: DocumentFeatures, together: bool) -> np.ndarray:
        found = classifier.classify_features(documents, pile=together).p_values
        assert found is not None
        return found

    assert (p_values(few, True) == p_values(few, False)).all()
    assert (p_values(pile, True) != p_values(pile, False)).any()
    assert (p_values(pile, True)[:20] <= 0.1).sum() >= 15


def test_a_greater_share_rejects_more() -> None:
    pile = [text for words in WORDS.values() for text in texts(words, 40, seed=5)]
    rejected = [
        sum(label is None for label in made(share).predict(pile))
        for share in (0.05, 0.2, 0.5)
    ]

    assert sorted(rejected) == rejected
    assert rejected[0] < rejected[-1]


def test_too_few_examples_are_told_with_how_many_it_takes() -> None:
    with pytest.raises(ExamplesError, match=r"at least 19 examples .* got 18"):
        made(0.05, n_examples=18)


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, 5.0])
def test_a_share_outside_of_its_bounds_is_told(share: float) -> None:
    with pytest.raises(SettingError, match="unknown must be a false-rejection rate"):
        made(share)


def test_the_article_s_heads_know_no_unknown() -> None:
    with pytest.raises(SettingError, match="cannot be used with the head nearest"):
        made(0.1, head="nearest")


def test_a_cluster_that_no_label_claims_is_offered_as_a_new_class() -> None:
    def long_texts(words: list[str], n: int, seed: int) -> list[str]:
        short = texts(words, 5 * n, seed)
        return [" ".join(short[5 * row : 5 * row + 5]) for row in range(n)]

    embedder = DocumentEmbedder(Recipe(model="fake"), encoder=FakeEncoder())
    examples = {label: long_texts(words, 12, 1) for label, words in WORDS.items()}
    classifier = LongshotClassifier(unknown=0.1, embedder=embedder).fit(
        [text for several in examples.values() for text in several],
        [label for label, several in examples.items() for _ in several],
    )
    known = [text for words in WORDS.values() for text in long_texts(words, 40, 7)]

    found = classifier.classify([*known, *long_texts(OTHER, 40, 8)])

    (offer,) = found.discovered
    unclaimed = {str(number) for number in range(80, 120)}
    n_found = len(unclaimed & set(offer.document_ids))
    assert n_found >= 36
    assert n_found >= 0.7 * len(offer.document_ids)
    assert set(offer.words) <= set(OTHER)
    for one in found:
        assert (one.new_class == 1) == (one.document_id in offer.document_ids)


def test_without_unknown_or_pile_no_class_is_offered() -> None:
    pile = texts(OTHER, 20, seed=8)
    for unknown, together in ((None, True), (0.1, False)):
        classifier = made(unknown)
        found = classifier.classify(pile, pile=together)

        assert () == found.discovered
        assert all(one.new_class is None for one in found)
