import numpy as np
import pytest

from longshot.contextuality import Sentence, Settings, study
from longshot.contextuality.readings import in_layer, read_as
from longshot.contextuality.results import (
    DEFAULT,
    SENSE_READING,
    SENSES_CENTRED,
    Reading,
)
from tests.fakes import FakeEncoder

SOURCE = np.random.default_rng(3)
WORDS = SOURCE.normal(size=(7, 5)) + 2
SENTENCES = SOURCE.normal(size=(7, 5)) - 1


def plain_cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.dot(a, b) / np.sqrt(np.dot(a, a) * np.dot(b, b)))


@pytest.mark.parametrize(
    ("known", "share"), [(None, 0.5), ([0, 1, 2, 3, 4, 5, 6], 0.2), ([1, 4, 6], 0.2)]
)
def test_cosine_of_both_is_half_the_words_and_centred_a_fifth(
    known: list[int] | None, share: float
) -> None:
    both = read_as("both", WORDS, SENTENCES, None if known is None else np.array(known))
    words, sentences = WORDS, SENTENCES
    if known is not None:
        words = WORDS - sum(WORDS[i] for i in known) / len(known)
        sentences = SENTENCES - sum(SENTENCES[i] for i in known) / len(known)
    for i in range(7):
        for j in range(7):
            expected = share * plain_cosine(words[i], words[j])
            expected += (1 - share) * plain_cosine(sentences[i], sentences[j])
            assert both[i] @ both[j] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("reading", "side"), [("word", WORDS), ("sentence", SENTENCES)]
)
def test_word_and_sentence_keep_their_own_cosines(
    reading: Reading, side: np.ndarray
) -> None:
    read = read_as(reading, WORDS, SENTENCES)
    assert read[2] @ read[5] == pytest.approx(plain_cosine(side[2], side[5]))


@pytest.mark.parametrize("n_layers", [2, 3, 4, 7])
def test_each_of_the_last_four_layers_counts_the_same(n_layers: int) -> None:
    layers = SOURCE.normal(size=(6, n_layers, 5)) * 10.0 ** np.arange(n_layers)[:, None]
    given = np.concatenate([layers, layers.mean(axis=1, keepdims=True)], axis=1)
    for use, got in enumerate(in_layer(given, DEFAULT)):
        last = layers[use][-4:]
        lengths = [layer / np.sqrt((layer**2).sum()) for layer in last]
        np.testing.assert_allclose(got, sum(lengths) / len(last))
    np.testing.assert_array_equal(in_layer(given, "1"), layers[:, 1])


def test_laboratory_finds_neighbours_as_plain_computation_does() -> None:
    texts = [f"the mouse ate cheese number{i}" for i in range(5)]
    texts += [f"click number{i} mouse button {'now ' * i}" for i in range(5)]
    labels = ["animal"] * 5 + ["device"] * 5
    sentences = [
        Sentence(id=str(i), text=text, label=label)
        for i, (text, label) in enumerate(zip(texts, labels, strict=True))
    ]
    encoder = FakeEncoder()
    found = study(sentences, ["mouse"], [encoder], settings=Settings(n_resamples=2))
    expected = _plain_neighbours(encoder, texts, labels)
    rows = {
        row.layer: row.value
        for row in found.rows
        if (row.measure, row.reading, row.corrected)
        == ("nearest_neighbour", SENSE_READING, SENSES_CENTRED)
    }
    assert rows.keys() == expected.keys()
    for layer, share in expected.items():
        assert rows[layer] == pytest.approx(share)


def _plain_neighbours(
    encoder: FakeEncoder, texts: list[str], labels: list[str]
) -> dict[str, float]:
    """Follow the definition use by use: one part word, four parts sentence, centred."""
    sides: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for text in texts:
        tokens = encoder.tokenizer.encode(text)
        framed = encoder.tokenizer.special.frame(tokens.ids)
        states = encoder.states(framed[None], range(4))[0, :, 1:-1]
        word, sentence = states[:, text.split().index("mouse")], states.mean(axis=1)
        for layer in range(4):
            sides.setdefault(str(layer), []).append((word[layer], sentence[layer]))
        last = [
            np.mean([x / np.linalg.norm(x) for x in side.astype(np.float64)], axis=0)
            for side in (word, sentence)
        ]
        sides.setdefault(DEFAULT, []).append((last[0], last[1]))
    return {layer: _plain_share(uses, labels) for layer, uses in sides.items()}


def _plain_share(uses: list[tuple[np.ndarray, np.ndarray]], labels: list[str]) -> float:
    words = np.stack([word for word, _ in uses]).astype(np.float64)
    sentences = np.stack([sentence for _, sentence in uses]).astype(np.float64)
    words, sentences = words - words.mean(axis=0), sentences - sentences.mean(axis=0)
    right = 0.0
    for i, label in enumerate(labels):
        closeness = {
            j: 0.2 * plain_cosine_or_zero(words[i], words[j])
            + 0.8 * plain_cosine_or_zero(sentences[i], sentences[j])
            for j in range(len(labels))
            if j != i
        }
        most = max(closeness.values()) - 1e-9
        best = [j for j, one in closeness.items() if one > most]
        right += sum(labels[j] == label for j in best) / len(best)
    return right / len(labels)


def plain_cosine_or_zero(a: np.ndarray, b: np.ndarray) -> float:
    """Count a word that the context does not change, centred, as like nothing."""
    return plain_cosine(a, b) if min(np.abs(a).max(), np.abs(b).max()) > 1e-6 else 0.0
