"""Words are followed by their characters through every kind of tokenizer."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import (
    Regex,
    Tokenizer,
    decoders,
    models,
    pre_tokenizers,
    processors,
    trainers,
)

from longshot.contextuality import Sentence, word_vectors
from longshot.contextuality.occurrences.uses import Use
from longshot.contextuality.word_vectors import read_uses
from longshot.encoders.tokenizer import HuggingFaceTokenizer
from longshot.errors import SettingError
from tests.fakes import FakeEncoder

TEXTS = [
    "the mouse ran over the mousetrap",
    "click the mouse. The mice, the mouses!",
    "Ein Mäuschen und a mouse's tail",
]


def word_piece() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[UNK]", "[CLS]", "[SEP]"]
    trainer = trainers.WordPieceTrainer(
        vocab_size=60, special_tokens=special, show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return tokenizer


def byte_level() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def sentence_piece() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=60, unk_token="<unk>", special_tokens=["<unk>"], show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def characters() -> Tokenizer:
    vocabulary = {c: i for i, c in enumerate(sorted({c for t in TEXTS for c in t}))}
    tokenizer = Tokenizer(models.WordLevel({**vocabulary, "?": 99}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    return tokenizer


class Encoder(FakeEncoder):
    """The fake one with a real tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = HuggingFaceTokenizer(tokenizer, None)  # type: ignore[assignment]


@pytest.mark.parametrize("make", [word_piece, byte_level, sentence_piece, characters])
def test_word_is_the_mean_of_the_pieces_that_spell_it(
    make: Callable[[], Tokenizer],
) -> None:
    encoder = Encoder(make())
    found = list(word_vectors(TEXTS, ["mouse"], encoder=encoder))
    assert [one.use.sentence.id for one in found] == ["0", "1", "2"]
    for one in found:
        text, use = one.use.sentence.text, one.use
        tokens = encoder.tokenizer.encode(text)
        pieces = [
            i
            for i in range(len(tokens))
            if set(range(use.start, use.end))
            & {c for c in range(tokens.starts[i], tokens.ends[i])}
        ]
        spelled = "".join(text[tokens.starts[i] : tokens.ends[i]] for i in pieces)
        assert spelled.strip().lower() == "mouse"
        assert one.n_tokens == len(pieces)
        framed = encoder.tokenizer.special.frame(tokens.ids)
        states = encoder.states(framed[None], range(4))[0]
        before = len(encoder.tokenizer.special.before)
        real = states[:, before : before + len(tokens)]
        expected = np.mean([real[:, i] for i in pieces], axis=0)
        np.testing.assert_allclose(one.vectors, expected, atol=1e-6)
        np.testing.assert_allclose(one.sentence, real.mean(axis=1), atol=1e-6)


def test_batch_equals_one_at_a_time() -> None:
    texts = [f"{'x ' * (i % 5)}mouse {i}" for i in range(40)]
    together = list(word_vectors(texts, ["mouse"], encoder=FakeEncoder()))
    for text, one in zip(texts, together, strict=True):
        [alone] = word_vectors([text], ["mouse"], encoder=FakeEncoder())
        assert one.use.sentence.text == text
        np.testing.assert_allclose(one.vectors, alone.vectors, atol=1e-6)


@given(st.integers(0, 60), st.integers(0, 60))
def test_long_sentence_is_read_around_the_word(n_before: int, n_after: int) -> None:
    encoder = FakeEncoder()
    encoder.max_framed_tokens = 22
    text = "a " * n_before + "mouse" + " b" * n_after
    [one] = word_vectors([text], ["mouse"], [1], encoder=encoder)
    assert one.is_cut == (n_before + 1 + n_after > 20)
    ids = encoder.tokenizer.encode("mouse").ids
    np.testing.assert_allclose(one.vectors[0], encoder.states(ids[None], [1])[0, 0, 0])


def test_layers_may_be_counted_from_the_last() -> None:
    [every] = word_vectors(["a mouse"], ["mouse"], encoder=FakeEncoder())
    [last] = word_vectors(["a mouse"], ["mouse"], [-1, 0], encoder=FakeEncoder())
    np.testing.assert_array_equal(last.vectors, every.vectors[[3, 0]])
    with pytest.raises(SettingError, match=r"layers must be in \[-4, 3\]"):
        list(word_vectors(["a mouse"], ["mouse"], [4], encoder=FakeEncoder()))


def test_intra_sentence_similarity_and_mean_layer_are_given_where_asked() -> None:
    text = "click the mouse"
    encoder = FakeEncoder()
    use = Use(sentence=Sentence(id="0", text=text), word="mouse", start=10, end=15)
    [one] = read_uses([use], encoder, range(4), intra=True, mean_of_last=2)
    assert one is not None
    states = encoder.states(encoder.tokenizer.encode(text).ids[None], range(4))[0]
    layers = np.concatenate([states, states[-2:].mean(axis=0, keepdims=True)])
    for layer, found in zip(layers, one.intra, strict=True):
        mean = layer.mean(axis=0)
        cosines = layer @ mean / np.linalg.norm(layer, axis=1) / np.linalg.norm(mean)
        assert found == pytest.approx(cosines.mean(), abs=1e-6)
