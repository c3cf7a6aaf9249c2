"""Accuracy from names and few examples, beside every other way on the same splits.

Run: python -m benchmarks.accuracy [--out results.jsonl] [--data FOLDER]
     [--sets bbc mine.csv ...] [--labels LABELS.yaml] [--shots 0 1 2 4 8 16]
     [--splits 20 clinc150=5] [--limit-splits 3] [--minutes 60] [--ways predict tf-idf]
     [--model minilm] [--precision float32]
     [--again predict predict_pile] [--figure docs/figures/accuracy.svg]
     python -m benchmarks.accuracy --only-table results.jsonl [more.jsonl ...]

Every document is read once; each split draws its examples at random and judges all the
others under the default settings. CLINC150 draws its examples from the training split
and judges its test split. Of a class with too few documents, half are examples at most.
A set of one's own is a folder with one sub-folder per label, or a table with the
columns text and label; --labels says what its labels mean.

With --out, what was measured is kept split by split, and a run that was killed goes on;
--again measures some ways anew. --check compares one split with LongshotClassifier.
Figures of another --model want an --out of their own.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.measuring import Plan, measure
from benchmarks.accuracy.ours import greatest_difference
from benchmarks.accuracy.picture import draw_accuracy
from benchmarks.accuracy.results import Result, ResultFile, read_results
from benchmarks.accuracy.table import tables
from benchmarks.accuracy.ways import MEASURED
from benchmarks.data.corpora import DEFAULT_FOLDER, PUBLIC_SETS, name_of, read_corpus
from benchmarks.data.features import measurable, read_features
from benchmarks.data.splits import draw
from benchmarks.learning.setfit import FOUND, known_results
from longshot import DocumentEmbedder, Recipe
from longshot.errors import LongshotError

SHOTS = (0, 1, 2, 4, 8, 16)
FIGURE = Path("docs/figures/accuracy.svg")
SHOTS_OF_CHECK = 4


def main() -> None:
    """Measure, and print the tables."""
    options = _options()
    if options.only_table:
        _show(read_results(options.only_table), options)
        return
    results = ResultFile(options.out)
    if options.again:
        results.forget([name_of(one) for one in options.sets], options.again)
    recipe = Recipe(model=options.model, precision=options.precision)
    embedder = DocumentEmbedder(recipe)
    try:
        for name in options.sets:
            _measure(name, options, embedder, results)
    except LongshotError as error:
        raise SystemExit(str(error)) from None
    _show(list(results), options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--sets", nargs="+", default=list(PUBLIC_SETS))
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--shots", type=int, nargs="+", default=list(SHOTS))
    parser.add_argument("--splits", nargs="+", default=["20"])
    parser.add_argument("--limit-splits", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--ways", nargs="+", default=MEASURED, choices=MEASURED)
    parser.add_argument("--again", nargs="+", default=[], choices=MEASURED)
    parser.add_argument("--model", default="minilm")
    parser.add_argument("--precision", default="float32")
    parser.add_argument("--no-names", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only-table", type=Path, nargs="+")
    parser.add_argument("--figure", type=Path)
    return parser.parse_args()


def _measure(
    name: str,
    options: argparse.Namespace,
    embedder: DocumentEmbedder,
    results: ResultFile,
) -> None:
    corpus = measurable(read_corpus(name, options.data, options.labels))
    plan = Plan(
        ways=options.ways,
        shots=options.shots,
        n_splits=splits_of(corpus.name, options.splits),
        n_most=options.limit_splits,
        names=not options.no_names,
        minutes=options.minutes,
    )
    if not plan.missing(corpus, results) and not options.check:
        return
    read = read_features(corpus, embedder)
    if options.check:
        split = draw(corpus, SHOTS_OF_CHECK, 0)
        difference = greatest_difference(read, split, embedder)
        print(f"{corpus.name}: LongshotClassifier differs by {difference:.1e} at most")
    measure(read, plan, results)


def splits_of(name: str, given: Sequence[str]) -> int:
    """Read how many splits a data set gets from ``20 clinc150=5``."""
    numbers = {}
    for one in given:
        set_name, _, number = one.rpartition("=")
        numbers[set_name] = number
    chosen = numbers.get(name, numbers.get("", "20"))
    if not chosen.isdigit():
        raise SystemExit(f"--splits must be numbers, or NAME=NUMBER; got {chosen}")
    return int(chosen)


def _show(results: Sequence[Result], options: argparse.Namespace) -> None:
    """Print the tables, with SetFit's figures; draw the picture where asked."""
    if not results:
        raise SystemExit("nothing was measured")
    sets = {one.set_name for one in results}
    setfit = [one for one in known_results(FOUND) if one.set_name in sets]
    everything = [*results, *setfit]
    print(f"\n{tables(everything)}")
    if options.figure:
        draw_accuracy(everything, options.figure)


if __name__ == "__main__":
    main()
