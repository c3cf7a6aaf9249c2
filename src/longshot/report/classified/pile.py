"""A classified pile, with all that its page shows: what goes in, before any HTML."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from longshot.errors import SettingError
from longshot.languages import language_name
from longshot.records import (
    Document,
    Evidence,
    Match,
    NewClass,
    PageStart,
    Prediction,
    SetAside,
)

Position = tuple[float, float]
"""A place on the pile's map; only distances between places mean something."""

Scale = Literal["log-likelihood", "cosine"]
"""What contributions are parts of: a cosine, or the logarithm of how many times
likelier a label is than among equal ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A passage that spoke for a label, or against it, to be marked in the text.

    Attributes
    ----------
    start, end
        Its characters in the document: ``text[start:end]``.
    contribution
        What it adds to the label's score; negative where it speaks against it.
    label
        The label that it speaks for or against.
    match
        What it is like among the examples, where that is known.
    """

    start: int
    end: int
    contribution: float
    label: str
    match: Match | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassifiedDocument:
    """A document, the decision, and why.

    Attributes
    ----------
    id, text
        The document.
    label
        The label; None for "none of these".
    confidence
        How sure, in [0, 1].
    alternatives
        The other labels with their confidence, best first.
    n_tokens, n_windows, coverage
        What was there, and the share of it that was read.
    passages
        What is marked in the text, the most telling first; they may overlap.
    truth
        The true label, where it is known.
    position
        Its place on the map, where there is one.
    label_set
        The labels that hold the true one with the confidence that was asked for; None
        where none was.
    labels
        Where documents may have several labels, those that apply; None where each has
        one.
    source, file
        Where it came from, for people; and its file, where it has one of its own.
    pages
        Where the pages of a paged file begin in the text.
    notes
        What a reader must know to trust the decision, each in a line.
    language
        The language that it is in, as people call it; empty where it is not told.
    """

    id: str
    text: str
    label: str | None
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()
    n_tokens: int
    n_windows: int
    coverage: float
    passages: tuple[Mark, ...] = ()
    truth: str | None = None
    position: Position | None = None
    label_set: tuple[str, ...] | None = None
    labels: tuple[str, ...] | None = None
    source: str = ""
    file: Path | None = None
    pages: tuple[PageStart, ...] = ()
    notes: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassifiedPile:
    """All that the page of a classified pile shows.

    Attributes
    ----------
    title
        The page's heading.
    labels
        Every label that could be given, in the order in which they are listed.
    documents
        The pile, in reading order.
    settings
        How it was made, in pairs of name and value.
    set_aside
        Documents that could not be used.
    map_method
        What the places on the map come from, for people: ``"PCA"``.
    new_classes
        Clusters that no label claims, offered as new classes.
    scale
        What the passages' contributions are parts of.
    sections
        Where each document lies, by its id: the file that it is a section of, and its
        characters there. None where documents are whole.
    """

    title: str
    labels: tuple[str, ...]
    documents: tuple[ClassifiedDocument, ...]
    settings: tuple[tuple[str, str], ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    map_method: str = "PCA"
    new_classes: tuple[NewClass, ...] = ()
    scale: Scale = "log-likelihood"
    sections: Mapping[str, tuple[str, int, int]] | None = None

    def is_right(self, document: ClassifiedDocument) -> bool | None:
        """Tell whether a decision is the true one; None where the truth is unknown.

        "None of these" is right for a document whose true label is none that could be
        given.
        """
        if document.truth is None:
            return None
        if document.label is None:
            return document.truth not in self.labels
        return document.label == document.truth


def classified_pile(
    predictions: Sequence[Prediction],
    documents: Iterable[Document],
    *,
    title: str,
    labels: Sequence[str] = (),
    settings: Sequence[tuple[str, str]] = (),
    truth: Mapping[str, str] | None = None,
    positions: Sequence[Position] | None = None,
    map_method: str = "PCA",
    set_aside: Sequence[SetAside] = (),
    new_classes: Sequence[NewClass] = (),
    scale: Scale = "log-likelihood",
    sections: Mapping[str, tuple[str, int, int]] | None = None,
) -> ClassifiedPile:
    """Bring decisions and documents together.

    Parameters
    ----------
    predictions
        The decisions, in reading order.
    documents
        Every document that was decided about, in any order; there may be others.
    labels
        Every label that could be given, in the order of the page; those that occur
        beside them follow, sorted.
    truth
        True labels by id, as far as they are known.
    positions
        One place on the map for each prediction.
    title, settings, map_method, set_aside, new_classes, scale, sections
        As of :class:`ClassifiedPile`.

    Raises
    ------
    SettingError
        If a prediction has no document, or positions and predictions differ in number.
    """
    read = {one.id: one for one in documents}
    _check(predictions, read, positions)
    known = truth or {}
    places = positions if positions is not None else [None] * len(predictions)
    return ClassifiedPile(
        title=title,
        labels=tuple(dict.fromkeys([*labels, *_labels_of(predictions)])),
        documents=tuple(
            _document(one, read[one.document_id], known.get(one.document_id), place)
            for one, place in zip(predictions, places, strict=True)
        ),
        settings=tuple(settings),
        set_aside=tuple(set_aside),
        map_method=map_method,
        new_classes=tuple(new_classes),
        scale=scale,
        sections=sections,
    )


def _check(
    predictions: Sequence[Prediction],
    documents: Mapping[str, Document],
    positions: Sequence[Position] | None,
) -> None:
    for one in predictions:
        if one.document_id not in documents:
            raise SettingError(
                "documents must hold every document that was decided about; "
                f"{one.document_id} is missing. Give those of all predictions."
            )
    if positions is not None and len(positions) != len(predictions):
        raise SettingError(
            "positions must be one for each prediction; got "
            f"{len(positions)} for {len(predictions)}. Give all or none."
        )


def _labels_of(predictions: Sequence[Prediction]) -> list[str]:
    given = {one.label for one in predictions if one.label is not None}
    several = {label for one in predictions for label in one.labels or ()}
    others = {label for one in predictions for label, _ in one.alternatives}
    return sorted(given | several | others)


def _document(
    prediction: Prediction,
    document: Document,
    truth: str | None,
    position: Position | None,
) -> ClassifiedDocument:
    return ClassifiedDocument(
        id=prediction.document_id,
        text=document.text,
        label=prediction.label,
        confidence=prediction.confidence,
        alternatives=prediction.alternatives,
        n_tokens=prediction.n_tokens,
        n_windows=prediction.n_windows,
        coverage=prediction.coverage,
        passages=_marks(prediction.evidence) if prediction.evidence else (),
        truth=truth,
        position=position,
        label_set=prediction.label_set,
        labels=prediction.labels,
        source=document.source,
        file=_file(document.source),
        pages=document.pages,
        notes=prediction.notes,
        language=language_name(prediction.language or ""),
    )


def _file(source: str) -> Path | None:
    """Give the file that a document came from, unless it is a row of a table."""
    try:
        is_file = bool(source) and Path(source).is_file()
    except (OSError, ValueError):  # no name of a file: too long, or with a NUL
        return None
    return Path(source) if is_file else None


def _marks(evidence: Evidence) -> tuple[Mark, ...]:
    """Mark what spoke for the label and against it; the first with what it matched."""
    told = (evidence.passage, *evidence.supporting[1:], *evidence.opposing)
    matches = [evidence.match, *[None] * (len(told) - 1)]
    return tuple(
        Mark(
            start=passage.start,
            end=passage.end,
            contribution=passage.contribution,
            label=evidence.label,
            match=match,
        )
        for passage, match in zip(told, matches, strict=True)
    )
