"""In which sentences a label's name is best read, on sets of the suite.

A name alone is compared with each sentence, with the mean of those that are used, and
with the mean of as many without words (``[name]``): the documents whose class has the
closest name, with vectors as they are and centred on the pile; each class counts alike.

    python -m benchmarks.labels.name_sentences --data FOLDER --mpnet FOLDER \
        --kept FOLDER
"""

import argparse

import numpy as np

from benchmarks.suite.places import Places
from benchmarks.suite.sets import SETS, ReadSet
from longshot import DocumentEmbedder, LongshotClassifier
from longshot.classify.scorers.names import NAME_SENTENCES
from longshot.similarity import unit

WITHOUT_WORDS = ("{}", "{}.", "{}: {}", "# {}", "[{}]")
OTHERS = ("This text is about {}.", "What {} means", "{} {} {}")


def main() -> None:
    """Read names in each sentence, and count what they get right."""
    parser = argparse.ArgumentParser(description=__doc__)
    Places.add_options(parser)
    places = Places.of(parser.parse_args())
    found: dict[str, list[tuple[float, float]]] = {}
    for read, embedder in places.read_all(
        {suite.name for suite in SETS if not suite.held_back}
    ):
        for way, shares in _compared(read, embedder):
            found.setdefault(way, []).append(shares)
    for way, rows in found.items():
        plain, centred = 100 * np.mean(rows, axis=0)
        print(f"{way:40} {plain:5.1f} {centred:5.1f}")


def _compared(
    read: ReadSet, embedder: DocumentEmbedder
) -> list[tuple[str, tuple[float, float]]]:
    features = LongshotClassifier(embedder=embedder).features
    vectors = {
        sentence: features([sentence.replace("{}", one) for one in read.class_names])
        for sentence in dict.fromkeys((*NAME_SENTENCES, *WITHOUT_WORDS, *OTHERS))
    }
    ways = {sentence: one.last for sentence, one in vectors.items()}
    for way, several in (("those used", NAME_SENTENCES), ("no words", WITHOUT_WORDS)):
        ways[f"mean of {way}"] = np.mean([ways[one] for one in several], axis=0)
    return [(way, _shares(read, names)) for way, names in ways.items()]


def _shares(read: ReadSet, names: np.ndarray) -> tuple[float, float]:
    documents = read.documents.last
    centre = documents.mean(axis=0)
    plain = unit(documents) @ unit(names).T
    centred = unit(documents - centre) @ unit(names - centre).T
    return _balanced(read, plain), _balanced(read, centred)


def _balanced(read: ReadSet, scores: np.ndarray) -> float:
    right = scores.argmax(axis=1) == read.labels
    sums = np.bincount(read.labels, weights=right)
    return float(np.mean(sums / np.bincount(read.labels)))


if __name__ == "__main__":
    main()
