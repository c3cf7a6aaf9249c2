import re
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
import tokenizers
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

from longshot.encoders.minilm import minilm_folder
from longshot.encoders.tokenizer import HuggingFaceTokenizer
from longshot.tokens import SpecialTokens, Tokenizer, Tokens, iter_tokens
from tests.fakes import WordTokenizer

CORPUS = [
    "The lease of the warehouse ends in March, and the tenant shall repair the roof.",
    "Das Mietverhältnis endet; 契約は三月に終わります。 ينتهي العقد في مارس 😀👍🏽",
    "aaaa abab abcabc 2024-03-31 naïve café e\u0301 it's don't",
]
PIECES = [
    "the",
    "The lease ends in March.",
    "warehouse's",
    "naïve cafe\u0301",
    "Mietverhältnis",
    "契約は三月に終わります。",
    "ينتهي العقد في مارس",
    "👩🏽\u200d🚀",
    "🇫🇷🇩🇪",
    "😀" * 40,
    "\x00",
    "\ud83d",
    "\udc00 \ud800",
    "\n\n\t",
    " " * 90,
    "[SEP]",
    "x" * 700,
    "ab" * 300,
    "\u0301" * 30,
    "...!?",
    "\ufeff\u200b",
    "1234567890" * 12,
]
texts = st.builds(
    str.join,
    st.sampled_from(["", " "]),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=40),
)


@cache
def wordpiece() -> Tokenizer:
    path = minilm_folder() / "tokenizer.json"
    return HuggingFaceTokenizer(tokenizers.Tokenizer.from_file(str(path)), 100)


@cache
def byte_level_bpe() -> Tokenizer:
    backend = tokenizers.Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=400, initial_alphabet=alphabet, show_progress=False
    )
    backend.train_from_iterator(CORPUS, trainer)
    return HuggingFaceTokenizer(backend, None)


@cache
def unigram() -> Tokenizer:
    backend = tokenizers.Tokenizer(models.Unigram())
    backend.normalizer = normalizers.NFKC()
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=120, unk_token="<unk>", special_tokens=["<unk>"], show_progress=False
    )
    backend.train_from_iterator(CORPUS, trainer)
    return HuggingFaceTokenizer(backend, 0)


TOKENIZERS = [wordpiece, byte_level_bpe, unigram, WordTokenizer]


def as_rows(tokens: Tokens) -> list[tuple[int, int, int]]:
    columns = (tokens.ids.tolist(), tokens.starts.tolist(), tokens.ends.tolist())
    return list(zip(*columns, strict=True))


def in_pieces(
    text: str, tokenizer: Tokenizer, chunk: int, context: int
) -> list[Tokens]:
    return list(
        iter_tokens(text, tokenizer, chunk_characters=chunk, context_characters=context)
    )


def at_once(text: str, tokenizer: Tokenizer) -> Tokens:
    return tokenizer.encode(re.sub("[\ud800-\udfff]", "\ufffd", text))


@pytest.mark.parametrize("make", TOKENIZERS, ids=lambda make: make.__name__)
@settings(max_examples=60, deadline=None)
@given(
    text=texts,
    chunk=st.sampled_from([150, 200, 501]),
    context=st.sampled_from([101, 150]),
)
@example(
    text="the lease ends. " * 40 + "x" * 3000 + " the end." * 90, chunk=200, context=101
)
def test_pieces_joined_are_the_tokens_of_the_whole_text(
    make: Callable[[], Tokenizer], text: str, chunk: int, context: int
) -> None:
    """What pieces share is longer than the longest word of WordPiece, of 100 signs."""
    tokenizer = make()
    pieces = in_pieces(text, tokenizer, chunk, context)
    expected = as_rows(at_once(text, tokenizer))
    assert expected == [row for piece in pieces for row in as_rows(piece)]


@pytest.mark.parametrize("make", TOKENIZERS, ids=lambda make: make.__name__)
def test_long_text_comes_in_pieces_of_bounded_size(
    make: Callable[[], Tokenizer],
) -> None:
    text = "The lease of the warehouse ends in March, said the tenant. " * 200
    pieces = in_pieces(text, make(), 1000, 200)
    assert len(pieces) > 8
    assert max(len(piece) for piece in pieces) <= 1200


def test_long_word_after_a_seam_is_given_once() -> None:
    """A word longer than every context is read whole; what was given stays given."""
    text = "one two three four five six seven eight nine ten " * 8 + "x" * 5000 + " end"
    tokens = in_pieces(text, WordTokenizer(), 200, 80)
    assert len(text.split()) == sum(len(piece) for piece in tokens)


def test_lone_surrogates_read_as_replacement_characters() -> None:
    [tokens] = iter_tokens("a \ud800 b", WordTokenizer())
    assert as_rows(WordTokenizer().encode("a \ufffd b")) == as_rows(tokens)


def test_text_of_white_space_gives_no_token() -> None:
    pieces = list(iter_tokens(" " * 1_000_000, wordpiece()))
    assert sum(len(piece) for piece in pieces) == 0


def test_nothing_is_cut_though_the_published_tokenizer_truncates() -> None:
    """all-MiniLM-L6-v2's tokenizer.json cuts at 128 tokens."""
    assert len(wordpiece().encode("word " * 1000)) == 1000


def test_special_tokens_stand_around_a_window() -> None:
    special = wordpiece().special
    assert SpecialTokens(before=(101,), after=(102,)) == special
    assert special.frame(np.array([7, 8])).tolist() == [101, 7, 8, 102]
    assert SpecialTokens() == byte_level_bpe().special


def test_offsets_point_at_the_tokens_characters() -> None:
    text = "The café 😀 closes."
    tokens = wordpiece().encode(text)
    spans = zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
    words = [text[start:end] for start, end in spans]
    assert words == ["The", "café", "😀", "closes", "."]
