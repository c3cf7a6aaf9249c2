import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfTransformer

from longshot.classify.features.hashing import content_words
from longshot.classify.features.hashing import counted as counted_at_once
from longshot.classify.features.lexical import (
    OPENING_CHARACTERS,
    TITLE_CHARACTERS,
    count_title,
    count_words,
    document_frequencies,
    headings,
    smoothed_idf,
    weigh,
)

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
