from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import (
    ENGLISH_STOP_WORDS,
    HashingVectorizer,
    TfidfTransformer,
)

from longshot.classify.features import lexical
from longshot.classify.features.lexical import (
    N_COLUMNS,
    OPENING_CHARACTERS,
    TITLE_CHARACTERS,
    columns,
    content_words,
    count_title,
    count_words,
    counted,
    document_frequencies,
    headings,
    pieces,
    smoothed_idf,
    weigh,
    words_and_pairs,
)
from longshot.classify.features.lexical import counted as counted_at_once

TEXTS = ["Rent is due. Rent!", "The boiler leaks and leaks", "members of the council"]


def test_weights_are_those_of_scikit_learn_with_log_of_one_plus_tf() -> None:
    counts = count_words(TEXTS)
    logged = counts.copy()
    logged.data = np.log1p(logged.data)
    idf = TfidfTransformer().fit(counts)
    expected = idf.transform(logged).toarray()

    smoothed = smoothed_idf(document_frequencies(counts), len(TEXTS))
    weighed = weigh(counts, smoothed)

    assert np.allclose(expected, weighed.toarray(), atol=1e-6)


def test_only_the_first_characters_and_headings_make_the_title() -> None:
    long = "Deed of trust. " + "x" * TITLE_CHARACTERS

    difference = count_title([long]) - count_title([long + " and much more"])
    behind = count_title([long + " and a Deed of Sale"]) - count_title([long])
    too_late = "x" * OPENING_CHARACTERS + " Deed of Sale"

    assert difference.nnz == 0
    assert behind.nnz > 0
    assert (count_title([long + too_late]) - count_title([long])).nnz == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Parts of it were left out.\n\nNETWORK BUILD AND\nMAINTENANCE AGREEMENT\n",
            ["NETWORK BUILD AND\nMAINTENANCE AGREEMENT"],
        ),
        ("made by Fitness Plus, Ltd of Brighton", ["Fitness Plus, Ltd of Brighton"]),
        ("a Contrat de Bail, signed", ["Contrat de Bail"]),
        ("the Tenant pays. The Landlord signs.", ["The Landlord"]),
        ("One\n\nTwo", []),
        ("ALL OF THIS " * 6, []),
        ("nothing here is written in capitals", []),
        ("合同编号 买卖合同", []),
        ("", []),
    ],
)
def test_headings_are_short_runs_of_capitalised_words(
    text: str, expected: list[str]
) -> None:
    assert expected == list(headings(text))


@pytest.mark.parametrize("count", [count_words, count_title])
def test_counting_one_by_one_gives_the_same(count: object) -> None:
    assert callable(count)
    whole = count(TEXTS).toarray()

    assert np.array_equal(whole, np.vstack([count([t]).toarray() for t in TEXTS]))
    assert count([]).shape == (0, whole.shape[1])


def test_a_long_text_is_counted_in_pieces_as_if_at_once() -> None:
    words = " ".join(f"word{n % 997} rent" for n in range(120_000))
    texts = ["the rent is due", f"{words}\n{'x' * 2_000_000} end", "", words]

    counted = count_words(texts)

    whole = counted_at_once(texts, content_words)
    assert whole.shape == counted.shape
    assert np.array_equal(whole.indptr, counted.indptr)
    assert np.array_equal(whole.indices, counted.indices)
    assert np.array_equal(whole.data, counted.data)


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
    assert lexical._stop_words() == ENGLISH_STOP_WORDS


def test_a_word_of_megabytes_has_a_column() -> None:
    """A base64 string without a space costs no more than its length."""
    first, second = columns(["x" * (1 << 22), "y" * (1 << 22)])

    assert first != second


def test_half_a_surrogate_pair_counts_as_a_question_mark() -> None:
    assert columns(["\ud800"]).tolist() == columns(["?"]).tolist()


def test_nothing_has_no_columns() -> None:
    assert counted([], content_words).shape == (0, N_COLUMNS)
    assert columns([]).shape == (0,)
