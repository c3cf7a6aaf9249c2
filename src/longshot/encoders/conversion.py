"""From the ``transformers`` module to a graph that OpenVINO runs.

The graph takes framed windows and the weights of their tokens, and gives the weighted
sums of every hidden state: a window costs one small result. It is held against the
module that it came from, at lengths that it was not traced at, before it is kept.

Converting needs ``torch``, which takes seconds to import and hundreds of megabytes. It
happens in a process of its own (``python -m longshot.encoders.conversion``), so that
the one that classifies has neither, the first time as ever after.
"""

import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from longshot.encoders.converted import MODEL, TOKENIZER, Facts, write_manifest
from longshot.errors import ModelError

if TYPE_CHECKING:
    from longshot.encoders.transformer import TransformerEncoder

Arithmetic = Literal["float", "int8"]
"""The graph's numbers; float serves float32 and bfloat16, which the engine decides."""

_CAUSAL = frozenset({"gpt2"})
_TRACED_TOKENS = 16
_PROBED_TOKENS = (3, 40)
_LEAST_COSINE: dict[Arithmetic, float] = {"float": 0.99999, "int8": 0.9}
_CALIBRATION = Path(__file__).with_name("calibration.txt")
_CALIBRATION_WINDOWS = (510, 128, 16)


def convert_in_a_process(source: Path, target: Path, arithmetic: Arithmetic) -> None:
    """Convert a model's folder into an empty one, in another process.

    Raises
    ------
    ModelError
        If the model does not convert; with the reason in one line.
    """
    command = [sys.executable, "-W", "ignore", "-m", __name__]
    done = subprocess.run(
        [*command, str(source), str(target), arithmetic],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        told = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise ModelError(
            f"a model must convert for engine openvino; {source} does not "
            f"({told[-1][:200]}). Use --engine torch."
        )


def convert(source: Path, target: Path, arithmetic: Arithmetic) -> None:
    """Convert a model's folder into an empty one, in this process.

    Raises
    ------
    ModelError
        If the graph gives other numbers than the module that it came from.
    """
    import openvino

    from longshot.encoders.transformer import TransformerEncoder

    reference = TransformerEncoder(source, source.name, device="cpu")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of what the probes then check
        graph = _traced(reference)
        if arithmetic == "int8":
            graph = _quantised(graph, reference)
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
    import openvino
    import torch

    # Without a mask, decoders look for texts that were packed into one window.
    is_causal = reference.module.config.model_type in _CAUSAL

    class Means(torch.nn.Module):
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

    ids = torch.ones((2, _TRACED_TOKENS), dtype=torch.int64)
    weights = torch.ones((2, 1, _TRACED_TOKENS))
    graph = openvino.convert_model(
        Means().eval(),
        example_input={"ids": ids, "weights": weights},
        input=[openvino.PartialShape([-1] * 2), openvino.PartialShape([-1] * 3)],
    )
    for layer, output in enumerate(graph.outputs):
        output.get_tensor().set_names({f"layer_{layer}"})
    return graph


def _quantised(graph: Any, reference: "TransformerEncoder") -> Any:
    """Quantise weights and activations, but not the means that leave the graph."""
    import nncf

    windows = list(_calibration_windows(reference))
    return nncf.quantize(
        graph,
        nncf.Dataset(windows),
        subset_size=len(windows),
        model_type=nncf.ModelType.TRANSFORMER,
        ignored_scope=nncf.IgnoredScope(names=_poolings(graph)),
    )


def _poolings(graph: Any) -> list[str]:
    """Name the products of the token weights with a hidden state."""
    weights = next(i for i in graph.inputs if "weights" in i.get_names())
    return [
        target.get_node().get_friendly_name() for target in weights.get_target_inputs()
    ]


def _calibration_windows(
    reference: "TransformerEncoder",
) -> Iterator[dict[str, np.ndarray]]:
    """Give long, middling and short windows of the text that comes along."""
    tokenizer = reference.tokenizer
    ids = tokenizer.encode(_CALIBRATION.read_text(encoding="utf-8")).ids
    longest = (reference.max_framed_tokens or 512) - tokenizer.special.n_tokens
    for length in _CALIBRATION_WINDOWS:
        step = min(length, longest)
        for start in range(0, len(ids) - step + 1, step):
            yield _inputs(tokenizer.special.frame(ids[start : start + step])[None])


def _inputs(ids: np.ndarray) -> dict[str, np.ndarray]:
    n_windows, n_tokens = ids.shape
    weights = np.full((n_windows, 1, n_tokens), 1 / n_tokens, dtype=np.float32)
    return {"ids": ids, "weights": weights}


def _check(path: Path, reference: "TransformerEncoder", arithmetic: Arithmetic) -> None:
    """Hold the saved graph against the module, at other shapes than the traced one."""
    import openvino

    model = openvino.Core().compile_model(
        path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    text = reference.tokenizer.encode(_CALIBRATION.read_text(encoding="utf-8")).ids
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


def main(arguments: list[str]) -> None:
    """Convert in this process, and tell a failure in the last line of stderr."""
    source, target, arithmetic = arguments
    try:
        convert(Path(source), Path(target), "int8" if arithmetic == "int8" else "float")
    except Exception as error:
        # Tracing meets whatever the model's code and two libraries raise.
        sys.exit(f"{type(error).__name__}: {error}".splitlines()[0])


if __name__ == "__main__":
    main(sys.argv[1:])
