"""Texts with their labels, in any form, to a support set."""

from collections.abc import Collection, Sequence
from typing import Any

from longshot.classify.labels.examples import AnyLabels, Texts, embed_examples
from longshot.classify.labels.label_lists import Several, read_several
from longshot.classify.labels.several_support import SeveralSupportSet
from longshot.classify.labels.support import Label, SupportSet
from longshot.embedder import DocumentEmbedder
from longshot.errors import ExamplesError


def support_set(
    embedder: DocumentEmbedder,
    texts: Texts,
    labels: AnyLabels,
    ids: Sequence[str] | None,
    named: Collection[Label],
) -> SupportSet:
    """Give labelled texts as a support set: of one label each, or of several.

    Parameters
    ----------
    embedder
        What turns texts into vectors.
    texts, labels
        One label for each text, or a list of them for each, or a matrix of indicators.
    ids
        The examples' names, as in :func:`embed_examples`.
    named
        Labels that are known by name.

    Raises
    ------
    ExamplesError
        If they do not make a labelled set of at least two labels.
    EmptyDocumentError
        If a text holds no token.
    """
    several = read_several(labels)
    if several is None:
        return SupportSet(embed_examples(embedder, texts, labels, ids), named)
    if several.form != "lists":
        _check_columns(named, several)
    examples = embed_examples(embedder, texts, several.labels, ids)
    return SeveralSupportSet(examples, {*named, *several.named}, several.form)


def grown(
    support: SupportSet,
    embedder: DocumentEmbedder,
    texts: Texts,
    labels: AnyLabels,
    ids: Sequence[str] | None,
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
            f"labels must be added in the form of those before, {_told(support)}; got "
            "another. Convert them."
        )
    given: Any = labels if several is None else several.labels
    taken = {example.id for example in support.examples}
    return support.with_added(embed_examples(embedder, texts, given, ids, taken=taken))


def _is_in_form_of(support: SupportSet, several: Several | None) -> bool:
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


def _check_columns(named: Collection[Label], several: Several) -> None:
    unknown = [label for label in named if label not in several.named]
    if unknown:
        raise ExamplesError(
            "with a matrix of labels, descriptions must be a dict of column and "
            f"description, from 0 to {several.n_columns - 1}; got {unknown[0]!r}. Name "
            "the columns, or give lists of labels."
        )
