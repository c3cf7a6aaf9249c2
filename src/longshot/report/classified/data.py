"""What the page of a classified pile carries: a light index, and packed texts.

The index is read at once; texts, passages and examples are compressed in chunks, each
unpacked once a document of it is opened or a word is searched for. Characters are
counted as JavaScript does, in units of UTF-16.
"""

import base64
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from longshot.report.classified.excerpts import fair_share, kept_spans
from longshot.report.classified.pile import (
    ClassifiedDocument,
    ClassifiedPile,
    Mark,
)
from longshot.report.files import encodable
from longshot.report.openings import opening
from longshot.report.pages import json_block

PAGE_BYTES = 14_000_000
"""Of the data, at most: texts are shortened to stay below, with room for the page."""

MOST_CHARACTERS = 200_000
"""Of one document: more would take a browser seconds to lay out."""

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
    """What the page's scripts read, and how many texts had to be shortened for it."""

    content: dict[str, Any]
    n_shortened: int


def page_data(pile: ClassifiedPile, *, page_bytes: int = PAGE_BYTES) -> PageData:
    """Pack a pile, with texts as long as there is room for."""
    labels = {label: number for number, label in enumerate(pile.labels)}
    index = {
        "labels": list(pile.labels),
        "mapMethod": pile.map_method,
        "chunkSize": _DOCUMENTS_PER_CHUNK,
        "documents": [_entry(pile, one, labels) for one in pile.documents],
    }
    room = page_bytes - len(json_block(index).encode())
    lengths = [len(one.text) for one in pile.documents]
    share = min(fair_share(lengths, _FIRST_BUDGET), MOST_CHARACTERS)
    packed = _packed(pile.documents, labels, share)
    while (size := _size(packed)) > room and share > _LEAST_CHARACTERS:
        shrunk = int(0.9 * share * max(room, 0) / size)
        share = max(shrunk, share // 4, _LEAST_CHARACTERS)
        packed = _packed(pile.documents, labels, share)
    n_shortened = sum(length > share for length in lengths)
    return PageData(content={**index, **packed}, n_shortened=n_shortened)


def pack(value: Any) -> str:
    """Give JSON as gzip, written in base64; the same value always gives the same."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(encodable(text).encode(), mtime=0)).decode()


def _size(packed: dict[str, Any]) -> int:
    return len(packed["matches"]) + sum(map(len, packed["chunks"]))


def _entry(
    pile: ClassifiedPile, document: ClassifiedDocument, labels: dict[str, int]
) -> dict[str, Any]:
    """Give what a line of the list shows."""
    entry = {
        "id": document.id,
        "label": _NONE if document.label is None else labels[document.label],
        "sure": round(document.confidence, 4),
        "others": [
            [labels[label], round(confidence, 4)]
            for label, confidence in document.alternatives[:_N_ALTERNATIVES]
        ],
        "tokens": document.n_tokens,
        "windows": document.n_windows,
        "read": round(document.coverage, 4),
        "snippet": _snippet(document),
    }
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
    documents: Sequence[ClassifiedDocument], labels: dict[str, int], share: int
) -> dict[str, Any]:
    matches: dict[ExamplePassage, int] = {}
    details = [_details(one, labels, matches, share) for one in documents]
    starts = range(0, len(details), _DOCUMENTS_PER_CHUNK)
    return {
        "chunks": [pack(details[i : i + _DOCUMENTS_PER_CHUNK]) for i in starts],
        "matches": pack(
            [
                {"id": example_id, "text": text[:_MATCH_CHARACTERS]}
                for example_id, text in matches
            ]
        ),
    }


def _details(
    document: ClassifiedDocument,
    labels: dict[str, int],
    matches: dict[ExamplePassage, int],
    share: int,
) -> dict[str, Any]:
    """Give what an opened document shows beside its line."""
    units = _Utf16(document.text)
    passages = [(one.start, one.end) for one in document.passages]
    spans = kept_spans(len(document.text), passages, share)
    return {
        "characters": units(len(document.text)),
        "parts": [[units(a), document.text[a:b]] for a, b in spans],
        "passages": [
            {
                "start": units(one.start),
                "end": units(one.end),
                "share": round(one.contribution, 6),
                "label": labels[one.label],
                **_match(one, matches),
            }
            for one in document.passages
        ],
    }


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
