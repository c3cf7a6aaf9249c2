"""Hugging Face models, compiled for the processor by OpenVINO.

Windows enter with the weights of their tokens, and the weighted sums of the hidden
states leave: the means are computed inside of the graph. As many windows run side by
side as there are processors, each at its exact length. Neither ``torch`` nor
``transformers`` is imported: the BERT family is built here, from the model's own files,
and another family was converted before, in another process.
"""

import os
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from longshot.encoders.base import (
    finite,
    one_span_per_token,
    one_window_per_processor,
)
from longshot.encoders.folder import fingerprint_of_folder
from longshot.encoders.openvino.arithmetic import (
    KEPT_BELOW,
    KEPT_SHAPES,
    SETTINGS,
    SHORT_WINDOWS,
    fingerprint_in,
)
from longshot.encoders.openvino.opening import opened_model
from longshot.encoders.openvino.store import Converter, convert_in_a_process
from longshot.errors import ModelError
from longshot.recipe import Precision
from longshot.tokens import Tokenizer

_SHORT_TOKENS = 48
"""Windows up to this length are faster with attention as single products."""

_N_BEFORE_FIXED = 64
"""Batches of one shape before it gets a network of its own: compiling takes the time of
about five windows of 512 tokens, and each of them then saves a sixteenth."""

_MOST_FIXED = 2
"""Networks of fixed shape: each takes some 70 MB with the default model, and of texts
of mixed lengths every shape comes often in the end. Whole windows come first: they are
what nearly all of a long text is."""

_SAME_BITS_TOKENS = 16
"""Lengths of whole vectors of this many numbers give the same bits at fixed shape."""


class OpenVinoEncoder:
    """A Hugging Face model on OpenVINO.

    Parameters
    ----------
    folder
        The model's configuration, safetensors weights and tokenizer.
    name
        What a person calls it.
    precision
        Of the arithmetic. A processor without bfloat16 computes in float32 instead.
    converter
        What converts a model that is none of the BERT family, the first time.

    Raises
    ------
    ModelError
        If its files are not what they should be, or it does not convert.
    MissingExtraError
        If it must be converted, and what converts it is not installed.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        precision: Precision = "float32",
        *,
        converter: Converter = convert_in_a_process,
    ) -> None:
        self.name = name
        self.precision = precision
        fingerprint = fingerprint_of_folder(folder)
        self.fingerprint = fingerprint_in(precision, fingerprint)
        self._opened = opened_model(folder, fingerprint, precision, converter)
        self.n_layers = self._opened.n_layers
        self.dim = self._opened.dim
        self.max_framed_tokens = self._opened.max_framed_tokens
        self.tokenizer: Tokenizer = self._opened.tokenizer
        self.capacity = one_window_per_processor()
        self._compiled: dict[tuple[int, ...], _Compiled] = {}
        self._compiling = threading.Lock()

    def means(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
        layers: Sequence[int],
    ) -> Float[np.ndarray, "window layer span dim"]:
        """Give weighted sums of the hidden states of each window's tokens."""
        return finite(self._compiled_for(tuple(layers)).run(ids, weights), self.name)

    def states(
        self, ids: Int[np.ndarray, "window framed_token"], layers: Sequence[int]
    ) -> Float[np.ndarray, "window layer framed_token dim"]:
        """Give the hidden states of single tokens: each token is a span of its own."""
        return self.means(ids, one_span_per_token(ids), layers)

    def _compiled_for(self, layers: tuple[int, ...]) -> "_Compiled":
        with self._compiling:
            if layers not in self._compiled:
                self._compiled[layers] = _Compiled(
                    self._opened.graph,
                    layers,
                    precision=self.precision,
                    n_streams=self.capacity.n_batches,
                )
            return self._compiled[layers]


class _Compiled:
    """The graph for some layers, compiled for the lengths of the windows that come.

    Layers that nobody asks for are cut off before compiling, and with them whatever
    only they need. Which network a window runs through depends on its length alone,
    but for the one of fixed shape, which gives the same bits.
    """

    def __init__(
        self,
        graph: Any,
        layers: tuple[int, ...],
        *,
        precision: Precision,
        n_streams: int,
    ) -> None:
        self._whole = graph
        self._layers = layers
        self._settings = {
            **SETTINGS[precision],
            "NUM_STREAMS": n_streams,
            "INFERENCE_NUM_THREADS": n_streams,
            # Two processes would share the first processor, and leave the others idle.
            "ENABLE_CPU_PINNING": False,
        }
        self._networks: dict[object, _Network] = {}
        self._n_seen: Counter[tuple[int, ...]] = Counter()
        self._choosing = threading.Lock()

    def run(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
    ) -> Float[np.ndarray, "window layer span dim"]:
        with self._choosing:
            network = self._network_for(weights.shape)
        return network.run(ids, weights)

    def _network_for(self, shape: tuple[int, ...]) -> "_Network":
        is_short = shape[-1] <= _SHORT_TOKENS
        fixed = None if is_short else self._fixed_shape(shape)
        key = fixed or is_short
        if key not in self._networks:
            model = _compile(self._graph(fixed), self._settings, is_short=is_short)
            self._networks[key] = _Network(model, fixed)
        return self._networks[key]

    def _fixed_shape(self, shape: tuple[int, ...]) -> tuple[int, ...] | None:
        """Give back a shape that comes often enough for a network of its own."""
        if shape in self._networks:
            return shape
        n_fixed = sum(isinstance(one, tuple) for one in self._networks)
        if shape[-1] % _SAME_BITS_TOKENS or n_fixed == _MOST_FIXED:
            return None
        self._n_seen[shape] += 1
        return shape if self._n_seen[shape] > _N_BEFORE_FIXED else None

    def _graph(self, shape: tuple[int, ...] | None) -> Any:
        import openvino

        outputs = [self._whole.outputs[layer] for layer in self._layers]
        graph = openvino.Model(outputs, self._whole.get_parameters())
        if shape is not None:
            graph = graph.clone()  # the whole one keeps its open shape
            n_windows, n_spans, n_tokens = shape
            ids, weights = graph.inputs
            graph.reshape(
                {ids: [n_windows, n_tokens], weights: [n_windows, n_spans, n_tokens]}
            )
        return graph


class _Network:
    """A compiled graph, with a request of its own for each thread."""

    def __init__(self, model: Any, shape: tuple[int, ...] | None) -> None:
        self._model = model
        self._requests = threading.local()
        # The first arrays that OpenVINO's binding ever takes must come from one thread
        # alone: two at once can wait for each other for ever while it sets itself up.
        n_windows, n_spans, n_tokens = shape or (1, 1, 2)
        first = np.full((n_windows, n_spans, n_tokens), 0.5, np.float32)
        found = self.run(np.zeros((n_windows, n_tokens), np.int64), first)
        if found.shape[::2] != (n_windows, n_spans):
            # OpenVINO 2026.4 does so for bfloat16 on a processor that has it not.
            raise ModelError(
                "a precision must be one that this processor computes; this one gave "
                "nothing. Change --precision."
            )

    def run(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
    ) -> Float[np.ndarray, "window layer span dim"]:
        request: Any = getattr(self._requests, "request", None)
        if request is None:
            request = self._requests.request = self._model.create_infer_request()
        request.infer([ids, weights], share_inputs=True)
        tensors = [tensor.data for tensor in request.output_tensors]
        return np.stack(tensors, axis=1)


def processor_name() -> str:
    """Give what OpenVINO calls this processor."""
    import openvino

    return str(openvino.Core().get_property("CPU", "FULL_DEVICE_NAME"))


def _compile(graph: Any, settings: dict[str, Any], *, is_short: bool) -> Any:
    import openvino

    for name, value in KEPT_BELOW.items():
        os.environ.setdefault(name, value)
    core = openvino.Core()
    besides = KEPT_SHAPES | (SHORT_WINDOWS if is_short else {})
    try:
        return core.compile_model(graph, "CPU", settings | besides)
    except RuntimeError:  # a version whose plugin does not know a setting of its own
        return core.compile_model(graph, "CPU", settings)
