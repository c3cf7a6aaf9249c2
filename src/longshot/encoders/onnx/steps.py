"""Products in int8, where each token has a range of its own.

A token's numbers are kept in 255 steps of its own size, a row's weights in steps of the
row's; the steps are multiplied as whole numbers:

    x = size of token * (steps - zero) / most
    x @ weights.T = size of token * size of row * sum of (steps - zero) * steps of row

No text is needed to calibrate the ranges on, and what stands beside a token does not
change its vector.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int8

from longshot.encoders.onnx.graph import Graph, Node

_MOST_OF_ROW = 96
"""Steps to each side of zero in a row of weights.

AVX2 adds two neighbouring products in 16 bits: with 64 steps they always fit, with 127
they overflow too often. Of 63 to 127, 96 and 104 stay nearest to float32.
"""

_LEAST = np.float32(1e-30)
"""The size of a token that holds only zeros."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """What a token's steps reach: `zero` steps below zero, `most` above."""

    zero: int
    most: int


EVEN = Range(zero=128, most=127)
POSITIVE = Range(zero=43, most=212)
"""For what an activation function gives: little of it is below zero."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """Tokens in steps (window × token × dim), and their sizes (window × token × 1)."""

    steps: Node
    size: Node
    range: Range


def in_steps(graph: Graph, node: Node, reach: Range) -> Steps:
    """Keep each token in steps of its own size."""
    axis = graph.constant(np.array([-1]))
    below = graph.constant(np.float32(-reach.most / reach.zero))
    greatest = graph.add("ReduceMax", node, axis)
    least = graph.add("Mul", graph.add("ReduceMin", node, axis), below)
    size = graph.add("Max", greatest, least, graph.constant(_LEAST))
    scaled = graph.add("Div", node, size)
    steps = graph.add("QuantizeLinear", scaled, *_unit(graph, reach))
    return Steps(steps=steps, size=size, range=reach)


def product(graph: Graph, tokens: Steps, weights: Float[np.ndarray, "out in"]) -> Node:
    """Multiply tokens by the rows of a matrix."""
    rows, sizes = rows_in_steps(weights)
    unit, zero = _unit(graph, tokens.range)
    zeros = graph.constant(np.zeros(len(rows), dtype=np.int8))
    columns = graph.constant(np.ascontiguousarray(rows.T))
    multiplied = graph.add_of_runtime(
        "MatMulIntegerToFloat",
        tokens.steps,
        columns,
        unit,
        graph.constant(sizes),
        zero,
        zeros,
    )
    return graph.add("Mul", multiplied, tokens.size)


def rows_in_steps(
    weights: Float[np.ndarray, "out in"],
) -> tuple[Int8[np.ndarray, "out in"], Float[np.ndarray, " out"]]:
    """Keep each row in steps of its own size.

    Examples
    --------
    >>> rows_in_steps(np.array([[-1.0, 0.0, 4.8]], dtype=np.float32))
    (array([[-20,   0,  96]], dtype=int8), array([0.05], dtype=float32))
    """
    sizes = (np.abs(weights).max(axis=1) / _MOST_OF_ROW).astype(np.float32)
    sizes[sizes == 0] = 1  # a row of zeros
    return np.rint(weights / sizes[:, None]).astype(np.int8), sizes


def _unit(graph: Graph, reach: Range) -> tuple[Node, Node]:
    """Give the size of a step of a token whose own size is one, and where zero is."""
    size = graph.constant(np.float32(1 / reach.most))
    return size, graph.constant(np.uint8(reach.zero))
