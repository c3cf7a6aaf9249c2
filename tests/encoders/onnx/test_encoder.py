"""The BERT family in int8 on ONNX Runtime, against ``transformers`` in float32."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from longshot.embedder import DocumentEmbedder
from longshot.encoders import engines, extra, load_encoder
from longshot.encoders.minilm import minilm_folder
from longshot.encoders.onnx import OnnxEncoder, network
from longshot.encoders.onnx.graph import Graph
from longshot.encoders.onnx.steps import (
    EVEN,
    POSITIVE,
    Range,
    in_steps,
    product,
    rows_in_steps,
)
from longshot.encoders.openvino import OpenVinoEncoder
from longshot.errors import LongshotWarning, MissingExtraError, ModelError, SettingError
from longshot.machine.locations import CACHE_VARIABLE
from longshot.recipe import Recipe
from tests.encoders.openvino.test_encoder import TEXTS, cosines, vectors_of
from tests.encoders.openvino.test_network import FAMILIES, families, hidden_states
from tests.encoders.transformers.test_encoder import CONFIGS, SIZES, save_model


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(tmp_path_factory.mktemp("models") / "bert", CONFIGS["bert"]())


def product_in_float(graph: Graph, tokens: str, weights: np.ndarray) -> str:
    return graph.add("MatMul", tokens, graph.constant(np.ascontiguousarray(weights.T)))


@pytest.fixture
def in_float(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave numbers as they are, so that nothing but the network is tried."""
    monkeypatch.setattr(network, "in_steps", lambda _, node, __: node)
    monkeypatch.setattr(network, "product", product_in_float)


@pytest.mark.usefixtures("in_float")
@pytest.mark.parametrize("family", FAMILIES)
def test_every_layer_of_every_token(family: str, tmp_path: Path) -> None:
    """Token 0 and 1, which pad in some families, are among them."""
    folder = save_model(tmp_path, FAMILIES[family]())
    encoder = OnnxEncoder(folder, "tiny")
    for n_tokens in (3, 17, 55):
        ids = np.random.default_rng(n_tokens).integers(0, 120, size=(2, n_tokens))
        expected = hidden_states(folder, ids)
        actual = encoder.states(ids, range(encoder.n_layers))
        assert expected.shape == actual.shape
        assert np.abs(expected - actual).max() <= 1e-5


@pytest.mark.usefixtures("in_float")
@pytest.mark.parametrize("activation", ["gelu_new", "relu", "silu", "gelu_fast"])
def test_other_activations(activation: str, tmp_path: Path) -> None:
    config = families.BertConfig(**SIZES, hidden_act=activation)
    folder = save_model(tmp_path, config)
    ids = np.random.default_rng(0).integers(5, 120, size=(1, 20))
    actual = OnnxEncoder(folder, "tiny").states(ids, range(6))
    assert np.abs(hidden_states(folder, ids) - actual).max() <= 1e-5


@pytest.mark.parametrize("family", FAMILIES)
def test_vectors_stay_near_float32(family: str, tmp_path: Path) -> None:
    folder = save_model(tmp_path, FAMILIES[family]())
    expected = vectors_of(OpenVinoEncoder(folder, "tiny"), *TEXTS)
    assert (
        cosines(expected, vectors_of(OnnxEncoder(folder, "tiny"), *TEXTS)).min()
        >= 0.999
    )


def test_the_default_model_stays_within_what_auto_allows() -> None:
    encoder = OnnxEncoder(minilm_folder(), "minilm")
    expected = DocumentEmbedder(cache=None).embed(TEXTS)
    mean = expected.mean(axis=0)
    found = DocumentEmbedder(encoder=encoder, cache=None).embed(TEXTS)
    assert cosines(expected - mean, found - mean).min() >= 0.995


def test_layers_are_given_as_they_are_asked_for(bert: Path) -> None:
    encoder = OnnxEncoder(bert, "bert")
    ids = np.array([[2, 7, 8, 9, 3], [2, 10, 11, 12, 3]])
    every = encoder.states(ids, range(6))
    for layers in [(0,), (5, 1), (2,)]:
        actual = encoder.states(ids, layers)
        assert np.abs(every[:, list(layers)] - actual).max() <= 1e-6


def test_what_stands_beside_a_window_does_not_change_it(bert: Path) -> None:
    encoder = OnnxEncoder(bert, "bert")
    together = vectors_of(encoder, *TEXTS)
    alone = np.concatenate([vectors_of(encoder, text) for text in TEXTS])
    assert np.abs(together - alone).max() <= 1e-5


@given(
    tokens=arrays(np.float32, (3, 8), elements=st.floats(-50, 50, width=32)),
    weights=arrays(np.float32, (4, 8), elements=st.floats(-2, 2, width=32)),
    reach=st.sampled_from([EVEN, POSITIVE]),
)
def test_product_is_as_near_as_its_steps_allow(
    tokens: np.ndarray, weights: np.ndarray, reach: Range
) -> None:
    """Half a step of each number, times what it is multiplied by, and both halves.

    Pairs of products that overflow 16 bits on some processors are left out.
    """
    rows, sizes = rows_in_steps(weights)
    graph = Graph()
    cut = in_steps(graph, "tokens", reach)
    multiplied = product(graph, cut, weights)
    inputs = {"tokens": (np.float32, ["token", "dim"])}
    session = graph.session(inputs, [multiplied, cut.size])
    found, size = session.run(None, {"tokens": tokens})
    kept = np.clip(np.rint(tokens / size * reach.most) + reach.zero, 0, 255)
    pairs = (kept[:, None] * rows).reshape(3, 4, 4, 2).sum(axis=-1)
    fits = (np.abs(pairs) < 2**15).all(axis=-1)
    of_token, of_row = size / reach.most / 2, sizes / 2
    most = (
        np.abs(tokens) @ np.ones((8, 4)) * of_row
        + of_token * np.abs(weights).sum(axis=1)
        + 8 * of_token * of_row
    )
    assert (np.abs(found - tokens @ weights.T)[fits] <= most[fits] + 1e-3).all()


def test_a_token_of_zeros_gives_zeros() -> None:
    graph = Graph()
    multiplied = product(
        graph, in_steps(graph, "tokens", EVEN), np.ones((4, 8), dtype=np.float32)
    )
    session = graph.session({"tokens": (np.float32, ["token", "dim"])}, [multiplied])
    [found] = session.run(None, {"tokens": np.zeros((2, 8), dtype=np.float32)})
    assert np.array_equal(found, np.zeros((2, 4)))


def test_it_is_loaded_by_its_precision(bert: Path) -> None:
    encoder = load_encoder(str(bert), precision="int8-tokens")
    assert isinstance(encoder, OnnxEncoder)
    recipe = Recipe(model=str(bert), precision="int8-tokens")
    assert DocumentEmbedder(recipe, cache=None).recipe == recipe


def test_another_family_is_refused(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "gpt2", CONFIGS["gpt2"](), framed=False)
    with pytest.raises(ModelError, match=r"is of the family gpt2\. Leave out"):
        load_encoder(str(folder), precision="int8-tokens")


@pytest.mark.parametrize("engine", ["openvino", "torch"])
def test_another_engine_is_refused(bert: Path, engine: Any) -> None:
    with pytest.raises(SettingError, match=r"got (openvino|int8-tokens)\."):
        load_encoder(str(bert), engine=engine, precision="int8-tokens")


@pytest.fixture
def choices(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, ...]]:
    """Note what is measured, and take the first one: nothing is timed."""
    noted: list[tuple[str, ...]] = []

    def first(load: Any, choices: Any, kept: Path, **_: Any) -> Any:
        noted.append(tuple(choices))
        return load(choices[0])

    monkeypatch.setattr(engines, "fastest_encoder", first)
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return noted


def test_with_the_extra_auto_measures_it(
    bert: Path, choices: list[tuple[str, ...]]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_encoder(str(bert), precision="auto")
    load_encoder(str(bert), precision="auto", engine="openvino")
    assert [one[-1] for one in choices] == ["int8-tokens", "int8-bfloat16"]


def test_without_the_extra_auto_says_what_may_be_faster(
    bert: Path, choices: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "has_onnx", lambda: False)
    with pytest.warns(LongshotWarning, match=r"pip install 'longshot\[onnx\]'"):
        load_encoder(str(bert), precision="auto")
    assert [one[-1] for one in choices] == ["int8-bfloat16"]


def test_without_the_extra_the_precision_says_what_to_install(
    bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extra, "has_onnx", lambda: False)
    with pytest.raises(MissingExtraError, match=r"pip install 'longshot\[onnx\]'"):
        load_encoder(str(bert), precision="int8-tokens")
