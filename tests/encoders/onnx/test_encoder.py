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
from longshot.encoders import extra, load_encoder
from longshot.encoders.bert import Linear
from longshot.encoders.engines import loading
from longshot.encoders.minilm import minilm_folder
from longshot.encoders.onnx import OnnxEncoder, network
from longshot.encoders.onnx.graph import Graph
from longshot.encoders.onnx.steps import in_rows, in_steps, product
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


def product_in_float(graph: Graph, tokens: str, linear: Linear) -> str:
    columns = graph.constant(linear.weights.T)
    return graph.add("Gemm", tokens, columns, graph.constant(linear.bias))


@pytest.fixture
def in_float(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave numbers as they are, so that nothing but the network is tried."""
    monkeypatch.setattr(network, "in_steps", lambda _, node: node)
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
    found = vectors_of(OnnxEncoder(folder, "tiny"), *TEXTS)
    assert cosines(expected, found).min() >= 0.999


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


def product_of(tokens: np.ndarray, linear: Linear) -> np.ndarray:
    graph = Graph()
    multiplied = product(graph, in_steps(graph, "tokens"), linear)
    session = graph.session({"tokens": (np.float32, ["token", "dim"])}, [multiplied])
    return np.asarray(session.run(None, {"tokens": tokens})[0])


@given(
    tokens=arrays(np.float32, (3, 8), elements=st.floats(-50, 50, width=32)),
    weights=arrays(np.float32, (5, 8), elements=st.floats(-2, 2, width=32)),
)
def test_product_is_as_near_as_its_steps_allow(
    tokens: np.ndarray, weights: np.ndarray
) -> None:
    """A step of each number at most, times what it is multiplied by."""
    bias = np.arange(5, dtype=np.float32)
    found = product_of(tokens, Linear(weights=weights, bias=bias))
    ends = np.maximum(tokens.max(axis=1), 0) - np.minimum(tokens.min(axis=1), 0)
    rows = in_rows(weights)
    whole = rows.steps * rows.sizes[:, None]
    whole[:, rows.columns] = rows.in_float
    most = ends[:, None] / 255 * np.abs(whole).sum(axis=1)
    most = most + np.abs(tokens).sum(axis=1)[:, None] * rows.sizes
    expected = tokens.astype(np.float64) @ weights.T.astype(np.float64) + bias
    assert (np.abs(found - expected) <= most + 1e-3).all()


def test_whole_numbers_never_overflow() -> None:
    """AVX2 adds pairs of products in 16 bits: here all are the largest there are."""
    tokens = np.ones((2, 64), dtype=np.float32)
    weights = np.repeat(np.array([[1], [-1]], dtype=np.float32), 64, axis=1)
    found = product_of(tokens, Linear(weights=weights, bias=np.zeros(2, np.float32)))
    assert np.abs(found - tokens @ weights.T).max() <= 1e-4


def test_numbers_are_copied_when_a_graph_is_opened() -> None:
    """What was computed for it alone is gone by then: every kind of node is tried."""
    rng = np.random.default_rng(0)
    words, weights = rng.normal(size=(2, 400, 400)).astype(np.float32)
    scale, shift, bias = rng.normal(size=(3, 400)).astype(np.float32)
    graph = Graph()
    found = graph.add("Gather", graph.constant(words), "ids")
    norm = (graph.constant(scale), graph.constant(shift))
    found = graph.add("LayerNormalization", found, *norm)
    beside = (graph.constant(weights), graph.constant(bias))
    found = graph.add("Gemm", found, *beside)
    linear = Linear(weights=weights, bias=bias)
    found = product(graph, in_steps(graph, found), linear)
    session = graph.session({"ids": (np.int64, ["token"])}, [found])
    before = session.run(None, {"ids": np.array([1, 5])})[0]
    for numbers in (words, weights, scale, shift, bias, *graph._constants.values()):
        numbers.setflags(write=True)
        numbers[...] = 7
    assert np.array_equal(before, session.run(None, {"ids": np.array([1, 5])})[0])


def test_a_token_of_zeros_gives_the_bias() -> None:
    bias = np.array([1, -2, 0.5], dtype=np.float32)
    linear = Linear(weights=np.ones((3, 8), dtype=np.float32), bias=bias)
    found = product_of(np.zeros((2, 8), dtype=np.float32), linear)
    assert np.allclose(found, bias)


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

    monkeypatch.setattr(loading, "fastest_encoder", first)
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
    monkeypatch.setattr(loading, "has_onnx", lambda: False)
    with pytest.warns(LongshotWarning, match=r"pip install 'longshot\[onnx\]'"):
        load_encoder(str(bert), precision="auto")
    assert [one[-1] for one in choices] == ["int8-bfloat16"]


def test_without_the_extra_the_precision_says_what_to_install(
    bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extra, "has_onnx", lambda: False)
    with pytest.raises(MissingExtraError, match=r"pip install 'longshot\[onnx\]'"):
        load_encoder(str(bert), precision="int8-tokens")
