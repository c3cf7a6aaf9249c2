"""What a few lines do with the same vectors: the last layer, centred and of length one.

Centred on the pile where there is one, else on the examples, else on neutral texts.
"""

import warnings
from collections.abc import Iterator

import numpy as np
from jaxtyping import Float
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.semi_supervised import LabelSpreading

from benchmarks.suite.episodes import Episode
from longshot.classify.scorers.examples import Examples
from longshot.similarity import unit

_CONCENTRATION = 20.0
_ROUNDS = 15

Scores = Float[np.ndarray, "document class"]


def answers(episode: Episode, *, pile: bool) -> Iterator[tuple[str, Scores]]:
    """Give what each baseline says, by its name."""
    documents, examples = episode.pile.last, episode.examples
    known = examples.features.last
    if pile:
        centre = documents.mean(axis=0)
    elif examples.n_seen_classes > 1:
        centre = known.mean(axis=0)
    else:
        centre = episode.background.last.mean(axis=0)
    rows, known = unit(documents - centre), unit(known - centre)
    names = np.zeros((examples.n_classes, 0))
    if episode.bare_names is not None:
        plain = episode.bare_names.last
        names = unit(plain - centre)
        yield "closest name", unit(documents) @ unit(plain).T
        yield "closest name, centred", rows @ names.T
    if len(examples):
        yield from _by_examples(rows, known, examples.class_indices, names)
    if pile:
        yield from _by_pile(rows, known, examples, names)


def _by_examples(
    rows: np.ndarray, known: np.ndarray, classes: np.ndarray, names: np.ndarray
) -> Iterator[tuple[str, Scores]]:
    nearest = np.full((len(rows), len(names)), -1.0)
    cosines = rows @ known.T
    for place, one in enumerate(classes):
        nearest[:, one] = np.maximum(nearest[:, one], cosines[:, place])
    yield "closest example", nearest
    yield "logistic regression", _regression(known, classes, rows)
    if names.shape[1]:
        everything = np.vstack([known, names])
        labels = np.concatenate([classes, np.arange(len(names))])
        found = _regression(everything, labels, rows)
        yield "logistic regression, names as examples", found


def _by_pile(
    rows: np.ndarray, known: np.ndarray, examples: Examples, names: np.ndarray
) -> Iterator[tuple[str, Scores]]:
    sums = examples.targets.T @ known
    if names.shape[1]:
        yield "mixture from names", mixture(rows, sums + names)
    if len(examples):
        yield "mixture from examples", mixture(rows, sums)
        yield "label spreading", _spreading(known, examples.class_indices, rows)


def mixture(rows: np.ndarray, known: np.ndarray) -> Scores:
    """Move class means by soft assignment."""
    means = unit(known)
    for _ in range(_ROUNDS):
        posterior = softmax(_CONCENTRATION * rows @ means.T, axis=1)
        means = unit(posterior.T @ rows + known)
    return np.asarray(rows @ means.T)


def _regression(known: np.ndarray, labels: np.ndarray, rows: np.ndarray) -> Scores:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LogisticRegression(C=10, max_iter=300).fit(known, labels)
    return np.asarray(model.predict_proba(rows))


def _spreading(known: np.ndarray, labels: np.ndarray, rows: np.ndarray) -> Scores:
    vectors = np.vstack([known, rows])
    given = np.concatenate([labels, np.full(len(rows), -1)])
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        model = LabelSpreading(kernel="knn", n_neighbors=7, max_iter=50)
        found = model.fit(vectors, given).label_distributions_
    return np.asarray(np.nan_to_num(found[len(known) :]))
