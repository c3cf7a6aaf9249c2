import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.preprocessing import normalize

from longshot.classify.models.article import (
    PRIOR_TEMPERATURE,
    ArticleHead,
    class_similarities,
    confidences,
    fit_temperature,
    leave_one_out_similarities,
    references,
)
from longshot.similarity import cosine

HEADS: tuple[ArticleHead, ArticleHead] = ("nearest", "prototype")
EXAMPLES = np.array([[1.0, 0.0], [0.0, 2.0], [-3.0, 0.0]])
LABELS = np.array([0, 0, 1])


def random_task(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw documents, examples and their classes; each class has one at least."""
    random = np.random.default_rng(seed)
    n_classes, dim = random.integers(2, 6), random.integers(2, 20)
    labels = np.concatenate([np.arange(n_classes), random.integers(n_classes, size=9)])
    examples = random.normal(size=(len(labels), dim)) * random.uniform(0.1, 9)
    return random.normal(size=(7, dim)), examples, labels


def test_nearest_is_the_cosine_of_the_closest_example_of_each_class() -> None:
    document = np.array([[3.0, 4.0]])

    expected = [[0.8, -0.6]]

    assert expected == pytest.approx(
        class_similarities("nearest", document, EXAMPLES, LABELS)
    )


def test_prototype_is_the_cosine_of_the_mean_of_unit_vectors() -> None:
    """A long example counts no more than a short one: the mean points to (1, 1)."""
    document = np.array([[3.0, 4.0]])

    expected = [[7 / 5 / np.sqrt(2), -0.6]]

    assert expected == pytest.approx(
        class_similarities("prototype", document, EXAMPLES, LABELS)
    )


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_nearest_decides_as_scikit_learns_nearest_neighbour(seed: int) -> None:
    documents, examples, labels = random_task(seed)
    oracle = KNeighborsClassifier(1, metric="cosine").fit(examples, labels)

    similarities = class_similarities("nearest", documents, examples, labels)

    assert oracle.predict(documents).tolist() == similarities.argmax(axis=1).tolist()
    distances, _ = oracle.kneighbors(documents)
    assert 1 - distances[:, 0] == pytest.approx(similarities.max(axis=1))


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_prototype_is_the_cosine_to_scikit_learns_centroids(seed: int) -> None:
    documents, examples, labels = random_task(seed)
    oracle = NearestCentroid().fit(normalize(examples), labels)

    similarities = class_similarities("prototype", documents, examples, labels)

    expected = cosine_similarity(documents, oracle.centroids_)
    assert expected == pytest.approx(similarities)


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.floats(1e-2, 1e3))
def test_the_length_of_vectors_never_matters(seed: int, scale: float) -> None:
    documents, examples, labels = random_task(seed)

    for head in HEADS:
        assert class_similarities(head, documents, examples, labels) == pytest.approx(
            class_similarities(head, documents * scale, examples, labels), abs=1e-9
        )


@pytest.mark.parametrize("head", HEADS)
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_with_one_example_per_class_both_heads_are_the_same(
    head: ArticleHead, seed: int
) -> None:
    documents, examples, _ = random_task(seed)

    similarities = class_similarities(
        head, documents, examples, np.arange(len(examples))
    )

    expected = [[cosine(one, other) for other in examples] for one in documents]
    assert np.array(expected) == pytest.approx(similarities)


@pytest.mark.parametrize("head", HEADS)
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_the_similarity_is_the_cosine_to_the_reference(
    head: ArticleHead, seed: int
) -> None:
    documents, examples, labels = random_task(seed)

    similarities = class_similarities(head, documents, examples, labels)

    for document, expected in zip(documents, similarities, strict=True):
        compared = references(head, document, examples, labels)
        assert expected == pytest.approx([cosine(document, one) for one in compared])


@pytest.mark.parametrize("head", HEADS)
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_an_example_is_judged_as_if_it_had_never_been_there(
    head: ArticleHead, seed: int
) -> None:
    _, examples, labels = random_task(seed)
    shared = [i for i, label in enumerate(labels) if (labels == label).sum() > 1]

    similarities, held_out = leave_one_out_similarities(head, examples, labels)

    assert labels[shared].tolist() == held_out.tolist()
    for i, found in zip(shared, similarities, strict=True):
        rest = np.arange(len(labels)) != i
        expected = class_similarities(head, examples[[i]], examples[rest], labels[rest])
        assert expected[0] == pytest.approx(found)


def test_where_no_class_has_two_examples_none_is_judged() -> None:
    similarities, held_out = leave_one_out_similarities(
        "nearest", EXAMPLES, np.arange(3)
    )

    assert (0, 3) == similarities.shape
    assert [] == held_out.tolist()


SURE = np.array([[0.9, 0.5], [0.5, 0.9]] * 10)
RIGHT = np.array([0, 1] * 10)


def test_without_a_second_example_of_any_class_the_temperature_is_the_priors() -> None:
    temperature = fit_temperature(np.empty((0, 2)), np.empty(0, dtype=np.int64))

    assert PRIOR_TEMPERATURE == pytest.approx(temperature, rel=1e-3)


def test_examples_that_confirm_each_other_make_it_surer() -> None:
    mistaken = fit_temperature(SURE, 1 - RIGHT)

    assert fit_temperature(SURE, RIGHT) < PRIOR_TEMPERATURE < mistaken


def test_a_confidence_by_hand() -> None:
    """Odds of e to the (0.9 - 0.8) / 0.1 = 1."""
    expected = [[np.e / (np.e + 1), 1 / (np.e + 1)]]

    assert expected == pytest.approx(confidences(np.array([[0.9, 0.8]]), 0.1))


@given(
    st.lists(st.floats(-1, 1), min_size=2, max_size=6),
    st.floats(1e-3, 10.0),
)
def test_confidences_add_up_to_one_and_keep_the_order(
    similarities: list[float], temperature: float
) -> None:
    sure = confidences(np.array([similarities]), temperature)[0]

    assert pytest.approx(1.0) == sure.sum()
    assert (np.diff(sure[np.argsort(similarities)]) >= 0).all()
