"""What goes in and out of a project, in whatever form: the values between.

Leaves: :class:`Known`, a document with all that stands in the project about it. Enters:
:class:`Received`, what a file says about a document. A form is a module that makes the
one into a file, and a file into the other; none of them sees the project.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longshot.errors import ReadingError
from longshot.project.records import Decision
from longshot.records import Document, SetAside


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A document with all that the project knows of it.

    Attributes
    ----------
    document
        The document.
    state, label, labelled_by, labelled_at
        What a person said; see :class:`~longshot.project.StoredDocument`.
    decision
        What was decided; None where nothing was.
    """

    document: Document
    state: str
    label: str | None
    labelled_by: str | None
    labelled_at: str | None
    decision: Decision | None

    @property
    def is_labelled(self) -> bool:
        """Whether a person gave its label."""
        return self.state == "labelled"

    @property
    def shown_label(self) -> str | None:
        """The person's label, or else the decision's."""
        if self.is_labelled:
            return self.label
        return None if self.decision is None else self.decision.label


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """A label that a file says a person gave; None for "none of these"."""

    label: str | None
    who: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """What a file says about a document.

    Attributes
    ----------
    id
        The document's; None where the file has none, so that it is known by its text.
    text
        Its text; None where the file only names a document of the project.
    source
        Where it stands, for people.
    opinions
        The labels that people gave it, in the order of the file.
    is_skipped
        Whether a person put it off.
    """

    id: str | None
    text: str | None
    source: str
    opinions: tuple[Opinion, ...] = ()
    is_skipped: bool = False

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Received":
        """Make it of what :func:`dataclasses.asdict` gave, as JSON hands it on."""
        opinions = tuple(Opinion(**one) for one in values["opinions"])
        return cls(**{**values, "opinions": opinions})


Shaped = Callable[[Known, tuple[str, ...]], dict[str, Any]]
"""Gives a document in another tool's shape; told of all labels."""


def read_json_list(path: Path, *, tool: str) -> Iterator[tuple[str, Any]]:
    """Give the objects of a JSON array or of JSON lines, each with its place.

    Raises
    ------
    ReadingError
        If the file holds neither.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        if text.lstrip().startswith("["):
            items = json.loads(text)
        else:
            items = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, ValueError, RecursionError) as error:
        raise ReadingError(
            f"an export of {tool} must be JSON; {path} is not "
            f"({type(error).__name__}). Export it again."
        ) from error
    for number, item in enumerate(items, start=1):
        yield f"{path}, item {number}", item


def refused(place: str, number: str, reason: str) -> SetAside:
    """Set an item of a file aside."""
    return SetAside(id=number, source=place, reason=reason)


def json_lines(items: Iterable[dict[str, Any]]) -> str:
    """Write one JSON object per line."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in items)


def json_array(items: Iterable[dict[str, Any]]) -> str:
    """Write a JSON array, one object after the other."""
    return json.dumps(list(items), ensure_ascii=False, indent=1) + "\n"


def one_label(labels: list[Any]) -> str | None:
    """Take the label of a list; None where it holds none.

    A document of a project has one label: of several, the first one counts.
    """
    named = [str(one) for one in labels if str(one).strip()]
    return named[0] if named else None
