"""Products in int8, where each token has a range of its own.

A token's numbers are kept in 255 steps from its least to its greatest one, those of a
row of weights in 64 to either side of zero, and the steps are multiplied:

    token = step of token * (steps - steps below zero)
    row   = step of row   *  steps of row

A row's few columns with the largest weights are multiplied in float32: one of them
would coarsen all other weights of the row. (Dettmers et al., LLM.int8, NeurIPS 2022,
set columns of large activations apart.) No text is needed to calibrate on, and what
stands beside a token does not change its vector.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Int8

from longshot.encoders.bert import Linear
from longshot.encoders.onnx.graph import Graph, Node

_MOST_OF_TOKEN = 255
_MOST_OF_ROW = 64
"""AVX2 adds two neighbouring products in 16 bits: 2 * 255 * 64 is what just fits."""

_N_COLUMNS = 4
"""With two, mpnet's vectors are further off; with eight they are no nearer
(docs/decisions/015)."""

_SMALLEST_STEP = np.float32(1e-30)
"""That of a token of zeros."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """Tokens (token × dim), and what they are in steps.

    Attributes
    ----------
    tokens, steps
        The numbers themselves, and how many steps each is above its token's least one.
    step, below
        The size of a step, and minus the steps that lie below zero (token × 1).
    """

    tokens: Node
    steps: Node
    step: Node
    below: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """A matrix in steps.

    Attributes
    ----------
    steps, sizes
        Each row's, and the size of one of its steps.
    columns, in_float
        The columns that stay in float32, and their weights.
    """

    steps: Int8[np.ndarray, "out in"]
    sizes: Float[np.ndarray, " out"]
    columns: Int[np.ndarray, " column"]
    in_float: Float[np.ndarray, "out column"]


def in_steps(graph: Graph, tokens: Node) -> Steps:
    """Keep each token in steps of its own size."""
    axis, nothing = graph.constant(np.array([1])), graph.constant(np.float32(0))
    greatest = graph.add("Max", graph.add("ReduceMax", tokens, axis), nothing)
    least = graph.add("Min", graph.add("ReduceMin", tokens, axis), nothing)
    most = graph.constant(np.float32(_MOST_OF_TOKEN))
    step = graph.add("Div", graph.add("Sub", greatest, least), most)
    step = graph.add("Max", step, graph.constant(_SMALLEST_STEP))
    below = graph.add("Round", graph.add("Div", least, step))
    flat = graph.constant(np.array([-1]))
    zero = graph.cast(graph.add("Neg", graph.add("Reshape", below, flat)), np.uint8)
    each = graph.add("Reshape", step, flat)
    steps = graph.add("QuantizeLinear", tokens, each, zero, axis=0)
    return Steps(tokens=tokens, steps=steps, step=step, below=below)


def product(graph: Graph, tokens: Steps, linear: Linear) -> Node:
    """Multiply tokens by the rows of a matrix, and add the bias (token × out).

    What is left beside the whole numbers is one small product: the columns in float32,
    what lies below zero, and the bias, all of them in a token's own steps.
    """
    rows = in_rows(linear.weights)
    multiplied = graph.add_of_runtime(
        "MatMulIntegerToFloat",
        tokens.steps,
        graph.constant(rows.steps.T),
        graph.constant(np.float32(1)),
        graph.constant(rows.sizes),
    )
    columns = graph.add("Gather", tokens.tokens, graph.constant(rows.columns), axis=1)
    rest = [
        graph.add("Div", columns, tokens.step),
        tokens.below,
        graph.add("Reciprocal", tokens.step),
    ]
    sums = rows.steps.sum(axis=1, dtype=np.float32) * rows.sizes
    weights = graph.constant(np.vstack([rows.in_float.T, sums, linear.bias]))
    in_steps = graph.add(
        "Gemm", graph.add("Concat", *rest, axis=1), weights, multiplied
    )
    return graph.add("Mul", in_steps, tokens.step)


def in_rows(weights: Float[np.ndarray, "out in"]) -> Rows:
    """Keep each row in steps, but for the columns with the largest weights.

    Examples
    --------
    >>> rows = in_rows(np.array([[9, 9, 9, 9, -1.0, 0.0, 3.2]], dtype=np.float32))
    >>> rows.steps, rows.sizes, rows.columns
    (array([[  0,   0,   0,   0, -20,   0,  64]], dtype=int8), \
array([0.05], dtype=float32), array([0, 1, 2, 3]))
    """
    columns = np.sort(np.argsort(-np.abs(weights).max(axis=0))[:_N_COLUMNS])
    rest = weights.copy()
    rest[:, columns] = 0
    sizes = (np.abs(rest).max(axis=1) / _MOST_OF_ROW).astype(np.float32)
    sizes[sizes == 0] = 1  # a row of zeros
    return Rows(
        steps=np.rint(rest / sizes[:, None]).astype(np.int8),
        sizes=sizes,
        columns=columns,
        in_float=weights[:, columns],
    )
