"""What the page of a classified pile carries: a light index, and packed texts.

The index is read at once; texts, passages and examples are compressed in chunks, each
unpacked once a document of it is opened or a word is searched for. Characters are
counted as JavaScript does, in units of UTF-16.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longshot.report.classified.excerpts import Span, fair_share, kept_spans
from longshot.report.classified.links import link_to
from longshot.report.classified.pile import (
    ClassifiedDocument,
    ClassifiedPile,
    Mark,
)
from longshot.report.files import encodable
from longshot.report.openings import opening
from longshot.report.pages.assembly import json_block

PAGE_BYTES = 14_000_000
"""Of the data, at most: texts are shortened to stay below, with room for the page."""

_FIRST_BUDGET = 30_000_000  # characters; about what fits compressed
_LEAST_CHARACTERS = 300  # of a document, however many there are
_DOCUMENTS_PER_CHUNK = 100
_SNIPPET_CHARACTERS = 110
_MATCH_CHARACTERS = 1_500
_N_ALTERNATIVES = 5
_NONE = -1  # the index of "none of these"

ExamplePassage = tuple[str, str]
"""An example's id, and the text of one of its passages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageData:
    """What the page's scripts read, and which texts had to be shortened for it.

    Attributes
    ----------
    content
        What JSON can hold.
    shortened
        By the number of a document, the share of its characters that the page holds;
        those that it holds whole are left out.
    """

    content: dict[str, Any]
    shortened: dict[int, float]


def page_data(
    pile: ClassifiedPile,
    *,
    folder: Path | None = None,
    page_bytes: int = PAGE_BYTES,
) -> PageData:
    """Pack a pile, with texts as long as there is room for.

    Parameters
    ----------
    pile
        What is shown.
    folder
        Where the page will lie: links to files lead from there. Without, there are
        none.
    page_bytes
        How much room there is.
    """
    labels = {label: number for number, label in enumerate(pile.labels)}
    index = {
        "labels": list(pile.labels),
        "scale": pile.scale,
        "key": _key(pile.documents),
        "chunkSize": _DOCUMENTS_PER_CHUNK,
        "documents": [_entry(pile, one, labels) for one in pile.documents],
        "sections": dict(pile.sections or {}),
    }
    room = page_bytes - len(json_block(index).encode())
    lengths = [len(one.text) for one in pile.documents]
    share = fair_share(lengths, _FIRST_BUDGET)
    packed = _packed(pile.documents, labels, share, folder)
    while (size := _size(packed)) > room and share > _LEAST_CHARACTERS:
        shrunk = int(0.9 * share * max(room, 0) / size)
        share = max(shrunk, share // 4, _LEAST_CHARACTERS)
        packed = _packed(pile.documents, labels, share, folder)
    shortened = {
        number: sum(end - start for start, end in _spans(one, share)) / len(one.text)
        for number, one in enumerate(pile.documents)
        if len(one.text) > share
    }
    content = {**index, **packed, "shortened": shortened}
    return PageData(content=content, shortened=shortened)


def pack(value: Any) -> str:
    """Give JSON as gzip, written in base64; the same value always gives the same."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(encodable(text).encode(), mtime=0)).decode()


def share_of(value: float) -> float:
    """Round a share for the page, but never to all or nothing.

    Examples
    --------
    >>> share_of(0.99999999), share_of(1.0), share_of(1e-9)
    (0.999999, 1.0, 1e-06)
    """
    if value in (0.0, 1.0):
        return value
    return min(max(round(value, 6), 1e-6), 1 - 1e-6)


def _key(documents: Sequence[ClassifiedDocument]) -> str:
    """Name a pile by its documents: a person's labels are kept under it.

    Another run over the same documents finds them again, whatever it decided.
    """
    digest = hashlib.sha256()
    for one in documents:
        for text in (one.id, one.text):
            digest.update(hashlib.sha256(encodable(text).encode()).digest())
    return digest.hexdigest()[:32]


def _size(packed: dict[str, Any]) -> int:
    return len(packed["matches"]) + sum(map(len, packed["chunks"]))


def _entry(
    pile: ClassifiedPile, document: ClassifiedDocument, labels: dict[str, int]
) -> dict[str, Any]:
    """Give what a line of the list shows."""
    entry = {
        "id": document.id,
        "label": _NONE if document.label is None else labels[document.label],
        "sure": share_of(document.confidence),
        "others": [
            [labels[label], share_of(confidence)]
            for label, confidence in document.alternatives[:_N_ALTERNATIVES]
        ],
        "tokens": document.n_tokens,
        "windows": document.n_windows,
        "read": share_of(document.coverage),
        "snippet": _snippet(document),
    }
    if document.labels is not None:
        entry["several"] = [labels[label] for label in document.labels]
    if document.truth is not None:
        entry |= {"truth": document.truth, "right": pile.is_right(document)}
    if document.label_set is not None:
        entry["set"] = [labels[label] for label in document.label_set]
    if document.notes:
        entry["notes"] = list(document.notes)
    if document.position is not None:
        entry["at"] = list(document.position)
    return entry


def _snippet(document: ClassifiedDocument) -> str:
    first = document.passages[0] if document.passages else None
    start, end = (first.start, first.end) if first else (0, 4 * _SNIPPET_CHARACTERS)
    text = document.text[start:end]
    return opening(text, start=start, characters=_SNIPPET_CHARACTERS)


def _packed(
    documents: Sequence[ClassifiedDocument],
    labels: dict[str, int],
    share: int,
    folder: Path | None,
) -> dict[str, Any]:
    matches: dict[ExamplePassage, int] = {}
    details = [_details(one, labels, matches, share, folder) for one in documents]
    starts = range(0, len(details), _DOCUMENTS_PER_CHUNK)
    return {
        "chunks": [pack(details[i : i + _DOCUMENTS_PER_CHUNK]) for i in starts],
        "matches": pack(
            [
                {
                    "id": example_id,
                    "text": text[:_MATCH_CHARACTERS],
                    "left": max(len(text) - _MATCH_CHARACTERS, 0),
                }
                for example_id, text in matches
            ]
        ),
    }


def _details(
    document: ClassifiedDocument,
    labels: dict[str, int],
    matches: dict[ExamplePassage, int],
    share: int,
    folder: Path | None,
) -> dict[str, Any]:
    """Give what an opened document shows beside its line."""
    units = _Utf16(document.text)
    return {
        "characters": units(len(document.text)),
        "parts": [[units(a), document.text[a:b]] for a, b in _spans(document, share)],
        "source": document.source,
        "language": document.language,
        "notes": list(document.notes),
        "pages": [[units(one.start), one.number] for one in document.pages],
        "link": _link(document, folder),
        "passages": [
            {
                "start": units(one.start),
                "end": units(one.end),
                "adds": round(one.contribution, 6),
                "label": labels[one.label],
                **_match(one, matches),
            }
            for one in document.passages
        ],
    }


def _link(document: ClassifiedDocument, folder: Path | None) -> str | None:
    if document.file is None or folder is None:
        return None
    return link_to(document.file, folder)


def _spans(document: ClassifiedDocument, share: int) -> list[Span]:
    passages = [(one.start, one.end) for one in document.passages]
    return kept_spans(len(document.text), passages, share)


def _match(passage: Mark, matches: dict[ExamplePassage, int]) -> dict[str, Any]:
    """Refer to the example's passage, of which many documents share one."""
    if passage.match is None:
        return {}
    match = passage.match
    passage_of_example = match.example_id, match.text
    number = matches.setdefault(passage_of_example, len(matches))
    return {"match": number, "similarity": round(match.similarity, 4)}


class _Utf16:
    """Counts a text's characters as JavaScript does."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._is_plain = text.isascii() or max(text) <= "\uffff"

    def __call__(self, place: int) -> int:
        if self._is_plain:
            return place
        before = encodable(self._text[:place])
        return len(before.encode("utf-16-le")) // 2
