"""What a coarser arithmetic costs: accuracy and cosine beside float32, set by set.

Run: python -m benchmarks.speed.precision --data FOLDER ... --model mpnet
     python -m benchmarks.speed.precision --data FOLDER ... --model FOLDER \
         --precisions int8

Every document is read in each precision: its first window, which is where most of a
model's numbers are met. Then the same examples and the same documents are judged in
each: by the class mean (`--head prototype`), over many random splits, and as longshot
decides by default, over a few. What is told is the difference in points, with 95 % of
it over documents; a loss that matters is one that the interval leaves above zero.
"""

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from benchmarks.output.tables import print_header, print_row
from benchmarks.suite.sets import SETS, TOLD
from longshot import Document, DocumentEmbedder, Recipe
from longshot.classify import Classifier, DocumentFeatures, Layout, extract, readable
from longshot.similarity import unit

MOST_CLASSES = 30
LEAST_DOCUMENTS = 4
_WORD_TOKENS, _WINDOW_TOKENS = 1.3, 510

Correct = Float[np.ndarray, "split document"]
"""1 or 0 for each document that was judged, NaN for the examples."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample:
    """Documents of one set.

    Attributes
    ----------
    name
        Of the set.
    texts, labels
        What was drawn, and the class of each as an index into `class_names`.
    class_names
        What stands for each class.
    """

    name: str
    texts: tuple[str, ...]
    labels: Int[np.ndarray, " document"]
    class_names: tuple[str, ...]


def main() -> None:
    """Print a row for each set and precision."""
    options = _options()
    print_header(
        *("set", "documents, classes", "precision", "cosine, least; median"),
        *("1 example, class mean", "8 examples", "8 examples, default", "speed"),
    )
    for name in options.sets:
        sample = _drawn(name, options)
        if sample is not None:
            _measure(sample, options)


def _measure(sample: Sample, options: argparse.Namespace) -> None:
    read = dict(_read(sample, options))
    exact = read["float32"].features
    shape = f"{len(sample.texts)}, {len(sample.class_names)}"
    expected = [_judged(sample, read["float32"], way, options) for way in _WAYS]
    for precision in options.precisions:
        found = read[precision]
        cosines = _cosines(exact.vectors, found.features.vectors)
        told = [
            _difference(before, _judged(sample, found, way, options))
            for way, before in zip(_WAYS, expected, strict=True)
        ]
        speed = read["float32"].seconds / found.seconds
        cosine = f"{cosines.min():.4f}; {np.median(cosines):.4f}"
        name = found.embedder.recipe.precision
        print_row(sample.name, shape, name, cosine, *told, f"{speed:.2f} ×")


@dataclass(frozen=True, kw_only=True, eq=False)
class Read:
    """A sample as one precision read it, and the processor's seconds for it."""

    embedder: DocumentEmbedder
    features: DocumentFeatures
    seconds: float


def _read(sample: Sample, options: argparse.Namespace) -> Iterator[tuple[str, Read]]:
    documents = [Document(id=str(i), text=text) for i, text in enumerate(sample.texts)]
    for precision in ("float32", *options.precisions):
        recipe = Recipe(model=options.model, precision=precision)
        embedder = DocumentEmbedder(recipe, cache=None)
        list(embedder.vectors(documents[:2], most_windows=1))  # compiled at first use
        started = time.process_time()
        vectors = list(embedder.vectors(documents, most_windows=1))
        seconds = time.process_time() - started
        pairs = zip(vectors, sample.texts, strict=True)
        features = extract(pairs, Layout.of(embedder))
        yield precision, Read(embedder=embedder, features=features, seconds=seconds)


def _splits(
    sample: Sample, shots: int, n_splits: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Give rows to learn from and rows to judge; half of a small class stays."""
    for seed in range(n_splits):
        order = np.random.default_rng((seed, shots)).permutation(len(sample.labels))
        examples: list[int] = []
        for label in range(len(sample.class_names)):
            rows = order[sample.labels[order] == label]
            examples += rows[: min(shots, len(rows) // 2)].tolist()
        judged = np.setdiff1d(np.arange(len(sample.labels)), examples)
        yield np.array(examples), judged


_WAYS = (("mean", 1), ("mean", 8), ("default", 8))


def _judged(
    sample: Sample, read: Read, way: tuple[str, int], options: argparse.Namespace
) -> Correct:
    kind, shots = way
    n_splits = options.splits if kind == "mean" else options.draws
    found = np.full((n_splits, len(sample.labels)), np.nan)
    splits = _splits(sample, shots, n_splits)
    for row, (examples, judged) in enumerate(splits):
        decide = _by_mean if kind == "mean" else _by_default
        chosen = decide(sample, read, examples, judged)
        found[row, judged] = chosen == sample.labels[judged]
    return found


def _by_mean(
    sample: Sample, read: Read, examples: np.ndarray, judged: np.ndarray
) -> Int[np.ndarray, " judged"]:
    vectors, labels = unit(read.features.vectors), sample.labels[examples]
    classes = np.unique(labels)
    means = [vectors[examples[labels == label]].mean(axis=0) for label in classes]
    return np.asarray(classes[(vectors[judged] @ unit(np.array(means)).T).argmax(1)])


def _by_default(
    sample: Sample, read: Read, examples: np.ndarray, judged: np.ndarray
) -> Int[np.ndarray, " judged"]:
    names = np.array(sample.class_names)
    classifier = Classifier(embedder=read.embedder).fit_features(
        read.features.take(examples), names[sample.labels[examples]].tolist()
    )
    found = classifier.predict_proba_features(read.features.take(judged), pile=False)
    index = {name: label for label, name in enumerate(names.tolist())}
    return np.array([index[classifier.classes_[i]] for i in found.argmax(1)])


def _difference(before: Correct, after: Correct) -> str:
    """Tell the accuracy before, the points gained, and 95 % of these."""
    was_judged = ~np.isnan(before).all(axis=0)
    by_document = np.nanmean((after - before)[:, was_judged], axis=0)
    spread = 1.96 * by_document.std() / np.sqrt(len(by_document))
    return (
        f"{100 * np.nanmean(before):.2f} {100 * by_document.mean():+.2f} "
        f"± {100 * spread:.2f}"
    )


def _cosines(
    expected: Float[np.ndarray, "document dim"],
    found: Float[np.ndarray, "document dim"],
) -> Float[np.ndarray, " document"]:
    return np.asarray((unit(expected) * unit(found)).sum(axis=1))


def _drawn(name: str, options: argparse.Namespace) -> Sample | None:
    """Draw documents of the commonest classes until there are enough tokens."""
    files = [
        path for one in options.data if (path := one / f"{name}.jsonl.gz").exists()
    ]
    if not files:
        return None
    with gzip.open(files[0], "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    rows = [row for row in rows if row["text"].strip() and row["label"] != "oos"]
    common = dict(Counter(row["label"] for row in rows).most_common(MOST_CLASSES))
    rows = [row for row in rows if row["label"] in common]
    kept: dict[str, str] = {}
    n_tokens = 0.0
    for place in np.random.default_rng(0).permutation(len(rows)):
        text = rows[place]["text"]
        n_tokens += min(len(text.split()) * _WORD_TOKENS, _WINDOW_TOKENS)
        if n_tokens > options.tokens or len(kept) >= options.documents:
            break
        kept[text] = rows[place]["label"]
    return _sample(name, kept)


def _sample(name: str, kept: Mapping[str, str]) -> Sample:
    counts = Counter(kept.values())
    classes = sorted(one for one, n in counts.items() if n >= LEAST_DOCUMENTS)
    texts = [text for text, label in kept.items() if label in classes]
    told = TOLD.get(name, {})
    return Sample(
        name=name,
        texts=tuple(texts),
        labels=np.array([classes.index(kept[text]) for text in texts]),
        class_names=tuple(told.get(one, readable(one)) for one in classes),
    )


def _options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", nargs="+", type=Path, required=True)
    parser.add_argument("--model", default="mpnet", help="mpnet, minilm or a folder")
    parser.add_argument("--precisions", nargs="+", default=["int8", "auto"])
    development = [one.name for one in SETS if not one.held_back]
    parser.add_argument("--sets", nargs="+", default=development)
    parser.add_argument("--documents", type=int, default=300, help="of a set, at most")
    parser.add_argument("--tokens", type=int, default=40_000, help="of a set, about")
    parser.add_argument("--splits", type=int, default=200, help="for the class mean")
    parser.add_argument("--draws", type=int, default=4, help="for the default decision")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
