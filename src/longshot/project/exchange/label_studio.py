"""Label Studio's JSON of tasks, annotations and predictions.

https://labelstud.io/guide/task_format; its labelling set-up is
``<Text name="text" value="$text"/><Choices name="label" toName="text">``. A control or
an object may have any name: what is read is the first ``choices`` of an annotation.
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

NONE_CHOICE = "none of these"
_TEXT_NAMES = ("text", "content", "document", "body")


def shaped(known: Known, _labels: tuple[str, ...]) -> dict[str, Any]:
    """Give a task: the text, the person's annotation, the decision as a prediction."""
    document = known.document
    task: dict[str, Any] = {
        "data": {"id": document.id, "text": document.text, "source": document.source},
        "annotations": [],
        "predictions": [],
    }
    if known.is_labelled:
        task["annotations"].append(
            {
                "result": [_choice(known.label)],
                "was_cancelled": False,
                "created_at": known.labelled_at,
                "completed_by": {"email": known.labelled_by},
            }
        )
    elif known.state == "skipped":
        task["annotations"].append({"result": [], "was_cancelled": True})
    if known.decision is not None:
        task["predictions"].append(
            {
                "model_version": f"longshot-{known.decision.state[:12]}",
                "score": known.decision.confidence,
                "result": [_choice(known.decision.label)],
            }
        )
    return task


def read(path: Path) -> Iterator[Received | SetAside]:
    """Read an export; what it calls a task by is no id of a document."""
    for number, (place, task) in enumerate(
        read_json_list(path, tool="Label Studio"), 1
    ):
        data = task.get("data") if isinstance(task, dict) else None
        text = _text(data) if isinstance(data, dict) else None
        if not isinstance(data, dict) or text is None:
            yield refused(place, str(number), "holds no text in its data")
            continue
        annotations = [one for one in task.get("annotations") or () if _is_dict(one)]
        given = [one for one in annotations if not one.get("was_cancelled")]
        opinions = [one for one in map(_opinion, given) if one is not None]
        yield Received(
            id=None if data.get("id") is None else str(data["id"]),
            text=text,
            source=str(data.get("source") or place),
            opinions=tuple(opinions),
            is_skipped=bool(annotations) and not given,
        )


def _choice(label: str | None) -> dict[str, Any]:
    return {
        "from_name": "label",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": [NONE_CHOICE if label is None else label]},
    }


def _opinion(annotation: dict[str, Any]) -> Opinion | None:
    for result in annotation.get("result") or ():
        if not _is_dict(result) or result.get("type") != "choices":
            continue
        label = one_label((result.get("value") or {}).get("choices") or [])
        if label is not None:
            named = None if label == NONE_CHOICE else label
            return Opinion(label=named, who=_who(annotation.get("completed_by")))
    return None


def _who(completed_by: Any) -> str | None:
    """Name who annotated: a number, or an object with an address."""
    if _is_dict(completed_by):
        completed_by = completed_by.get("email") or completed_by.get("id")
    return None if completed_by is None else str(completed_by)


def _text(data: dict[str, Any]) -> str | None:
    """Take the text: of the usual names, or else the longest value."""
    named = [data[name] for name in _TEXT_NAMES if isinstance(data.get(name), str)]
    if named:
        return str(named[0])
    others = [value for value in data.values() if isinstance(value, str)]
    return max(others, key=len) if others else None


def _is_dict(value: Any) -> bool:
    return isinstance(value, dict)
