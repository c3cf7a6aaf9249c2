from collections import Counter

import numpy as np
import pytest

from longshot.encoders.static.glove import count_pairs
from longshot.encoders.static.training import (
    Algorithm,
    TrainingSettings,
    train_static,
    words_of,
)
from longshot.errors import EmptyDocumentError, SettingError

TEXTS = [
    "the cat ate the cheese and the mouse ate the cheese",
    "click the mouse and press the key then click the key",
] * 20


@pytest.mark.parametrize("algorithm", ["word2vec", "fasttext", "glove"])
def test_every_frequent_word_gets_a_vector_and_epochs_are_told(
    algorithm: Algorithm,
) -> None:
    if algorithm != "glove":
        pytest.importorskip("gensim")
    settings = TrainingSettings(
        algorithm=algorithm, dim=6, min_count=20, epochs=3, n_workers=1
    )
    told: list[tuple[int, int]] = []
    trained = train_static(
        lambda: TEXTS, settings, on_epoch=lambda done, n: told.append((done, n))
    )
    counts = Counter(word for text in TEXTS for word in words_of(text))
    assert set(trained.words) == {word for word, n in counts.items() if n >= 20}
    assert trained.vectors.shape == (len(trained.words), 6)
    assert np.isfinite(trained.vectors).all()
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_glove_counts_pairs_like_a_plain_loop() -> None:
    runs = [["a", "b", "x", "a", "c"], ["b", "b"]]
    words = ["a", "b", "c"]
    expected: Counter[tuple[int, int]] = Counter()
    for run in runs:
        for i, one in enumerate(run):
            for j, other in enumerate(run):
                if i != j and abs(i - j) <= 3 and one in words and other in words:
                    pair = words.index(one), words.index(other)
                    expected[pair] += 1 / abs(i - j)  # type: ignore[assignment]
    found = count_pairs(runs, words, 3)
    pairs = zip(found.words.tolist(), found.contexts.tolist(), strict=True)
    assert dict(zip(pairs, found.counts.round(9), strict=True)) == {
        pair: round(count, 9) for pair, count in expected.items()
    }


def test_glove_puts_words_of_one_topic_together() -> None:
    topics = [
        "cat mouse cheese hole tail".split(),
        "click key screen port disk".split(),
    ]
    random = np.random.default_rng(0)
    texts = [
        " ".join(random.choice(topics[number % 2], size=30)) for number in range(100)
    ]
    settings = TrainingSettings(algorithm="glove", dim=8, min_count=1, epochs=30)
    trained = train_static(lambda: texts, settings)
    of_topic = np.array([word in topics[0] for word in trained.words])
    lengths = np.linalg.norm(trained.vectors, axis=1, keepdims=True)
    cosines = (trained.vectors / lengths) @ (trained.vectors / lengths).T
    same = of_topic[:, None] == of_topic[None]
    assert cosines[same].min() > cosines[~same].max()


def test_glove_gives_the_same_vectors_again() -> None:
    settings = TrainingSettings(algorithm="glove", dim=4, min_count=1, epochs=2)
    first, second = (train_static(lambda: TEXTS, settings) for _ in range(2))
    np.testing.assert_array_equal(first.vectors, second.vectors)


@pytest.mark.parametrize("algorithm", ["word2vec", "glove"])
def test_corpus_of_rare_words_is_told(algorithm: Algorithm) -> None:
    if algorithm != "glove":
        pytest.importorskip("gensim")
    settings = TrainingSettings(algorithm=algorithm, min_count=5)
    with pytest.raises(EmptyDocumentError, match="5 times"):
        train_static(lambda: ["a mouse"], settings)
    with pytest.raises(EmptyDocumentError, match="5 times"):
        train_static(list, settings)


def test_settings_out_of_range_are_told() -> None:
    with pytest.raises(SettingError, match="dim must be at least 1"):
        TrainingSettings(dim=0)
    with pytest.raises(SettingError, match="min_count must be at least 1"):
        TrainingSettings(min_count=0)
