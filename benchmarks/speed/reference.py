"""The reference engine beside the article's plain loop and sentence-transformers.

Run: python -m benchmarks.speed.reference [--data FOLDER] [--rounds 5]

The same texts, weights and windows in one process, in turn; and how closely the vectors
agree.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

from benchmarks.data.corpora import DEFAULT_FOLDER, read_corpus
from benchmarks.output.side_by_side import print_ratios, time_in_turn
from benchmarks.output.tables import print_header, print_row
from benchmarks.speed.plain_loop import PlainLoop
from longshot import DocumentEmbedder
from longshot.encoders.minilm import minilm_folder

N_DOCUMENTS = {"bbc": 40, "cuad": 2, "movie": 20}
LONGEST_CHARACTERS = 40_000


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    loop = PlainLoop()
    embedder = DocumentEmbedder(engine="torch", cache=None)
    sentences = SentenceTransformer(str(minilm_folder()))
    sentences.max_seq_length = 512
    for name in N_DOCUMENTS:
        texts = _sample(name, options.data)
        _measure(name, texts, embedder, loop, sentences, options.rounds)
    _agreement(_sample("bbc", options.data), embedder, loop, options.data)


def _sample(name: str, folder: Path) -> list[str]:
    texts = read_corpus(name, folder).texts
    short = [text for text in texts if len(text) < LONGEST_CHARACTERS]
    step = len(short) // N_DOCUMENTS[name]
    return short[::step][: N_DOCUMENTS[name]]


def _measure(
    name: str,
    texts: Sequence[str],
    embedder: DocumentEmbedder,
    loop: PlainLoop,
    sentences: SentenceTransformer,
    rounds: int,
) -> None:
    vectors = list(embedder.vectors(texts))
    windows = [
        text[window.start : window.end]
        for text, one in zip(texts, vectors, strict=True)
        for window in one.windows
    ]
    seconds = time_in_turn(
        {
            "longshot, reference engine": lambda: embedder.embed(texts),
            "the article's plain loop": lambda: [loop.embed(text) for text in texts],
            "sentence-transformers on the same windows": lambda: sentences.encode(
                windows, batch_size=8, show_progress_bar=False
            ),
        },
        rounds=rounds,
    )
    n_tokens = sum(one.n_tokens for one in vectors)
    title = f"{name}: {len(texts)} documents, float32"
    print_ratios(title, seconds, n_tokens=n_tokens, base="longshot, reference engine")


def _agreement(
    texts: Sequence[str], embedder: DocumentEmbedder, loop: PlainLoop, data: Path
) -> None:
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    plain = np.stack([loop.embed(text) for text in texts])
    print("\n### Agreement (greatest difference of any dimension)\n")
    print_header("what", "difference")
    print_row("document vectors, plain loop", _greatest(together - plain))
    print_row("a batch, one at a time", _greatest(together - alone))
    golden = data / "minilm_golden.json"
    if golden.is_file():
        _golden_agreement(json.loads(golden.read_text()), embedder, loop)


def _golden_agreement(
    golden: dict[str, list[str]], embedder: DocumentEmbedder, loop: PlainLoop
) -> None:
    text = golden["texts"][0]
    tokenizer = embedder.encoder.tokenizer
    ids = tokenizer.special.frame(tokenizer.encode(text).ids)
    states = embedder.encoder.states(ids[None], [6])[0, 0]
    plain = loop.model(input_ids=loop.tokenizer(text, return_tensors="pt")["input_ids"])
    by_loop = plain.last_hidden_state[0].detach().numpy()
    published = np.array(golden["tokens_single"])
    magnitudes = np.abs(states) - np.abs(published)
    print_row("token vectors, plain forward", _greatest(states - by_loop))
    print_row("token vectors, published (magnitudes)", _greatest(magnitudes))


def _greatest(differences: np.ndarray) -> str:
    return f"{np.abs(differences).max():.1e}"


if __name__ == "__main__":
    main()
