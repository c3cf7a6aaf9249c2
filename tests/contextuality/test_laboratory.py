import numpy as np
import pytest

from longshot.contextuality import Sentence, Settings, study
from longshot.contextuality.measures import (
    intra_sentence_similarity,
    max_explainable_variance,
    self_similarity,
)
from longshot.contextuality.results import DEFAULT, Row, Study
from longshot.encoders.static import StaticEncoder
from longshot.encoders.words import VocabularyTokenizer
from longshot.errors import SettingError
from tests.fakes import FakeEncoder

ANIMALS = [f"the mouse ate cheese number{i}" for i in range(6)]
DEVICES = [f"click the mouse button number{i} now" for i in range(5)]
QUICK = Settings(n_resamples=20)


class ContextEncoder(FakeEncoder):
    """Mixes a quarter of the window's mean into each token."""

    def states(self, ids: np.ndarray, layers: object) -> np.ndarray:
        """Give the fake states with some context."""
        states = super().states(ids, layers)  # type: ignore[arg-type]
        mean = states.mean(axis=2, keepdims=True)
        return np.asarray(0.75 * states + 0.25 * mean)


def labelled() -> list[Sentence]:
    pairs = [(text, "animal") for text in ANIMALS]
    pairs += [(text, "device") for text in DEVICES]
    return [
        Sentence(id=str(i), text=text, label=label)
        for i, (text, label) in enumerate(pairs)
    ]


def static_encoder() -> StaticEncoder:
    words = {"the": 0, "mouse": 1, "click": 2, "cheese": 3}
    vectors = np.eye(4, dtype=np.float32) + 0.5
    tokenizer = VocabularyTokenizer(words.get)
    return StaticEncoder("static", "ab" * 32, vectors, tokenizer)


def value(found: Study, measure: str, **of: object) -> float:
    [row] = [
        row
        for row in found.rows
        if row.measure == measure
        and all(getattr(row, name) == wanted for name, wanted in of.items())
    ]
    assert row.low <= row.value + 1e-9
    return row.value


def test_rows_are_the_measures_of_the_words_vectors() -> None:
    encoder = ContextEncoder()
    found = study(labelled(), ["mouse"], [encoder], settings=QUICK)
    vectors, intra = [], []
    for sentence in labelled():
        tokens = encoder.tokenizer.encode(sentence.text)
        framed = encoder.tokenizer.special.frame(tokens.ids)
        states = encoder.states(framed[None], range(4))[0, :, 1:-1]
        at = sentence.text.split().index("mouse")
        vectors.append(states[:, at])
        intra.append([intra_sentence_similarity(layer) for layer in states])
    raw = {"word": "mouse", "reading": "word", "corrected": False}
    for layer in range(4):
        of_layer = np.stack(vectors)[:, layer]
        expected = {
            "self_similarity": self_similarity(of_layer),
            "max_explainable_variance": max_explainable_variance(of_layer),
            "intra_sentence_similarity": float(np.array(intra)[:, layer].mean()),
        }
        for measure, number in expected.items():
            got = value(found, measure, layer=str(layer), **raw)
            assert got == pytest.approx(number, abs=1e-6)
    mean = np.stack(vectors).mean(axis=1)
    got = value(found, "self_similarity", layer=DEFAULT, **raw)
    assert got == pytest.approx(self_similarity(mean), abs=1e-6)


def test_correction_subtracts_what_random_words_have_in_common() -> None:
    found = study(labelled(), ["mouse"], [FakeEncoder()], settings=QUICK)
    differences = {
        measure: value(found, measure, layer="2", corrected=False)
        - value(found, measure, layer="2", corrected=True)
        for measure in ("self_similarity", "intra_sentence_similarity")
    }
    assert differences["self_similarity"] == pytest.approx(
        differences["intra_sentence_similarity"]
    )


def test_static_embedding_has_one_point_and_no_senses() -> None:
    found = study(labelled(), ["mouse"], [static_encoder()], settings=QUICK)
    assert value(found, "self_similarity", corrected=False) == pytest.approx(1.0)
    by_word = {"reading": "word", "corrected": True}
    chance = (6 * 5 + 5 * 4) / (11 * 10)
    assert value(found, "nearest_neighbour", **by_word) == pytest.approx(chance)
    np.testing.assert_allclose(found.maps[0].points, 0, atol=1e-6)
    np.testing.assert_allclose(found.maps[0].alone, 0, atol=1e-6)


def test_context_tells_the_senses_apart() -> None:
    found = study(labelled(), ["mouse"], [ContextEncoder()], settings=QUICK)
    last = {"layer": DEFAULT, "reading": "sentence", "corrected": True}
    assert value(found, "nearest_neighbour", **last) == 1.0
    assert found.maps[0].senses == ("animal",) * 6 + ("device",) * 5
    assert sum(sense.n_uses for sense in found.found_senses) == 11


def test_sentences_without_labels_get_senses_by_clustering() -> None:
    texts = [Sentence(id=str(i), text=t) for i, t in enumerate(ANIMALS + DEVICES)]
    found = study(texts, ["mouse"], [ContextEncoder()], settings=QUICK)
    assert not found.maps[0].are_told
    assert {row.measure for row in found.rows} == {
        "self_similarity", "intra_sentence_similarity", "max_explainable_variance",
    }  # fmt: skip
    assert all(sense.typical for sense in found.found_senses)


def test_same_study_gives_the_same_numbers() -> None:
    first, second = (
        study(labelled(), ["mouse"], [FakeEncoder()], settings=QUICK).rows
        for _ in range(2)
    )
    assert first == second


def test_progress_ends_at_all_that_is_read() -> None:
    told: list[tuple[str, int, int]] = []

    def on_progress(model: str, n_read: int, n_all: int) -> None:
        told.append((model, n_read, n_all))

    study(
        labelled(), ["mouse"], [FakeEncoder()], settings=QUICK, on_progress=on_progress
    )
    assert told[-1][1] == told[-1][2]


def test_word_that_never_occurs_is_told() -> None:
    with pytest.raises(SettingError, match="of 11 sentences, cat occurs in 0"):
        study(labelled(), ["cat"], [FakeEncoder()])


def test_word_that_occurs_once_is_told_and_left_out() -> None:
    found = study(labelled(), ["mouse", "number3"], [FakeEncoder()], settings=QUICK)
    [more] = [
        study(
            [*labelled(), Sentence(id="x", text="a cat", label="animal")],
            ["mouse", "cat", "dog"],
            [FakeEncoder()],
            settings=QUICK,
        )
    ]
    assert {row.word for row in found.rows} == {"mouse", "number3"}
    assert {row.word for row in more.rows} == {"mouse"}
    assert '"cat" occurs only once: it is left out' in more.notes
    assert '"dog" occurs in no sentence: it is left out' in more.notes


def test_one_sense_only_is_told() -> None:
    found = study(labelled()[:6], ["mouse"], [FakeEncoder()], settings=QUICK)
    assert any("one sense only (animal)" in note for note in found.notes)
    assert not _of(found, "silhouette")


def test_sense_with_a_single_sentence_and_missing_labels_are_told() -> None:
    found = study(labelled()[:7], ["mouse"], [FakeEncoder()], settings=QUICK)
    assert any("sense device has a single sentence" in note for note in found.notes)
    half = [*labelled()[:7], Sentence(id="x", text="the mouse")]
    found = study(half, ["mouse"], [FakeEncoder()], settings=QUICK)
    assert any("1 of 8 sentences have no label" in note for note in found.notes)
    assert not _of(found, "silhouette")


def test_long_sentences_and_sampling_are_told() -> None:
    encoder = FakeEncoder()
    encoder.max_framed_tokens = 7
    settings = Settings(n_resamples=20, max_uses=5)
    found = study(labelled()[5:], ["mouse"], [encoder], settings=settings)
    assert any("longer than fake reads at once" in note for note in found.notes)
    assert any("5 of its 6 sentences were drawn" in note for note in found.notes)


def test_model_without_the_word_is_told() -> None:
    words = VocabularyTokenizer({"the": 0, "click": 1}.get)
    encoder = StaticEncoder("static", "ab", np.eye(2, dtype=np.float32), words)
    found = study(labelled(), ["mouse"], [encoder], settings=QUICK)
    assert found.notes == ('static has no vector of the 11 uses of "mouse"',)
    nothing = StaticEncoder(
        "none",
        "ab",
        np.eye(2, dtype=np.float32),
        VocabularyTokenizer(dict[str, int]().get),
    )
    with pytest.raises(SettingError, match="none has 0"):
        study(labelled(), ["mouse"], [nothing], settings=QUICK)


def test_settings_out_of_range_are_told() -> None:
    with pytest.raises(SettingError, match="max_uses must be at least 2"):
        Settings(max_uses=1)


def _of(found: Study, measure: str) -> list[Row]:
    return [row for row in found.rows if row.measure == measure]
