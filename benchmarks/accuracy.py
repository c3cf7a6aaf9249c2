"""Accuracy from names and from 1 to 16 examples per class, alone and with the pile.

Run: python -m benchmarks.accuracy [--data FOLDER] [--sets bbc cuad movie clinc150]
     [--shots 0 1 2 4 8 16] [--splits 20] [--out FILE.json]

Every document is read once; each split draws its examples at random and judges all the
others under the default settings. CLINC150 draws its examples from the training split
and judges its test split. Of a class with too few documents, half are examples at most.
"""

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.corpora import DEFAULT_FOLDER
from benchmarks.readings import ReadCorpus, read_for_classifying
from longshot import DocumentEmbedder, Recipe
from longshot.classify.example_scoring import Examples
from longshot.classify.knowledge import Knowledge

N_BINS = 15


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One way on one split."""

    set_name: str
    shots: int
    way: str
    seed: int
    accuracy: float
    calibration_error: float
    seconds: float
    note: str = ""


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument(
        "--sets", nargs="+", default=["bbc", "cuad", "movie", "clinc150"]
    )
    parser.add_argument("--shots", type=int, nargs="+", default=[0, 1, 2, 4, 8, 16])
    parser.add_argument("--splits", type=int, default=20)
    parser.add_argument("--precision", default="float32")
    parser.add_argument("--no-names", action="store_true")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    embedder = DocumentEmbedder(Recipe(precision=options.precision))
    results: list[Result] = []
    print("| data set | shots | way | accuracy | ECE | seconds | note |")
    print("|---|---|---|---|---|---|---|")
    for name in options.sets:
        corpus = read_for_classifying(name, options.data, embedder)
        for shots in options.shots:
            n_splits = options.splits if shots else 1
            found = [
                result
                for seed in range(n_splits)
                for result in measure(corpus, shots, seed, names=not options.no_names)
            ]
            _print(found)
            results += found
    if options.out:
        options.out.write_text(json.dumps([asdict(one) for one in results], indent=1))


def split(corpus: ReadCorpus, shots: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw examples, and give them and the documents to be judged."""
    random = np.random.default_rng(1000 + seed)
    splits = np.array(corpus.corpus.splits)
    has_split = (splits == "test").any()
    drawable = np.flatnonzero((splits == "train") if has_split else splits != "-")
    examples = []
    for one in range(len(corpus.classes)):
        members = drawable[corpus.labels[drawable] == one]
        n_drawn = min(shots, len(members) if has_split else len(members) // 2)
        examples.append(random.choice(members, n_drawn, replace=False))
    drawn = np.concatenate(examples)
    rest = np.flatnonzero(splits == "test") if has_split else np.arange(len(splits))
    return drawn, np.setdiff1d(rest, drawn)


def measure(
    corpus: ReadCorpus, shots: int, seed: int, *, names: bool = True
) -> Iterator[Result]:
    """Judge one split alone and with the pile."""
    drawn, judged = split(corpus, shots, seed)
    pile, truth = corpus.documents.take(judged), corpus.labels[judged]

    def result(way: str, log_p: np.ndarray, seconds: float, note: str = "") -> Result:
        return Result(
            set_name=corpus.corpus.name,
            shots=shots,
            way=way,
            seed=seed,
            accuracy=float((log_p.argmax(axis=1) == truth).mean()),
            calibration_error=calibration_error(np.exp(log_p), truth),
            seconds=seconds,
            note=note,
        )

    started = time.perf_counter()
    knowledge = Knowledge(
        examples=Examples(
            corpus.documents.take(drawn), corpus.labels[drawn], len(corpus.classes)
        ),
        names=corpus.names if names else None,
        background=corpus.background,
    )
    alone = knowledge.judge.log_probabilities(pile)
    taken = time.perf_counter() - started
    yield result("alone", alone, taken)
    started = time.perf_counter()
    together, _, choice = knowledge.together(pile)
    note = f"step {choice.step}"
    yield result("pile", together, taken + time.perf_counter() - started, note)


def calibration_error(probabilities: np.ndarray, truth: np.ndarray) -> float:
    """Give the expected calibration error of the top label, in 15 bins."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bins = np.minimum((confidence * N_BINS).astype(int), N_BINS - 1)
    gaps = [
        abs(confidence[bins == one].sum() - right[bins == one].sum())
        for one in range(N_BINS)
    ]
    return float(sum(gaps) / len(truth))


def _print(results: list[Result]) -> None:
    for way in dict.fromkeys(one.way for one in results):
        of_way = [one for one in results if one.way == way]
        accuracy = 100 * np.array([one.accuracy for one in of_way])
        interval = (
            1.96 * accuracy.std(ddof=1) / len(accuracy) ** 0.5
            if accuracy[1:].size
            else 0.0
        )
        error = 100 * np.mean([one.calibration_error for one in of_way])
        seconds = np.median([one.seconds for one in of_way])
        first = of_way[0]
        print(
            f"| {first.set_name} | {first.shots} | {way} | {accuracy.mean():.1f} ± "
            f"{interval:.1f} | {error:.1f} | {seconds:.1f} | {first.note} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
