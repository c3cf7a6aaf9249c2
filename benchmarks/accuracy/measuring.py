"""One data set: every way on every split that is not measured yet."""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.accuracy.baselines import Baselines
from benchmarks.accuracy.ours import decide
from benchmarks.accuracy.results import Answer, Key, Result, ResultFile
from benchmarks.accuracy.ways import OURS, WAYS, set_title, shots_title
from benchmarks.data.corpora import Corpus
from benchmarks.data.features import ReadCorpus
from benchmarks.data.splits import MOST, Split, class_indices, draw, repeats
from longshot.classify import name_texts
from longshot.evaluation.measures import accuracy, calibration_error, judge

MOST_EXAMPLES = 5_000
"""From which longshot itself learns; it is made for few."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is to be measured on a data set.

    Attributes
    ----------
    ways, shots
        Names of ways, and examples per class.
    n_splits, n_most
        Draws of few examples, and of four fifths of all labels.
    names
        Whether longshot may read the labels' names.
    minutes
        After which no further split is begun.
    """

    ways: Sequence[str]
    shots: Sequence[int]
    n_splits: int
    n_most: int
    names: bool = True
    minutes: float = float("inf")

    def draws(self, corpus: Corpus) -> Iterator[tuple[int, int]]:
        """Give the number of examples and the seed of each draw, draw by draw."""
        shots = [*self.shots, *([MOST] if self.n_most else [])]
        for seed in range(max(self.n_splits, self.n_most)):
            for one in shots:
                n_splits = self.n_most if one == MOST else self.n_splits
                if seed < repeats(corpus, one, n_splits):
                    yield one, seed

    def missing(
        self, corpus: Corpus, done: Collection[Key] | ResultFile
    ) -> list[tuple[int, int, tuple[str, ...]]]:
        """Give the draws that are not measured yet, with the ways that lack them."""
        left_out = _impossible(corpus)
        lacking = [
            (
                shots,
                seed,
                tuple(
                    way
                    for way in self.ways
                    if WAYS[way].takes(shots)
                    and (way, shots) not in left_out
                    and (corpus.name, shots, seed, way) not in done
                ),
            )
            for shots, seed in self.draws(corpus)
        ]
        return [one for one in lacking if one[2]]


def _impossible(corpus: Corpus) -> set[tuple[str, int]]:
    """Name what cannot be measured: names that say nothing, and too many examples."""
    left_out = set()
    if name_texts(class_indices(corpus)[0], corpus.descriptions) is None:
        left_out |= {(way, 0) for way in WAYS}
    if len(draw(corpus, MOST, 0).examples) > MOST_EXAMPLES:
        left_out |= {(way, MOST) for way in OURS}
    return left_out


def measure(read: ReadCorpus, plan: Plan, results: ResultFile) -> None:
    """Measure what is missing, and tell of each split on a line.

    No split is begun after the plan's minutes; a split is always finished.
    """
    started, last_seed = time.monotonic(), -1
    baselines = Baselines(read, results.folder)
    for shots, seed, ways in plan.missing(read.corpus, results):
        late = time.monotonic() - started > 60 * plan.minutes
        if late and seed != last_seed:
            print(f"{plan.minutes:g} minutes are over: no further split", flush=True)
            return
        last_seed = seed
        split = draw(read.corpus, shots, seed)
        found = []
        for answer in _answers(read, baselines, split, ways, plan):
            found.append(_result(read, split, answer))
            results.add(found[-1])
        print(_line(read, split, found), flush=True)


def _answers(
    read: ReadCorpus,
    baselines: Baselines,
    split: Split,
    ways: Sequence[str],
    plan: Plan,
) -> Iterator[Answer]:
    if set(ways) & set(OURS):
        for answer in decide(read, split, names=plan.names):
            if answer.way in ways:
                yield answer
    for way in ways:
        if way not in OURS:
            yield _timed(way, baselines, read, split)


def _timed(way: str, baselines: Baselines, read: ReadCorpus, split: Split) -> Answer:
    learner = baselines[way]
    started = time.perf_counter()
    probabilities = learner(split.examples, read.labels[split.examples], split.judged)
    seconds = time.perf_counter() - started
    return Answer(way=way, probabilities=np.asarray(probabilities), seconds=seconds)


def _result(read: ReadCorpus, split: Split, answer: Answer) -> Result:
    judged = judge(split.judged, read.labels[split.judged], answer.probabilities)
    return Result(
        set_name=read.corpus.name,
        shots=split.shots,
        seed=split.seed,
        way=answer.way,
        accuracy=round(float(accuracy(judged)[0]), 6),
        calibration_error=round(float(calibration_error(judged)[0]), 6),
        seconds=round(answer.seconds, 4),
        n_examples=len(split.examples),
        n_judged=len(split.judged),
        note=answer.note,
    )


def _line(read: ReadCorpus, split: Split, found: Sequence[Result]) -> str:
    told = ", ".join(
        f"{one.way} {one.accuracy:.1%} ({one.seconds:.1f} s)" for one in found
    )
    shots = shots_title(split.shots)
    return f"{set_title(read.corpus.name)}, {shots}, split {split.seed}: {told}"
