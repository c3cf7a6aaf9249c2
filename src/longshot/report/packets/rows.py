"""Sections as rows: where each stands in its file, then what any prediction tells."""

from longshot.records import Packet, Section
from longshot.report.classified.rows import explained_row, prediction_row
from longshot.report.tables import Cell, Row


def section_row(packet: Packet, section: Section, *, explain: bool = False) -> Row:
    """Give one section as a row.

    Its ``id`` is the file's with ``#`` and its number; ``start`` and ``end`` are its
    characters in the file's text, and those of its passages count from ``start``. The
    columns of pages are empty where the file has none.
    """
    as_row = explained_row if explain else prediction_row
    row: dict[str, Cell] = dict(as_row(section.prediction))
    place: dict[str, Cell] = {
        "id": row.pop("id"),
        "file": packet.document.id,
        "section": section.number,
        "first_page": section.first_page,
        "last_page": section.last_page,
        "start": section.start,
        "end": section.end,
    }
    return {**place, **row, "boundary_confidence": section.boundary_confidence}
