"""From the ``transformers`` module to a graph that OpenVINO runs.

This is for the families that :mod:`.network` does not build. The graph takes framed
windows and the weights of their tokens, and gives the weighted sums of every hidden
state: a window costs one small result. It is held against the module that it came from,
at lengths that it was not traced at, before it is kept.

Converting needs ``torch``, which takes seconds to import and hundreds of megabytes. It
happens in a process of its own (``python -m longshot.encoders.openvino.conversion``),
so that the one that classifies has neither, the first time as ever after.
"""

import os
import sys
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

import numpy as np

from longshot.encoders.engines.probe import PROBE
from longshot.encoders.openvino.arithmetic import SETTINGS, Arithmetic
from longshot.encoders.openvino.rows import put_in_rows
from longshot.encoders.openvino.store import MODEL, TOKENIZER, Facts, write_manifest
from longshot.errors import ModelError, first_line

if TYPE_CHECKING:
    import torch

    from longshot.encoders.transformers import TransformerEncoder

_CAUSAL = frozenset({"gpt2"})
_TRACED_TOKENS = 16
_PROBED_TOKENS = (3, 40)
_LEAST_COSINE: dict[Arithmetic, float] = {"float": 0.99999, "int8-weights": 0.99}


def convert(source: Path, target: Path, arithmetic: Arithmetic) -> None:
    """Convert a model's folder into an empty one, in this process.

    Raises
    ------
    ModelError
        If the graph gives other numbers than the module that it came from.
    """
    import openvino

    from longshot.encoders.transformers import TransformerEncoder

    reference = TransformerEncoder(source, source.name, device="cpu")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of what the probes then check
        graph = _traced(reference)
        if arithmetic == "int8-weights":
            put_in_rows(graph)
    openvino.save_model(graph, target / MODEL, compress_to_fp16=False)
    _check(target / MODEL, reference, arithmetic)
    (target / TOKENIZER).write_text(reference.tokenizer.to_json(), encoding="utf-8")
    facts = Facts(
        n_layers=reference.n_layers,
        dim=reference.dim,
        max_framed_tokens=reference.max_framed_tokens,
        unknown_id=reference.tokenizer.unknown_id,
    )
    write_manifest(target, facts)


def _traced(reference: "TransformerEncoder") -> Any:
    """Follow the module through a small batch of windows, and keep what it computes."""
    import openvino
    import torch

    ids = torch.ones((2, _TRACED_TOKENS), dtype=torch.int64)
    weights = torch.ones((2, 1, _TRACED_TOKENS))
    graph = openvino.convert_model(
        _weighted_sums(reference),
        example_input={"ids": ids, "weights": weights},
        input=[openvino.PartialShape([-1] * 2), openvino.PartialShape([-1] * 3)],
    )
    for layer, output in enumerate(graph.outputs):
        output.get_tensor().set_names({f"layer_{layer}"})
    return graph


def _weighted_sums(reference: "TransformerEncoder") -> "torch.nn.Module":
    """Give the module that pools every hidden state by the weights of its tokens."""
    import torch

    # Without a mask, decoders look for texts that were packed into one window.
    is_causal = reference.module.config.model_type in _CAUSAL

    class WeightedSums(torch.nn.Module):
        """The weighted sums of every hidden state."""

        def __init__(self) -> None:
            super().__init__()
            self.module = reference.module

        def forward(
            self, ids: torch.Tensor, weights: torch.Tensor
        ) -> tuple[torch.Tensor, ...]:
            output = self.module(
                input_ids=ids,
                attention_mask=torch.ones_like(ids) if is_causal else None,
                output_hidden_states=True,
            )
            return tuple(torch.bmm(weights, state) for state in output.hidden_states)

    return WeightedSums().eval()


def _inputs(ids: np.ndarray) -> dict[str, np.ndarray]:
    n_windows, n_tokens = ids.shape
    weights = np.full((n_windows, 1, n_tokens), 1 / n_tokens, dtype=np.float32)
    return {"ids": ids, "weights": weights}


def _check(path: Path, reference: "TransformerEncoder", arithmetic: Arithmetic) -> None:
    """Hold the saved graph against the module, at other shapes than the traced one."""
    import openvino

    settings = SETTINGS["float32" if arithmetic == "float" else "int8"]
    model = openvino.Core().compile_model(path, "CPU", settings)
    text = reference.tokenizer.encode(PROBE).ids
    for n_tokens in _PROBED_TOKENS:
        ids = np.stack(
            [text[:n_tokens], text[n_tokens : 2 * n_tokens], text[-n_tokens:]]
        )
        inputs = _inputs(ids)
        found = np.stack(list(model(inputs).values()), axis=1)
        expected = reference.means(ids, inputs["weights"], range(reference.n_layers))
        cosine = float(_cosines(found, expected).min())
        if not cosine >= _LEAST_COSINE[arithmetic]:
            raise ModelError(
                f"a converted model must give the same vectors; at {n_tokens} tokens "
                f"their cosine is {cosine:.5f}"
            )


def _cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    return np.asarray((a * b).sum(axis=-1) / norms)


def end_with_parent() -> None:
    """End this process when the one that began it ends, however it ends.

    Its end of the pipe to this one's standard input is closed then, by the system.
    """

    def wait() -> None:
        # Not by `sys.stdin`, whose lock would be held when this process ends by itself.
        while os.read(0, 1):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def main(arguments: list[str]) -> None:
    """Convert in this process, and tell a failure in the last line of stderr."""
    end_with_parent()
    source, target, arithmetic = arguments
    try:
        if arithmetic not in get_args(Arithmetic):
            raise ValueError(f"no such arithmetic: {arithmetic}")
        convert(Path(source), Path(target), cast(Arithmetic, arithmetic))
    except Exception as error:
        # Tracing meets whatever the model's code and two libraries raise.
        sys.exit(first_line(error))


if __name__ == "__main__":
    main(sys.argv[1:])
