"""Every kind of embedding, and how contextual each is.

Run: python -m benchmarks.contextuality

Prints the tables of docs/contextuality.md. Some parts take minutes; name those that are
wanted: elmo, neighbours, mouse, senses, classify, stream.
"""

import argparse
import gzip
import itertools
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from jaxtyping import Float

from benchmarks.contextuality import word_senses
from benchmarks.data.corpora import DEFAULT_FOLDER, read_corpus
from benchmarks.output.tables import print_header, print_row
from longshot import DocumentEmbedder, Recipe
from longshot.contextuality import Sentence, study, word_vectors
from longshot.contextuality.occurrences.sampling import draw
from longshot.contextuality.occurrences.uses import WordFinder
from longshot.similarity import unit

_SHORT_WORDS = 15


def static_names(folder: Path) -> list[str]:
    """Name the static models that are at hand."""
    return [
        f"word2vec:{folder}/word2vec-1000x300.txt",
        f"glove:{folder}/glove-twitter-12k-25d.txt",
        f"model2vec:{folder}/potion-base-4m-int8",
    ]


def elmo(folder: Path) -> None:
    """Give the greatest difference to what AllenNLP expects."""
    import h5py

    from longshot.encoders.elmo import load_elmo

    files = folder / "elmo"
    encoder = load_elmo("elmo", f"{files / 'options.json'},{files / 'lm_weights.hdf5'}")
    threads = json.loads((files / "sentences.json").read_text())
    batches = [[text.split() for text in batch] for batch in zip(*threads, strict=True)]
    greatest = 0.0
    for i, layers in enumerate(encoder.sentences(batches)):
        for k, sentence in enumerate(layers):
            with h5py.File(files / f"lm_embeddings_{k}.hdf5") as file:
                expected = np.concatenate(list(file[str(i)][...]), axis=-1)
            greatest = max(greatest, float(np.abs(sentence[-1] - expected).max()))
    words = (files / "vocab_test.txt").read_text().split("\n")
    with h5py.File(files / "elmo_token_embeddings.hdf5") as file:
        expected = file["embedding"][...]
    by_characters = next(encoder.sentences([[words]]))[0][0][:, : expected.shape[1]]
    print(f"ELMo, top layer, three batches: {greatest:.1e}")
    print(f"ELMo, words by characters: {np.abs(by_characters - expected).max():.1e}")


def neighbours(folder: Path) -> None:
    """Compare vectors and neighbours of twenty words with gensim's."""
    from gensim.models import KeyedVectors

    from longshot.encoders.static import WordEncoder

    for name in static_names(folder)[:2]:
        path = name.partition(":")[2]
        theirs = KeyedVectors.load_word2vec_format(
            path, no_header=name.startswith("glove")
        )
        ours = WordEncoder(name, Path(path))
        words = theirs.index_to_key[10:30]
        same_vectors = all(np.array_equal(ours.vector(w), theirs[w]) for w in words)
        same = all(
            [word for word, _ in ours.neighbours(w)]
            == [word for word, _ in theirs.most_similar(w)]
            for w in words
        )
        print(f"{Path(path).name}: vectors equal {same_vectors}, neighbours {same}")


def mouse(folder: Path) -> None:
    """Tell the senses of "mouse" apart."""
    word_senses.mouse(["minilm", *static_names(folder)], folder)


def senses(folder: Path) -> None:
    """Tell the senses of ten nouns apart."""
    word_senses.senses("minilm", folder)


def classify(folder: Path, n_texts: int = 250, n_shots: int = 5) -> None:
    """Classify by the nearest class mean from five examples per class, twenty draws."""
    print_header("texts", "model", "accuracy", "tokens/s", "words without a vector")
    for name in ("bbc", "clinc150"):
        texts, labels = _sample(name, folder, n_texts)
        for model in ("minilm", *static_names(folder)):
            embedder = DocumentEmbedder(Recipe(model=model))
            embedder.embed(texts[:2])
            started = time.perf_counter()
            kept, n_tokens, n_missing, vectors = [], 0, 0, []
            for one in embedder.vectors(texts, on_set_aside=lambda one: None):
                vectors.append(one.document)
                kept.append(int(one.document_id))
                n_tokens += one.n_tokens_read
                n_missing += one.n_tokens - one.n_tokens_read
            seconds = time.perf_counter() - started
            accuracy = _few_shot(np.stack(vectors), labels[kept], n_shots)
            missing = n_missing / (n_tokens + n_missing)
            speed = f"{n_tokens / seconds:,.0f}"
            told = f"{accuracy:.1%}", speed, f"{missing:.1%}"
            print_row(name, model.rpartition("/")[2], *told)


def _sample(name: str, folder: Path, n_texts: int) -> tuple[list[str], np.ndarray]:
    corpus = read_corpus(name, folder).in_scope()
    by_label: dict[str, list[int]] = {}
    for i in np.random.default_rng(0).permutation(len(corpus.labels)).tolist():
        by_label.setdefault(corpus.labels[i], []).append(i)
    n_each = max(12, n_texts // len(by_label))
    chosen = [i for members in by_label.values() for i in members[:n_each]]
    return [corpus.texts[i] for i in chosen], np.array(
        [corpus.labels[i] for i in chosen]
    )


def _few_shot(
    vectors: Float[np.ndarray, "document dim"], labels: np.ndarray, n_shots: int
) -> float:
    units, accuracies = unit(vectors), []
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(len(labels))
        names = np.unique(labels)
        shots = {name: order[labels[order] == name][:n_shots] for name in names}
        rest = np.setdiff1d(order, np.concatenate(list(shots.values())))
        means = np.stack([units[shots[name]].mean(axis=0) for name in names])
        guessed = names[(units[rest] @ unit(means).T).argmax(axis=1)]
        accuracies.append(float((guessed == labels[rest]).mean()))
    return float(np.mean(accuracies))


def stream(folder: Path) -> None:
    """Give seconds and peak memory over corpora of growing size."""
    print_header("what", "sentences", "seconds", "peak memory")
    for part in ("draw", "study", "every-use"):
        for n_sentences in (10_000, 100_000):
            command = [sys.executable, "-m", "benchmarks.contextuality"]
            options = ["--data", str(folder), f"{part}-{n_sentences}"]
            subprocess.run([*command, *options], check=True)


def _stream_one(folder: Path, what: str) -> None:
    part, _, number = what.rpartition("-")
    n_sentences = int(number)
    words = ["bank", "spring", "apple"]
    started = time.perf_counter()
    if part == "draw":
        draw(_many(folder, n_sentences), WordFinder(words))
    elif part == "study":
        study(_many(folder, n_sentences), words, ["minilm"])
    else:
        glove = static_names(folder)[1]
        for _ in word_vectors(_many(folder, n_sentences), words, encoder=glove):
            pass
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print_row(part, f"{n_sentences:,}", f"{seconds:.0f}", f"{peak:,.0f} MiB")


def _many(folder: Path, n_sentences: int) -> Iterator[Sentence]:
    """Go round the short sentences of coarsewsd10 as often as it takes."""
    with gzip.open(folder / "coarsewsd10.jsonl.gz", "rt") as file:
        texts = [json.loads(line)["text"] for line in file]
    texts = [text for text in texts if len(text.split()) <= _SHORT_WORDS]
    for i, text in enumerate(itertools.islice(itertools.cycle(texts), n_sentences)):
        yield Sentence(id=str(i), text=text)


PARTS: dict[str, Callable[[Path], None]] = {
    "elmo": elmo,
    "neighbours": neighbours,
    "mouse": mouse,
    "senses": senses,
    "classify": classify,
    "stream": stream,
}


def main() -> None:
    """Run the parts that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS))
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    options = parser.parse_args()
    for part in options.parts:
        if part in PARTS:
            print(f"\n### {part}\n", flush=True)
            PARTS[part](options.data)
        else:
            _stream_one(options.data, part)


if __name__ == "__main__":
    main()
