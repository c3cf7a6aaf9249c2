"""What many classes and a large pile take, in time and memory, after encoding.

Run: python -m benchmarks.learning.scale [--classes 1000] [--documents 100000]
     [--examples 2]

Documents are random vectors around the means of their classes, with a few words of
their class. Memory is the peak of the whole process. Beside the clock stand the
processor's seconds, of all threads together, which other programs change less.
"""

import argparse
import resource
import time

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from benchmarks.output.tables import print_header, print_row
from longshot import LongshotClassifier
from longshot.classify import DocumentFeatures

DIM = 384
NOISE = 1.5
WORDS_PER_DOCUMENT = 6
WORDS_PER_CLASS = 7
N_WORDS, N_TITLE_WORDS = 1 << 18, 1 << 19
KIB_PER_GIB = 1 << 20


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--classes", type=int, default=1000)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--examples", type=int, default=2)
    options = parser.parse_args()
    random = np.random.default_rng(0)
    means = random.normal(size=(options.classes, DIM)).astype(np.float32)
    shown = np.repeat(np.arange(options.classes), options.examples)
    classes = random.integers(0, options.classes, options.documents)
    classifier = LongshotClassifier(names=False)
    examples = drawn(shown, means, random)
    pile = drawn(classes, means, random)
    of_documents = peak_gib()
    started = clocks()
    classifier.fit_features(examples, shown.tolist())
    learned = clocks()
    found = classifier.predict_proba_features(pile, pile=True)
    ended = clocks()
    print_header(
        "to learn, clock (processor)",
        "the pile, clock (processor)",
        "peak",
        "for the documents",
        "right",
    )
    print_row(
        between(started, learned),
        between(learned, ended),
        f"{peak_gib():.1f} GiB",
        f"{of_documents:.1f} GiB",
        f"{(found.argmax(axis=1) == classes).mean():.1%}",
    )


def drawn(
    classes: Int[np.ndarray, " document"],
    means: Float[np.ndarray, "class dim"],
    random: np.random.Generator,
) -> DocumentFeatures:
    """Draw documents of these classes."""
    n_documents = len(classes)
    noise = random.normal(size=(3, n_documents, DIM)).astype(np.float32)
    last = means[classes] + NOISE * noise[0]
    layers = np.stack([last, last + 0.3 * noise[1], last + 0.5 * noise[2]], axis=1)
    shape = (n_documents, WORDS_PER_DOCUMENT)
    words = classes[:, None] * WORDS_PER_CLASS
    words = (words + random.integers(0, WORDS_PER_CLASS, shape)).ravel()
    rows = np.repeat(np.arange(n_documents), WORDS_PER_DOCUMENT)
    ones = np.ones(len(words))
    counts = [
        sparse.csr_matrix((ones, (rows, words % n)), shape=(n_documents, n))
        for n in (N_WORDS, N_TITLE_WORDS)
    ]
    return DocumentFeatures(
        vectors=last,
        layers=layers,
        head=last,
        spans=tuple(one[None].astype(np.float16) for one in last),
        span_tokens=(np.array([WORDS_PER_DOCUMENT]),) * n_documents,
        words=counts[0],
        title_words=counts[1],
        n_tokens=np.full(n_documents, WORDS_PER_DOCUMENT),
        content_hashes=random.integers(0, 1 << 64, n_documents, dtype=np.uint64),
    )


def clocks() -> tuple[float, float]:
    """Give the seconds of the clock, and those of the processor."""
    return time.perf_counter(), time.process_time()


def between(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Tell how long something took, by both."""
    return f"{end[0] - start[0]:.0f} s ({end[1] - start[1]:.0f} s)"


def peak_gib() -> float:
    """Give the greatest memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_GIB


if __name__ == "__main__":
    main()
