"""ELMo against AllenNLP's expected values, and against a plain loop written here."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from longshot.encoders import load_encoder
from longshot.encoders.elmo import load_elmo
from longshot.errors import ModelIntegrityError, ModelNotFoundError, SettingError

h5py = pytest.importorskip("h5py")

FIXTURE = Path(os.environ.get("LONGSHOT_DATA", "data")) / "elmo"
DIM, CELL, FILTERS = 6, 10, [[1, 4], [2, 5]]
N = sum(number for _, number in FILTERS)
OPTIONS: dict[str, Any] = {
    "lstm": {
        "cell_clip": 0.4,
        "use_skip_connections": True,
        "n_layers": 2,
        "proj_clip": 0.3,
        "projection_dim": DIM,
        "dim": CELL,
    },
    "char_cnn": {
        "embedding": {"dim": 3},
        "filters": FILTERS,
        "n_highway": 1,
        "n_characters": 262,
        "max_characters_per_token": 50,
        "activation": "relu",
    },
}


def weights() -> dict[str, np.ndarray]:
    shapes: dict[str, tuple[int, ...]] = {
        "char_embed": (261, 3),
        "CNN_high_0/W_transform": (N, N),
        "CNN_high_0/b_transform": (N,),
        "CNN_high_0/W_carry": (N, N),
        "CNN_high_0/b_carry": (N,),
        "CNN_proj/W_proj": (N, DIM),
        "CNN_proj/b_proj": (DIM,),
    }
    for i, (width, number) in enumerate(FILTERS):
        shapes[f"CNN/W_cnn_{i}"] = (1, width, 3, number)
        shapes[f"CNN/b_cnn_{i}"] = (number,)
    for direction in range(2):
        for layer in range(2):
            cell = f"RNN_{direction}/RNN/MultiRNNCell/Cell{layer}/LSTMCell"
            shapes[f"{cell}/W_0"] = (2 * DIM, 4 * CELL)
            shapes[f"{cell}/B"] = (4 * CELL,)
            shapes[f"{cell}/W_P_0"] = (CELL, DIM)
    random = np.random.default_rng(0)
    return {
        name: random.normal(size=shape).astype(np.float32)
        for name, shape in shapes.items()
    }


def write(folder: Path, options: Any, arrays: dict[str, np.ndarray]) -> str:
    (folder / "options.json").write_text(json.dumps(options))
    with h5py.File(folder / "weights.hdf5", "w") as file:
        for name, array in arrays.items():
            file[name] = array
    return f"{folder / 'options.json'},{folder / 'weights.hdf5'}"


def plain_words(words: list[str], w: dict[str, np.ndarray]) -> np.ndarray:
    """Encode words one character and one filter at a time."""
    rows = []
    for word in words:
        inner = {"<S>": [256], "</S>": [257]}.get(word, list(word.encode()))
        numbers = [258, *inner, 259]
        numbers += [260] * (50 - len(numbers))
        characters = w["char_embed"][numbers].astype(np.float64)
        found = []
        for i, (width, number) in enumerate(FILTERS):
            filters = w[f"CNN/W_cnn_{i}"][0]
            places = [
                sum(characters[p + o] @ filters[o] for o in range(width))
                for p in range(50 - width + 1)
            ]
            found.append(np.maximum(np.max(places, axis=0) + w[f"CNN/b_cnn_{i}"], 0))
            assert len(found[-1]) == number
        x = np.concatenate(found)
        gate = sigmoid(x @ w["CNN_high_0/W_carry"] + w["CNN_high_0/b_carry"])
        new = np.maximum(
            x @ w["CNN_high_0/W_transform"] + w["CNN_high_0/b_transform"], 0
        )
        x = gate * new + (1 - gate) * x
        rows.append(x @ w["CNN_proj/W_proj"] + w["CNN_proj/b_proj"])
    return np.array(rows)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-x)))


def plain_lstm(
    words: np.ndarray, w: dict[str, np.ndarray], cell: str, reverse: bool
) -> np.ndarray:
    """Read with TensorFlow's LSTMCell, step by step; gates come as i, j, f, o."""
    state, memory = np.zeros(DIM), np.zeros(CELL)
    out = np.zeros_like(words)
    order = range(len(words))
    for step in reversed(order) if reverse else order:
        gates = np.concatenate([words[step], state]) @ w[f"{cell}/W_0"] + w[f"{cell}/B"]
        i, j, f, o = np.split(gates, 4)
        memory = np.clip(sigmoid(f + 1) * memory + sigmoid(i) * np.tanh(j), -0.4, 0.4)
        state = sigmoid(o) * np.tanh(memory) @ w[f"{cell}/W_P_0"]
        state = np.clip(state, -0.3, 0.3)
        out[step] = state
    return out


def plain_elmo(sentence: list[str], w: dict[str, np.ndarray]) -> np.ndarray:
    words = plain_words(["<S>", *sentence, "</S>"], w)
    sides = []
    for direction in range(2):
        layers = [words]
        for layer in range(2):
            cell = f"RNN_{direction}/RNN/MultiRNNCell/Cell{layer}/LSTMCell"
            read = plain_lstm(layers[-1], w, cell, reverse=direction == 1)
            layers.append(read + layers[-1] if layer else read)
        sides.append(np.array(layers))
    return np.concatenate(sides, axis=-1)[:, 1:-1]


def test_layers_equal_a_plain_loop_whatever_the_batch(tmp_path: Path) -> None:
    arrays = weights()
    encoder = load_encoder(f"elmo:{write(tmp_path, OPTIONS, arrays)}")
    sentences = [["A", "mouse", "squeaks"], ["Clic", "é" * 60]]
    [batch] = load_elmo("e", write_name(tmp_path)).sentences([sentences])
    for sentence, layers in zip(sentences, batch, strict=True):
        expected = plain_elmo(
            [word.encode()[:48].decode() for word in sentence], arrays
        )
        np.testing.assert_allclose(layers, expected, atol=1e-5)
    assert (encoder.n_layers, encoder.dim) == (3, 2 * DIM)


def write_name(folder: Path) -> str:
    return f"{folder / 'options.json'},{folder / 'weights.hdf5'}"


def test_window_of_a_document_is_read_from_zeros(tmp_path: Path) -> None:
    arrays = weights()
    encoder = load_elmo("e", write(tmp_path, OPTIONS, arrays))
    ids = encoder.tokenizer.special.frame(encoder.tokenizer.encode("A mouse.").ids)
    expected = plain_elmo(["A", "mouse", "."], arrays)
    for _ in range(2):
        states = encoder.states(ids[None], [0, 1, 2])
        np.testing.assert_allclose(states[0, :, 1:-1], expected, atol=1e-5)
    weighed = np.zeros((1, 1, len(ids)), dtype=np.float32)
    weighed[0, 0, 2] = 1.0
    means = encoder.means(ids[None], weighed, [2])
    np.testing.assert_allclose(means[0, 0, 0], expected[2, 1], atol=1e-5)


def test_state_is_kept_between_batches_only_where_asked(tmp_path: Path) -> None:
    encoder = load_elmo("e", write(tmp_path, OPTIONS, weights()))
    batches = [[["A", "mouse"]], [["A", "mouse"]]]
    kept = [batch[0] for batch in encoder.sentences(batches, stateful=True)]
    fresh = [batch[0] for batch in encoder.sentences(batches, stateful=False)]
    assert not np.allclose(kept[0], kept[1])
    np.testing.assert_array_equal(fresh[0], fresh[1])


def test_batches_of_other_sizes_are_refused_where_the_state_is_kept(
    tmp_path: Path,
) -> None:
    encoder = load_elmo("e", write(tmp_path, OPTIONS, weights()))
    with pytest.raises(SettingError, match="batches must be of one size"):
        list(encoder.sentences([[["a"]], [["a"], ["b"]]]))


@pytest.mark.skipif(not FIXTURE.is_dir(), reason="AllenNLP's fixture is not at hand")
def test_allennlp_expects_the_same_to_1e_5() -> None:
    encoder = load_elmo(
        "e", f"{FIXTURE / 'options.json'},{FIXTURE / 'lm_weights.hdf5'}"
    )
    threads = json.loads((FIXTURE / "sentences.json").read_text())
    batches = [[text.split() for text in batch] for batch in zip(*threads, strict=True)]
    for i, batch in enumerate(encoder.sentences(batches)):
        for k, layers in enumerate(batch):
            with h5py.File(FIXTURE / f"lm_embeddings_{k}.hdf5") as file:
                expected = np.concatenate(list(file[str(i)][...]), axis=-1)
            np.testing.assert_allclose(layers[-1], expected, atol=1e-5)
    words = (FIXTURE / "vocab_test.txt").read_text().split("\n")
    with h5py.File(FIXTURE / "elmo_token_embeddings.hdf5") as file:
        expected = file["embedding"][...]
    [[layers]] = encoder.sentences([[words]])
    np.testing.assert_allclose(layers[0][:, : expected.shape[1]], expected, atol=1e-5)


def test_weights_that_do_not_fit_are_told(tmp_path: Path) -> None:
    arrays = {**weights(), "CNN_proj/W_proj": np.zeros((N, DIM + 1), dtype=np.float32)}
    files = write(tmp_path, OPTIONS, arrays)
    with pytest.raises(ModelIntegrityError, match=r"CNN_proj/W_proj .* \(9, 7\) where"):
        load_elmo("e", files)


def test_hdf5_from_elsewhere_is_told(tmp_path: Path) -> None:
    files = write(tmp_path, OPTIONS, {"something": np.zeros(3)})
    with pytest.raises(ModelIntegrityError, match="must hold char_embed"):
        load_elmo("e", files)


def test_file_that_is_no_hdf5_is_told(tmp_path: Path) -> None:
    files = write(tmp_path, OPTIONS, weights())
    (tmp_path / "weights.hdf5").write_bytes(b"no weights")
    with pytest.raises(ModelIntegrityError, match="must be an HDF5 file"):
        load_elmo("e", files)


def test_weights_that_are_no_numbers_are_told(tmp_path: Path) -> None:
    arrays = {**weights(), "CNN_proj/b_proj": np.full(DIM, np.nan, dtype=np.float32)}
    with pytest.raises(ModelIntegrityError, match="finite numbers"):
        load_elmo("e", write(tmp_path, OPTIONS, arrays))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "KeyError"),
        ([], "TypeError"),
        ({**OPTIONS, "char_cnn": {**OPTIONS["char_cnn"], "activation": "x"}}, "relu"),
        ({**OPTIONS, "char_cnn": {**OPTIONS["char_cnn"], "n_characters": 9}}, "262"),
    ],
)
def test_options_from_elsewhere_are_told(
    tmp_path: Path, options: Any, told: str
) -> None:
    with pytest.raises(ModelIntegrityError, match=told):
        load_elmo("e", write(tmp_path, options, {}))


def test_two_files_must_be_named_and_be_there(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="elmo:OPTIONS,WEIGHTS"):
        load_encoder("elmo:options.json")
    with pytest.raises(ModelNotFoundError, match="there is no"):
        load_encoder(f"elmo:{tmp_path}/a,{tmp_path}/b")


def test_network_runs_without_gradients(tmp_path: Path) -> None:
    encoder = load_elmo("e", write(tmp_path, OPTIONS, weights()))
    encoder.states(np.array([[0, 1]]), [0])
    assert torch.is_grad_enabled()
