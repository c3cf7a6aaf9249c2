"""Other libraries' ways of encoding, each in a process of its own.

This file is run by the Python of the peers' environment (`make bench-peers`), which has
other versions of the libraries and no longshot; :mod:`benchmarks.speed.peers` starts
it. It loads one way, answers ``ready``, and then, for each line of JSON on standard
input, takes the texts that the line holds, or, where it holds null, encodes them once
more. It answers ``done``, with the processor's seconds that it has taken since its
start.
"""

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

Encode = Callable[[Sequence[str]], object]

LONGEST = 512
FASTEMBED_BATCH = 256
N_CALIBRATION_TEXTS = 64
CALIBRATION = (
    "The tenant pays the rent on the first day of each month; the landlord keeps the "
    "roof, the walls and the drains in repair, and tells the tenant of any work. "
)


def sentences_onnx(folder: str) -> Encode:
    """Quantise to int8 as sentence-transformers does for this processor."""
    from sentence_transformers import (
        SentenceTransformer,
        export_dynamic_quantized_onnx_model,
    )

    saved = tempfile.mkdtemp()
    model: Any = SentenceTransformer(folder, backend="onnx")
    model.save_pretrained(saved)
    export_dynamic_quantized_onnx_model(model, "avx512_vnni", saved)
    name = "onnx/model_qint8_avx512_vnni.onnx"
    return _sentences(
        SentenceTransformer(saved, backend="onnx", model_kwargs={"file_name": name})
    )


def sentences_openvino(folder: str) -> Encode:
    """Quantise to int8 as sentence-transformers does, on text that is at hand."""
    import nncf
    import numpy as np
    from sentence_transformers import SentenceTransformer

    model: Any = SentenceTransformer(folder, backend="openvino")
    lengths = np.random.default_rng(0).integers(1, 18, size=N_CALIBRATION_TEXTS)
    inputs = [
        dict(
            model.tokenizer(CALIBRATION * int(n), return_tensors="np", truncation=True)
        )
        for n in lengths
    ]
    module = model[0].auto_model
    module.model = nncf.quantize(
        module.model,
        nncf.Dataset(inputs),
        model_type=nncf.ModelType.TRANSFORMER,
        subset_size=len(inputs),
    )
    module.request = module.compiled_model = None
    module.compile()
    return _sentences(model)


def _sentences(model: Any) -> Encode:
    model.max_seq_length = LONGEST
    return lambda texts: model.encode(list(texts), show_progress_bar=False)


def fastembed(folder: str) -> Encode:
    """Run ONNX as fastembed does: batches of 256 texts, padded to the longest."""
    import numpy as np
    import onnxruntime
    import tokenizers

    path = os.path.join(tempfile.mkdtemp(), "model.onnx")
    _export(folder, path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    tokenizer = tokenizers.Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding()

    def batch(texts: Sequence[str]) -> Any:
        encoded = tokenizer.encode_batch(list(texts))
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        [states] = session.run(None, {"input_ids": ids, "attention_mask": mask})
        weights = (mask / mask.sum(axis=1, keepdims=True)).astype(np.float32)
        return np.einsum("wtd,wt->wd", states, weights)

    starts = range(0, 1 << 30, FASTEMBED_BATCH)
    return lambda texts: [
        batch(texts[start : start + FASTEMBED_BATCH])
        for start in starts[: -(-len(texts) // FASTEMBED_BATCH)]
    ]


def _export(folder: str, path: str) -> None:
    import torch
    from transformers import AutoModel

    class States(torch.nn.Module):
        """The last layer's hidden states."""

        def __init__(self) -> None:
            super().__init__()
            self.module = AutoModel.from_pretrained(
                folder, attn_implementation="eager"
            ).eval()

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            states: torch.Tensor = self.module(ids, mask).last_hidden_state
            return states

    names = ["input_ids", "attention_mask"]
    example = torch.ones((2, 16), dtype=torch.int64)
    torch.onnx.export(
        States().eval(),
        (example, example),
        path,
        input_names=names,
        dynamic_axes={name: {0: "text", 1: "token"} for name in names},
        dynamo=False,
    )


def flair(folder: str) -> Encode:
    """Embed whole documents, read in overlapping windows by flair itself."""
    import torch
    from flair.data import Sentence
    from flair.embeddings import TransformerDocumentEmbeddings

    embeddings = TransformerDocumentEmbeddings(
        folder,
        layers="-1,-2,-3,-4",
        layer_mean=True,
        cls_pooling="mean",
        allow_long_sentences=True,
        fine_tune=False,
    )

    def encode(texts: Sequence[str]) -> None:
        with torch.no_grad():
            for text in texts:
                embeddings.embed(Sentence(text))

    return encode


PEERS: dict[str, Callable[[str], Encode]] = {
    "sentence-transformers, ONNX int8": sentences_onnx,
    "sentence-transformers, OpenVINO int8": sentences_openvino,
    "fastembed's way, ONNX float32": fastembed,
    "flair, float32": flair,
}


def main() -> None:
    """Load one way, and encode whenever a line asks for it."""
    name, folder = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever the libraries print is no answer
    encode = PEERS[name](folder)
    texts: list[str] = []
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        given = json.loads(line)
        if given is not None:
            texts = given
        else:
            encode(texts)
        print("done", time.process_time(), file=answers, flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
