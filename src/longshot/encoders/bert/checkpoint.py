"""A model's folder, in longshot's own words: the BERT family.

These models are one network: embeddings of words and positions, then layers of
attention and a dense part, each with its residual and normalisation behind it. They
differ in what the checkpoint calls its tensors, in where positions begin, and in small
things, which are all told here; an engine builds one network of what this module
gives. bge, e5, gte, MiniLM and most of what sentence-transformers' users use are BERT,
RoBERTa, XLM-RoBERTa or MPNet by their configuration.

The names are those of ``transformers``' modules, which save them so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float

from longshot.encoders.bert.tensors import read_tensors
from longshot.encoders.configuration import Configuration, read_configuration
from longshot.errors import ModelIntegrityError

Activation = Literal["gelu", "gelu-tanh", "relu", "silu"]

_ACTIVATIONS: dict[str, Activation] = {
    "gelu": "gelu",
    "gelu_python": "gelu",
    "gelu_fast": "gelu-tanh",
    "gelu_new": "gelu-tanh",
    "gelu_pytorch_tanh": "gelu-tanh",
    "relu": "relu",
    "silu": "silu",
    "swish": "silu",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Linear:
    """A product with weights: ``x @ weights.T + bias``."""

    weights: Float[np.ndarray, "out in"]
    bias: Float[np.ndarray, " out"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Norm:
    """What a normalisation scales by, and adds."""

    scale: Float[np.ndarray, " dim"]
    shift: Float[np.ndarray, " dim"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """The weights of one layer, in the order in which they are used."""

    query: Linear
    key: Linear
    value: Linear
    attended: Linear
    attention_norm: Norm
    inner: Linear
    outer: Linear
    output_norm: Norm


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """Everything that the network is built from.

    Attributes
    ----------
    words, positions
        Rows that are looked up; those of positions start at a window's first token,
        and hold whatever else is added to every token (BERT's type of the segment).
    embedding_norm
        Behind their sum.
    projection
        From the embeddings' dimensions to the layers', where they differ.
    layers
        In reading order; a model whose layers share their weights holds them again.
    n_heads, epsilon, activation
        Attention heads, what is added to a variance, and the dense part's function.
    padding_id
        The token that takes no position of its own, where a family has one: it gets
        `padding_position`, and the tokens behind it move up.
    padding_position
        What is added to that token in place of a position.
    distance_biases
        What attention adds for the distance between two tokens, where a family has
        relative positions: from ``-(positions - 1)`` to ``positions - 1``.
    """

    words: Float[np.ndarray, "word embedding"]
    positions: Float[np.ndarray, "position embedding"]
    embedding_norm: Norm
    projection: Linear | None
    layers: tuple[Layer, ...]
    n_heads: int
    epsilon: float
    activation: Activation
    padding_id: int | None
    padding_position: Float[np.ndarray, " embedding"] | None
    distance_biases: Float[np.ndarray, "head distance"] | None


def is_served(configuration: Configuration) -> bool:
    """Tell whether a model is one that :func:`read_checkpoint` reads."""
    setting = configuration.setting
    return (
        configuration.family in _LAYER_NAMES
        and setting("hidden_act", "activation", default="gelu") in _ACTIVATIONS
        and setting("position_embedding_type", default="absolute") == "absolute"
        and setting("inner_group_num", default=1) == 1
        and not setting("is_decoder", default=False)
    )


def read_checkpoint(folder: Path) -> Checkpoint:
    """Read the weights of a model that :func:`is_served`.

    Raises
    ------
    ModelIntegrityError
        If some are missing.
    ModelError
        If the files are not what they should be.
    """
    configuration = read_configuration(folder)
    named = _Named(folder, read_tensors(folder))
    layers = tuple(
        _layer(named, configuration, index) for index in range(configuration.n_layers)
    )
    return _checkpoint(named, configuration, layers)


def _checkpoint(
    named: "_Named", configuration: Configuration, layers: tuple[Layer, ...]
) -> Checkpoint:
    setting, start = configuration.setting, configuration.positions_start
    for_every_token = sum(
        named[name][0]
        for name in (
            "embeddings.token_type_embeddings.weight",
            "embeddings.task_type_embeddings.weight",  # ERNIE's
        )
        if name in named
    )
    positions = named["embeddings.position_embeddings.weight"] + for_every_token
    activation = setting("hidden_act", "activation", default="gelu")
    checkpoint = Checkpoint(
        words=named["embeddings.word_embeddings.weight"],
        positions=positions[start:],
        embedding_norm=named.norm("embeddings.LayerNorm"),
        projection=named.projection(),
        layers=layers,
        n_heads=configuration.n_heads,
        epsilon=float(setting("layer_norm_eps", default=1e-12)),
        activation=_ACTIVATIONS[activation],
        padding_id=start - 1 if start else None,
        padding_position=positions[start - 1] if start else None,
        distance_biases=_distance_biases(named, configuration, len(positions) - start),
    )
    named.check_complete()
    return checkpoint


# What each family calls the eight parts of a layer, in the order of Layer's fields.
_BERT = (
    "encoder.layer.{index}.attention.self.query",
    "encoder.layer.{index}.attention.self.key",
    "encoder.layer.{index}.attention.self.value",
    "encoder.layer.{index}.attention.output.dense",
    "encoder.layer.{index}.attention.output.LayerNorm",
    "encoder.layer.{index}.intermediate.dense",
    "encoder.layer.{index}.output.dense",
    "encoder.layer.{index}.output.LayerNorm",
)
_DISTILBERT = (
    "transformer.layer.{index}.attention.q_lin",
    "transformer.layer.{index}.attention.k_lin",
    "transformer.layer.{index}.attention.v_lin",
    "transformer.layer.{index}.attention.out_lin",
    "transformer.layer.{index}.sa_layer_norm",
    "transformer.layer.{index}.ffn.lin1",
    "transformer.layer.{index}.ffn.lin2",
    "transformer.layer.{index}.output_layer_norm",
)
_MPNET = (
    "encoder.layer.{index}.attention.attn.q",
    "encoder.layer.{index}.attention.attn.k",
    "encoder.layer.{index}.attention.attn.v",
    "encoder.layer.{index}.attention.attn.o",
    "encoder.layer.{index}.attention.LayerNorm",
    "encoder.layer.{index}.intermediate.dense",
    "encoder.layer.{index}.output.dense",
    "encoder.layer.{index}.output.LayerNorm",
)
_ALBERT_LAYER = "encoder.albert_layer_groups.{group}.albert_layers.0."
_ALBERT = (
    _ALBERT_LAYER + "attention.query",
    _ALBERT_LAYER + "attention.key",
    _ALBERT_LAYER + "attention.value",
    _ALBERT_LAYER + "attention.dense",
    _ALBERT_LAYER + "attention.LayerNorm",
    _ALBERT_LAYER + "ffn",
    _ALBERT_LAYER + "ffn_output",
    _ALBERT_LAYER + "full_layer_layer_norm",
)
_LAYER_NAMES = {
    "albert": _ALBERT,
    "bert": _BERT,
    "camembert": _BERT,
    "data2vec-text": _BERT,
    "distilbert": _DISTILBERT,
    "electra": _BERT,
    "ernie": _BERT,
    "mpnet": _MPNET,
    "roberta": _BERT,
    "xlm-roberta": _BERT,
}


def _layer(named: "_Named", configuration: Configuration, index: int) -> Layer:
    n_groups = configuration.setting("num_hidden_groups", default=1)
    group = index * n_groups // configuration.n_layers
    names = [
        name.format(index=index, group=group)
        for name in _LAYER_NAMES[configuration.family]
    ]
    query, key, value, attended, attention_norm, inner, outer, output_norm = names
    return Layer(
        query=named.linear(query),
        key=named.linear(key),
        value=named.linear(value),
        attended=named.linear(attended),
        attention_norm=named.norm(attention_norm),
        inner=named.linear(inner),
        outer=named.linear(outer),
        output_norm=named.norm(output_norm),
    )


class _Named:
    """A checkpoint's tensors by the names that the bare model gives them.

    A checkpoint of a model with a head has a prefix before them all (``bert.``); very
    old ones call a normalisation's scale gamma.
    """

    def __init__(self, folder: Path, tensors: Mapping[str, np.ndarray]) -> None:
        self._folder = folder
        marker = "embeddings.word_embeddings.weight"
        found = [name for name in tensors if name.endswith(marker)]
        prefix = min(found, key=len, default=marker).removesuffix(marker)
        self._tensors = {
            _modern(name.removeprefix(prefix)): tensor
            for name, tensor in tensors.items()
            if name.startswith(prefix)
        }
        self._missing: list[str] = []

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    def __getitem__(self, name: str) -> np.ndarray:
        """Give a tensor; one that is missing is told of at the end, with the others."""
        if name not in self._tensors:
            self._missing.append(name)
            return np.zeros((1, 1), dtype=np.float32)
        return self._tensors[name]

    def linear(self, name: str) -> Linear:
        return Linear(weights=self[f"{name}.weight"], bias=self[f"{name}.bias"].ravel())

    def norm(self, name: str) -> Norm:
        weight, bias = self[f"{name}.weight"], self[f"{name}.bias"]
        return Norm(scale=weight.ravel(), shift=bias.ravel())

    def projection(self) -> Linear | None:
        for name in ("embeddings_project", "encoder.embedding_hidden_mapping_in"):
            if f"{name}.weight" in self:
                return self.linear(name)
        return None

    def check_complete(self) -> None:
        """Refuse a checkpoint with gaps.

        Raises
        ------
        ModelIntegrityError
            If a tensor that was asked for is missing.
        """
        if self._missing:
            missing = sorted(set(self._missing))
            raise ModelIntegrityError(
                f"a model's weights must be complete; those in {self._folder} lack "
                f"{missing[0]} and {len(missing) - 1} more. Fetch the model again, or "
                "name another one."
            )


def _modern(name: str) -> str:
    """Give a normalisation's tensors the names that they have today."""
    return name.replace("LayerNorm.gamma", "LayerNorm.weight").replace(
        "LayerNorm.beta", "LayerNorm.bias"
    )


def _distance_biases(
    named: _Named, configuration: Configuration, n_positions: int
) -> Float[np.ndarray, "head distance"] | None:
    """Spread MPNet's biases, one for each bucket of distances, over all distances."""
    if configuration.family != "mpnet":
        return None
    biases = named["encoder.relative_attention_bias.weight"]
    n_buckets = configuration.setting("relative_attention_num_buckets", default=32)
    distances = np.arange(-(n_positions - 1), n_positions)
    if len(biases) != n_buckets:  # it is missing, which is told at the end
        return None
    return np.ascontiguousarray(biases[distance_buckets(distances, n_buckets)].T)


_FARTHEST = 128
"""MPNet's: all greater distances share the last bucket."""


def distance_buckets(distances: np.ndarray, n_buckets: int) -> np.ndarray:
    """Give each distance (key minus query) its bucket, as MPNet and T5 do.

    Half of the buckets are for keys behind the query; a half of each half for one
    distance each, the rest for ever wider ranges (Raffel et al., JMLR 2020, 2.1). The
    logarithms are float32, as in the model's own code: a bucket begins where they say.
    """
    per_side = n_buckets // 2
    n_exact = per_side // 2
    away = np.abs(distances)
    ratio = np.maximum(away, 1).astype(np.float32) / np.float32(n_exact)
    scale = np.float32(np.log(_FARTHEST / n_exact))
    steps = np.log(ratio) / scale * np.float32(per_side - n_exact)
    wide = np.minimum(n_exact + steps.astype(np.int64), per_side - 1)
    behind = np.where(distances > 0, per_side, 0)
    return np.asarray(behind + np.where(away < n_exact, away, wide))
