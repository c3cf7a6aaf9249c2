import pickle
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from longshot.embedder import DocumentEmbedder
from longshot.errors import EmptyDocumentError, ModelIntegrityError, SettingError
from longshot.recipe import Recipe
from longshot.records import Document, SetAside
from longshot.tokens import MISSING_ID, SpecialTokens, Tokens
from tests.fakes import FakeEncoder, WordTokenizer

WORDS = "the lease of a warehouse ends in march and its roof shall be repaired".split()
texts = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join),
    min_size=1,
    max_size=8,
)
LONG = "The tenant shall repair the roof, said the owner of the warehouse. " * 40


def fake(**recipe: Any) -> DocumentEmbedder:
    return DocumentEmbedder(Recipe(model="fake", **recipe), encoder=FakeEncoder())


def token_states(text: str, layers: tuple[int, ...] = (0, 1, 2, 3)) -> np.ndarray:
    """Give the mean of the layers for each token of a text."""
    ids = WordTokenizer().encode(text).ids
    return np.asarray(FakeEncoder().states(ids[None], layers)[0].mean(axis=0))


@settings(deadline=None, max_examples=40)
@given(texts)
def test_document_vector_is_the_mean_over_its_tokens(texts: list[str]) -> None:
    embedded = fake(window_tokens=7).embed(texts)
    expected = np.stack([token_states(text).mean(axis=0) for text in texts])
    assert embedded.dtype == np.float32
    assert np.allclose(expected, embedded, atol=1e-6)


@settings(deadline=None, max_examples=40)
@given(texts)
def test_embed_gives_the_documents_of_vectors(texts: list[str]) -> None:
    embedder = fake(window_tokens=7, overlap_tokens=2)
    documents = [vectors.document for vectors in embedder.vectors(texts)]
    assert np.array_equal(np.stack(documents), embedder.embed(texts))


def test_batch_equals_one_at_a_time_with_minilm(minilm: DocumentEmbedder) -> None:
    recipe = Recipe(window_tokens=48)
    embedder = DocumentEmbedder(recipe, encoder=minilm.encoder)
    texts = [
        LONG[:900],
        "A roof.",
        LONG[100:700],
        "Minutes of the council.",
        LONG[:300],
    ]
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    assert np.abs(together - alone).max() <= 1e-6


def test_plain_mean_over_windows() -> None:
    text = "one two three four five six seven"
    halves = [token_states(text)[:5].mean(axis=0), token_states(text)[5:].mean(axis=0)]
    [embedded] = fake(window_tokens=5, window_pooling="windows").embed([text])
    assert np.allclose(np.mean(halves, axis=0), embedded, atol=1e-6)


def test_overlapping_tokens_count_in_both_windows() -> None:
    states = token_states("one two three four five")
    [vectors] = fake(window_tokens=3, overlap_tokens=1).vectors(
        ["one two three four five"]
    )
    read = np.concatenate([states[:3], states[2:]])
    assert [window.n_new_tokens for window in vectors.windows] == [3, 2]
    assert np.allclose(read.mean(axis=0), vectors.document, atol=1e-6)
    assert vectors.n_tokens == 5


def test_cls_is_the_first_special_token() -> None:
    [embedded] = fake(token_pooling="cls", layers=(2,)).embed(["any text"])
    expected = FakeEncoder().states(np.array([[1]]), [2])[0, 0, 0]
    assert np.allclose(expected, embedded, atol=1e-6)


def test_cls_needs_a_model_with_a_first_special_token() -> None:
    class Decoder(FakeEncoder):
        tokenizer = WordTokenizer()

    Decoder.tokenizer.special = SpecialTokens(after=(2,))
    embedder = DocumentEmbedder(
        Recipe(model="gpt2", token_pooling="cls", prefix="query: "), encoder=Decoder()
    )
    with pytest.raises(SettingError, match="must be mean or max for model gpt2"):
        embedder.embed(["any text"])


def test_max_leaves_special_tokens_out() -> None:
    text = "any text"
    [embedded] = fake(token_pooling="max", layers=(2,)).embed([text])
    assert np.allclose(token_states(text, (2,)).max(axis=0), embedded, atol=1e-6)


@pytest.mark.parametrize("pooling", ["mean", "max"])
def test_prefix_stands_before_every_window_and_enters_no_vector(pooling: str) -> None:
    plain = fake(window_tokens=3, token_pooling=pooling)
    prefixed = fake(window_tokens=3, token_pooling=pooling, prefix="query: ")
    text = "one two three four five"
    assert np.array_equal(plain.embed([text]), prefixed.embed([text]))
    assert plain.fingerprint != prefixed.fingerprint


def test_prefix_is_read_by_a_real_model(minilm: DocumentEmbedder) -> None:
    encoder = minilm.encoder
    recipe = Recipe(prefix="passage: ", layers=(-1,), window_tokens=64)
    [actual] = DocumentEmbedder(recipe, encoder=encoder).embed(["A leaking roof."])
    ids = encoder.tokenizer.encode("passage: A leaking roof.").ids
    states = encoder.states(encoder.tokenizer.special.frame(ids)[None], [6])[0, 0]
    n_prefix = len(encoder.tokenizer.encode("passage: ").ids)
    assert np.abs(states[1 + n_prefix : -1].mean(axis=0) - actual).max() <= 1e-6


def test_layer_means_are_kept_for_each_window() -> None:
    [vectors] = fake(layers=(-1, 0), window_tokens=3).vectors(["one two three four"])
    last = token_states("four", (3,))[0]
    assert vectors.layer_means.shape == (2, 2, 8)
    assert np.allclose(last, vectors.layer_means[1, 0], atol=1e-6)
    assert np.allclose(vectors.layer_means.mean(axis=1), vectors.window_vectors)


def test_documents_keep_their_id_and_texts_are_numbered() -> None:
    documents: list[str | Document] = [
        "one",
        Document(id="b.txt", text="two"),
        "three",
    ]
    ids = [vectors.document_id for vectors in fake().vectors(documents)]
    assert ids == ["0", "b.txt", "2"]


def test_coverage_counts_words_without_a_vector() -> None:
    class Lacking(WordTokenizer):
        def encode(self, text: str) -> Tokens:
            """Know no word that begins with x."""
            tokens = super().encode(text)
            for i, start in enumerate(tokens.starts):
                if text[start] == "x":
                    tokens.ids[i] = MISSING_ID
            return tokens

    encoder = FakeEncoder()
    encoder.tokenizer = Lacking()
    embedder = DocumentEmbedder(Recipe(model="fake"), encoder=encoder)
    [vectors] = embedder.vectors(["one xa two xb"])
    assert (vectors.n_tokens_read, vectors.n_tokens) == (2, 4)
    assert vectors.coverage == 0.5


def test_everything_is_covered_else() -> None:
    [vectors] = fake(window_tokens=10, overlap_tokens=9).vectors([LONG])
    assert vectors.coverage == 1.0
    assert vectors.n_tokens == len(WordTokenizer().encode(LONG))


@pytest.mark.parametrize("empty", ["", " \n\t ", " " * 1_000_000])
def test_document_without_a_token_is_an_error(empty: str) -> None:
    with pytest.raises(EmptyDocumentError, match=r"; 1 holds none\. Remove it"):
        fake().embed(["one", empty])


def test_document_without_a_token_is_set_aside_where_asked() -> None:
    told: list[SetAside] = []
    documents = [
        Document(id="a", text=" ", source="a.txt"),
        Document(id="b", text="roof"),
        Document(id="c", text=""),
    ]
    vectors = list(fake().vectors(documents, on_set_aside=told.append))
    assert [one.document_id for one in vectors] == ["b"]
    assert [(one.id, one.source) for one in told] == [("a", "a.txt"), ("c", "")]
    assert told[0].reason == "holds no token that the model can read"


def test_no_texts_give_no_vectors() -> None:
    assert fake().embed([]).shape == (0, 8)
    assert [] == list(fake().vectors([]))


def test_documents_are_read_only_as_far_as_needed() -> None:
    n_read = 0

    def endless() -> Iterator[str]:
        nonlocal n_read
        while True:
            n_read += 1
            yield "word " * 2000

    vectors = fake().vectors(endless())
    assert n_read == 0
    for n_given in range(1, 101):
        next(vectors)
        assert n_given <= n_read <= n_given + 40


def test_progress_is_told_by_window() -> None:
    told: list[tuple[str, int, int]] = []
    embedder = fake(window_tokens=2, overlap_tokens=1)
    list(embedder.vectors(["one two three"], on_window=lambda *w: told.append(w)))
    assert told == [("0", 7, 2), ("0", 6, 1)]


def test_window_longer_than_the_model_reads() -> None:
    with pytest.raises(
        SettingError,
        match=r"window_tokens must be in \[1, 510\] for model fake, which reads 512",
    ):
        fake(window_tokens=511).embed(["one"])


def test_prefix_takes_room_in_a_window() -> None:
    with pytest.raises(SettingError, match=r"in \[1, 508\].*4 of them special or"):
        fake(prefix="query: ").embed(["one"])


def test_model_without_a_limit_takes_any_window() -> None:
    encoder = FakeEncoder()
    encoder.max_framed_tokens = None
    embedder = DocumentEmbedder(Recipe(window_tokens=5000), encoder=encoder)
    [vectors] = embedder.vectors(["word " * 4000])
    assert len(vectors.windows) == 1


def test_layers_that_the_model_lacks() -> None:
    with pytest.raises(SettingError, match=r"layers must be in \[-4, 3\]"):
        fake(layers=(4,)).embed(["one"])


def test_pickled_embedder_gives_the_same_vectors(minilm: DocumentEmbedder) -> None:
    """Another process loads its own model: none travels."""
    pickled = pickle.dumps(minilm)
    assert len(pickled) < 2000
    again = pickle.loads(pickled)
    assert np.array_equal(minilm.embed(["A roof."]), again.embed(["A roof."]))


def test_pickled_embedder_keeps_an_encoder_that_was_given() -> None:
    again = pickle.loads(pickle.dumps(fake()))
    assert np.array_equal(fake().embed(["A roof."]), again.embed(["A roof."]))


def test_sklearn_clone_shares_the_loaded_model(minilm: DocumentEmbedder) -> None:
    assert clone(minilm).encoder is minilm.encoder


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b\x00",
        "\ud800 word \udfff",
        "שלום עולם مرحبا",
        "契約書の屋根",
        "🇫🇷👩🏽\u200d🚀e\u0301",
    ],
)
def test_strange_text_is_read_whole(text: str, minilm: DocumentEmbedder) -> None:
    [vectors] = minilm.vectors([text])
    assert vectors.coverage == 1.0
    assert np.isfinite(vectors.document).all()


def test_a_model_that_is_loaded_ahead_gives_the_same_vectors(
    minilm: DocumentEmbedder,
) -> None:
    ahead = DocumentEmbedder(cache=None)
    ahead.load_ahead()
    expected = DocumentEmbedder(encoder=minilm.encoder).embed([LONG[:300]])

    assert np.array_equal(expected, ahead.embed([LONG[:300]]))
    assert ahead.encoder is ahead.encoder


def test_what_goes_wrong_ahead_is_told_where_the_model_is_asked_for(
    tmp_path: Path,
) -> None:
    embedder = DocumentEmbedder(Recipe(model=str(tmp_path)))
    embedder.load_ahead()  # an error in a thread of its own would fail the test

    with pytest.raises(ModelIntegrityError, match="must hold config"):
        embedder.embed([LONG])


def test_a_model_that_would_have_to_be_fetched_is_not_loaded_ahead() -> None:
    embedder = DocumentEmbedder(Recipe(model="nobody/nothing"))
    before = set(threading.enumerate())
    embedder.load_ahead()

    assert not set(threading.enumerate()) - before


def test_token_ids_are_embedded_as_their_text(minilm: DocumentEmbedder) -> None:
    texts = ["The roof leaks.", "The tenant pays the rent. " * 300]
    tokenizer = minilm.encoder.tokenizer
    runs = [tokenizer.encode(text).ids.tolist() for text in texts]
    expected = minilm.embed(texts)
    np.testing.assert_allclose(minilm.embed_ids(runs), expected, atol=1e-5)
    framed = [tokenizer.special.frame(np.array(run)).tolist() for run in runs]
    np.testing.assert_allclose(minilm.embed_ids(framed), expected, atol=1e-5)


@pytest.mark.parametrize("ids", [[-1], [7, 30_522]])
def test_token_ids_of_another_model_are_refused(
    minilm: DocumentEmbedder, ids: list[int]
) -> None:
    with pytest.raises(SettingError, match="another model's tokenizer"):
        minilm.embed_ids([ids])


def test_words_have_no_numbers_to_be_given() -> None:
    embedder = DocumentEmbedder(encoder=FakeEncoder())
    with pytest.raises(SettingError, match="whose tokens are numbered"):
        embedder.embed_ids([[1, 2, 3]])
