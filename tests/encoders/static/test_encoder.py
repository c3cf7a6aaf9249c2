from pathlib import Path
from typing import Any

import numpy as np
import pytest

from longshot import DocumentEmbedder, Recipe
from longshot.encoders import load_encoder
from longshot.encoders.static import WordEncoder, load_model2vec
from longshot.errors import ModelIntegrityError, ModelNotFoundError, SettingError

WORDS = [f"word{i}" for i in range(300)]
VECTORS = np.random.default_rng(0).normal(size=(300, 8)).astype(np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "vectors.txt"
    lines = [
        f"{word} {' '.join(map(str, vector))}"
        for word, vector in zip(WORDS, VECTORS, strict=True)
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # gensim's
def test_vectors_and_neighbours_of_twenty_words_are_gensims(path: Path) -> None:
    gensim = pytest.importorskip("gensim.models")
    theirs = gensim.KeyedVectors.load_word2vec_format(str(path), no_header=True)
    ours = WordEncoder("words", path)
    for word in WORDS[:20]:
        np.testing.assert_array_equal(ours.vector(word), theirs[word])
        expected = theirs.most_similar(word, topn=5)
        found = ours.neighbours(word, 5)
        assert [other for other, _ in found] == [other for other, _ in expected]
        np.testing.assert_allclose(
            [cosine for _, cosine in found],
            [cosine for _, cosine in expected],
            atol=1e-6,
        )


@pytest.mark.parametrize("family", ["word2vec", "glove", "fasttext"])
def test_document_is_the_mean_of_its_words_and_coverage_tells_the_missing(
    path: Path, family: str
) -> None:
    embedder = DocumentEmbedder(Recipe(model=f"{family}:{path}"))
    [vectors] = embedder.vectors(["Word1, unknown word2 word2"])
    expected = (VECTORS[1] + 2 * VECTORS[2]) / 3
    np.testing.assert_allclose(vectors.document, expected, atol=1e-6)
    assert vectors.coverage == 0.75


def test_states_are_the_vectors(path: Path) -> None:
    encoder = load_encoder(f"glove:{path}")
    states = encoder.states(np.array([[3, 5]]), [0])
    np.testing.assert_array_equal(states[0, 0], VECTORS[[3, 5]])


def test_word_without_a_vector_is_told(path: Path) -> None:
    with pytest.raises(SettingError, match="'mouse' is not"):
        WordEncoder("words", path).vector("mouse")


def test_repeated_words_are_told(path: Path) -> None:
    path.write_text("the 1 2\nthe 3 4\n")
    with pytest.warns(UserWarning, match="gives 1 words a second one"):
        WordEncoder("words", path)


def test_model2vec_vectors_are_its_own(tmp_path: Path) -> None:
    model2vec = pytest.importorskip("model2vec")
    model = tiny_model2vec(model2vec.StaticModel)
    model.save_pretrained(tmp_path)
    ours = DocumentEmbedder(Recipe(model=f"model2vec:{tmp_path}"))
    text = "the mouse the cheese"
    np.testing.assert_allclose(ours.embed([text])[0], model.encode(text), atol=1e-6)


def test_piece_that_model2vec_does_not_know_lowers_the_coverage(
    tmp_path: Path,
) -> None:
    model2vec = pytest.importorskip("model2vec")
    tiny_model2vec(model2vec.StaticModel).save_pretrained(tmp_path)
    embedder = DocumentEmbedder(Recipe(model=f"model2vec:{tmp_path}"))
    [vectors] = embedder.vectors(["the zebra"])
    assert vectors.coverage == 0.5


def tiny_model2vec(kind: Any) -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {"[UNK]": 0, "the": 1, "mouse": 2, "cheese": 3}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    vectors = np.arange(20, dtype=np.float32).reshape(4, 5)
    return kind(vectors=vectors, tokenizer=tokenizer, normalize=False)


def test_folder_that_is_no_model2vec_is_told(tmp_path: Path) -> None:
    pytest.importorskip("model2vec")
    with pytest.raises(ModelIntegrityError, match="did not load"):
        load_model2vec("m", str(tmp_path))
    with pytest.raises(ModelNotFoundError, match="neither"):
        load_model2vec("m", str(tmp_path / "no" / "such" / "folder"))
