"""What a line of meaning beside each label's name is worth, on sets of the suite.

Names alone and descriptions beside them, with 0, 1 and 8 examples per class, alone and
with the pile, on the same draws; the priors of each set were fitted without it.

    python -m benchmarks.descriptions --data FOLDER --mpnet FOLDER --kept FOLDER
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.suite.episodes import Task, draw
from benchmarks.suite.fit import read_left_out
from benchmarks.suite.report import ours
from benchmarks.suite.sets import MODELS, SETS, ReadSet, read_set
from longshot import DocumentEmbedder, LongshotClassifier, Recipe
from longshot.classify import read_names

DESCRIPTIONS = Path(__file__).parent / "suite" / "descriptions.json"
SHOTS = (0, 1, 8)
N_DRAWS = 3


def main() -> None:
    """Measure both ways and print a line for each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--mpnet", type=Path, required=True)
    parser.add_argument("--kept", type=Path, required=True)
    options = parser.parse_args()
    left_out = read_left_out(options.kept)
    descriptions = json.loads(DESCRIPTIONS.read_text(encoding="utf-8"))
    for model in MODELS:
        name = model if model == "minilm" else str(options.mpnet)
        embedder = DocumentEmbedder(Recipe(model=name), cache=None)
        for suite in SETS:
            if suite.name not in descriptions:
                continue
            read = read_set(suite, model, options.data, options.kept, options.mpnet)
            if read is None:
                continue
            told = descriptions[suite.name]
            texts = [
                (name, told[label])
                for name, label in zip(
                    read.class_names, read.classes.tolist(), strict=True
                )
            ]
            features = LongshotClassifier(embedder=embedder).features
            described = replace(read, names=read_names(texts, features))
            priors = left_out.get(read.source, {})
            shares = [_shares(one, priors) for one in (read, described)]
            cells = [
                f"{bare:.1f} -> {beside:.1f}"
                for bare, beside in zip(*shares, strict=True)
            ]
            print(f"| {suite.name}, {model} | {' | '.join(cells)} |", flush=True)


def _shares(read: ReadSet, priors: dict) -> Iterator[float]:  # type: ignore[type-arg]
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
