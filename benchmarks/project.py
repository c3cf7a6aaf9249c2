"""How fast a project answers: opening, listing, and deciding anew after a label.

    python -m benchmarks.project 2000 20000 100000

Documents are made of words at random, some of a topic's and some of all, and read by
the fake model of the tests with vectors of 384 dimensions: how they come to be is not
what is measured. A fresh process opens the project, since a page starts cold.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from longshot.embedder import DocumentEmbedder
from longshot.project import Project
from longshot.recipe import Recipe
from longshot.records import Document
from tests.fakes import FakeEncoder

_TOPICS, _WORDS_EACH, _COMMON, _LENGTH = 5, 400, 3000, 150
_LABELS = 20

_OPEN = """
import sys, time, json
started = time.perf_counter()
from longshot.project import DocumentQuery, Project
project = Project.open(sys.argv[1])
status = project.status()
page = project.documents(DocumentQuery(limit=50))
first = time.perf_counter() - started
started = time.perf_counter()
project.documents(DocumentQuery(order="least_sure", state="decided"))
sorted_s = time.perf_counter() - started
started = time.perf_counter()
project.standings()
standings_s = time.perf_counter() - started
print(json.dumps([first, sorted_s, standings_s]))
"""


class WideEncoder(FakeEncoder):
    """The fake model, as wide as the bundled one."""

    dim = 384
    fingerprint = "fb" * 32


def documents(n: int) -> Iterator[Document]:
    """Make documents, each of one topic."""
    random_ = random.Random(7)
    for number in range(n):
        topic = number % _TOPICS
        words = [
            f"t{topic}w{random_.randrange(_WORDS_EACH)}"
            if random_.random() < 0.3
            else f"w{int(random_.random() ** 2 * _COMMON)}"
            for _ in range(_LENGTH)
        ]
        yield Document(id=f"doc-{number:06}", text=" ".join(words))


def measure(n: int, folder: Path) -> None:
    """Make a project of so many documents, and print how long each thing takes."""
    embedder = DocumentEmbedder(Recipe(), encoder=WideEncoder())
    with Project.create(folder, who="bench", embedder=embedder) as project:
        _tell(n, "adding", _timed(lambda: project.add(documents(n))))
        _tell(n, "reading (fake model)", _timed(project.encode))
        for number in range(_LABELS):
            project.label([f"doc-{number:06}"], f"topic-{number % _TOPICS}")
        _tell(n, "deciding for the first time", _timed(project.classify))
        for number in range(_LABELS, _LABELS + 3):
            started = time.perf_counter()
            project.label([f"doc-{number:06}"], f"topic-{number % _TOPICS}")
            found = project.classify()
            _tell(n, "from a label to every decision", time.perf_counter() - started)
        print(f"  {found.n_changed:,} decisions written", flush=True)
        _tell(n, "undo and deciding", _timed(lambda: _undone(project)))
        _tell(n, "five suggestions", _timed(lambda: project.suggest(5)))
    run = subprocess.run(
        [sys.executable, "-c", _OPEN, str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    first, by_confidence, standings = json.loads(run.stdout)
    _tell(n, "opening: imports, status, first page", first)
    _tell(n, "a page of the least sure", by_confidence)
    _tell(n, "standings of all", standings)


def _undone(project: Project) -> None:
    project.undo()
    project.classify()


def _timed(action: object) -> float:
    started = time.perf_counter()
    action()  # type: ignore[operator]
    return time.perf_counter() - started


def _tell(n: int, what: str, seconds: float) -> None:
    print(f"{n:>8,}  {what:<40} {seconds:8.2f} s", flush=True)


def main() -> None:
    """Measure for each number of documents."""
    for n in map(int, sys.argv[1:] or ["2000"]):
        with tempfile.TemporaryDirectory() as folder:
            measure(n, Path(folder) / "project")


if __name__ == "__main__":
    main()
