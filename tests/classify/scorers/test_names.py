"""What the labels' names say."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp

from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.extraction import TextFeatures
from longshot.classify.features.views import CorpusStatistics
from longshot.classify.scorers import names as names_module
from longshot.classify.scorers.names import (
    NAME_SENTENCES,
    NAME_VIEWS,
    NameScorer,
    described,
    name_texts,
    read_names,
    widened,
)
from longshot.embedder import DocumentEmbedder
from longshot.errors import ExamplesError
from longshot.recipe import Recipe
from tests.classify.combination.vectors import documents_of
from tests.fakes import FakeEncoder

NAMES = documents_of(np.random.default_rng(0).normal(size=(3, 8)).astype(np.float32))


def with_spans(counts: Sequence[int], seed: int) -> DocumentFeatures:
    """Give documents of so many spans each."""
    random = np.random.default_rng(seed)
    spans = tuple(random.normal(size=(n, 8)).astype(np.float16) for n in counts)
    means = np.stack([one.mean(axis=0, dtype=np.float32) for one in spans])
    return replace(
        documents_of(means),
        spans=spans,
        span_tokens=tuple(np.full(n, 32) for n in counts),
    )


def scorer_on(documents: DocumentFeatures) -> NameScorer:
    return NameScorer.fit(NAMES, CorpusStatistics.of(documents), documents)


def read(texts: Sequence[str]) -> DocumentFeatures:
    embedder = DocumentEmbedder(Recipe(model="fake"), encoder=FakeEncoder())
    return TextFeatures(embedder).of(texts)


@settings(max_examples=20)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=6), st.integers(0, 99))
def test_spans_are_heard_by_a_soft_maximum(counts: list[int], seed: int) -> None:
    """Against scipy's, document by document."""
    documents = with_spans(counts, seed)
    scorer = scorer_on(documents)

    found = scorer.scores("spans", documents)

    for spans, scores in zip(documents.spans, found, strict=True):
        sharp = scorer.sharpness * scorer.span_cosines(spans)
        expected = logsumexp(sharp, axis=0, b=1 / len(spans)) / scorer.sharpness
        assert expected == pytest.approx(scores, abs=1e-4)


def test_blocks_of_spans_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = with_spans([5, 3, 1, 7], 0)
    scorer = scorer_on(documents)
    whole = scorer.scores("spans", documents)

    monkeypatch.setattr(names_module, "_BLOCK_SPANS", 4)

    assert whole == pytest.approx(scorer.scores("spans", documents), abs=1e-6)


def test_every_finite_half_is_widened_exactly() -> None:
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    finite = halves[np.isfinite(halves)]

    found = widened(finite)

    expected = finite.astype(np.float32)
    assert np.array_equal(expected.view(np.int32), found.view(np.int32))


def test_typical_documents_of_one_span_leave_all_scores_finite() -> None:
    """A pile of one document: no cosine differs from another."""
    one = with_spans([1], 0)

    scores = scorer_on(one).scores("spans", with_spans([4, 2], 1))

    assert np.isfinite(scores).all()


@pytest.mark.parametrize("view", NAME_VIEWS)
def test_no_documents_have_no_scores(view: str) -> None:
    documents = read(["rent is due", "the roof leaks"])
    scorer = NameScorer.fit(
        read(["rent", "roof"]), CorpusStatistics.of(documents), documents
    )

    nothing = documents.take(np.zeros(0, dtype=np.int64))

    assert (0, 2) == scorer.scores(view, nothing).shape  # type: ignore[arg-type]


def test_a_title_is_compared_letter_by_letter() -> None:
    documents = read(["Lease of a house", "Minutes of a meeting", "Nothing"])
    names = read(["lease", "minutes"])
    statistics = CorpusStatistics.of(documents).with_titles_of(names)
    scorer = NameScorer.fit(names, statistics, documents)

    scores = scorer.scores("title_words", documents)

    assert [0, 1] == scores[:2].argmax(axis=1).tolist()
    assert scores[0, 0] > 2 * scores[0, 1]
    assert (scores[2] < 0.01).all()


def test_only_a_strong_likeness_of_the_head_is_heard() -> None:
    """A cosine counts by its square, and keeps its sign."""
    documents = with_spans([2] * 6, 3)
    scorer = scorer_on(documents)
    centre = scorer.statistics.head
    rows, names = documents.head - centre, NAMES.last - centre
    lengths = np.linalg.norm(rows, axis=1)[:, None] * np.linalg.norm(names, axis=1)
    cosines = rows @ names.T / lengths

    expected = np.sign(cosines) * cosines**2
    assert expected == pytest.approx(scorer.scores("head", documents), abs=1e-5)


def test_what_all_names_share_says_little_of_the_whole() -> None:
    """Names are centred half way to their own mean."""
    documents = with_spans([2] * 40, 4)
    shared = replace(NAMES, layers=NAMES.layers + np.float32(30.0))
    scorer = NameScorer.fit(shared, CorpusStatistics.of(documents), documents)

    row = scorer.scores("last", documents)

    names = shared.last - (shared.last.mean(axis=0) + scorer.statistics.layers[0]) / 2
    names /= np.linalg.norm(names, axis=1, keepdims=True)
    rows = documents.last - scorer.statistics.layers[0]
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    assert rows @ names.T == pytest.approx(row, abs=1e-5)


def test_a_description_stands_beside_a_name_that_says_something() -> None:
    texts = name_texts(["lease", "A1"], {"lease": "rent of a house", "A1": "minutes"})

    assert [("lease", "rent of a house"), ("minutes",)] == texts


def test_a_name_is_the_mean_of_its_sentences() -> None:
    found = read_names([("lease",), ("a {} will",)], read)

    for row, name in enumerate(("lease", "a {} will")):
        sentences = [one.replace("{}", name) for one in NAME_SENTENCES]
        alone = [read([one]) for one in sentences]
        expected = np.mean([one.layers[0] for one in alone], axis=0)
        assert expected == pytest.approx(found.layers[row], abs=1e-6)
        # the words around a name are not its own
        assert 0 == (alone[0].words != found.words[[row]]).nnz


def test_a_description_counts_as_much_as_the_name() -> None:
    names, descriptions = [("lease",), ("will",)], [("rent of a house",), ("will",)]

    found = read_names([("lease", "rent of a house"), ("will",)], read)

    both = [read_names(one, read) for one in (names, descriptions)]
    for one in ("vectors", "layers", "head", "words"):
        expected = sum(getattr(reading, one) for reading in both) / 2
        difference = np.abs(np.asarray((expected - getattr(found, one)).sum()))
        assert 0.0 == pytest.approx(float(difference), abs=1e-4)


def test_numbers_without_descriptions_say_nothing() -> None:
    assert name_texts([1, 2], {}) is None
    assert name_texts(["1", "B2"], {"1": None}) is None


def test_paths_are_named_by_their_last_part() -> None:
    paths = ["house/roof", "law/lease", "law/will"]

    assert [("roof",), ("lease",), ("will",)] == name_texts(paths, {})


@pytest.mark.parametrize(
    ("given_", "told"),
    [("lease", "got one string"), (["a", "b", "a"], "got a twice")],
)
def test_descriptions_that_cannot_be_meant_are_told(given_: object, told: str) -> None:
    with pytest.raises(ExamplesError, match=told):
        described(given_)  # type: ignore[arg-type]


def test_descriptions_come_as_names_or_with_what_they_mean() -> None:
    assert {} == described(None)
    assert {"a": None, "b": None} == described(["a", "b"])
    assert {"a": "alpha", "b": None} == described({"a": "alpha", "b": None})
