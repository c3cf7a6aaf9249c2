"""How long learning and deciding take once documents are read: CUAD, 24 classes.

Learning from 8 examples per class; deciding 2,000 contracts (those of the set, as often
as it takes), each alone and as a pile; and what follows a label: learning anew, and
deciding 2,000 and 20,000 as a pile. From kept vectors; the median of five runs, in
seconds as a clock has them, and as the processors worked.

    python -m benchmarks.learning.deciding --data FOLDER --kept FOLDER
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
N_MANY = 20_000
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
    examples = read.documents.take(shown)
    labels = read.classes[read.labels[shown]].tolist()
    pile, many = (_repeated(read.documents, n) for n in (N_DOCUMENTS, N_MANY))
    classifier = LongshotClassifier(embedder=DocumentEmbedder())
    classifier.fit_features(examples, labels)

    def label_and_decide(documents: DocumentFeatures) -> object:
        classifier.fit_features(examples, labels)
        return classifier.classify_features(documents)

    told: tuple[tuple[str, Callable[[], object]], ...] = (
        (
            f"learning from {len(shown)} examples",
            lambda: classifier.fit_features(examples, labels),
        ),
        (
            f"deciding {N_DOCUMENTS:,} documents, each alone",
            lambda: classifier.predict_proba_features(pile, pile=False),
        ),
        (
            f"deciding {N_DOCUMENTS:,} documents as a pile",
            lambda: classifier.predict_proba_features(pile, pile=True),
        ),
        (f"a label, and {N_DOCUMENTS:,} decided anew", lambda: label_and_decide(pile)),
        (f"a label, and {N_MANY:,} decided anew", lambda: label_and_decide(many)),
    )
    for what, run in told:
        run()
        clock, worked = zip(*(_timed(run) for _ in range(N_RUNS)), strict=True)
        print(f"{what}: {median(clock):.2f} s, worked {median(worked):.2f} s")


def _repeated(documents: DocumentFeatures, n_documents: int) -> DocumentFeatures:
    times = -(-n_documents // len(documents))
    whole = DocumentFeatures.concat([documents] * times)
    return whole.take(np.arange(n_documents))


def _timed(run: Callable[[], object]) -> tuple[float, float]:
    clock, worked = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - clock, time.process_time() - worked


if __name__ == "__main__":
    main()
