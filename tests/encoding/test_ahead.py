"""Documents tokenised ahead: the same vectors, in the same order, and no more read."""

import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from longshot import DocumentEmbedder, Recipe
from longshot.encoders import Capacity
from longshot.encoding import ahead, jobs
from longshot.encoding.cache import VectorCache
from longshot.errors import LongshotWarning
from longshot.records import Document
from longshot.tokens import Tokens
from tests.encoding.test_vocabulary import FRENCH, GERMAN
from tests.fakes import FakeEncoder, WordTokenizer

RECIPE = Recipe(window_tokens=4, layers=(-2, -1))
TEXTS = [f"The lease of house {n} ends. " * (1 + n % 5) for n in range(30)]


class CountingTokenizer(WordTokenizer):
    """Remembers who tokenised what."""

    def __init__(self) -> None:
        self.read: list[tuple[str, str]] = []

    def encode(self, text: str) -> Tokens:
        """Note the thread and the text, and tokenise."""
        self.read.append((threading.current_thread().name, text))
        return super().encode(text)

    @property
    def n_ahead(self) -> int:
        """How many texts another thread tokenised."""
        return sum(name.startswith("longshot-tokenizer") for name, _ in self.read)


class WaitingEncoder(FakeEncoder):
    """Asks for documents that are tokenised ahead."""

    capacity = Capacity(n_tokenizers=3)
    tokenizer: CountingTokenizer

    def __init__(self) -> None:
        self.tokenizer = CountingTokenizer()


def embedder_of(
    encoder: FakeEncoder, cache: VectorCache | None = None
) -> DocumentEmbedder:
    return DocumentEmbedder(RECIPE, encoder=encoder, cache=cache)


def vectors_of(embedder: DocumentEmbedder) -> np.ndarray:
    read = embedder.vectors(TEXTS, tells_language=False)
    return np.stack([one.document for one in read])


def test_vectors_are_the_same_and_threads_tokenise() -> None:
    encoder = WaitingEncoder()
    expected = vectors_of(embedder_of(FakeEncoder()))
    assert np.array_equal(vectors_of(embedder_of(encoder)), expected)
    assert encoder.tokenizer.n_ahead == len(TEXTS)


@pytest.mark.parametrize("encoder", [FakeEncoder(), WaitingEncoder()])
@pytest.mark.parametrize("most_windows", [None, 1])
def test_in_groups_documents_are_read_as_each_by_itself(
    encoder: FakeEncoder,
    most_windows: int | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Their vectors, languages and notes; new ones, and those that are kept."""
    texts = [
        *TEXTS,
        GERMAN,
        "ok",
        FRENCH * 3,
        "\ud800 lone",
        *TEXTS[:9],
        "e\u0301 " * 70,
    ]
    cache = VectorCache(tmp_path / "vectors.sqlite")
    read = []
    for most, kept in ((1, None), (7, None), (256, None), (256, cache), (9, cache)):
        monkeypatch.setattr(ahead, "GROUP_DOCUMENTS", most)
        embedder = embedder_of(encoder, kept)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LongshotWarning)
            read.append(list(embedder.vectors(texts, most_windows=most_windows)))

    for others in zip(*read, strict=True):
        first = others[0]
        for one in others[1:]:
            assert first.windows == one.windows
            assert first.document.tobytes() == one.document.tobytes()
            assert first.layer_means.tobytes() == one.layer_means.tobytes()
            assert first.span_vectors.tobytes() == one.span_vectors.tobytes()
            assert (first.language, first.notes) == (one.language, one.notes)
            assert first.n_unread == one.n_unread


def test_first_windows_alone_are_the_same() -> None:
    read = [
        list(embedder_of(encoder).vectors(TEXTS, most_windows=1, tells_language=False))
        for encoder in (FakeEncoder(), WaitingEncoder())
    ]
    for expected, actual in zip(*read, strict=True):
        assert np.array_equal(expected.document, actual.document)
        assert expected.n_unread == actual.n_unread


def test_no_more_than_some_documents_are_read_ahead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ahead, "AHEAD_CHARACTERS", 1_000)
    n_read = 0

    def endless() -> Iterator[Document]:
        nonlocal n_read
        while True:
            n_read += 1
            yield Document(id=str(n_read), text=f"word {n_read} " * 10)

    encoder = WaitingEncoder()
    vectors = embedder_of(encoder).vectors(endless(), tells_language=False)
    next(vectors)
    del vectors
    n_gathered = 2 * max(1 << 15, 4 * encoder.capacity.batch_tokens) // 20
    assert n_read <= n_gathered + 2 * ahead.GROUP_DOCUMENTS
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("longshot-tokenizer")]


def test_long_document_is_tokenised_piece_by_piece(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "CHUNK_CHARACTERS", 50)
    encoder = WaitingEncoder()
    expected = vectors_of(embedder_of(FakeEncoder()))
    assert np.array_equal(vectors_of(embedder_of(encoder)), expected)
    assert encoder.tokenizer.n_ahead == sum(len(text) <= 50 for text in TEXTS)


def test_what_the_cache_has_is_not_tokenised(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    expected = vectors_of(embedder_of(WaitingEncoder(), cache))
    encoder = WaitingEncoder()
    assert np.array_equal(vectors_of(embedder_of(encoder, cache)), expected)
    assert not encoder.tokenizer.read
