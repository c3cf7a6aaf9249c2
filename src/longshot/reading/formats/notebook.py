"""A Jupyter notebook (ipynb) becomes the text of its cells, and what they printed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.text import decode
from longshot.reading.limits import read_bytes


def read_notebook(path: Path) -> Content:
    """Read each cell, and the texts that it printed; pictures are counted.

    Raises
    ------
    Unreadable
        If it is no notebook (nbformat.readthedocs.io), or a broken one.
    """
    source = decode(read_bytes(path))
    try:
        notebook = json.loads(source.text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"is no notebook, or a broken one ({error})") from error
    cells = list(_cells(notebook))
    if not cells:
        raise Unreadable("is no notebook, or one without cells")
    outputs = [output for cell in cells for output in _dicts(cell.get("outputs"))]
    n_pictures = sum(
        any(str(kind).startswith("image/") for kind in data)
        for output in outputs
        if isinstance(data := output.get("data"), dict)
    )
    notes = (f"{n_pictures} of its outputs are pictures, left out",)
    return Content(
        text="\n\n".join(filter(None, (_text(cell) for cell in cells))),
        notes=source.notes + (notes if n_pictures else ()),
    )


def _cells(notebook: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(notebook, dict):
        return
    yield from _dicts(notebook.get("cells"))
    for sheet in _dicts(notebook.get("worksheets")):  # nbformat 3
        yield from _dicts(sheet.get("cells"))


def _text(cell: dict[str, Any]) -> str:
    pieces = [_joined(cell.get("source", cell.get("input")))]
    for output in _dicts(cell.get("outputs")):
        data = output.get("data")
        plain = data.get("text/plain") if isinstance(data, dict) else None
        pieces.append(_joined(output.get("text", plain)))
    return "\n".join(filter(None, (piece.strip() for piece in pieces)))


def _joined(text: Any) -> str:
    """Join a text, which a notebook holds whole or line by line."""
    if isinstance(text, list):
        return "".join(line for line in text if isinstance(line, str))
    return text if isinstance(text, str) else ""


def _dicts(values: Any) -> Iterator[dict[str, Any]]:
    if isinstance(values, list):
        yield from (value for value in values if isinstance(value, dict))
