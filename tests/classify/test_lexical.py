import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfTransformer

from longshot.classify.lexical import (
    TITLE_CHARACTERS,
    count_title,
    count_words,
    document_frequencies,
    weigh,
)

TEXTS = ["Rent is due. Rent!", "The boiler leaks and leaks", "members of the council"]


def test_weights_are_those_of_scikit_learn_with_log_of_one_plus_tf() -> None:
    counts = count_words(TEXTS)
    logged = counts.copy()
    logged.data = np.log1p(logged.data)
    idf = TfidfTransformer().fit(counts)
    expected = idf.transform(logged).toarray()

    weighed = weigh(counts, document_frequencies(counts), len(TEXTS))

    assert np.allclose(expected, weighed.toarray(), atol=1e-6)


def test_only_the_first_characters_make_the_title() -> None:
    long = "Deed of trust. " + "x" * TITLE_CHARACTERS

    difference = count_title([long]) - count_title([long + " and much more"])

    assert difference.nnz == 0


@pytest.mark.parametrize("count", [count_words, count_title])
def test_counting_one_by_one_gives_the_same(count: object) -> None:
    assert callable(count)
    whole = count(TEXTS).toarray()

    assert np.array_equal(whole, np.vstack([count([t]).toarray() for t in TEXTS]))
    assert count([]).shape == (0, whole.shape[1])
