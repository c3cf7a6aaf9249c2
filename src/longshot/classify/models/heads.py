"""Heads: from vectors to one similarity per class.

``nearest`` is the article's decision: a document is as similar to a class as to the
closest example of it. ``prototype`` compares with the mean of a class's examples
(Snell et al. 2017, "Prototypical Networks", with cosine). Both are pure functions of
the support set, so that adding an example is adding a row.
"""

from typing import Literal, cast, get_args

import numpy as np
from jaxtyping import Float, Int

from longshot.recipe import check_choice
from longshot.similarity import cosines, unit

ArticleHead = Literal["nearest", "prototype"]
Head = Literal["views", "nearest", "prototype"]


def check_head(name: str) -> Head:
    """Give a head by its name.

    Raises
    ------
    SettingError
        If there is none of that name.
    """
    check_choice("head", name, get_args(Head))
    return cast(Head, name)


def class_similarities(
    head: ArticleHead,
    documents: Float[np.ndarray, "document dim"],
    examples: Float[np.ndarray, "example dim"],
    class_indices: Int[np.ndarray, " example"],
) -> Float[np.ndarray, "document class"]:
    """Give each document's similarity to each class."""
    if head == "prototype":
        return cosines(documents, _prototypes(examples, class_indices))
    return _greatest_per_class(cosines(documents, examples), class_indices)


def references(
    head: ArticleHead,
    document: Float[np.ndarray, " dim"],
    examples: Float[np.ndarray, "example dim"],
    class_indices: Int[np.ndarray, " example"],
) -> Float[np.ndarray, "class dim"]:
    """Give, for each class, the vector that a document is compared with."""
    if head == "prototype":
        return _prototypes(examples, class_indices)
    similarities = cosines(document[None], examples)[0]
    best = [
        max(np.flatnonzero(class_indices == c), key=similarities.__getitem__)
        for c in range(_n_classes(class_indices))
    ]
    return examples[best]


def leave_one_out_similarities(
    head: ArticleHead,
    examples: Float[np.ndarray, "example dim"],
    class_indices: Int[np.ndarray, " example"],
) -> tuple[Float[np.ndarray, "held_out class"], Int[np.ndarray, " held_out"]]:
    """Judge each example by all the others.

    Returns
    -------
    tuple
        The similarities, and the true classes, of those examples whose class has
        another one.
    """
    counts = np.bincount(class_indices)
    held_out = np.flatnonzero(counts[class_indices] > 1)
    if head == "prototype":
        similarities = _prototypes_without_self(examples, class_indices, held_out)
    else:
        between = cosines(examples[held_out], examples)
        between[np.arange(len(held_out)), held_out] = -np.inf
        similarities = _greatest_per_class(between, class_indices)
    return similarities, class_indices[held_out]


def _prototypes(examples: np.ndarray, class_indices: np.ndarray) -> np.ndarray:
    return _class_sums(unit(examples), class_indices)


def _prototypes_without_self(
    examples: np.ndarray, class_indices: np.ndarray, held_out: np.ndarray
) -> np.ndarray:
    vectors = unit(examples)
    sums = _class_sums(vectors, class_indices)
    similarities = cosines(examples[held_out], sums)
    own = class_indices[held_out]
    rest = unit(sums[own] - vectors[held_out])
    similarities[np.arange(len(held_out)), own] = (vectors[held_out] * rest).sum(axis=1)
    return similarities


def _class_sums(vectors: np.ndarray, class_indices: np.ndarray) -> np.ndarray:
    sums = np.zeros((_n_classes(class_indices), vectors.shape[1]))
    np.add.at(sums, class_indices, vectors)
    return sums


def _greatest_per_class(
    similarities: np.ndarray, class_indices: np.ndarray
) -> np.ndarray:
    columns = [
        similarities[:, class_indices == c].max(axis=1)
        for c in range(_n_classes(class_indices))
    ]
    return np.stack(columns, axis=1)


def _n_classes(class_indices: np.ndarray) -> int:
    return int(class_indices.max()) + 1
