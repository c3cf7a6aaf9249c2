"""What reading each document only as far as its label needs costs and saves.

Run: python -m benchmarks.adaptive [--data FOLDER] [--sets bbc cuad movie clinc150]
     [--shots 1 2 4 8] [--splits 3] [--first-seed 0] [--no-pile]

The vectors of all windows are taken from the cache, or made once. A document of which
only the first windows are read is one whose further windows are left out; everything
else is what the classifier does: the rule is learned from the examples of each split.
Tokens are those of the documents to be judged; names are read.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.corpora import DEFAULT_FOLDER
from benchmarks.readings import ReadCorpus, read_for_classifying
from benchmarks.splits import draw
from longshot import DocumentEmbedder, Recipe
from longshot.classify.combination.knowledge import Knowledge
from longshot.classify.early_stopping.stopping import StoppingRule, beginning
from longshot.classify.features.document_features import Layout, Readings, read_all
from longshot.classify.features.extraction import layout_of
from longshot.classify.scorers.example_scoring import Examples
from longshot.records import Vectors


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Beginnings:
    """A data set, read to several depths.

    Attributes
    ----------
    corpus
        All of it, read whole.
    vectors, layout
        The documents' vectors, and how they are read.
    depths
        By the number of windows: what is read of each document.
    """

    corpus: ReadCorpus
    vectors: Sequence[Vectors]
    layout: Layout
    depths: dict[int, Readings]

    @classmethod
    def of(
        cls, corpus: ReadCorpus, vectors: Sequence[Vectors], layout: Layout
    ) -> "Beginnings":
        """Read 1, 2, 4 ... windows of each document."""
        longest = max(len(one.windows) for one in vectors)
        depths, n_windows = {}, 1
        whole, dim = corpus.documents, corpus.documents.documents.shape[1]
        while n_windows < longest:
            begun = [(beginning(one, n_windows), "") for one in vectors]
            read = read_all(begun, layout, dim)
            words = {"words": whole.words, "title_words": whole.title_words}
            depths[n_windows] = replace(read, **words)
            n_windows *= 2
        return cls(
            corpus=corpus,
            vectors=vectors,
            layout=layout,
            depths={**depths, n_windows: whole},
        )

    def n_tokens(self, rows: np.ndarray, n_windows: int) -> np.ndarray:
        """Count the tokens in the first windows of some documents."""
        chosen = [self.vectors[row].windows[:n_windows] for row in rows]
        return np.array([sum(w.n_new_tokens for w in windows) for windows in chosen])


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument(
        "--sets", nargs="+", default=["bbc", "cuad", "movie", "clinc150"]
    )
    parser.add_argument("--shots", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--splits", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--no-pile", action="store_true")
    options = parser.parse_args()
    embedder = DocumentEmbedder(Recipe())
    print("| data set | shots | way | read | accuracy, all | adaptive | seconds |")
    print("|---|---|---|---|---|---|---|")
    for name in options.sets:
        corpus = read_for_classifying(name, options.data, embedder)
        vectors = list(embedder.vectors(corpus.corpus.texts))
        begun = Beginnings.of(corpus, vectors, layout_of(embedder))
        for shots in options.shots:
            seeds = range(options.first_seed, options.first_seed + options.splits)
            found = [
                measure(begun, shots, seed, pile=not options.no_pile) for seed in seeds
            ]
            _print(name, shots, found)


def measure(
    begun: Beginnings, shots: int, seed: int, *, pile: bool
) -> dict[str, tuple[float, float, float, float]]:
    """Judge one split; give share read, both accuracies and seconds by way."""
    started = time.perf_counter()
    corpus = begun.corpus
    one = draw(corpus.corpus, shots, seed)
    drawn, judged = one.examples, one.judged
    truth = corpus.labels[judged]
    knowledge = Knowledge(
        examples=Examples(
            corpus.documents.take(drawn), corpus.labels[drawn], len(corpus.classes)
        ),
        names=corpus.names,
        background=corpus.background,
    )
    partly, share = read_adaptively(begun, knowledge, drawn, judged)
    whole = corpus.documents.take(judged)

    def accuracy(scores: np.ndarray) -> float:
        return 100 * float((scores.argmax(axis=1) == truth).mean())

    of_all = accuracy(knowledge.judge.scores(whole))
    of_part = accuracy(knowledge.judge.scores(partly))
    found = {"alone": (share, of_all, of_part, time.perf_counter() - started)}
    if pile:
        of_all = accuracy(knowledge.together(whole)[0])
        of_part = accuracy(knowledge.together(partly)[0])
        found["pile"] = (share, of_all, of_part, time.perf_counter() - started)
    return found


def read_adaptively(
    begun: Beginnings, knowledge: Knowledge, drawn: np.ndarray, judged: np.ndarray
) -> tuple[Readings, float]:
    """Read each document as far as the rule says; give the share of tokens, too."""
    rule = StoppingRule.learned(
        knowledge.judge,
        knowledge.examples.readings,
        [begun.vectors[row] for row in drawn],
        begun.layout,
    )
    n_tokens = begun.n_tokens(judged, max(begun.depths))
    open_rows, n_read = np.arange(len(judged)), n_tokens.copy()
    pieces: list[tuple[np.ndarray, Readings]] = []
    for n_windows, readings in begun.depths.items():
        documents = judged[open_rows]
        n_read[open_rows] = begun.n_tokens(documents, n_windows)
        n_unread = (n_tokens - n_read)[open_rows]
        left = np.flatnonzero(n_unread > 0)
        goes_on = np.zeros(len(open_rows), dtype=bool)
        if len(left):
            goes_on[left] = rule.goes_on(
                readings.take(documents[left]),
                np.full(len(left), n_windows),
                n_read[open_rows][left],
                n_unread[left],
            )
        pieces.append((open_rows[~goes_on], readings.take(documents[~goes_on])))
        open_rows = open_rows[goes_on]
    order = np.concatenate([rows for rows, _ in pieces]).argsort()
    together = pieces[0][1]
    for _, piece in pieces[1:]:
        together = together.joined(piece)
    return together.take(order), float(n_read.sum() / n_tokens.sum())


def _print(
    name: str, shots: int, found: list[dict[str, tuple[float, float, float, float]]]
) -> None:
    for way in found[0]:
        share, of_all, of_part, seconds = np.mean([one[way] for one in found], axis=0)
        print(
            f"| {name} | {shots} | {way} | {share:.1%} | {of_all:.2f} | "
            f"{of_part:.2f} ({of_part - of_all:+.2f}) | {seconds:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
