"""Texts or features with their labels, as a person gives them, to a support set."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from scipy import sparse

from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.extraction import Layout, extract
from longshot.classify.labels.label_lists import (
    Label,
    LabelSet,
    SeveralLabels,
    check_alike,
    read_several,
)
from longshot.classify.labels.support import (
    SeveralSupportSet,
    SupportExample,
    SupportSet,
    check_classes,
    example_id,
)
from longshot.embedder import DocumentEmbedder
from longshot.errors import ExamplesError
from longshot.records import Document, OnWindow

Texts = Iterable[str] | np.ndarray
"""A list, an array, a column of a table; not a whole table."""
Labels = Sequence[Label] | np.ndarray
AnyLabels: TypeAlias = (
    Labels | Sequence[Collection[Label]] | sparse.spmatrix | sparse.sparray
)
"""One label for each text; or lists of them, or a matrix of indicators."""

_SHOWN_COLUMNS = 10
_Examples = tuple[list[SupportExample], DocumentFeatures]
_Rows = Sequence[Label | LabelSet]


def support_of_texts(
    embedder: DocumentEmbedder,
    texts: Texts,
    labels: AnyLabels,
    ids: Sequence[str] | None,
    named: Collection[Label],
    *,
    on_window: OnWindow | None = None,
) -> SupportSet:
    """Give labelled texts as a support set: of one label each, or of several.

    Parameters
    ----------
    embedder
        What turns texts into vectors.
    texts, labels
        One label for each text, or a list of them for each, or a matrix of indicators.
    ids
        The examples' ids; where None, made from text and label, and what is there twice
        counts once.
    named
        Labels that are known by name.
    on_window
        As in :meth:`DocumentEmbedder.vectors`.

    Raises
    ------
    ExamplesError
        If they do not make a labelled set of at least two labels.
    EmptyDocumentError
        If a text holds no token.
    """
    several = _read(labels, named)
    check_alike(named)
    rows = _rows(labels, several)
    checked = check_texts(texts)
    _check_as_many("texts", len(checked), len(rows))
    if several is None:  # before the texts are encoded, which may take minutes
        check_classes(np.unique([*_check_labels(rows), *named]))
    examples, features = _embedded(embedder, checked, rows, ids, on_window=on_window)
    return _support(examples, features, named, several)


def support_of_features(
    features: DocumentFeatures, labels: AnyLabels, named: Collection[Label]
) -> SupportSet:
    """Give labelled features as a support set; the same content counts once.

    Raises
    ------
    ExamplesError
        If they do not make a labelled set of at least two labels.
    """
    several = _read(labels, named)
    rows = _check_labels(_rows(labels, several))
    _check_as_many("features", len(features), len(rows))
    contents = map(str, features.content_hashes.tolist())
    ids = map(example_id, contents, rows)
    places = {one: row for row, one in enumerate(ids)}
    examples = [SupportExample(id=one, label=rows[row]) for one, row in places.items()]
    kept = np.array(list(places.values()), dtype=np.int64)
    return _support(examples, features.take(kept), named, several)


def grown(
    support: SupportSet,
    embedder: DocumentEmbedder,
    texts: Texts,
    labels: AnyLabels,
    ids: Sequence[str] | None,
    *,
    on_window: OnWindow | None = None,
) -> SupportSet:
    """Give a support set with more examples.

    Raises
    ------
    ExamplesError
        If an id is taken, texts and labels do not fit together, or the labels come in
        another form than those before.
    EmptyDocumentError
        If a text holds no token.
    """
    several = read_several(labels)
    if not _is_in_form_of(support, several):
        raise ExamplesError(
            f"new labels must have the form of the earlier ones, {_told(support)}; "
            "got another form. Convert them."
        )
    taken = {example.id for example in support.examples}
    rows = _rows(labels, several)
    added = _embedded(embedder, texts, rows, ids, taken, on_window=on_window)
    return support.with_added(*added)


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
    if hasattr(texts, "columns") or isinstance(texts, Mapping):
        # Going through it would give the names of its columns.
        names = list(map(str, getattr(texts, "columns", texts)))
        raise ExamplesError(
            f"texts must be a sequence of strings; got a {type(texts).__name__} with "
            f"the columns {', '.join(names[:_SHOWN_COLUMNS])}. Give one of them, such "
            f'as texts["{names[0] if names else "text"}"].'
        )
    checked = list(texts)
    for number, text in enumerate(checked):
        if not isinstance(text, str):
            raise ExamplesError(
                f"texts must be strings; number {number} is of type "
                f"{type(text).__name__}. Convert it, or leave it out."
            )
    return [str(text) for text in checked]


def _embedded(
    embedder: DocumentEmbedder,
    texts: Texts,
    labels: Labels | _Rows,
    ids: Sequence[str] | None,
    taken: Collection[str] = (),
    *,
    on_window: OnWindow | None = None,
) -> _Examples:
    rows = _identified(check_texts(texts), _check_labels(labels), ids, taken)
    # In the order of their content: they are batched, and so rounded, the same way in
    # whatever order they came.
    rows = sorted(rows, key=lambda row: (example_id(row[1], row[2]), row[0]))
    documents = [Document(id=one, text=text) for one, text, _ in rows]
    vectors = list(embedder.vectors(documents, on_window=on_window))
    examples = [
        SupportExample(id=one, label=label, text=text, vectors=of_text)
        for (one, text, label), of_text in zip(rows, vectors, strict=True)
    ]
    pairs = zip(vectors, (text for _, text, _ in rows), strict=True)
    return examples, extract(pairs, Layout.of(embedder))


def _read(labels: AnyLabels, named: Collection[Label]) -> SeveralLabels | None:
    several = read_several(labels)
    if several is None or several.form == "lists":
        return several
    if unknown := [label for label in named if label not in several.named]:
        raise ExamplesError(
            "with a matrix of labels, descriptions must be a dict of column and "
            f"description, from 0 to {several.n_columns - 1}; got {unknown[0]!r}. Name "
            "the columns, or give lists of labels."
        )
    return several


def _rows(labels: Any, several: SeveralLabels | None) -> Any:
    return labels if several is None else several.labels


def _support(
    examples: Sequence[SupportExample],
    features: DocumentFeatures,
    named: Collection[Label],
    several: SeveralLabels | None,
) -> SupportSet:
    if several is None:
        return SupportSet(examples, features, named)
    known = {*named, *several.named}
    return SeveralSupportSet(examples, features, known, several.form)


def _check_labels(labels: Labels | _Rows) -> _Rows:
    if len(labels) and all(isinstance(one, tuple) for one in labels):
        return list(labels)
    plain: list[Any] = [
        one.item() if isinstance(one, np.generic) else one for one in labels
    ]
    for number, label in enumerate(plain):
        if not isinstance(label, str | int | float | bool) or label != label:
            raise ExamplesError(
                f"labels must be strings or numbers; number {number} is {label!r}. "
                "Give each text its label."
            )
    check_alike(plain)
    if any(isinstance(one, float) and not one.is_integer() for one in plain):
        from sklearn.utils.multiclass import check_classification_targets

        # No measurements: 0.5, 1.5. Twice, since it warns where more than half of the
        # labels are distinct, as those of one example for each class are.
        check_classification_targets(np.asarray(plain * 2))
    return plain


def _check_as_many(what: str, n_given: int, n_labels: int) -> None:
    if n_given != n_labels:
        raise ExamplesError(
            f"there must be one label for each text; got {n_given} {what} and "
            f"{n_labels} labels. Add or remove some."
        )


def _identified(
    texts: list[str],
    labels: _Rows,
    ids: Sequence[str] | None,
    taken: Collection[str],
) -> list[tuple[str, str, Label | LabelSet]]:
    """Give each example its id; what was made of the same content, or taken, once."""
    _check_as_many("texts", len(texts), len(labels))
    if ids is None:
        made = {
            example_id(text, label): (text, label)
            for text, label in zip(texts, labels, strict=True)
        }
        return [(one, *pair) for one, pair in made.items() if one not in taken]
    if len(ids) != len(texts):
        raise ExamplesError(
            f"there must be one id for each text, or none at all; got {len(ids)} ids "
            f"and {len(texts)} texts. Add or remove some."
        )
    return list(zip(map(str, ids), texts, labels, strict=True))


def _is_in_form_of(support: SupportSet, several: SeveralLabels | None) -> bool:
    """Tell whether labels come as those of the examples did; None: one for each."""
    if not isinstance(support, SeveralSupportSet):
        return several is None
    if several is None:
        return False
    if "lists" in (support.form, several.form):
        return support.form == several.form
    return several.n_columns == len(support.classes)


def _told(support: SupportSet) -> str:
    if not isinstance(support, SeveralSupportSet):
        return "one label for each text"
    if support.form == "lists":
        return "a list of labels for each text"
    return f"a matrix of indicators with {len(support.classes)} columns"
