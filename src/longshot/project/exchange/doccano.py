"""doccano's JSON lines of document classification.

https://doccano.github.io/doccano/tutorial/: ``text``, and ``label`` as a list. Other
columns become a document's metadata there, and come back with the export.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from longshot.project.exchange.base import (
    Known,
    Opinion,
    Received,
    one_label,
    read_json_list,
    refused,
)
from longshot.records import SetAside

NONE_LABEL = "none of these"


def shaped(known: Known, _labels: tuple[str, ...]) -> dict[str, Any]:
    """Give a line; without a person's label the list is empty."""
    document = known.document
    line: dict[str, Any] = {
        "text": document.text,
        "label": [],
        "longshot_id": document.id,
        "source": document.source,
    }
    if known.is_labelled:
        line["label"] = [NONE_LABEL if known.label is None else known.label]
        line["labelled_by"] = known.labelled_by
    if known.decision is not None:
        line["likely_label"] = known.decision.label
        line["confidence"] = known.decision.confidence
    return line


def read(path: Path) -> Iterator[Received | SetAside]:
    """Read an export; doccano's own number of a line is no id of a document."""
    for number, (place, line) in enumerate(read_json_list(path, tool="doccano"), 1):
        text = line.get("text", line.get("data")) if isinstance(line, dict) else None
        if not isinstance(text, str):
            yield refused(place, str(number), "holds no text")
            continue
        found = line.get("longshot_id")
        given = line.get("label", line.get("labels")) or []
        label = one_label(given if isinstance(given, list) else [given])
        who = line.get("labelled_by")
        opinions: tuple[Opinion, ...] = ()
        if label is not None:
            named = None if label == NONE_LABEL else label
            opinions = (Opinion(label=named, who=None if who is None else str(who)),)
        yield Received(
            id=None if found is None else str(found),
            text=text,
            source=str(line.get("source") or place),
            opinions=opinions,
        )
