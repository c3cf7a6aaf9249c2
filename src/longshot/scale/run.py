"""From files to files: what ``longshot classify`` and ``embed`` do with ``--cluster``.

Work goes to the workers as it is read, and each piece is finished by itself. Long
documents are put together when all of their windows are there; a pile is judged
together when all of its documents are. What is finished is in the manifest, and a run
that is started again goes on from there.
"""

import hashlib
import json
import pickle
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from longshot.classify import Classifier
from longshot.embedder import DocumentEmbedder
from longshot.errors import SettingError
from longshot.reading.tables.columns import Columns
from longshot.scale.engine import (
    HERE,
    Workers,
    connected,
    in_tasks,
    in_workers,
    packed,
    quiet,
    told_in_one_line,
)
from longshot.scale.manifest import (
    SUMS_FILE,
    WINDOWS,
    Entry,
    Manifest,
    long_documents,
)
from longshot.scale.parts import LABELS
from longshot.scale.place import Place
from longshot.scale.sources import (
    Source,
    found_sources,
    listing_digest,
    total_bytes,
)
from longshot.scale.work import embedder_of, work_characters, work_of
from longshot.scale.workers import VECTORS, Asked, Task, Worker

_SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """How far a run is.

    Attributes
    ----------
    step
        What is being done.
    n_documents, n_failed, n_tokens
        Finished in this run, and by those before it.
    n_new_tokens, seconds
        Read in this run, and how long it takes so far.
    price_per_hour
        Of the whole cluster; None where nobody said.
    """

    step: str
    n_documents: int
    n_failed: int
    n_tokens: int
    n_new_tokens: int
    seconds: float
    price_per_hour: float | None = None

    @property
    def tokens_per_second(self) -> float:
        """The speed of this run."""
        return self.n_new_tokens / max(self.seconds, 1e-9)

    @property
    def cost(self) -> float | None:
        """What this run has cost so far."""
        if self.price_per_hour is None:
            return None
        return self.price_per_hour * self.seconds / _SECONDS_PER_HOUR


OnTold = Callable[[Told], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster:
    """Where a run computes, and what is told of it.

    Attributes
    ----------
    address
        As :func:`~longshot.scale.engine.connected` takes it.
    workers
        What encodes and decides.
    price_per_hour
        Of the whole cluster, in any currency.
    on_told
        Told how far it is, after each piece of work.
    """

    address: str = HERE
    workers: Workers = field(default_factory=Workers)
    price_per_hour: float | None = None
    on_told: OnTold | None = None


def embed_files(
    documents: str,
    out: str,
    embedder: DocumentEmbedder,
    *,
    text_column: str = "text",
    id_column: str = "id",
    cluster: Cluster | None = None,
) -> Told:
    """Turn files into vectors, on a cluster.

    Parameters
    ----------
    documents
        A file, a folder or a pattern, as a path or an address.
    out
        The folder of the results: ``vectors/``, ``failed/`` and ``manifest.json``.
    embedder
        What encodes.
    text_column, id_column
        Of tables.
    cluster
        Where it is computed; on this machine by default.

    Returns
    -------
    Told
        What was done in the end.

    Raises
    ------
    ReadingError
        If there is nothing to read.
    OutputError
        If the results cannot be written, or the folder holds those of something else.
    """
    run = _Run(out, cluster, Columns(text=text_column, id=id_column), documents)
    run.begin({"what": "vectors", "recipe": embedder.fingerprint})
    if not run.is_finished:
        with run.connected():
            run.encode(Task(stage=VECTORS, embedder=embedder))
    return run.finish(VECTORS)


def classify_files(
    documents: str,
    out: str,
    classifier: Classifier,
    *,
    pile: bool = True,
    evidence: bool = True,
    confidence: float | None = None,
    level: int | None = None,
    explain: bool = False,
    given: Mapping[str, Sequence[str] | None] | None = None,
    text_column: str = "text",
    id_column: str = "id",
    cluster: Cluster | None = None,
) -> Told:
    """Label files, on a cluster.

    Parameters
    ----------
    documents, out, text_column, id_column, cluster
        As of :func:`embed_files`; the results are in ``labels/``.
    classifier
        A fitted one.
    pile, evidence, confidence, level
        As of :meth:`Classifier.classify`. Sets of labels are given without the pile
        only.
    explain
        Whether all that spoke for each label, and against it, is wanted.
    given
        The labels of texts that a person labelled: they stand as they are, and what was
        decided stands beside them.

    Raises
    ------
    ReadingError, OutputError
        As :func:`embed_files`.
    SettingError
        If sets of labels are asked for with the pile.
    """
    in_parts = classifier.pile_in_parts if pile else None
    check_possible(
        read=classifier.read,
        pile=in_parts is not None,
        confidence=confidence,
        names_model=classifier.names_model,
    )
    embedder = classifier.embedder_
    asked = Asked(
        evidence=evidence,
        confidence=confidence,
        level=level,
        explain=explain,
        given=given or {},
    )
    run = _Run(out, cluster, Columns(text=text_column, id=id_column), documents)
    run.begin(
        {
            "what": "labels",
            "recipe": embedder.fingerprint,
            "classifier": classifier_digest(classifier),
            "pile": in_parts is not None,
            **asked.of_decisions,
            "explain": explain,
            "given": _digest(sorted(asked.given.items())),
        }
    )
    task = Task(stage=LABELS, embedder=embedder, classifier=classifier, asked=asked)
    if run.is_finished:
        return run.finish(LABELS)
    with run.connected():
        if in_parts is None:
            run.encode(task)
        else:
            run.encode(Task(stage=WINDOWS, embedder=embedder))
            run.decide_together(task)
    return run.finish(LABELS)


def check_possible(
    *,
    read: str,
    pile: bool,
    confidence: float | None,
    names_model: str | None,
) -> None:
    """Find out before any work whether a cluster can do what is asked.

    Raises
    ------
    SettingError
        If it cannot.
    """
    if pile and confidence is not None:
        raise SettingError(
            "--confidence on a cluster must be asked for without the pile, which would "
            "have to be judged once for each fold of the examples. Give --no-pile."
        )
    if read != "all":
        raise SettingError(
            f"read must be all on a cluster; got {read}. Read every document whole."
        )
    if names_model is not None:
        raise SettingError(
            f"names_model cannot be asked on a cluster; got {names_model}. Leave it "
            "out, or classify on one machine."
        )


def classifier_digest(classifier: Classifier) -> str:
    """Give what stands for a fitted classifier: its settings and its examples."""
    content = {
        "head": classifier.head,
        "names": classifier.names,
        "unknown": classifier.unknown,
        "classes": [str(one) for one in classifier.classes_],
        "descriptions": [list(map(str, o)) for o in classifier.descriptions_.items()],
        "examples": [[o.id, str(o.label)] for o in classifier.support_.examples],
    }
    hashes = classifier.support_.features.content_hashes
    return _digest([content, hashes.tobytes().hex()])


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


class _Run:
    """A run, from its beginning to its sums."""

    def __init__(
        self, out: str, cluster: Cluster | None, columns: Columns, documents: str
    ) -> None:
        self._out = Place(out)
        self._cluster = cluster or Cluster()
        self._columns = columns
        self._sources = found_sources(documents, columns)
        self._started = time.perf_counter()
        self._counted: set[str] = set()
        self._sums: Counter[str] = Counter()
        self._n_new_tokens = 0
        self._step = "encoding"

    def begin(self, asked: dict[str, Any]) -> None:
        """Begin it, or go on with what is there."""
        columns = [self._columns.text, self._columns.id]
        documents = listing_digest(self._sources)
        whole = {**asked, "columns": columns, "documents": documents}
        Manifest(self._out, LABELS).begin(whole)

    @property
    def is_finished(self) -> bool:
        """Whether an earlier run has finished it all."""
        return self._out.has(SUMS_FILE)

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Connect to the cluster, and say in one line where it gives up."""
        with connected(self._cluster.address), told_in_one_line():
            yield

    def encode(self, task: Task) -> None:
        """Read all documents, and let workers finish them."""
        import ray

        embedder = ray.put(packed(task.embedder))
        done = self._known(task.stage)
        rows = [{"source": packed(one)} for one in self._sources]
        sources = quiet(ray.data.from_items(rows))
        work = in_tasks(
            sources,
            _work_rows,
            self._cluster.workers,
            columns=self._columns,
            embedder=embedder,
            done=ray.put(done),
            most_characters=work_characters(total_bytes(self._sources)),
        )
        self._through(work, task)
        if task.stage != WINDOWS:
            self._put_together(task)

    def _put_together(self, task: Task) -> None:
        """Let workers finish the long documents, whose windows are all there now."""
        blocks = Manifest(self._out, WINDOWS).entries()
        done = self._known(task.stage)
        waiting = [
            {"name": name, "n_blocks": n_blocks}
            for name, n_blocks in long_documents(blocks)
            if name not in done
        ]
        self.each(waiting, task)

    def decide_together(self, task: Task) -> None:
        """Learn from the whole pile, and let workers decide about all of it."""
        from longshot.scale.pile import learned_from

        assert task.classifier is not None
        parts = self._parts()
        self._step = "learning from the pile"
        pile = learned_from(task.classifier, parts, self._out, self._cluster.workers)
        classifier = task.classifier if pile is None else task.classifier.among(pile)
        self._step = "deciding"
        done = {one.key for one in Manifest(self._out, LABELS).entries()}
        waiting = [one for one in parts if one["name"] not in done]
        asked = Task(
            stage=LABELS,
            embedder=task.embedder,
            classifier=classifier,
            asked=task.asked,
        )
        self.each(waiting, asked)

    def _parts(self) -> list[dict[str, Any]]:
        """Give the parts of the pile, in reading order."""
        entries = Manifest(self._out, WINDOWS).entries()
        whole = [
            {"name": one.name, "n_blocks": 0}
            for one in entries
            if one.block is None and one.n_documents
        ]
        long = [{"name": name, "n_blocks": n} for name, n in long_documents(entries)]
        return sorted([*whole, *long], key=lambda one: str(one["name"]))

    def each(self, rows: list[dict[str, Any]], task: Task) -> None:
        """Let workers finish parts whose windows are there."""
        import ray

        if rows:
            self._through(quiet(ray.data.from_items(rows)), task, is_new=False)

    def _through(self, dataset: Any, task: Task, *, is_new: bool = True) -> None:
        made = in_workers(
            dataset, Worker, self._cluster.workers, packed(task), self._out.address
        )
        for row in made.iter_rows():
            entry = Entry.of(row["entry"])
            self._count(entry)
            self._n_new_tokens += entry.n_tokens if is_new else 0
            if self._cluster.on_told is not None:
                self._cluster.on_told(self._told(self._sums))

    def _count(self, entry: Entry) -> None:
        """Count a finished piece of work, once; of long documents, the last step."""
        if entry.block is None and entry.key not in self._counted:
            self._counted.add(entry.key)
            self._sums.update(entry.counts)

    def _known(self, stage: str) -> frozenset[str]:
        """Give the keys of what is finished, blocks of long documents included."""
        found = Manifest(self._out, stage).entries()
        if stage != WINDOWS:
            found += Manifest(self._out, WINDOWS).entries()
        for one in found:
            self._count(one)
        return frozenset(one.key for one in found)

    def _told(self, sums: Mapping[str, int]) -> Told:
        return Told(
            step=self._step,
            n_documents=sums["n_documents"],
            n_failed=sums["n_failed"],
            n_tokens=sums["n_tokens"],
            n_new_tokens=self._n_new_tokens,
            seconds=time.perf_counter() - self._started,
            price_per_hour=self._cluster.price_per_hour,
        )

    def finish(self, stage: str) -> Told:
        """Write the sums."""
        entries = Manifest(self._out, stage).entries()
        if stage == LABELS:
            # Where a pile is judged together, what failed was set aside before.
            entries += [
                replace(one, n_documents=0, n_tokens=0)
                for one in Manifest(self._out, WINDOWS).entries()
                if one.block is None and one.n_failed
            ]
        self._step = "finished"
        return self._told(Manifest(self._out, stage).finish(entries))


def _work_rows(
    row: dict[str, Any],
    columns: Columns,
    embedder: Any,
    done: Any,
    most_characters: int,
) -> Iterator[dict[str, bytes]]:
    """Read one source, in a task."""
    import ray

    source = pickle.loads(row["source"])
    assert isinstance(source, Source)
    cut_by = embedder_of(ray.get(embedder))
    finished = ray.get(done)
    for work in work_of(source, columns, cut_by, finished, most_characters):
        yield {"work": work.packed()}
