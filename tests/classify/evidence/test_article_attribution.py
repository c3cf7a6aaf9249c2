import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshot.classify import LongshotClassifier
from longshot.classify.evidence.article_attribution import contributions
from longshot.classify.models.article import references
from longshot.classify.models.fitting import Head
from longshot.embedder import DocumentEmbedder
from longshot.pooling import pool_windows, window_weights
from longshot.recipe import Recipe, WindowPooling
from longshot.similarity import cosine
from tests.fakes import FakeEncoder

FILLER = "one two three four five six seven eight nine ten"
PLANTED = "the tenant owes rent"


def made(
    head: Head, *, window_tokens: int = 4, pooling: WindowPooling = "tokens"
) -> LongshotClassifier:
    recipe = Recipe(model="fake", window_tokens=window_tokens, window_pooling=pooling)
    embedder = DocumentEmbedder(recipe, encoder=FakeEncoder())
    return LongshotClassifier(head=head, embedder=embedder).fit(
        [f"{PLANTED} and more", "a boiler leaks here", "ships sail at dawn again now"],
        ["lease", "report", "log"],
        ids=["lease/a", "report/b", "log/c"],
    )


@given(st.integers(0, 2**32), st.sampled_from(["tokens", "windows"]))
def test_the_shares_of_all_windows_add_up_to_the_cosine(
    seed: int, pooling: WindowPooling
) -> None:
    random = np.random.default_rng(seed)
    n_windows, dim = random.integers(1, 9), random.integers(1, 9)
    windows = random.normal(size=(n_windows, dim))
    weights = window_weights(random.integers(1, 510, size=n_windows), pooling)
    reference = random.normal(size=dim)

    shares = contributions(windows, weights, reference)

    assert cosine(weights @ windows, reference) == pytest.approx(shares.sum(), abs=1e-9)


@pytest.mark.parametrize("head", ["nearest", "prototype"])
@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_planted_passage_is_found_wherever_it_stands(
    head: Head, position: int
) -> None:
    fillers = ["one two three four", "five six seven eight"]
    passages = [*fillers[:position], PLANTED, *fillers[position:]]
    classifier = made(head)

    (prediction,) = classifier.classify([" ".join(passages)])
    evidence = prediction.evidence

    assert evidence is not None
    assert (prediction.label, position) == (evidence.label, evidence.window.index)
    assert "lease" == evidence.label
    assert PLANTED == evidence.text
    match = evidence.match
    assert match is not None
    assert ("lease/a", 0, PLANTED) == (match.example_id, match.window.index, match.text)
    assert pytest.approx(1.0) == match.similarity


@pytest.mark.parametrize("pooling", ["tokens", "windows"])
@pytest.mark.parametrize("head", ["nearest", "prototype"])
def test_with_one_window_its_share_is_the_whole_similarity(
    head: Head, pooling: WindowPooling
) -> None:
    classifier = made(head, window_tokens=50, pooling=pooling)
    embedder = classifier.embedder
    assert embedder is not None
    document, example = embedder.embed([FILLER, f"{PLANTED} and more"])
    classifier.remove(["report/b"])

    evidence = classifier.explain(f"{PLANTED} {FILLER}")

    assert "lease" == evidence.label
    whole = embedder.embed([f"{PLANTED} {FILLER}"])[0]
    assert cosine(whole, example) == pytest.approx(evidence.contribution, abs=1e-6)
    assert document.shape == example.shape


def test_the_reference_of_nearest_is_the_closest_example_of_each_class() -> None:
    examples = np.array([[1.0, 0.0], [0.6, 0.8], [-1.0, 0.0]])

    found = references("nearest", np.array([0.0, 1.0]), examples, np.array([0, 0, 1]))

    assert [[0.6, 0.8], [-1.0, 0.0]] == found.tolist()


def test_evidence_is_left_out_where_it_is_not_wanted() -> None:
    (prediction,) = made("prototype").classify([FILLER], evidence=False)

    assert prediction.evidence is None


def test_shares_belong_to_the_vector_that_pooling_gives() -> None:
    windows = np.random.default_rng(1).normal(size=(3, 8)).astype(np.float32)
    n_tokens, reference = np.array([510, 510, 80]), np.ones(8)
    shares = contributions(windows, window_weights(n_tokens), reference)
    document = pool_windows(windows, n_tokens).astype(np.float64)
    assert shares.sum() == pytest.approx(cosine(document, reference), abs=1e-6)


def test_window_that_speaks_against_has_a_negative_share() -> None:
    windows = np.array([[2.0, 1.0], [-1.0, 1.0]])
    shares = contributions(windows, np.array([0.5, 0.5]), np.array([1.0, 0.0]))
    assert shares[0] > 0 > shares[1]


def test_reference_of_zeros_gives_no_share() -> None:
    shares = contributions(np.ones((2, 3)), np.array([0.5, 0.5]), np.zeros(3))
    assert shares.tolist() == [0.0, 0.0]
