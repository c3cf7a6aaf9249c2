"""Prodigy's JSON lines, as ``db-out`` writes and ``db-in`` reads them.

https://prodi.gy/docs/api-interfaces: ``choice`` has ``options`` and ``accept``, a
``classification`` one ``label``; ``answer`` is accept, reject or ignore. Several people
are several lines of one text.
"""

from collections.abc import Iterator
from datetime import datetime
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


def shaped(known: Known, labels: tuple[str, ...]) -> dict[str, Any]:
    """Give a task of the interface ``choice``; rejected stands for "none of these"."""
    document = known.document
    task: dict[str, Any] = {
        "text": document.text,
        "meta": {"id": document.id, "source": document.source},
        "options": [{"id": name, "text": name} for name in labels],
        "_view_id": "choice",
        "config": {"choice_style": "single"},
    }
    if known.decision is not None:
        task["meta"] |= {
            "likely": known.decision.label,
            "score": known.decision.confidence,
        }
    if known.is_labelled:
        task["accept"] = [] if known.label is None else [known.label]
        task["answer"] = "reject" if known.label is None else "accept"
        task["_annotator_id"] = known.labelled_by
        if known.labelled_at is not None:
            moment = datetime.fromisoformat(known.labelled_at).timestamp()
            task["_timestamp"] = int(moment)
    elif known.state == "skipped":
        task["answer"] = "ignore"
    return task


def read(path: Path) -> Iterator[Received | SetAside]:
    """Read answers; a text without one is a document without a label."""
    for number, (place, task) in enumerate(read_json_list(path, tool="Prodigy"), 1):
        if not isinstance(task, dict) or not isinstance(task.get("text"), str):
            yield refused(place, str(number), "holds no text")
            continue
        meta = task.get("meta") if isinstance(task.get("meta"), dict) else {}
        found = (meta or {}).get("id")
        yield Received(
            id=None if found is None else str(found),
            text=task["text"],
            source=str((meta or {}).get("source") or place),
            opinions=tuple(_opinions(task)),
            is_skipped=task.get("answer") == "ignore",
        )


def _opinions(task: dict[str, Any]) -> Iterator[Opinion]:
    who = task.get("_annotator_id") or task.get("_session_id")
    name = None if who is None else str(who)
    is_choice = "options" in task or "accept" in task
    label = one_label(
        task.get("accept") or [] if is_choice else [task.get("label", "")]
    )
    if task.get("answer") == "accept" and label is not None:
        yield Opinion(label=label, who=name)
    elif task.get("answer") == "reject" and is_choice:
        # Of a single label, "rejected" leaves open which of the others is right.
        yield Opinion(label=None, who=name)
