"""Packets made by hand."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from longshot.records import Document, Packet, PageStart, Prediction, Section


def packet_of(path: Path, sections: Sequence[tuple[int, int, str | None]]) -> Packet:
    """Give a file of sections, each with its first and last page and its label."""
    n_pages = sections[-1][1]
    pages = tuple(PageStart(page, 4 * (page - 1)) for page in range(1, n_pages + 1))
    document = Document(
        id=path.name, text="text" * n_pages, source=str(path), pages=pages
    )
    return Packet(
        document=document,
        n_pages=n_pages,
        sections=tuple(
            _section(document, number, *one)
            for number, one in enumerate(sections, start=1)
        ),
    )


def _section(
    document: Document, number: int, first: int, last: int, label: str | None
) -> Section:
    start, end = 4 * (first - 1), 4 * last
    id_ = f"{document.id}#{number}"
    return Section(
        number=number,
        start=start,
        end=end,
        first_page=first,
        last_page=last,
        boundary_confidence=1.0,
        document=Document(
            id=id_, text=document.text[start:end], source=document.source
        ),
        prediction=Prediction(
            document_id=id_,
            label=label,
            confidence=0.9,
            alternatives=(),
            evidence=None,
            n_tokens=1,
            n_windows=1,
            coverage=1.0,
        ),
        vector=np.zeros(2, dtype=np.float32),
    )
