"""Texts and labels, as a person gives them, to examples with vectors."""

from collections.abc import Collection, Sequence

import numpy as np
from scipy import sparse
from sklearn.utils.multiclass import check_classification_targets

from longshot.classify.labels.support import Label, LabelSet, SupportExample, example_id
from longshot.embedder import DocumentEmbedder
from longshot.errors import ExamplesError
from longshot.records import Document

Texts = Sequence[str] | np.ndarray
Labels = Sequence[Label] | np.ndarray
AnyLabels = Labels | Sequence[Collection[Label]] | sparse.spmatrix | sparse.sparray
"""One label for each text; or lists of them, or a matrix of indicators."""

_Row = tuple[str, str, Label | LabelSet]


def embed_examples(
    embedder: DocumentEmbedder,
    texts: Texts,
    labels: Labels | Sequence[LabelSet],
    ids: Sequence[str] | None,
    *,
    taken: Collection[str] = (),
) -> list[SupportExample]:
    """Check labelled texts and give them as examples with their vectors.

    Parameters
    ----------
    embedder
        What turns texts into vectors.
    texts, labels
        One label for each text; or a tuple of them, which is taken as it is.
    ids
        The examples' names; where None, made from text and label, and what is there
        twice, or was `taken` before, counts once.

    Raises
    ------
    ExamplesError
        If texts, labels and ids do not fit together.
    EmptyDocumentError
        If a text holds no token.
    """
    rows = _rows(check_texts(texts), _check_labels(labels), ids, taken)
    # In the order of their content: they are batched, and so rounded, the same way in
    # whatever order they came.
    rows = sorted(rows, key=lambda row: (example_id(row[1], row[2]), row[0]))
    documents = [Document(id=one, text=text) for one, text, _ in rows]
    return [
        SupportExample(id=one, label=label, text=text, vectors=vectors)
        for (one, text, label), vectors in zip(
            rows, embedder.vectors(documents), strict=True
        )
    ]


def check_texts(texts: Texts) -> list[str]:
    """Give the texts as a list of strings.

    Raises
    ------
    ExamplesError
        If they are no sequence of strings.
    """
    if isinstance(texts, str):
        raise ExamplesError(
            "texts must be a sequence of strings; got one string. Put it in a list."
        )
    checked = list(texts)
    for number, text in enumerate(checked):
        if not isinstance(text, str):
            raise ExamplesError(
                f"texts must be strings; number {number} is of type "
                f"{type(text).__name__}. Convert it, or leave it out."
            )
    return [str(text) for text in checked]


def _check_labels(
    labels: Labels | Sequence[LabelSet],
) -> Sequence[Label | LabelSet]:
    if len(labels) and all(isinstance(one, tuple) for one in labels):
        return list(labels)
    plain = [one.item() if isinstance(one, np.generic) else one for one in labels]
    for number, label in enumerate(plain):
        if not isinstance(label, str | int | float | bool) or label != label:
            raise ExamplesError(
                f"labels must be strings or numbers; number {number} is {label!r}. "
                "Give each text its label."
            )
    if len({isinstance(label, str) for label in plain}) > 1:
        raise ExamplesError(
            "labels must be all strings or all numbers; got both. Convert one kind."
        )
    if plain:
        check_classification_targets(np.asarray(plain))  # no measurements: 0.5, 1.5
    return plain


def _rows(
    texts: list[str],
    labels: Sequence[Label | LabelSet],
    ids: Sequence[str] | None,
    taken: Collection[str],
) -> list[_Row]:
    if len(texts) != len(labels):
        raise ExamplesError(
            f"texts and labels must be as many; got {len(texts)} texts and "
            f"{len(labels)} labels. Give one label for each text."
        )
    if ids is None:
        made = {
            example_id(text, label): (text, label)
            for text, label in zip(texts, labels, strict=True)
        }
        return [(one, *pair) for one, pair in made.items() if one not in taken]
    if len(ids) != len(texts):
        raise ExamplesError(
            f"ids and texts must be as many; got {len(ids)} ids and {len(texts)} "
            "texts. Give one id for each text, or none at all."
        )
    return list(zip(map(str, ids), texts, labels, strict=True))
