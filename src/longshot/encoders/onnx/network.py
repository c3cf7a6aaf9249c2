"""The BERT family's network in int8, in ONNX's operators.

It is the network of :mod:`longshot.encoders.openvino.network`, with every product of
tokens and weights in steps; attention, normalisation and the means are in float32.
Outside of attention the windows' tokens stand one below the other (token × dim).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from longshot.encoders.bert import Activation, Checkpoint, Layer, Linear, Norm
from longshot.encoders.onnx.graph import Graph, Node
from longshot.encoders.onnx.steps import in_steps, product

# What ONNX Runtime calls them; QuickGelu is x * sigmoid(alpha * x).
_ACTIVATIONS: dict[Activation, tuple[str, dict[str, float]]] = {
    "gelu": ("Gelu", {}),
    "gelu-tanh": ("FastGelu", {}),
    "silu": ("QuickGelu", {"alpha": 1.0}),
}


def open_network(checkpoint: Checkpoint, layers: Sequence[int]) -> Any:
    """Build the network as far as some layers need it, and open it.

    Parameters
    ----------
    checkpoint
        The weights, which the session copies.
    layers
        The hidden states that are asked for, as indices from 0.

    Returns
    -------
    A session with the inputs ``ids`` (window × token) and ``weights`` (window × span ×
    token), and for each layer one output (window × span × dim).
    """
    graph = Graph()
    network = _Network(graph, checkpoint)
    states = network.states(max(layers))
    sums = [
        graph.add("MatMul", "weights", network.by_window(states[layer]))
        for layer in layers
    ]
    inputs = {
        "ids": (np.int64, ["window", "token"]),
        "weights": (np.float32, ["window", "span", "token"]),
    }
    return graph.session(inputs, sums)


class _Network:
    """The layers, one after another."""

    def __init__(self, graph: Graph, checkpoint: Checkpoint) -> None:
        self._graph = graph
        self._checkpoint = checkpoint
        self._shape, rest = graph.add("Shape", "ids"), graph.constant(np.array([-1]))
        self._by_window = graph.add("Concat", self._shape, rest, axis=0)

    def by_window(self, node: Node) -> Node:
        """Give tokens back to their windows: window × token × dim."""
        return self._graph.add("Reshape", node, self._by_window)

    def _by_token(self, node: Node) -> Node:
        return self._graph.add("Flatten", node, axis=2)

    def states(self, last: int) -> list[Node]:
        """Give the hidden states as far as `last`: the input embeddings' come first."""
        graph = self._graph
        start, step, axis = (graph.constant(np.int64(number)) for number in (0, 1, 1))
        n_tokens = graph.add("Gather", self._shape, axis)
        places = graph.add("Range", start, n_tokens, step)
        bias = self._distance_bias(places)
        states = [self._embedded(places)]
        for layer in self._checkpoint.layers[:last]:
            states.append(self._layer(states[-1], layer, bias))
        return states

    def _embedded(self, places: Node) -> Node:
        graph, checkpoint = self._graph, self._checkpoint
        words = graph.add("Gather", graph.constant(checkpoint.words), "ids")
        node = self._by_token(graph.add("Add", words, self._positions(places)))
        node = self._normalised(node, checkpoint.embedding_norm)
        if checkpoint.projection is not None:
            node = self._product(node, checkpoint.projection)
        return node

    def _positions(self, places: Node) -> Node:
        """Look up positions; where padding has its own, only other tokens count."""
        graph, checkpoint = self._graph, self._checkpoint
        if checkpoint.padding_id is None or checkpoint.padding_position is None:
            return graph.add("Gather", graph.constant(checkpoint.positions), places)
        rows = np.vstack([checkpoint.padding_position, checkpoint.positions])
        nothing, one, padding = (
            graph.constant(np.int64(number)) for number in (0, 1, checkpoint.padding_id)
        )
        is_padding = graph.add("Equal", "ids", padding)
        counted = graph.add("Where", is_padding, nothing, one)
        so_far = graph.add("CumSum", counted, one)
        count = graph.add("Mul", so_far, counted)
        return graph.add("Gather", graph.constant(rows), count)

    def _distance_bias(self, places: Node) -> Node | None:
        """Give what attention adds for each distance (1 × head × query × key)."""
        graph, biases = self._graph, self._checkpoint.distance_biases
        if biases is None:
            return None
        farthest = graph.constant(np.int64(biases.shape[1] // 2))
        keys, queries = (
            graph.add("Unsqueeze", places, graph.constant(np.array([axis])))
            for axis in (0, 1)
        )
        distances = graph.add("Add", graph.add("Sub", keys, queries), farthest)
        by_head = graph.add("Gather", graph.constant(biases), distances, axis=1)
        return graph.add("Unsqueeze", by_head, graph.constant(np.array([0])))

    def _layer(self, state: Node, layer: Layer, bias: Node | None) -> Node:
        attended = self._product(self._attention(state, layer, bias), layer.attended)
        node = self._sum(attended, state, layer.attention_norm)
        inner = self._activated(self._product(node, layer.inner))
        return self._sum(self._product(inner, layer.outer), node, layer.output_norm)

    def _attention(self, state: Node, layer: Layer, bias: Node | None) -> Node:
        """Attend; query, key and value are one product, whose tokens are cut once."""
        graph = self._graph
        linears = (layer.query, layer.key, layer.value)
        together = Linear(
            weights=np.concatenate([linear.weights for linear in linears]),
            bias=np.concatenate([linear.bias for linear in linears]),
        )
        attended = graph.add_of_runtime(
            "MultiHeadAttention",
            *graph.cut(self.by_window(self._product(state, together)), len(linears)),
            *(() if bias is None else ("", "", bias)),
            num_heads=self._checkpoint.n_heads,
        )
        return self._by_token(attended)

    def _activated(self, node: Node) -> Node:
        graph, activation = self._graph, self._checkpoint.activation
        if activation == "relu":
            return graph.add("Relu", node)
        kind, settings = _ACTIVATIONS[activation]
        return graph.add_of_runtime(kind, node, **settings)

    def _product(self, node: Node, linear: Linear) -> Node:
        return product(self._graph, in_steps(self._graph, node), linear)

    def _sum(self, node: Node, residual: Node, norm: Norm) -> Node:
        return self._normalised(self._graph.add("Add", node, residual), norm)

    def _normalised(self, node: Node, norm: Norm) -> Node:
        graph = self._graph
        return graph.add(
            "LayerNormalization",
            node,
            graph.constant(norm.scale),
            graph.constant(norm.shift),
            epsilon=self._checkpoint.epsilon,
        )
