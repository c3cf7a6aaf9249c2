"""Arithmetic per second, beside the best that OpenVINO's products reach here.

The products have the shapes of the bundled model's own, and a square one of 2,048
stands beside them; the best of them counts. They run as the engine runs windows: one
request on each processor. In int8 both sides are quantised by fixed ranges, which is
the fastest way there is.
"""

import statistics
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import openvino
from openvino import opset13 as ops

from benchmarks.output.side_by_side import time_in_turn
from benchmarks.output.tables import print_header, print_row
from longshot import DocumentEmbedder, Recipe
from longshot.encoders.openvino.arithmetic import SETTINGS
from longshot.machine.processors import usable_processors
from longshot.recipe import Precision

N_TOKENS, DIM, INNER_DIM, N_LAYERS = 512, 384, 1536, 6
CHAINS: tuple[tuple[int, ...], ...] = (
    (DIM,) * 9,
    (DIM, INNER_DIM) * 4 + (DIM,),
    (2048,) * 3,
)
"""Widths between which one product after another goes."""

_N_REQUESTS = 4
"""For each processor in one round."""

PRECISIONS = tuple(SETTINGS)


def print_shares(rounds: int, *, n_windows: int = 16) -> None:
    """Measure each precision's products and the encoder in turn; print the shares."""
    print(f"\n### Share of the machine's limit, {n_windows} windows of {N_TOKENS}\n")
    print_header("precision", "share", "encoder, G/s", "best product, G/s")
    for precision in PRECISIONS:
        rate, best = _rates(precision, rounds, n_windows)
        speeds = (f"{one / 1e9:,.0f}" for one in (rate, best))
        print_row(precision, f"{rate / best:.0%}", *speeds)


def _rates(precision: Precision, rounds: int, n_windows: int) -> tuple[float, float]:
    recipe = Recipe(precision=precision)
    embedder = DocumentEmbedder(recipe, engine="openvino", cache=None)
    random = np.random.default_rng(0)
    ids = random.integers(1_000, 29_000, size=(n_windows, N_TOKENS))
    chains = {str(widths): _chain(widths, precision) for widths in CHAINS}
    ways: dict[str, Callable[[], object]] = {**chains}
    ways["encoder"] = lambda: _encode(embedder, ids)
    seconds = time_in_turn(ways, rounds=rounds)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    best = max(_n_operations(widths) / medians[str(widths)] for widths in CHAINS)
    return _operations_per_window() * n_windows / medians["encoder"], best


def _operations_per_window() -> float:
    """Count a multiplication and an addition as two."""
    per_token = 4 * DIM * DIM + 2 * DIM * INNER_DIM + 2 * DIM * N_TOKENS
    return 2.0 * N_LAYERS * per_token * N_TOKENS


def _encode(embedder: DocumentEmbedder, ids: np.ndarray) -> None:
    weights = np.full((1, 1, N_TOKENS), 1 / N_TOKENS, dtype=np.float32)
    encoder, layers = embedder.encoder, embedder.layers
    with ThreadPoolExecutor(encoder.capacity.n_batches) as pool:
        list(pool.map(lambda one: encoder.means(one[None], weights, layers), ids))


def _n_operations(widths: Sequence[int]) -> float:
    products = pairwise(widths)
    n_requests = _N_REQUESTS * usable_processors()
    return 2.0 * N_TOKENS * sum(a * b for a, b in products) * n_requests


def _chain(widths: Sequence[int], precision: Precision) -> Callable[[], None]:
    """Compile one product after another, and give what runs them on all processors."""
    n_streams = usable_processors()
    settings = {
        **SETTINGS[precision],
        "NUM_STREAMS": n_streams,
        "INFERENCE_NUM_THREADS": n_streams,
    }
    model = _products(widths, is_int8=precision.startswith("int8"))
    compiled = openvino.Core().compile_model(model, "CPU", settings)
    queue = openvino.AsyncInferQueue(compiled, n_streams)
    given = np.random.default_rng(0).normal(size=(N_TOKENS, widths[0]))

    def run() -> None:
        for _ in range(_N_REQUESTS * n_streams):
            queue.start_async([given.astype(np.float32)])
        queue.wait_all()

    return run


def _products(widths: Sequence[int], *, is_int8: bool) -> openvino.Model:
    given = ops.parameter([-1, widths[0]], np.float32)
    random, node = np.random.default_rng(0), given
    for n_in, n_out in pairwise(widths):
        weights = random.normal(size=(n_in, n_out), scale=n_in**-0.5)
        node = _product(node, weights.astype(np.float32), is_int8=is_int8)
    return openvino.Model([node], [given])


def _product(node: Any, weights: np.ndarray, *, is_int8: bool) -> Any:
    if not is_int8:
        return ops.matmul(node, ops.constant(weights), False, False)
    return ops.matmul(
        _quantised(node, 4.0, 256),
        _quantised(ops.constant(weights), 0.25, 255),
        False,
        False,
    )


def _quantised(node: Any, most: float, levels: int) -> Any:
    low, high = np.float32(-most), np.float32(most)
    return ops.fake_quantize(node, low, high, low, high, levels)
