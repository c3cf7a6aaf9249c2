"""The process that reads uploaded files; it may be ended at any time.

On standard input comes one line of JSON for each file: its ``path`` and the ``place``
that it is known by; or the ``path`` and ``form`` of an import. On standard output goes
``{"ready": true}``; for each file one line for each document, or each thing that an
import says of one, or file set aside; then ``{"end": true}``.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TextIO

from longshot.errors import LongshotError
from longshot.project.adding import Found, placed
from longshot.project.exchange.base import Received
from longshot.project.exchange.importing import read_form
from longshot.reading import read_documents
from longshot.records import Document, SetAside
from longshot.records.forms import ExchangeForm


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
        path = Path(asked["path"])
        found: Iterator[Document | Received | SetAside | str]
        if "form" in asked:
            found = _imported(path, asked["form"], most_bytes)
        else:
            found = _outcomes(path, asked["place"], most_bytes)
        for one in found:
            tell(**{_KINDS[type(one)]: one if isinstance(one, str) else asdict(one)})
        tell(end=True)


_KINDS = {
    Document: "document",
    Received: "received",
    SetAside: "set_aside",
    str: "error",
}


def _imported(
    path: Path, form: ExchangeForm, most_bytes: int
) -> Iterator[Received | SetAside | str]:
    """Give what an import says of documents; in the end, why it cannot be read."""
    try:
        for one in read_form(path, form):
            yield replace(one, source=one.source.replace(str(path), path.name))
    except LongshotError as error:
        yield str(error).replace(str(path), path.name)
    except MemoryError:
        yield (
            f"a file to import must be readable within the server's limits; "
            f"{path.name} {_reason('MemoryError', most_bytes)}. Import it in parts."
        )


def _outcomes(path: Path, place: str, most_bytes: int) -> Iterator[Document | SetAside]:
    """Give what is in a file, known by its place; rows and parts by theirs, too."""

    def of_place(one: Found) -> Found:
        source = one.source.replace(str(path), place)
        return replace(placed(one, path, place), source=source)

    set_aside: list[SetAside] = []
    try:
        for document in read_documents(path, on_set_aside=set_aside.append):
            yield from map(of_place, set_aside)
            set_aside.clear()
            yield of_place(document)
    except LongshotError as error:
        reason = f"cannot be read: {error}".replace(str(path), place)
        set_aside.append(SetAside(id=path.name, source=place, reason=reason))
    except MemoryError:
        set_aside.append(SetAside(id=path.name, source=place, reason="MemoryError"))
    for one in set_aside:
        yield replace(of_place(one), reason=_reason(one.reason, most_bytes))


def _reason(reason: str, most_bytes: int) -> str:
    if "MemoryError" in reason:
        return f"takes more than {most_bytes / 1e6:,.0f} MB of memory to read"
    return reason


if __name__ == "__main__":
    _most_bytes = int(sys.argv[1])
    limit_memory(_most_bytes)
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    serve(sys.stdin, sys.stdout, _most_bytes)
