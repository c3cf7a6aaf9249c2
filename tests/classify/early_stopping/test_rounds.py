"""Documents that are read only as far as their label needs."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from jaxtyping import Float, Int

from longshot.classify import LongshotClassifier
from longshot.embedder import DocumentEmbedder
from longshot.encoding.cache import VectorCache
from longshot.errors import LongshotWarning, SettingError
from longshot.recipe import Recipe
from longshot.records import SetAside
from tests.fakes import FakeEncoder

TOPICS = {
    "lease": ["rent", "tenant", "lease", "landlord", "deposit"],
    "report": ["leak", "boiler", "roof", "pipe", "damp"],
}
COMMON = ["the", "of", "and", "was", "in", "to"]
RECIPE = Recipe(model="fake", window_tokens=8)


class CountingEncoder(FakeEncoder):
    """Counts the windows that it encodes."""

    def __init__(self) -> None:
        self.n_windows = 0

    def means(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
        layers: Sequence[int],
    ) -> Float[np.ndarray, "window layer span dim"]:
        """Count, and encode."""
        self.n_windows += len(ids)
        return super().means(ids, weights, layers)


def documents(n_each: int, *, seed: int, most_words: int = 100) -> list[str]:
    """Write documents of the two topics in turn, of any length."""
    random = np.random.default_rng(seed)
    lengths = random.integers(20, most_words, size=2 * n_each)
    return [
        " ".join(random.choice([*words, *COMMON], size=length))
        for length, words in zip(lengths, list(TOPICS.values()) * n_each, strict=True)
    ]


def fitted(cache: VectorCache | None = None) -> LongshotClassifier:
    """Give a classifier that reads adaptively, and its examples."""
    embedder = DocumentEmbedder(RECIPE, encoder=CountingEncoder(), cache=cache)
    return LongshotClassifier(read="adaptive", embedder=embedder).fit(
        documents(8, seed=0), list(TOPICS) * 8
    )


def n_encoded(classifier: LongshotClassifier) -> int:
    """Tell how many windows were encoded so far."""
    assert classifier.embedder is not None
    encoder = classifier.embedder.encoder
    assert isinstance(encoder, CountingEncoder)
    return encoder.n_windows


def test_less_is_read_and_told_as_coverage_of_the_tokens_that_are_there() -> None:
    pile = documents(6, seed=1)

    predictions = fitted().classify(pile, pile=False)

    words = [len(text.split()) for text in pile]
    read = [
        min(8 * one.n_windows, n) for one, n in zip(predictions, words, strict=True)
    ]
    assert words == [one.n_tokens for one in predictions]
    assert [r / n for r, n in zip(read, words, strict=True)] == [
        one.coverage for one in predictions
    ]
    assert sum(read) < 0.8 * sum(words)


def test_what_is_read_is_judged_as_the_beginning_by_itself_would_be(
    tmp_path: Path,
) -> None:
    """The vectors are those of the first windows: no others enter."""
    classifier = fitted(VectorCache(tmp_path / "vectors.sqlite"))
    text = documents(1, seed=5, most_words=90)[0]
    embedder = classifier.embedder
    assert embedder is not None

    [part] = embedder.vectors([text], most_windows=2)
    [start] = embedder.vectors([" ".join(text.split()[:16])])

    assert np.array_equal(part.layer_means, start.layer_means)
    assert np.array_equal(part.span_vectors, start.span_vectors)
    assert np.array_equal(part.document, start.document)
    assert len(text.split()) - 16 == part.n_unread


def test_the_rule_tells_what_a_page_must_gain() -> None:
    assert "points of accuracy for every 512 tokens left" in fitted().explain_fit()[-1]


def test_a_full_reading_goes_on_from_what_was_read(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    classifier, pile = fitted(cache), documents(6, seed=1)
    read = sum(one.n_windows for one in classifier.classify(pile, pile=False))
    before = n_encoded(classifier)
    embedder = classifier.embedder
    assert embedder is not None

    whole = list(embedder.vectors(pile))

    n_windows = sum(len(one.windows) for one in whole)
    assert n_windows - read == n_encoded(classifier) - before > 0
    assert {1.0} == {one.coverage for one in whole}
    fresh = DocumentEmbedder(RECIPE, encoder=FakeEncoder(), cache=None)
    for one, other in zip(whole, fresh.vectors(pile), strict=True):
        assert one.windows == other.windows
        assert np.array_equal(one.layer_means, other.layer_means)


def test_without_a_cache_no_window_is_encoded_twice_and_nothing_differs(
    tmp_path: Path,
) -> None:
    pile = documents(6, seed=1)
    alone, kept = fitted(), fitted(VectorCache(tmp_path / "vectors.sqlite"))

    first, second = (one.classify(pile, pile=False) for one in (alone, kept))

    assert [(p.label, p.confidence, p.coverage) for p in first] == [
        (p.label, p.confidence, p.coverage) for p in second
    ]
    assert n_encoded(kept) == n_encoded(alone)


def test_a_stream_gives_what_a_list_gives() -> None:
    classifier, pile = fitted(), documents(6, seed=1)

    streamed = list(classifier.classify_stream(pile))

    listed = classifier.classify(pile, pile=False)
    assert [(p.label, p.confidence) for p in listed] == [
        (p.label, p.confidence) for p in streamed
    ]
    assert classifier.predict(pile).tolist() == [p.label for p in streamed]


def test_documents_without_tokens_are_set_aside() -> None:
    lost: list[SetAside] = []

    predictions = fitted().classify(
        ["", *documents(1, seed=2), " "], pile=False, on_set_aside=lost.append
    )

    assert ["0", "3"] == [one.id for one in lost]
    assert ["1", "2"] == [one.document_id for one in predictions]


def test_every_character_is_told_of_once() -> None:
    pile, told = documents(6, seed=1), dict.fromkeys(map(str, range(12)), 0)

    def on_window(document_id: str, n_characters: int, n_tokens: int) -> None:
        told[document_id] += n_characters

    fitted().classify(pile, pile=False, on_window=on_window)

    assert [len(text) for text in pile] == list(told.values())


def test_examples_that_cannot_tell_lead_to_reading_all_and_that_is_said() -> None:
    classifier = LongshotClassifier(
        read="adaptive", embedder=DocumentEmbedder(RECIPE, encoder=FakeEncoder())
    )

    with pytest.warns(LongshotWarning, match="8 examples longer"):
        classifier.fit(documents(2, seed=0), list(TOPICS) * 2)

    predictions = classifier.classify(documents(3, seed=1), pile=False)
    assert {1.0} == {one.coverage for one in predictions}


def test_the_setting_is_saved(tmp_path: Path) -> None:
    classifier, pile = fitted(), documents(3, seed=1)
    classifier.save(tmp_path / "saved")

    loaded = LongshotClassifier.load(tmp_path / "saved", embedder=classifier.embedder)

    assert "adaptive" == loaded.read
    assert [p.coverage for p in classifier.classify(pile, pile=False)] == [
        p.coverage for p in loaded.classify(pile, pile=False)
    ]


def test_another_way_of_reading_is_a_mistake_told_in_a_line() -> None:
    with pytest.raises(SettingError, match=r"^read must be one of all, adaptive; got "):
        LongshotClassifier().set_params(read="half").fit(["a"], ["b"])


def test_the_article_s_heads_read_all(tmp_path: Path) -> None:
    classifier = LongshotClassifier(
        head="nearest",
        read="adaptive",
        embedder=DocumentEmbedder(RECIPE, encoder=FakeEncoder()),
    )

    with pytest.raises(SettingError, match="read must be all with the head nearest"):
        classifier.fit(documents(8, seed=0), list(TOPICS) * 8)
