"""Weights in int8, row by row.

Each row of a weight matrix is kept as 256 steps between its least and its greatest
number (zero is always one of them): ``weights = (steps - zero) * size``. Nothing is
calibrated: the engine finds the ranges of the activations as it computes them, for
each token anew. OpenVINO knows the pattern of nodes, and multiplies the steps
themselves where the processor can.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, UInt8

_MOST = 255


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """A matrix in steps."""

    steps: UInt8[np.ndarray, "out in"]
    zero: UInt8[np.ndarray, "out 1"]
    size: Float[np.ndarray, "out 1"]


def in_rows(weights: Float[np.ndarray, "out in"]) -> Rows:
    """Keep each row in 256 steps.

    Examples
    --------
    >>> rows = in_rows(np.array([[-1.0, 0.0, 1.55]], dtype=np.float32))
    >>> rows.steps, rows.zero
    (array([[  0, 100, 255]], dtype=uint8), array([[100]], dtype=uint8))
    """
    least = np.minimum(weights.min(axis=1, keepdims=True), 0)
    greatest = np.maximum(weights.max(axis=1, keepdims=True), 0)
    size = ((greatest - least) / _MOST).astype(np.float32)
    size[size == 0] = 1  # a row of zeros
    zero = np.rint(-least / size)
    steps = np.rint(weights / size)
    steps += zero
    return Rows(
        steps=np.clip(steps, 0, _MOST, out=steps).astype(np.uint8),
        zero=zero.astype(np.uint8),
        size=size,
    )


def weights_node(weights: Float[np.ndarray, "out in"]) -> Any:
    """Give the nodes that hold a matrix in steps and stand for its numbers."""
    from openvino import opset15 as ops

    rows = in_rows(weights)
    steps = ops.convert(ops.constant(rows.steps), "f32")
    zero = ops.convert(ops.constant(rows.zero), "f32")
    return ops.multiply(ops.subtract(steps, zero), ops.constant(rows.size))


def put_in_rows(graph: Any) -> None:
    """Replace every weight matrix of a converted graph by one in steps.

    A matrix is what the second input of a product holds; its rows are what becomes one
    dimension of the result.
    """
    from openvino import opset15 as ops

    for node in graph.get_ordered_ops():
        if node.get_type_name() != "MatMul":
            continue
        held = node.input_value(1).get_node()
        if held.get_type_name() != "Constant" or len(held.shape) != 2:
            continue
        weights = np.asarray(held.data, dtype=np.float32)
        if node.get_attributes()["transpose_b"]:
            node.input(1).replace_source_output(weights_node(weights).output(0))
        else:
            rows = weights_node(np.ascontiguousarray(weights.T))
            axes = ops.constant(np.array([1, 0]))
            columns = ops.transpose(rows, axes)
            node.input(1).replace_source_output(columns.output(0))
