"""What runs in the cluster's workers: each loads the model once, and finishes work.

A worker gets work, and gives back the entry of what it finished: its results are
written by then. A document that fails is set aside by name; where a batch fails for
another reason, its documents are tried one by one.
"""

import pickle
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, TypeVar, runtime_checkable

import numpy as np

from longshot.classify import Classifier
from longshot.embedder import DocumentEmbedder
from longshot.encoding.scheduling import encode_jobs
from longshot.encoding.vector_file import StoredWindow
from longshot.errors import first_line
from longshot.records import Document, OnSetAside, SetAside
from longshot.report.classified.given import GivenLabels
from longshot.report.classified.rows import explained_row, prediction_row
from longshot.scale.engine import use_threads
from longshot.scale.kept import GivenWindows
from longshot.scale.manifest import WINDOWS, Entry, Manifest
from longshot.scale.parts import (
    LABELS,
    failed_row,
    read_windows,
    table_bytes,
    vector_row,
    vectors_table,
    windows_table,
)
from longshot.scale.place import Place
from longshot.scale.work import Work, block_key, unpacked

Batch = dict[str, Any]
Windows = list[tuple[Document, list[StoredWindow]]]
Made = TypeVar("Made")

VECTORS, FAILED = "vectors", "failed"
_FAILED_COLUMNS = ("id", "source", "reason")


def tried(
    documents: Sequence[Document],
    make: Callable[[Sequence[Document], OnSetAside], list[Made]],
    on_set_aside: OnSetAside,
) -> list[Made]:
    """Make something of documents; where that fails, of each by itself.

    Those that fail by themselves are set aside, with the reason.
    """
    aside: list[SetAside] = []
    try:
        made = make(documents, aside.append)
    except Exception as error:  # whatever a model or a strange text raises
        if len(documents) == 1:
            (failed,) = documents
            reason = f"failed ({first_line(error)})"
            on_set_aside(SetAside(id=failed.id, source=failed.source, reason=reason))
            return []
        each = (tried([document], make, on_set_aside) for document in documents)
        return [found for several in each for found in several]
    for one in aside:
        on_set_aside(one)
    return made


def load_windows(out: Place, name: str, n_blocks: int) -> Windows:
    """Read the windows of a piece of work, or of a long document's blocks."""
    if not n_blocks:
        return read_windows(out.read(f"{WINDOWS}/{name}.parquet"))
    blocks = [
        read_windows(out.read(f"{WINDOWS}/{block_key(name, block)}.parquet"))[0]
        for block in range(n_blocks)
    ]
    return [(blocks[0][0], [one for _, windows in blocks for one in windows])]


def encoded_block(work: Work, embedder: DocumentEmbedder) -> list[StoredWindow]:
    """Encode the windows of a block."""
    return [
        StoredWindow(one.window, one.layer_means, one.span_vectors)
        for one in encode_jobs(work.jobs, embedder.encoder, embedder.layers)
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What is asked of labels.

    Attributes
    ----------
    evidence, confidence, level
        As of :meth:`Classifier.classify_stream`.
    explain
        Whether all that spoke for each label, and against it, is wanted.
    given
        The labels of texts that a person labelled, which stand as they are.
    """

    evidence: bool = True
    confidence: float | None = None
    level: int | None = None
    explain: bool = False
    given: Mapping[str, Sequence[str] | None] = field(default_factory=dict)

    @property
    def of_decisions(self) -> dict[str, Any]:
        """What the classifier takes."""
        return {
            "evidence": self.evidence,
            "confidence": self.confidence,
            "level": self.level,
        }


@runtime_checkable
class Finisher(Protocol):
    """Makes results of documents, and writes them."""

    def finish(self, documents: Sequence[Document], part: "PartWriter") -> None:
        """Make what is wanted of some documents."""
        ...


@dataclass(slots=True)
class PartWriter:
    """Writes the results of one piece of work, and counts them."""

    out: Place
    name: str
    set_aside: list[SetAside]
    stage: str
    files: list[str] = field(default_factory=list)
    n_documents: int = 0
    n_tokens: int = 0

    def write(self, folder: str, content: bytes) -> None:
        """Write a result."""
        name = f"{folder}/{self.name}.parquet"
        self.out.write(name, content)
        self.files.append(name)

    def entry(self, seconds: float) -> Entry:
        """Write what failed, and give the entry of all of it."""
        if self.set_aside:
            rows = [failed_row(one) for one in self.set_aside]
            self.write(f"{FAILED}/{self.stage}", table_bytes(rows, _FAILED_COLUMNS))
        return Entry(
            key=self.name,
            n_documents=self.n_documents,
            n_failed=len(self.set_aside),
            n_tokens=self.n_tokens,
            seconds=seconds,
            files=tuple(self.files),
        )


class VectorsFinisher:
    """Gives each document its vector."""

    def __init__(self, embedder: DocumentEmbedder) -> None:
        self._embedder = embedder
        self._made = {
            **embedder.recipe.to_dict(),
            "fingerprint": embedder.fingerprint,
        }

    def finish(self, documents: Sequence[Document], part: PartWriter) -> None:
        """Write the vectors of some documents."""

        def rows(some: Sequence[Document], aside: OnSetAside) -> list[dict[str, Any]]:
            return [
                vector_row(one)
                for one in self._embedder.vectors(some, on_set_aside=aside)
            ]

        found = tried(documents, rows, part.set_aside.append)
        part.n_documents = len(found)
        part.n_tokens = sum(row["n_tokens"] for row in found)
        if found:
            part.write(VECTORS, vectors_table(found, self._made))


class LabelsFinisher:
    """Gives each document its label."""

    def __init__(self, classifier: Classifier, asked: Asked) -> None:
        self._classifier, self._asked = classifier, asked

    def finish(self, documents: Sequence[Document], part: PartWriter) -> None:
        """Write the labels of some documents."""
        found = tried(documents, self._decided, part.set_aside.append)
        part.n_documents = len(found)
        part.n_tokens = sum(int(row["n_tokens"]) for row in found)
        if found:
            part.write(LABELS, table_bytes(found, list(found[0])))

    def _decided(
        self, some: Sequence[Document], aside: OnSetAside
    ) -> list[dict[str, Any]]:
        given = GivenLabels(self._asked.given)
        decided = self._classifier.classify_stream(
            given.noting(some), on_set_aside=aside, **self._asked.of_decisions
        )
        as_row = explained_row if self._asked.explain else prediction_row
        return [dict(given.marked(as_row(one), one)) for one in decided]


class WindowsFinisher:
    """Keeps each document's windows, for a pile that is judged together later."""

    def __init__(self, embedder: DocumentEmbedder) -> None:
        self._embedder = embedder

    def finish(self, documents: Sequence[Document], part: PartWriter) -> None:
        """Write the windows of some documents."""
        from longshot.encoding.stored_vectors import stored_windows

        def windows(some: Sequence[Document], aside: OnSetAside) -> Windows:
            waiting = iter(some)
            found: Windows = []
            for vectors in self._embedder.vectors(some, on_set_aside=aside):
                document = next(d for d in waiting if d.id == vectors.document_id)
                found.append((document, stored_windows(vectors)))
                part.n_tokens += vectors.n_tokens
            return found

        found = tried(documents, windows, part.set_aside.append)
        part.n_documents = len(found)
        if found:
            part.write(WINDOWS, windows_table(found))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Task:
    """What workers are to do, as it is sent to them.

    Attributes
    ----------
    stage
        ``vectors``, ``labels`` or ``work`` (windows).
    embedder
        What encodes.
    classifier, asked
        What decides, and what is asked of it.
    """

    stage: str
    embedder: DocumentEmbedder
    classifier: Classifier | None = None
    asked: Asked = field(default_factory=Asked)


class Worker:
    """An actor: it holds the model, and finishes one piece of work after the other.

    Parameters
    ----------
    threads
        Processors that it computes on.
    task
        What it does, a packed :class:`Task`.
    address
        The folder of the results.
    """

    def __init__(self, threads: int, task: bytes, address: str) -> None:
        use_threads(threads)
        self._task: Task = pickle.loads(task)
        self._kept = GivenWindows()
        self._out = Place(address)
        self._embedder = self._task.embedder.with_cache(self._kept)
        self._embedder.load_ahead()  # while the first work is read

    def __call__(self, batch: Batch) -> Batch:
        """Finish work, or put a long document together; give the entries."""
        found = [self._finished(row) for row in rows_of(batch)]
        return {"entry": np.array([one.as_json() for one in found], object)}

    @cached_property
    def _finisher(self) -> Finisher:
        if self._task.stage == VECTORS:
            return VectorsFinisher(self._embedder)
        if self._task.stage == WINDOWS:
            return WindowsFinisher(self._embedder)
        assert self._task.classifier is not None
        classifier = self._task.classifier.with_embedder(self._embedder)
        return LabelsFinisher(classifier, self._task.asked)

    def _finished(self, row: dict[str, Any]) -> Entry:
        started = time.perf_counter()
        if "work" in row:
            work = unpacked(row["work"])
            if work.block is not None:
                return self._block(work, started)
            aside = list(work.set_aside)
            name, documents = work.name, list(work.documents)
        else:
            name, aside = str(row["name"]), []
            held = load_windows(self._out, name, int(row["n_blocks"]))
            self._kept.hold(self._embedder.fingerprint, held)
            documents = [document for document, _ in held]
        part = PartWriter(self._out, name, aside, self._task.stage)
        if documents:
            self._finisher.finish(documents, part)
        return self._noted(part, started)

    def _noted(self, part: PartWriter, started: float) -> Entry:
        entry = part.entry(time.perf_counter() - started)
        Manifest(self._out, self._task.stage).write(entry)
        return entry

    def _block(self, work: Work, started: float) -> Entry:
        """Encode a block; a document that fails there is set aside, and is done."""
        try:
            windows = encoded_block(work, self._embedder)
        except Exception as error:  # whatever a model raises
            (one,) = work.documents
            reason = f"failed ({first_line(error)})"
            aside = [SetAside(id=one.id, source=one.source, reason=reason)]
            part = PartWriter(self._out, work.name, aside, self._task.stage)
            return self._noted(part, started)
        content = windows_table([(work.documents[0], windows)])
        self._out.write(f"{WINDOWS}/{work.key}.parquet", content)
        entry = Entry(
            key=work.key,
            n_tokens=sum(one.window.n_new_tokens for one in windows),
            seconds=time.perf_counter() - started,
            block=work.block,
            is_last=work.is_last,
        )
        Manifest(self._out, WINDOWS).write(entry)
        return entry


def rows_of(batch: Batch) -> Iterator[dict[str, Any]]:
    """Give a batch's rows one by one."""
    names = list(batch)
    for values in zip(*(batch[name] for name in names), strict=True):
        yield dict(zip(names, values, strict=True))
