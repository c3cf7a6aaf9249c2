"""How fast a project answers: opening, listing, and deciding anew after a label.

    python -m benchmarks.serving.project 2000 20000 100000

Documents are made of words at random, some of a topic's and some of all; their vectors
are made up. Beside the time on the clock stands the processor's, which other programs
touch less. A fresh process opens the project, since a page starts cold.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from longshot.classify import DocumentFeatures
from longshot.classify.features.extraction import content_hash as content_number
from longshot.classify.features.lexical import count_title, count_words
from longshot.embedder import DocumentEmbedder
from longshot.machine.locations import projects_folder
from longshot.project import Decisions, Project
from longshot.project.adding import content_hash
from longshot.project.deciding.features import (
    SHARD_DOCUMENTS,
    FeatureStore,
    KnownDocuments,
    ReadCounts,
)
from longshot.recipe import Recipe
from longshot.records import Document
from tests.fakes import FakeEncoder

N_TOPICS, _WORDS_EACH, _COMMON, _LENGTH = 5, 400, 3000, 150
_LABELS = 20
_SPANS = 8

_OPEN = """
import sys, time, json
times = [(time.perf_counter(), time.process_time())]
def passed():
    times.append((time.perf_counter(), time.process_time()))
from longshot.project import DocumentQuery, Project
passed()
project = Project.open(sys.argv[1])
status = project.status()
page = project.documents(DocumentQuery(limit=50))
passed()
project.documents(DocumentQuery(order="least_sure", state="decided"))
passed()
project.standings()
passed()
project.audits.forecast()
passed()
print(json.dumps([(b[0] - a[0], b[1] - a[1]) for a, b in zip(times, times[1:])]))
"""
_OPENED = (
    "importing",
    "opening: status, first page",
    "a page of the least sure",
    "standings of all",
    "forecast",
)


class WideEncoder(FakeEncoder):
    """The fake model, as wide as the bundled one."""

    dim = 384
    fingerprint = "fb" * 32


def keep_features(project: Project, given: list[Document]) -> None:
    """Make up what a model would have said of documents, and put it into the cache.

    Vectors of a topic lie around its centre; words are those of the texts. Encoding as
    many real texts would take hours, and is not what is measured.
    """
    random_ = np.random.default_rng(7)
    centres = random_.normal(size=(N_TOPICS, WideEncoder.dim))
    folder = projects_folder() / project.id
    store = FeatureStore(folder, project.embedder)
    for start in range(0, len(given), SHARD_DOCUMENTS):
        some = given[start : start + SHARD_DOCUMENTS]
        topics = np.arange(start, start + len(some)) % N_TOPICS
        vectors = centres[topics] + 3 * random_.normal(size=(len(some), 384))
        layers = np.repeat(vectors[:, None], 3, axis=1)
        texts = [one.text for one in some]
        spans = 0.1 * random_.normal(size=(len(some), _SPANS, 384)) + vectors[:, None]
        n_tokens = np.full(len(some), _LENGTH)
        features = DocumentFeatures(
            vectors=vectors.astype(np.float32),
            layers=layers.astype(np.float32),
            head=spans[:, 0].astype(np.float32),
            spans=tuple(spans.astype(np.float16)),
            span_tokens=tuple(np.full(_SPANS, _LENGTH // _SPANS) for _ in some),
            words=count_words(texts),
            title_words=count_title(texts),
            n_tokens=n_tokens,
            content_hashes=np.array([content_number(one) for one in texts], np.uint64),
        )
        reading = ReadCounts(
            n_tokens=n_tokens,
            n_windows=np.ones(len(some), np.int64),
            n_unknown=np.zeros(len(some), np.int64),
            coverage=np.ones(len(some)),
        )
        hashes = tuple(map(content_hash, texts))
        store.keep(KnownDocuments(hashes=hashes, features=features, reading=reading))


def documents(n: int) -> Iterator[Document]:
    """Make documents, each of one topic."""
    random_ = random.Random(7)
    for number in range(n):
        topic = number % N_TOPICS
        words = [
            f"t{topic}w{random_.randrange(_WORDS_EACH)}"
            if random_.random() < 0.3
            else f"w{int(random_.random() ** 2 * _COMMON)}"
            for _ in range(_LENGTH)
        ]
        yield Document(id=f"doc-{number:06}", text=" ".join(words))


def measure(n: int, folder: Path) -> None:
    """Make a project of so many documents, and print how long each thing takes."""
    found: list[Decisions] = []
    embedder = DocumentEmbedder(Recipe(), encoder=WideEncoder())
    with Project.create(folder, who="bench", embedder=embedder) as project:
        given = list(documents(n))
        _tell(n, "adding", _timed(lambda: project.add(given)))
        keep_features(project, given)
        _tell(n, "loading features", _timed(project.encode))
        for number in range(_LABELS):
            project.label([f"doc-{number:06}"], f"topic-{number % N_TOPICS}")
        _tell(n, "deciding for the first time", _timed(project.classify))
        for number in range(_LABELS, _LABELS + 3):
            name, label = f"doc-{number:06}", f"topic-{number % N_TOPICS}"
            passed = _timed(partial(_relabelled, project, name, label, found))
            _tell(n, "from a label to every decision", passed)
        print(f"  {found[-1].n_changed:,} decisions written", flush=True)
        _tell(n, "undo and deciding", _timed(lambda: _undone(project)))
        _tell(n, "five suggestions", _timed(lambda: project.suggest(5)))
    run = subprocess.run(
        [sys.executable, "-c", _OPEN, str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    for what, passed in zip(_OPENED, json.loads(run.stdout), strict=True):
        _tell(n, what, tuple(passed))


def _undone(project: Project) -> None:
    project.undo()
    project.classify()


def _relabelled(
    project: Project, name: str, label: str, found: list[Decisions]
) -> None:
    project.label([name], label)
    found.append(project.classify())


def _timed(action: Callable[[], object]) -> tuple[float, float]:
    """Give the seconds on the clock, and the processor's."""
    started, began = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - started, time.process_time() - began


def _tell(n: int, what: str, passed: tuple[float, float]) -> None:
    clock, processor = passed
    print(f"{n:>8,}  {what:<40} {clock:8.2f} s {processor:8.2f} s", flush=True)


def main() -> None:
    """Measure for each number of documents."""
    for n in map(int, sys.argv[1:] or ["2000"]):
        with tempfile.TemporaryDirectory() as folder:
            measure(n, Path(folder) / "project")


if __name__ == "__main__":
    main()
