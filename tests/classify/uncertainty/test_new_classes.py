"""New classes are clusters of the pile that no known class claims."""

from dataclasses import replace

import numpy as np
import pytest

from longshot.classify.features.lexical import count_words
from longshot.classify.uncertainty.new_classes import (
    Pile,
    discovered,
    find_new_classes,
    typical_words,
)
from longshot.similarity import unit

DIM = 24
N_OF_CLASS = 60


def made(n_known: int, n_missing: int, seed: int = 0) -> tuple[Pile, np.ndarray]:
    """Draw documents around axes, some of which no example stands for."""
    random = np.random.default_rng(seed)

    def points(classes: np.ndarray) -> np.ndarray:
        noise = random.normal(size=(len(classes), DIM))
        return unit(np.eye(DIM)[classes] + 0.12 * noise)

    truth = np.repeat(np.arange(n_known + n_missing), N_OF_CLASS)
    shown = np.repeat(np.arange(n_known), 8)
    familiar = random.random(len(truth))
    familiar[truth >= n_known] *= 0.06
    pile = Pile(
        documents=points(truth),
        examples=points(shown),
        targets=np.eye(n_known)[shown],
        p_values=familiar,
        unknown=0.05,
    )
    return pile, truth


@pytest.mark.parametrize("n_missing", [1, 2])
def test_each_class_that_no_example_shows_is_one_offer(n_missing: int) -> None:
    pile, truth = made(4, n_missing)

    offers = find_new_classes(pile)

    found = sorted(
        np.flatnonzero(truth == one).tolist() for one in range(4, max(truth) + 1)
    )
    assert found == sorted(sorted(one.tolist()) for one in offers)


@pytest.mark.parametrize("seed", range(3))
def test_where_every_class_is_known_nothing_is_offered(seed: int) -> None:
    pile, _ = made(5, 0, seed)

    assert [] == find_new_classes(pile)


def test_a_cluster_of_which_too_much_fits_a_label_is_not_offered() -> None:
    pile, truth = made(4, 1)
    familiar = pile.p_values.copy()
    familiar[truth == 4] = 0.01
    familiar[np.flatnonzero(truth == 4)[: int(0.4 * N_OF_CLASS)]] = 0.06

    assert [] == find_new_classes(replace(pile, p_values=familiar))
    assert 1 == len(find_new_classes(replace(pile, p_values=familiar, unknown=0.06)))


def test_the_most_typical_document_comes_first() -> None:
    pile, truth = made(4, 1)
    (offer,) = find_new_classes(pile)

    middle = unit(pile.documents[truth == 4].mean(axis=0, keepdims=True))[0]
    cosines = pile.documents[offer] @ middle
    assert cosines[:5].mean() > cosines[-5:].mean()


def test_what_is_offered_does_not_depend_on_the_order_of_the_pile() -> None:
    pile, _ = made(4, 1)
    order = np.random.default_rng(1).permutation(len(pile.documents))
    shuffled = Pile(
        documents=pile.documents[order],
        examples=pile.examples,
        targets=pile.targets,
        p_values=pile.p_values[order],
        unknown=pile.unknown,
    )

    (one,), (other,) = find_new_classes(pile), find_new_classes(shuffled)

    assert sorted(one.tolist()) == sorted(order[other].tolist())


def test_a_pile_of_a_few_documents_offers_nothing() -> None:
    pile, _ = made(2, 1)
    few = Pile(
        documents=pile.documents[-4:],
        examples=pile.examples,
        targets=pile.targets,
        p_values=pile.p_values[-4:],
        unknown=pile.unknown,
    )

    assert [] == find_new_classes(few)


def test_words_are_those_that_members_hold_and_others_do_not() -> None:
    texts = ["union strike pay", "strike union wages", "rain and sun", "sun shines"]
    rows = [np.array([1, 0])]
    (one,) = discovered(rows, list("abcd"), count_words(texts), texts.__getitem__)

    assert ("b", "a") == one.document_ids
    assert {"strike", "union"} == set(one.words[:2])
    assert not {"sun", "rain"} & set(one.words)


def test_texts_without_words_are_offered_without() -> None:
    texts = ["1 2", "3 4"]
    rows = [np.array([0])]
    (one,) = discovered(rows, ["a", "b"], count_words(texts), texts.__getitem__)

    assert () == one.words


def test_a_word_of_all_members_scores_more_than_one_of_all_documents() -> None:
    scores = typical_words(np.array([4.0, 4.0, 0.0]), np.array([0.0, 8.0, 8.0]), 4, 8)

    assert scores[0] > scores[1] > scores[2]
