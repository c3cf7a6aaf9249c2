"""Whether the evidence points at the passage that a label came from.

Run: python -m benchmarks.certainty.evidence [--data FOLDER] [--trials 500]

A passage of one news topic is planted in a long document of another:
six articles of one class one after the other, and between two of their paragraphs some
sentences of an article of a second class. The classifier learns from 8 other articles
of each class. The evidence for the second class is right where its passage overlaps the
planted one; the window that holds it is counted beside it.
"""

import argparse
from pathlib import Path

import numpy as np

from benchmarks.data.corpora import DEFAULT_FOLDER, read_corpus
from longshot import DocumentEmbedder, LongshotClassifier, Recipe

SHOTS = 8
PASSAGE_CHARACTERS = 600
ARTICLES = 6


def main() -> None:
    """Measure, and print the share."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--trials", type=int, default=500)
    parser.add_argument("--window-tokens", type=int, default=510)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    corpus = read_corpus("bbc", options.data)
    texts, labels = np.array(corpus.texts, dtype=object), np.array(corpus.labels)
    random = np.random.default_rng(options.seed)
    classes = np.unique(labels)
    examples = np.concatenate(
        [random.choice(np.flatnonzero(labels == c), SHOTS, False) for c in classes]
    )
    embedder = DocumentEmbedder(Recipe(window_tokens=options.window_tokens))
    classifier = LongshotClassifier(embedder=embedder)
    classifier.fit(texts[examples].tolist(), labels[examples].tolist())
    rest = np.setdiff1d(np.arange(len(texts)), examples)
    passages, windows, shares = [], [], []
    for _ in range(options.trials):
        first, second = random.choice(classes, 2, replace=False)
        around = random.choice(
            rest[labels[rest] == first], options.articles, replace=False
        )
        passage = str(texts[random.choice(rest[labels[rest] == second])])
        passage = passage[:PASSAGE_CHARACTERS]
        before = random.integers(options.articles + 1)
        parts = [*texts[around[:before]], passage, *texts[around[before:]]]
        text = "\n\n".join(map(str, parts))
        start = len("\n\n".join(map(str, parts[:before]))) + 2 * (before > 0)
        evidence = classifier.explain(text, label=str(second))
        end = start + len(passage)
        found, window = evidence.passage, evidence.window
        passages.append(found.start < end and start < found.end)
        windows.append(window.start < end and start < window.end)
        shares.append((found.end - found.start) / len(text))
    print(
        f"{np.mean(passages):.1%} of {len(passages)} passages point at the planted one"
    )
    print(f"{np.mean(windows):.1%} of the windows that hold them")
    print(f"a passage is {np.mean(shares):.1%} of its document")


if __name__ == "__main__":
    main()
