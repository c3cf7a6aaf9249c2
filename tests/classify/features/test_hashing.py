"""Columns are those of scikit-learn, so that classifiers saved before still fit."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, HashingVectorizer

from longshot.classify.features import hashing
from longshot.classify.features.hashing import (
    N_COLUMNS,
    columns,
    content_words,
    counted,
    pieces,
    words_and_pairs,
)

TEXTS = [
    "The tenant pays the RENT, and the tenant's rent is due on 1 May.",
    "Der Mieter zahlt die Miete; naïve café, Straße, İstanbul, ﬁnd",
    "合同编号 买卖合同 тест 한국어 \U0001f600 e\u0301",
    "a\t b \n\n  I x " + "long" * 60,
    "",
    "  ",
]
READERS: list[tuple[Callable[[str], list[str]], dict[str, Any]]] = [
    (content_words, {"stop_words": "english"}),
    (words_and_pairs, {"ngram_range": (1, 2)}),
    (pieces, {"analyzer": "char_wb", "ngram_range": (3, 5)}),
]


def vectorizer(**settings: Any) -> HashingVectorizer:
    return HashingVectorizer(
        n_features=N_COLUMNS, alternate_sign=False, norm=None, **settings
    )


@pytest.mark.parametrize(("read", "settings"), READERS)
def test_counts_are_those_of_scikit_learn(
    read: Callable[[str], list[str]], settings: dict[str, Any]
) -> None:
    expected = vectorizer(**settings).transform(TEXTS)

    found = counted(TEXTS, read)

    assert found.shape == expected.shape
    assert (found != expected).nnz == 0
    assert np.array_equal(expected.indices, found.indices)


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1))
def test_columns_are_those_of_scikit_learn(words: list[str]) -> None:
    whole = [word.encode("utf-8", "replace").decode() for word in words]
    hashed = vectorizer(analyzer=lambda word: [word]).transform(whole)

    assert hashed.indices.tolist() == columns(words).tolist()


def test_the_commonest_words_are_those_of_scikit_learn() -> None:
    assert hashing._stop_words() == ENGLISH_STOP_WORDS


def test_a_word_of_megabytes_has_a_column() -> None:
    """A base64 string without a space costs no more than its length."""
    first, second = columns(["x" * (1 << 22), "y" * (1 << 22)])

    assert first != second


def test_half_a_surrogate_pair_counts_as_a_question_mark() -> None:
    assert columns(["\ud800"]).tolist() == columns(["?"]).tolist()


def test_nothing_has_no_columns() -> None:
    assert counted([], content_words).shape == (0, N_COLUMNS)
    assert columns([]).shape == (0,)
