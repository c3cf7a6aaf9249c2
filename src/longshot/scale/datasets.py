"""From a Ray dataset to a Ray dataset: the same workers, and nothing is written.

Rows with ``id`` and ``text`` enter; a row for each document leaves, with ``reason``
where it failed. Long documents are cut, and their windows put together again by Ray's
own grouping; what is grouped of all others is the finished row.
"""

import hashlib
import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np

from longshot.classify import Classifier
from longshot.embedder import DocumentEmbedder
from longshot.recipe import Recipe
from longshot.records import Document, SetAside
from longshot.report.classified.rows import prediction_row
from longshot.scale.engine import (
    Workers,
    in_workers,
    packed,
    quiet,
    require_ray,
    use_threads,
)
from longshot.scale.kept import GivenWindows
from longshot.scale.parts import LABELS, typed_table, vector_row
from longshot.scale.work import (
    LONG_CHARACTERS,
    Work,
    blocks_of,
    embedder_of,
    unpacked,
)
from longshot.scale.workers import (
    VECTORS,
    Asked,
    Batch,
    Task,
    encoded_block,
    rows_of,
    tried,
)

_ROWS_AT_ONCE = 64
Row = dict[str, Any]


def embed_dataset(
    dataset: Any,
    recipe: Recipe | DocumentEmbedder | None = None,
    *,
    workers: Workers | None = None,
) -> Any:
    """Give each document of a Ray dataset its vector.

    Parameters
    ----------
    dataset
        A ``ray.data.Dataset`` with the columns ``id`` and ``text``.
    recipe
        What decides a vector, or an embedder under one.
    workers
        What encodes.

    Returns
    -------
    ray.data.Dataset
        ``id``, ``n_tokens``, ``n_windows``, ``coverage``, ``vector`` and ``reason``;
        in no order.
    """
    if not isinstance(recipe, DocumentEmbedder):
        recipe = DocumentEmbedder(recipe, cache=None)
    task = Task(stage=VECTORS, embedder=recipe)
    return _through(dataset, task, workers or Workers())


def classify_dataset(
    dataset: Any,
    classifier: Classifier,
    *,
    evidence: bool = True,
    confidence: float | None = None,
    level: int | None = None,
    workers: Workers | None = None,
) -> Any:
    """Give each document of a Ray dataset its label, judged by itself.

    A pile that is judged together has to be gone through several times, and kept in
    between: :func:`~longshot.scale.classify_files` does that.

    Parameters
    ----------
    dataset, workers
        As of :func:`embed_dataset`.
    classifier
        A fitted one.
    evidence, confidence, level
        As of :meth:`Classifier.classify_stream`.

    Returns
    -------
    ray.data.Dataset
        The columns of a table of labels, and ``reason``; in no order.
    """
    asked = Asked(evidence=evidence, confidence=confidence, level=level)
    task = Task(
        stage=LABELS,
        embedder=classifier.embedder_,
        classifier=classifier,
        asked=asked,
    )
    return _through(dataset, task, workers or Workers())


def _through(dataset: Any, task: Task, workers: Workers) -> Any:
    require_ray()
    embedder = packed(task.embedder)
    packed_task = packed(task)
    cut = quiet(dataset).map_batches(
        _cut,
        batch_size=_ROWS_AT_ONCE,
        fn_kwargs={"embedder": embedder},
        num_cpus=0.1,
    )
    made = in_workers(cut, _Encoding, workers, packed_task)
    grouped = made.groupby("key")
    return grouped.map_groups(
        _PutTogether, fn_constructor_args=(packed_task,), concurrency=1, num_cpus=0.1
    )


def _cut(batch: Batch, embedder: bytes) -> Iterator[Batch]:
    """Cut long documents of a batch; give work."""
    short: list[Document] = []
    found: list[Work] = []
    for row in rows_of(batch):
        document = Document(id=str(row["id"]), text=str(row["text"]))
        if len(document.text) <= LONG_CHARACTERS:
            short.append(document)
            continue
        found += blocks_of(_key(document), document, embedder_of(embedder))
    if short:
        found.append(Work(name="", documents=tuple(short)))
    for one in found:
        yield {"work": np.array([one.packed()], dtype=object)}


def _key(document: Document) -> str:
    content = f"{document.id}\0{document.text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16).hexdigest()


class _Making:
    """Makes rows of documents, as a task asks for them."""

    def __init__(self, task: Task) -> None:
        self.kept = GivenWindows()
        self.embedder = task.embedder.with_cache(self.kept)
        self._asked = task.asked
        self._classifier = None
        if task.classifier is not None:
            self._classifier = task.classifier.with_embedder(self.embedder)

    def rows(self, documents: list[Document]) -> Iterator[Row]:
        """Give a row for each document."""
        aside: list[SetAside] = []
        for row in tried(documents, self._made, aside.append):
            yield {**row, "reason": None}
        for one in aside:
            yield {"id": one.id, "reason": one.reason}

    def _made(self, some: Any, aside: Any) -> list[Row]:
        if self._classifier is None:
            vectors = self.embedder.vectors(some, on_set_aside=aside)
            return [vector_row(one) for one in vectors]
        decided = self._classifier.classify_stream(
            some, on_set_aside=aside, **self._asked.of_decisions
        )
        return [dict(prediction_row(one)) for one in decided]


class _Encoding:
    """An actor: it finishes short documents, and encodes the blocks of long ones."""

    def __init__(self, threads: int, task: bytes) -> None:
        use_threads(threads)
        self._making = _Making(pickle.loads(task))

    def __call__(self, batch: Batch) -> Iterator[Batch]:
        for row in rows_of(batch):
            work = unpacked(row["work"])
            if work.block is None:
                made = list(self._making.rows(list(work.documents)))
                keys = [f"{one['id']}" for one in made]
                yield _rows(keys, made)
            else:
                windows = encoded_block(work, self._making.embedder)
                content = (work.block, work.documents[0], windows)
                yield _rows([work.name], [content])


class _PutTogether:
    """Passes finished rows on, and finishes documents whose windows came in blocks."""

    def __init__(self, task: bytes) -> None:
        self._making = _Making(pickle.loads(task))

    def __call__(self, group: Batch) -> Any:
        found = [pickle.loads(one) for one in group["made"]]
        finished = [one for one in found if isinstance(one, dict)]
        blocks = sorted(
            (one for one in found if not isinstance(one, dict)), key=lambda one: one[0]
        )
        if blocks:
            finished += self._of_blocks(blocks)
        columns = list(dict.fromkeys(name for row in finished for name in row))
        return typed_table(finished, columns)

    def _of_blocks(self, blocks: list[Any]) -> list[Row]:
        # A document that came twice has each of its blocks twice.
        n_times = int(sum(one[0] == 0 for one in blocks))
        once = blocks[::n_times]
        document = once[0][1]
        windows = [one for _, _, some in once for one in some]
        fingerprint = self._making.embedder.fingerprint
        self._making.kept.hold(fingerprint, [(document, windows)])
        rows = list(self._making.rows([document]))
        return rows * n_times


def _rows(keys: list[str], made: list[Any]) -> Batch:
    packed = [pickle.dumps(one, pickle.HIGHEST_PROTOCOL) for one in made]
    return {"key": np.array(keys, object), "made": np.array(packed, object)}
