"""The process that reads uploaded files; it may be ended at any time.

On standard input comes one line of JSON for each file: its ``path`` and the ``place``
that it is known by. On standard output goes ``{"ready": true}``; for each file one
line for each document or file set aside, then ``{"end": true}``.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TextIO, TypeVar

from longshot.errors import LongshotError
from longshot.reading import read_documents
from longshot.reading.tables.table import is_table
from longshot.records import Document, SetAside

T = TypeVar("T", Document, SetAside)


def limit_memory(most_bytes: int) -> None:
    """Let this process take no more memory, where the system can hold it to that."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; time is limited all the same
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        most_bytes = min(most_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, hard))


def serve(questions: TextIO, answers: TextIO, most_bytes: int) -> None:
    """Read each file that is named, and tell what is in it."""

    def tell(**answer: Any) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    tell(ready=True)
    for line in questions:
        asked = json.loads(line)
        for outcome in _outcomes(Path(asked["path"]), asked["place"], most_bytes):
            kind = "document" if isinstance(outcome, Document) else "set_aside"
            tell(**{kind: asdict(outcome)})
        tell(end=True)


def _outcomes(path: Path, place: str, most_bytes: int) -> Iterator[Document | SetAside]:
    """Give what is in a file, known by its place; rows of a table by theirs, too."""
    is_of_rows = is_table(path)

    def placed(one: T) -> T:
        is_row = is_of_rows and one.id != path.name
        known_by = f"{place}#{one.id}" if is_row else place
        return replace(one, id=known_by, source=place)

    set_aside: list[SetAside] = []
    try:
        for document in read_documents(path, on_set_aside=set_aside.append):
            yield from map(placed, set_aside)
            set_aside.clear()
            yield placed(document)
    except LongshotError as error:
        reason = f"cannot be read: {error}".replace(str(path), place)
        set_aside.append(SetAside(id=path.name, source=place, reason=reason))
    except MemoryError:
        set_aside.append(SetAside(id=path.name, source=place, reason="MemoryError"))
    for one in set_aside:
        yield replace(placed(one), reason=_reason(one.reason, most_bytes))


def _reason(reason: str, most_bytes: int) -> str:
    if "MemoryError" in reason:
        return f"takes more than {most_bytes / 1e6:,.0f} MB of memory to read"
    return reason


if __name__ == "__main__":
    _most_bytes = int(sys.argv[1])
    limit_memory(_most_bytes)
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    serve(sys.stdin, sys.stdout, _most_bytes)
