"""How long learning and deciding take once documents are read: CUAD, 25 classes.

Learning from 8 examples per class, adding one example, and deciding 2,000 contracts
anew (those of the set, as often as it takes), alone and as a pile, from kept vectors:
the median of five runs, in seconds of the processor.

    python -m benchmarks.deciding --data FOLDER --kept FOLDER
"""

import argparse
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from benchmarks.suite.places import Places
from benchmarks.suite.sets import SETS
from longshot import DocumentEmbedder, LongshotClassifier
from longshot.classify import DocumentFeatures

N_SHOTS = 8
N_DOCUMENTS = 2_000
N_RUNS = 5


def main() -> None:
    """Measure, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    Places.add_options(parser)
    places = Places.of(parser.parse_args())
    suite = next(one for one in SETS if one.name == "cuad")
    read = places.read(suite, "minilm")
    if read is None:
        raise SystemExit("cuad.jsonl.gz must lie in a folder named with --data.")
    random = np.random.default_rng(0)
    members = [
        random.permutation(np.flatnonzero(read.labels == one))[:N_SHOTS]
        for one in range(len(read.classes))
    ]
    shown = np.concatenate(members)
    labels = read.classes[read.labels[shown]].tolist()
    times = -(-N_DOCUMENTS // len(read.labels))
    pile = DocumentFeatures.concat([read.documents] * times)
    pile = pile.take(np.arange(N_DOCUMENTS))
    embedder = DocumentEmbedder()

    def fitted(n_examples: int) -> LongshotClassifier:
        return LongshotClassifier(embedder=embedder).fit_features(
            read.documents.take(shown[:n_examples]), labels[:n_examples]
        )

    classifier = fitted(len(shown))
    told: tuple[tuple[str, Callable[[], object]], ...] = (
        (f"learning from {len(shown)} examples", lambda: fitted(len(shown))),
        (
            f"deciding {N_DOCUMENTS:,} documents, each alone",
            lambda: classifier.predict_proba_features(pile, pile=False),
        ),
        (
            f"deciding {N_DOCUMENTS:,} documents as a pile",
            lambda: classifier.predict_proba_features(pile, pile=True),
        ),
    )
    for what, run in told:
        run()
        print(f"{what}: {median(_timed(run) for _ in range(N_RUNS)):.2f} s")


def _timed(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


if __name__ == "__main__":
    main()
