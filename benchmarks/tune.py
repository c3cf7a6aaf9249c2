"""What fine-tuning the encoder changes: accuracy and calibration before and after.

Run: python -m benchmarks.tune [--data FOLDER] [--sets bbc] [--shots 16] [--seeds 0 1]
     [--steps 200] [--pile 400]

Each split draws its examples as benchmarks.accuracy does, tunes the bundled model on
them with `longshot tune`'s defaults, and judges a sample of the other documents under
the classifier's defaults, with the model as it was and as it is then.
"""

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.corpora import DEFAULT_FOLDER
from benchmarks.features import ReadCorpus, features_of, read_for_classifying
from benchmarks.splits import draw
from longshot import DocumentEmbedder, LongshotClassifier, Recipe
from longshot.evaluation.measures import accuracy, calibration_error, judge
from longshot.records import Document, Example
from longshot.tuning import Tuned, Tuner, TuningSettings


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--sets", nargs="+", default=["bbc"])
    parser.add_argument("--shots", type=int, nargs="+", default=[16])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--pile", type=int, default=400)
    parser.add_argument("--no-names", action="store_true")
    settings = TuningSettings()
    parser.add_argument("--steps", type=int, default=settings.steps)
    parser.add_argument("--window-tokens", type=int, default=settings.window_tokens)
    parser.add_argument("--learning-rate", type=float, default=settings.learning_rate)
    options = parser.parse_args()
    settings = replace(
        settings,
        steps=options.steps,
        window_tokens=options.window_tokens,
        learning_rate=options.learning_rate,
    )
    print("| set | shots | seed | model | alone | ECE | pile | ECE | tuning |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in options.sets:
        corpus = read_for_classifying(name, options.data, DocumentEmbedder())
        for shots in options.shots:
            for seed in options.seeds:
                one = _Split(corpus, shots, seed, options.pile, not options.no_names)
                one.measure(settings)


class _Split:
    """Examples and documents to judge, drawn from a data set."""

    def __init__(
        self, corpus: ReadCorpus, shots: int, seed: int, n_judged: int, names: bool
    ) -> None:
        one = draw(corpus.corpus, shots, seed)
        drawn, judged = one.examples, one.judged
        sample = np.random.default_rng(seed).permutation(judged)[:n_judged]
        self._drawn, self._judged = drawn, np.sort(sample)
        self._corpus, self._names = corpus, names
        self._title = f"{corpus.corpus.name} | {shots} | {seed}"

    def measure(self, settings: TuningSettings) -> None:
        """Judge before and after tuning."""
        self._print("minilm", self._judge(self._corpus), "")
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            tuned = Tuner("minilm", self._examples(), settings).tune()
            minutes = (time.perf_counter() - started) / 60
            tuned.save(Path(folder))
            embedder = DocumentEmbedder(Recipe(model=folder), cache=None)
            results = self._judge(self._read_anew(embedder))
        self._print("tuned", results, _told(tuned, minutes))

    def _examples(self) -> list[Example]:
        texts, classes = self._corpus.corpus.texts, self._corpus.classes
        return [
            Example(
                document=Document(id=str(row), text=texts[row]),
                label=str(classes[self._corpus.labels[row]]),
            )
            for row in self._drawn
        ]

    def _read_anew(self, embedder: DocumentEmbedder) -> ReadCorpus:
        """Read the documents of this split by another model; leave the others out."""
        rows = np.concatenate([self._drawn, self._judged])
        texts = self._corpus.corpus.texts
        read = features_of(embedder, [texts[row] for row in rows])
        places = np.zeros(len(self._corpus.labels), dtype=np.int64)
        places[rows] = np.arange(len(rows))
        return replace(
            self._corpus,
            documents=read.take(places),
            embedder=embedder,
        )

    def _judge(self, corpus: ReadCorpus) -> list[float]:
        """Give accuracy and calibration error in %, alone and with the pile."""
        drawn, judged = self._drawn, self._judged
        classifier = LongshotClassifier(names=self._names, embedder=corpus.embedder)
        corpus.fit(drawn, classifier)
        pile, truth = corpus.documents.take(judged), corpus.labels[judged]
        alone, together = (
            classifier.predict_proba_features(pile, pile=one) for one in (False, True)
        )
        rows = np.arange(len(truth))
        both = [judge(rows, truth, sure) for sure in (alone, together)]
        return [
            100 * float(figure(one)[0])
            for one in both
            for figure in (accuracy, calibration_error)
        ]

    def _print(self, model: str, results: list[float], note: str) -> None:
        figures = " | ".join(f"{figure:.1f}" for figure in results)
        print(f"| {self._title} | {model} | {figures} | {note} |", flush=True)


def _told(tuned: Tuned, minutes: float) -> str:
    return (
        f"{minutes:.1f} min; best after {tuned.after.step} of {len(tuned.losses)} "
        f"steps; held out {tuned.before.accuracy:.1%} to {tuned.after.accuracy:.1%}, "
        f"surprise {tuned.before.surprise:.3f} to {tuned.after.surprise:.3f}"
    )


if __name__ == "__main__":
    main()
