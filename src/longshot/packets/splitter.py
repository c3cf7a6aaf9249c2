"""Files that hold several documents become maps of their sections.

Each unit of a file (a page, a passage) is read once. What the classifier says of it
alone, and what speaks for a document's beginning there, decide together where documents
begin; the vectors of a section's units, put together, then give the section its label
as any document gets one: with its confidence and the passage that decided.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

import numpy as np
from jaxtyping import Bool, Float

from longshot.classify import Classifier, Layout, extract
from longshot.embedder import as_documents, set_aside_empty
from longshot.errors import SettingError
from longshot.packets.chain import marginals
from longshot.packets.cues import KnownDocuments, cues_of
from longshot.packets.units import Unit, UnitKind, units_of
from longshot.packets.vectors import joined_vectors
from longshot.packets.weights import LEAST_PROBABILITY, fitted_weights
from longshot.reading.formats.pdf.page_count import count_pages
from longshot.records import (
    Document,
    NewClass,
    OnSetAside,
    OnWindow,
    Packet,
    PageStart,
    Prediction,
    Section,
    SetAside,
    Vectors,
)

_BETWEEN = ":"


@dataclass(frozen=True, kw_only=True, slots=True)
class Packets:
    """Files that were taken apart; goes through them, in their order.

    Attributes
    ----------
    packets
        The files.
    discovered
        New classes among all their sections.
    report
        What was learned and chosen, in lines for people.
    """

    packets: tuple[Packet, ...]
    discovered: tuple[NewClass, ...] = ()
    report: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Packet]:
        return iter(self.packets)

    def __len__(self) -> int:
        return len(self.packets)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of all files, one file after the other."""
        return tuple(section for packet in self.packets for section in packet)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Part:
    """A section before it has a label."""

    start: int
    end: int
    first_page: int | None
    boundary_confidence: float
    vectors: Vectors
    last_page: int | None = None

    def pages_of(self, document: Document) -> tuple[PageStart, ...]:
        """Give those pages of its file with text that are its own."""
        if self.first_page is None or self.last_page is None:
            return ()
        own = range(self.first_page, self.last_page + 1)
        return tuple(page for page in document.pages if page.number in own)


@dataclass(kw_only=True, slots=True, eq=False)
class _File:
    """A file whose units were read."""

    document: Document
    kind: UnitKind
    units: tuple[Unit, ...]
    vectors: list[Vectors] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The units' texts."""
        text = self.document.text
        return [text[unit.start : unit.end] for unit in self.units]


def split(
    documents: Iterable[str | Document],
    classifier: Classifier,
    *,
    by: UnitKind = "page",
    pile: bool = True,
    evidence: bool = True,
    confidence: float | None = None,
    level: int | None = None,
    on_set_aside: OnSetAside | None = None,
    on_window: OnWindow | None = None,
) -> Packets:
    r"""Find the documents that stand one after the other in each file, and label them.

    Parameters
    ----------
    documents
        Files that may hold several documents, as :func:`longshot.read_documents` gives
        them, or plain texts.
    classifier
        A fitted classifier: of examples, which may be whole documents, or of the
        labels' names alone.
    by
        Where a document may begin: with a ``page``, where a file has any, or with any
        ``passage``. A form feed in a text ends a page.
    pile
        Whether the labels of all sections are decided together.
    evidence, confidence, level
        As of :meth:`LongshotClassifier.classify`, for each section.
    on_set_aside
        Told of each file without a token; where None, the first one is an error.
    on_window
        Told of each window as it is read.

    Returns
    -------
    Packets
        For each file its sections, which cover the whole text and all pages.

    Raises
    ------
    EmptyDocumentError
        If a file holds no token and `on_set_aside` is None.
    SettingError
        If documents of the classifier may have several labels each.

    Examples
    --------
    >>> from longshot import LongshotClassifier, split
    >>> names = ["lease of a shop", "minutes of a meeting"]
    >>> classifier = LongshotClassifier().fit([], [], descriptions=names)
    >>> pages = ["LEASE\n\nThe tenant pays the rent.", "MINUTES\n\nPresent: all."]
    >>> found = split(["\f".join(pages)], classifier)
    >>> [(section.first_page, section.last_page) for section in found.sections]
    [(1, 1), (2, 2)]
    """
    if classifier.threshold_ is not None:
        raise SettingError(
            "a file can be split only by labels of which each document has one; these "
            "documents may have several. Give each example one label."
        )
    known = _known(classifier)
    found: list[tuple[Document, list[_Part]]] = []
    for file in _read(documents, classifier, by, on_set_aside, on_window):
        parts = _parts(file, classifier, known)
        found.append((file.document, _with_pages(parts, file.document)))
    pairs = (
        (part.vectors, document.text[part.start : part.end])
        for document, parts in found
        for part in parts
    )
    decided = classifier.classify_vectors(
        pairs, pile=pile, evidence=evidence, confidence=confidence, level=level
    )
    predictions = iter(decided)
    packets = tuple(
        Packet(
            document=document,
            n_pages=parts[-1].last_page,
            sections=tuple(
                _section(document, number, part, next(predictions))
                for number, part in enumerate(parts, start=1)
            ),
        )
        for document, parts in found
    )
    return Packets(
        packets=packets, discovered=decided.discovered, report=decided.report
    )


def _section(
    document: Document, number: int, part: _Part, prediction: Prediction
) -> Section:
    """Put a section together; the pages of its document bear the file's numbers."""
    pages = () if part.last_page is None else part.pages_of(document)
    return Section(
        number=number,
        start=part.start,
        end=part.end,
        first_page=part.first_page,
        last_page=part.last_page,
        boundary_confidence=part.boundary_confidence,
        document=Document(
            id=part.vectors.document_id,
            text=document.text[part.start : part.end],
            source=document.source,
            notes=document.notes,
            pages=tuple(
                PageStart(page.number, max(page.start - part.start, 0))
                for page in pages
            ),
            text_share=part.vectors.text_share,
        ),
        prediction=prediction,
        vector=part.vectors.document,
    )


def _known(classifier: Classifier) -> KnownDocuments:
    features = classifier.support_.features
    return KnownDocuments(
        examples=features if len(features) else None, names=classifier.name_features_
    )


def _read(
    documents: Iterable[str | Document],
    classifier: Classifier,
    by: UnitKind,
    on_set_aside: OnSetAside | None,
    on_window: OnWindow | None,
) -> Iterator[_File]:
    """Read the units of each file, one file after the other."""
    waiting: dict[int, _File] = {}

    def units() -> Iterator[Document]:
        for index, document in enumerate(as_documents(documents)):
            kind, found = units_of(document, by)
            file = waiting[index] = _File(document=document, kind=kind, units=found)
            for place, text in enumerate(file.texts):
                yield Document(id=f"{index}{_BETWEEN}{place}", text=text)

    vectors = classifier.embedder_.vectors(
        units(), on_set_aside=_ignore, on_window=_of_files(waiting, on_window)
    )
    for index, of_file in groupby(vectors, lambda one: _place(one.document_id)[0]):
        read = list(of_file)
        for earlier in [one for one in waiting if one < index]:
            set_aside_empty(waiting.pop(earlier).document, on_set_aside)
        yield _with_vectors(waiting.pop(index), read)
    for file in waiting.values():
        set_aside_empty(file.document, on_set_aside)


def _of_files(
    waiting: Mapping[int, _File], on_window: OnWindow | None
) -> OnWindow | None:
    """Tell of windows by the file that they are of, not by the unit."""
    if on_window is None:
        return None

    def told(unit: str, n_characters: int, n_tokens: int) -> None:
        on_window(waiting[_place(unit)[0]].document.id, n_characters, n_tokens)

    return told


def _ignore(_: SetAside) -> None:
    """Leave a unit without a token with its neighbour."""


def _place(unit_id: str) -> tuple[int, int]:
    """Give the numbers of a file, and of a unit in it."""
    file, place = unit_id.split(_BETWEEN)
    return int(file), int(place)


def _with_vectors(file: _File, read: Sequence[Vectors]) -> _File:
    """Put units without a token together with those before them, or the first after."""
    places = [_place(one.document_id)[1] for one in read]
    starts = [0, *(file.units[place].start for place in places[1:])]
    ends = [*starts[1:], len(file.document.text)]
    units = tuple(
        Unit(start, end, file.units[place].page)
        for start, end, place in zip(starts, ends, places, strict=True)
    )
    return replace(file, units=units, vectors=list(read))


def _parts(file: _File, classifier: Classifier, known: KnownDocuments) -> list[_Part]:
    """Decide where documents begin in a file, and put their vectors together."""
    begins, probabilities = _boundaries(file, classifier, known)
    firsts = np.flatnonzero(begins).tolist()
    texts = file.texts
    found: list[_Part] = []
    pooling = classifier.embedder_.recipe.window_pooling
    for first, after in zip(firsts, [*firsts[1:], len(texts)], strict=True):
        vectors = joined_vectors(
            file.vectors[first:after],
            texts[first:after],
            document_id=_section_id(file.document, len(found) + 1),
            window_pooling=pooling,
        )
        found.append(
            _Part(
                start=file.units[first].start,
                end=file.units[after - 1].end,
                first_page=_first_page(file.units[first], is_first=not found),
                boundary_confidence=float(probabilities[first]),
                vectors=replace(vectors, notes=file.document.notes),
            )
        )
    return found


def _first_page(unit: Unit, *, is_first: bool) -> int | None:
    """Give the page that a section begins with; the first one begins with the file."""
    return 1 if is_first and unit.page is not None else unit.page


def _boundaries(
    file: _File, classifier: Classifier, known: KnownDocuments
) -> tuple[Bool[np.ndarray, " unit"], Float[np.ndarray, " unit"]]:
    """Tell with which units documents begin, and how likely each is to be one."""
    if len(file.units) == 1:
        return np.ones(1, dtype=bool), np.ones(1)
    texts = file.texts
    layout = Layout.of(classifier.embedder_)
    features = extract(zip(file.vectors, texts, strict=True), layout)
    probabilities = classifier.predict_proba_features(features, pile=False)
    weights = fitted_weights(file.kind)
    scores = weights.scores(
        cues_of(texts, features, known, file.kind),
        np.log(np.maximum(probabilities, LEAST_PROBABILITY)),
        features.n_tokens,
        known.lengths(features),
    )
    likely = marginals(scores).begins
    return weights.boundaries(likely), likely


def _section_id(document: Document, number: int) -> str:
    return f"{document.id}#{number}"


def _n_pages(document: Document, parts: Sequence[_Part]) -> int | None:
    """Count the pages of a file, those without text among them where it is at hand."""
    if parts[0].first_page is None:
        return None
    known = (
        document.pages[-1].number if document.pages else _last_by_form_feed(document)
    )
    return max(count_pages(document.source) or 0, known)


def _last_by_form_feed(document: Document) -> int:
    return document.text.count("\f") + 1


def _with_pages(parts: list[_Part], document: Document) -> list[_Part]:
    """Give each section the pages up to the next one; no page is lost between two.

    Where sections begin within a page, it belongs to both. Of the pages without text a
    share could not be read, the others are blank: which is which nobody knows here, so
    that each counts as unread by that share.
    """
    n_pages = _n_pages(document, parts)
    if n_pages is None:
        return parts
    starts = [part.first_page or 1 for part in parts]
    last_pages = [max(start, after - 1) for start, after in pairwise(starts)]
    with_text = len(document.pages)
    n_unread = with_text / max(document.text_share, 1e-9) - with_text
    unread_share = min(n_unread / max(n_pages - with_text, 1), 1.0)
    found = []
    for part, start, last_page in zip(
        parts, starts, [*last_pages, n_pages], strict=True
    ):
        placed = replace(part, last_page=last_page)
        n_read = len(placed.pages_of(document))
        n_others = last_page - start + 1 - n_read
        share = n_read / (n_read + unread_share * n_others) if n_read else 1.0
        vectors = replace(part.vectors, text_share=share)
        found.append(replace(placed, vectors=vectors))
    return found
