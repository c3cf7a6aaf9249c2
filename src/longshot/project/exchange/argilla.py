"""Argilla's JSON of records, as ``dataset.records.to_json`` writes and reads it.

https://docs.argilla.io/latest/how_to_guides/import_export; a record has ``fields``,
``responses`` of people and ``suggestions`` of models, each by the question's name. The
question is called ``label`` here; of others, the first one counts.
"""

import uuid
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

NONE_VALUE = "none of these"
_QUESTION = "label"
_FIELD = "text"
_PEOPLE = uuid.UUID("6c6f6e67-7368-6f74-8000-000000000000")
"""Argilla knows people by UUIDs: each name gets the one that follows from it."""


def shaped(known: Known, _labels: tuple[str, ...]) -> dict[str, Any]:
    """Give a record."""
    document = known.document
    record: dict[str, Any] = {
        "id": document.id,
        "fields": {_FIELD: document.text},
        "metadata": {"source": document.source},
        "suggestions": {},
        "responses": {},
        "vectors": {},
    }
    if known.is_labelled:
        who = known.labelled_by or ""
        record["metadata"]["labelled_by"] = who
        record["responses"][_QUESTION] = [
            {"value": _value(known.label), "user_id": str(uuid.uuid5(_PEOPLE, who))}
        ]
    if known.decision is not None:
        record["suggestions"][_QUESTION] = {
            "value": _value(known.decision.label),
            "score": known.decision.confidence,
            "agent": f"longshot-{known.decision.state[:12]}",
        }
    return record


def read(path: Path) -> Iterator[Received | SetAside]:
    """Read records."""
    for number, (place, record) in enumerate(read_json_list(path, tool="Argilla"), 1):
        fields = record.get("fields") if isinstance(record, dict) else None
        text = _text(fields) if isinstance(fields, dict) else None
        if text is None:
            yield refused(place, str(number), "holds no text in its fields")
            continue
        metadata = record.get("metadata") or {}
        found = record.get("id")
        yield Received(
            id=None if found is None else str(found),
            text=text,
            source=str(metadata.get("source") or place),
            opinions=tuple(_opinions(record.get("responses") or {}, metadata)),
        )


def _opinions(responses: Any, metadata: dict[str, Any]) -> Iterator[Opinion]:
    question = _QUESTION if _QUESTION in responses else next(iter(responses), None)
    given = responses[question] if question is not None else []
    written_by = metadata.get("labelled_by")
    for one in given:
        value = one.get("value") if isinstance(one, dict) else None
        label = one_label(value if isinstance(value, list) else [value or ""])
        if label is not None:
            who = written_by if len(given) == 1 and written_by else one.get("user_id")
            named = None if label == NONE_VALUE else label
            yield Opinion(label=named, who=None if who is None else str(who))


def _text(fields: dict[str, Any]) -> str | None:
    if isinstance(fields.get(_FIELD), str):
        return str(fields[_FIELD])
    others = [value for value in fields.values() if isinstance(value, str)]
    return max(others, key=len) if others else None


def _value(label: str | None) -> str:
    return NONE_VALUE if label is None else label
