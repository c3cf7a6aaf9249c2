"""One product of tokens and weights, as OpenVINO and ONNX Runtime compute it.

Run: taskset -c 1 python -m benchmarks.speed.products [--tokens 512] [--rounds 15]

What decides which engine multiplies in int8 (docs/decisions/015): the same random
numbers, six matrices in one graph, one thread, in turn, by the processor's time. It
needs longshot[onnx].
"""

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import openvino
from openvino import opset15 as ops

from benchmarks.output.side_by_side import time_in_turn
from benchmarks.output.tables import print_header, print_row
from longshot.encoders.bert import Linear
from longshot.encoders.onnx.graph import Graph, Node
from longshot.encoders.onnx.steps import in_rows, in_steps, product
from longshot.encoders.openvino.arithmetic import SETTINGS
from longshot.encoders.openvino.encoder import processor_name
from longshot.encoders.openvino.rows import weights_node
from longshot.machine.processors import usable_processors
from longshot.recipe import Precision

SHAPES = ((384, 1536), (1536, 384), (384, 384), (768, 3072))
N_MATRICES = 6
Run = Callable[[], object]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokens", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    print(f"{processor_name()}; {usable_processors()} processors may be used, one is\n")
    for n_in, n_out in SHAPES:
        rng = np.random.default_rng(0)
        tokens = rng.normal(size=(options.tokens, n_in)).astype(np.float32)
        matrices = rng.normal(size=(N_MATRICES, n_out, n_in)).astype(np.float32)
        runs = _ways(tokens, matrices / np.float32(np.sqrt(n_in)))
        seconds = time_in_turn(runs, rounds=options.rounds, clock=time.process_time)
        medians = {way: statistics.median(times) for way, times in seconds.items()}
        exact = medians["OpenVINO, float32"]
        print(f"\n### {options.tokens} tokens, {n_in} x {n_out}\n")
        print_header("way", "of OpenVINO's float32", "ms each")
        for way, taken in medians.items():
            print_row(way, f"{taken / exact:.2f}", f"{taken / N_MATRICES * 1000:.2f}")


def _ways(tokens: np.ndarray, matrices: np.ndarray) -> dict[str, Run]:
    return {
        "OpenVINO, float32": _on_openvino(tokens, matrices, ops.constant, "float32"),
        "OpenVINO, int8 as longshot asks for it": _on_openvino(
            tokens, matrices, weights_node, "int8"
        ),
        "OpenVINO, ranges fixed in advance": _on_openvino(
            _within_one(tokens), matrices, _signed_node, "float32", is_fixed=True
        ),
        "ONNX Runtime, float32": _on_onnx(tokens, matrices, _in_float),
        "ONNX Runtime, int8-tokens": _on_onnx(tokens, matrices, _in_int8),
        "ONNX Runtime, unsigned weights": _on_onnx(tokens, matrices, _in_unsigned),
        "ONNX Runtime, blocks of 128": _on_onnx(tokens, matrices, _in_blocks),
    }


def _on_openvino(
    tokens: np.ndarray,
    matrices: np.ndarray,
    weights: Callable[[np.ndarray], object],
    precision: Precision,
    *,
    is_fixed: bool = False,
) -> Run:
    given = ops.parameter([-1, tokens.shape[1]], np.float32)
    node = given
    if is_fixed:
        ends = [ops.constant(np.float32(end)) for end in (-1, 1)]
        node = ops.fake_quantize(given, *ends, *ends, 256)
    first = ops.constant(np.array([0]))
    results = [
        ops.reduce_max(ops.matmul(node, weights(one), False, True), first, False)
        for one in matrices
    ]
    settings = {
        **SETTINGS[precision],
        "NUM_STREAMS": 1,
        "INFERENCE_NUM_THREADS": 1,
    }
    graph = openvino.Model(results, [given])
    model = openvino.Core().compile_model(graph, "CPU", settings)
    return partial(model.create_infer_request().infer, [tokens])


def _within_one(tokens: np.ndarray) -> np.ndarray:
    return np.asarray(tokens / np.abs(tokens).max())


def _signed_node(weights: np.ndarray) -> object:
    """Give what OpenVINO multiplies as whole numbers where tokens are such, too."""
    rows = in_rows(weights)
    return ops.multiply(
        ops.convert(ops.constant(rows.steps), "f32"), ops.constant(rows.sizes[:, None])
    )


def _on_onnx(
    tokens: np.ndarray,
    matrices: np.ndarray,
    multiply: Callable[[Graph, np.ndarray], Node],
) -> Run:
    graph = Graph()
    first = graph.constant(np.array([0]))
    results = [
        graph.add("ReduceMax", multiply(graph, one), first, keepdims=0)
        for one in matrices
    ]
    session = graph.session({"tokens": (np.float32, ["token", "dim"])}, results)
    return partial(session.run, None, {"tokens": tokens})


def _in_float(graph: Graph, weights: np.ndarray) -> Node:
    return graph.add("MatMul", "tokens", graph.constant(weights.T))


def _in_int8(graph: Graph, weights: np.ndarray) -> Node:
    bias = np.zeros(len(weights), dtype=np.float32)
    return product(graph, in_steps(graph, "tokens"), Linear(weights=weights, bias=bias))


def _in_unsigned(graph: Graph, weights: np.ndarray) -> Node:
    """Multiply as :func:`product` does, with weights from 0 to 255, and no more."""
    rows = in_rows(weights)
    tokens = in_steps(graph, "tokens")
    multiplied = graph.add_of_runtime(
        "MatMulIntegerToFloat",
        tokens.steps,
        graph.constant((rows.steps.T + np.int16(128)).astype(np.uint8)),
        graph.constant(np.float32(1)),
        graph.constant(rows.sizes),
        "",
        graph.constant(np.full(len(weights), 128, dtype=np.uint8)),
    )
    return graph.add("Mul", multiplied, tokens.step)


def _in_blocks(graph: Graph, weights: np.ndarray) -> Node:
    """Multiply with a range for each block of 128 dimensions of a token, and a row."""
    n_out, n_in = weights.shape
    blocks = weights.reshape(n_out, -1, 128)
    sizes = np.abs(blocks).max(axis=2, keepdims=True) / np.float32(127)
    steps = (np.rint(blocks / sizes) + 128).astype(np.uint8)
    return graph.add_of_runtime(
        "MatMulNBits",
        "tokens",
        graph.constant(steps),
        graph.constant(sizes.ravel()),
        K=n_in,
        N=n_out,
        bits=8,
        block_size=128,
        accuracy_level=4,
    )


if __name__ == "__main__":
    main()
