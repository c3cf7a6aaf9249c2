"""What a line of meaning beside each label's name is worth, on sets of the suite.

Names alone and descriptions beside them, with 0, 1 and 8 examples per class, alone and
with the pile, on the same draws; the priors of each set were fitted without it.

    python -m benchmarks.labels.descriptions --data FOLDER --mpnet FOLDER --kept FOLDER
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.suite.episodes import Task, draw
from benchmarks.suite.fit import read_left_out
from benchmarks.suite.places import Places
from benchmarks.suite.report import ours
from benchmarks.suite.sets import ReadSet
from longshot import LongshotClassifier
from longshot.classify import read_names
from longshot.classify.combination.sources import Priors

DESCRIPTIONS = Path(__file__).parents[1] / "suite" / "descriptions.json"
SHOTS = (0, 1, 8)
N_DRAWS = 3


def main() -> None:
    """Measure both ways and print a line for each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    Places.add_options(parser)
    places = Places.of(parser.parse_args())
    left_out = read_left_out(places.kept)
    descriptions = json.loads(DESCRIPTIONS.read_text(encoding="utf-8"))
    for read, embedder in places.read_all(descriptions):
        told = descriptions[read.suite.name]
        named = zip(read.class_names, read.classes.tolist(), strict=True)
        texts = [(name, told[label]) for name, label in named]
        features = LongshotClassifier(embedder=embedder).features
        described = replace(read, names=read_names(texts, features))
        priors = left_out.get(read.source, {})
        shares = [_shares(one, priors) for one in (read, described)]
        cells = [
            f"{bare:.1f} -> {beside:.1f}" for bare, beside in zip(*shares, strict=True)
        ]
        print(f"| {read.suite.name}, {read.model} | {' | '.join(cells)} |", flush=True)


def _shares(read: ReadSet, priors: dict[str, Priors]) -> Iterator[float]:
    for shots in SHOTS:
        for pile in (False, True):
            found = []
            for number in range(N_DRAWS):
                random = np.random.default_rng([number, shots])
                episode = draw(read, Task(shots=shots), random)
                if episode is not None:
                    labels = ours(episode, priors, pile=pile).argmax(axis=1)
                    found.append((labels == episode.truth).mean())
            yield 100 * float(np.mean(found)) if found else np.nan


if __name__ == "__main__":
    main()
