"""A project whose processes are killed at random moments, in the middle of writing.

What must hold after every kill: the project opens; all that was acknowledged stands in
its log; what is written beside documents is what the log comes to; every text is the
one that was added; the database itself finds no fault.

A process that works is forked from one that has everything imported, so that a kill
costs a second and not ten. It says on a pipe what it has done once that is done.
"""

import json
import os
import random
import select
import shutil
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import alembic.command
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy import select as ask

from benchmarks.hostile.kills import Killed
from longshot.embedder import DocumentEmbedder
from longshot.project import Project, audits, log
from longshot.project.adding import content_hash
from longshot.project.database import Database, migrate
from longshot.project.database.migrating import HEAD, version_of
from longshot.project.database.schema import (
    decisions,
    documents,
    entries,
    opinions,
    states,
    texts,
)
from longshot.project.deciding import decider
from longshot.recipe import Recipe
from longshot.records import Document
from tests.fakes import FakeEncoder

_LOADED = alembic.command, audits, decider
"""What a project imports when it needs it: here before the processes are forked."""

KINDS = ("add", "label", "classify", "audit", "migrate")
_LABELS = ("lease", "report", "letter")
_LONGEST_S = 1.0
"""Of a process's life; it opens the project in a tenth of it."""
_MOST_RUNS = 4
"""For each kill that is wanted: some have done their work before."""
_FIRST_DOCUMENTS = 60

Say = Callable[[dict[str, Any]], None]


@dataclass(slots=True)
class Acknowledged:
    """What processes said that they had done, before they were killed."""

    entries: dict[int, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    answers: list[tuple[int, str]] = field(default_factory=list)

    def take_in(self, told: dict[str, Any]) -> None:
        """Note one thing."""
        if "entry" in told:
            self.entries[told["entry"]] = told["kind"]
        self.ids.update(told.get("ids", ()))
        if "state" in told:
            self.states.add(told["state"])
        if "answer" in told:
            audit, id_ = told["answer"]
            self.answers.append((audit, id_))


def kill_projects(
    folder: Path, n_kills: int, seed: int, address: str | None = None
) -> Iterator[Killed]:
    """Kill processes of every kind, `n_kills` times altogether.

    Parameters
    ----------
    folder
        To work in.
    n_kills, seed
        How often, and what the moments are drawn from.
    address
        Of a PostgreSQL server; SQLite where there is none.
    """
    os.environ["LONGSHOT_CACHE"] = str(folder / "cache")
    place = _Place(folder, address)
    if told := _in_child(partial(_begin, place)):
        raise SystemExit(f"no project could be made: {told}")
    acknowledged = Acknowledged()
    for number, kind in enumerate(KINDS):
        n = n_kills // len(KINDS) + (number < n_kills % len(KINDS))
        moments = random.Random(f"{seed} {kind}")
        failures, n_ended, run, started = [], 0, 0, time.perf_counter()
        longest_s = _migration_s(place) if kind == "migrate" else _LONGEST_S
        while run - n_ended < n and run < _MOST_RUNS * n:
            run += 1
            if kind == "migrate":
                place.renew_old()
            moment = moments.uniform(0, longest_s)
            had_ended, told = _killed(place, kind, f"{seed}-{kind}-{run}", moment)
            n_ended += had_ended
            for one in told:
                acknowledged.take_in(one)
            check = _check_old if kind == "migrate" else _check
            told += _in_child(partial(check, place, acknowledged))
            for one in told:
                acknowledged.take_in(one)
                if "wrong" in one:
                    failures.append(f"{run} after {moment:.3f} s: {one['wrong']}")
        yield Killed(
            what=f"{kind} ({'PostgreSQL' if address else 'SQLite'})",
            n_kills=run - n_ended,
            n_ended=n_ended,
            seconds=(time.perf_counter() - started) / max(run, 1),
            failures=tuple(failures),
        )
    n_entries = len(acknowledged.entries) + len(acknowledged.answers)
    print(f"{n_entries:,} entries and {len(acknowledged.ids):,} documents acknowledged")


def _migration_s(place: "_Place") -> float:
    """Tell how long a migration takes that nobody kills."""
    place.renew_old()
    started = time.perf_counter()
    _in_child(partial(_migrate, place, ""))
    return time.perf_counter() - started


class _Place:
    """Where the project lies, and an older one to migrate."""

    def __init__(self, folder: Path, address: str | None) -> None:
        self._address = address
        self.folder = folder / "project"
        self.old = folder / "old"
        self._template = folder / "template"
        self.database = None if address is None else self._database("alive")

    def embedder(self) -> DocumentEmbedder:
        return DocumentEmbedder(Recipe(), encoder=FakeEncoder())

    def opened(self) -> Project:
        return Project.open(self.folder, embedder=self.embedder())

    def make_template(self) -> None:
        """Make a project of the first version, with documents and labels."""
        url = f"sqlite:///{self._template}"
        if self._address is not None:
            url = self._database("template")
        database = Database(url, name="template")
        migrate(database, target="0001")
        with database.writing() as connection:
            _fill_first_version(connection)
        if database.is_sqlite:
            with database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()

    def renew_old(self) -> None:
        """Put the older project back."""
        shutil.rmtree(self.old, ignore_errors=True)
        self.old.mkdir()
        if self._address is None:
            shutil.copyfile(self._template, self.old / "project.sqlite")
            return
        url = self._database("old", template="template")
        told = json.dumps({"database": url})
        (self.old / "project.json").write_text(told, encoding="utf-8")

    def _database(self, name: str, template: str = "template0") -> str:
        assert self._address is not None
        engine = create_engine(self._address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        engine.dispose()
        return make_url(self._address).set(database=name).render_as_string()


# --- processes ------------------------------------------------------------------------


def _forked(work: Callable[[Say], None]) -> tuple[int, int]:
    """Start work in a process of its own; give its number and where it speaks."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    code = 1
    try:
        os.close(reading)

        def say(told: dict[str, Any]) -> None:
            os.write(writing, f"{json.dumps(told)}\n".encode())

        work(say)
        code = 0
    except BaseException:
        os.write(writing, f"{json.dumps({'wrong': traceback.format_exc()})}\n".encode())
    finally:
        os._exit(code)


def _heard(reading: int) -> list[dict[str, Any]]:
    """Read what was said to its end; a last line that breaks off was not said."""
    data = b""
    while piece := os.read(reading, 1 << 16):
        data += piece
    os.close(reading)
    return [json.loads(line) for line in data.split(b"\n")[:-1]]


def _in_child(work: Callable[[Say], None]) -> list[dict[str, Any]]:
    child, reading = _forked(work)
    told = _heard(reading)
    os.waitpid(child, 0)
    return told


def _killed(
    place: _Place, kind: str, run: str, moment: float
) -> tuple[bool, list[dict[str, Any]]]:
    child, reading = _forked(partial(_WORK[kind], place, run))
    # It works until it is killed, unless its work has an end.
    deadline = time.monotonic() + moment
    has_ended = False
    while (left := deadline - time.monotonic()) > 0 and not has_ended:
        select.select([], [], [], min(left, 0.02))
        has_ended = os.waitpid(child, os.WNOHANG)[0] == child
    if not has_ended:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return has_ended, _heard(reading)


# --- work -----------------------------------------------------------------------------


def _begin(place: _Place, say: Say) -> None:
    with Project.create(
        place.folder,
        database=place.database,
        who="first",
        embedder=place.embedder(),
    ) as project:
        project.add(_documents("first", _FIRST_DOCUMENTS))
        project.label([f"first-{n}" for n in range(0, 20)], "lease")
        project.label([f"first-{n}" for n in range(20, 40)], "report")
        project.classify()
    place.make_template()


def _documents(name: str, n: int, start: int = 0) -> list[Document]:
    return [
        Document(id=f"{name}-{number}", text=f"Paper {number} of {name}. " * 40)
        for number in range(start, start + n)
    ]


def _add(place: _Place, run: str, say: Say) -> None:
    with place.opened() as project:
        for number in count():
            batch = _documents(run, 5, 5 * number)
            project.add(batch)
            say({"ids": [one.id for one in batch]})


def _label(place: _Place, run: str, say: Say) -> None:
    generator = random.Random(run)
    with place.opened() as project:
        ids = [one.id for one in project.standings()]
        while True:
            some = generator.sample(ids, generator.choice([1, 1, 3, 40]))
            action = generator.randrange(6)
            if action == 0:
                entry = project.undo()
            elif action == 1:
                entry = project.forget(some)
            else:
                entry = project.label(some, generator.choice(_LABELS))
            if entry is not None:
                say({"entry": entry.number, "kind": entry.kind})


def _classify(place: _Place, run: str, say: Say) -> None:
    generator = random.Random(run)
    with place.opened() as project:
        ids = [one.id for one in project.standings()]
        while True:
            entry = project.label([generator.choice(ids)], generator.choice(_LABELS))
            say({"entry": entry.number, "kind": entry.kind})
            say({"state": project.classify().state})


def _audit(place: _Place, run: str, say: Say) -> None:
    generator = random.Random(run)
    with place.opened() as project:
        while True:
            audit = project.audits.start(20)
            for id_ in audit.document_ids:
                project.audits.answer(audit.id, id_, generator.choice(_LABELS))
                say({"answer": [audit.id, id_]})


def _migrate(place: _Place, run: str, say: Say) -> None:
    Project.open(place.old, embedder=place.embedder()).close()


_WORK: dict[str, Callable[[_Place, str, Say], None]] = {
    "add": _add,
    "label": _label,
    "classify": _classify,
    "audit": _audit,
    "migrate": _migrate,
}


# --- checks ---------------------------------------------------------------------------


def _check(place: _Place, acknowledged: Acknowledged, say: Say) -> None:
    with place.opened() as project:
        database = project._database
        with database.reading() as connection:
            wrong = [
                *_faults(connection, is_sqlite=database.is_sqlite),
                *_lost(connection, acknowledged),
                *_odd_texts(connection),
                *_odd_decisions(connection),
            ]
        wrong += _unsettled(database)
        for audit in {audit for audit, _ in acknowledged.answers}:
            found = project.audits.numbered(audit)
            assert found is not None
            given = set(found.document_ids[: len(found.answers)])
            asked = {id_ for one, id_ in acknowledged.answers if one == audit}
            wrong += [f"the answer on {one} is lost" for one in sorted(asked - given)]
        # Whoever comes next can write at once.
        entry = project.label(["first-0"], "lease")
        say({"entry": entry.number, "kind": "label"})
        project.undo()
    for one in wrong:
        say({"wrong": one})


def _check_old(place: _Place, _acknowledged: Acknowledged, say: Say) -> None:
    with Project.open(place.old, embedder=place.embedder()) as project:
        with project._database.reading() as connection:
            if version_of(connection) != HEAD:
                say({"wrong": "it is not of this version"})
            for one in _faults(connection, is_sqlite=project._database.is_sqlite):
                say({"wrong": one})
        if len(project.examples()) != _FIRST_DOCUMENTS:
            say({"wrong": "labels are lost"})
        if project.audits.latest() is not None:
            say({"wrong": "there is an audit"})
    for path in place.old.glob("project-before-migration-*.sqlite"):
        copy = Database(f"sqlite:///{path}", name="copy")
        with copy.reading() as connection:
            n = len(connection.execute(ask(documents.c.number)).all())
            if version_of(connection) != "0001" or n != _FIRST_DOCUMENTS:
                say({"wrong": "the copy is not whole"})
    for path in place.old.glob(".*unfinished*"):
        say({"wrong": f"{path.name} was left behind"})


def _faults(connection: Connection, *, is_sqlite: bool) -> Iterator[str]:
    if not is_sqlite:  # PostgreSQL checks keys as it writes, and its pages as it reads
        return
    for pragma, sound in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
        found = connection.exec_driver_sql(f"PRAGMA {pragma}").all()
        if list(map(tuple, found)) != sound:
            yield f"{pragma}: {found}"


def _lost(connection: Connection, acknowledged: Acknowledged) -> Iterator[str]:
    kinds = dict(connection.execute(ask(entries.c.number, entries.c.kind)).all())
    for number, kind in acknowledged.entries.items():
        if kinds.get(number) != kind:
            yield f"entry {number} is lost"
    there = set(connection.execute(ask(documents.c.id)).scalars())
    for one in sorted(acknowledged.ids - there):
        yield f"document {one} is lost"
    kept = set(connection.execute(ask(states.c.id)).scalars())
    for one in sorted(acknowledged.states - kept):
        yield f"state {one} is lost"


def _odd_texts(connection: Connection) -> Iterator[str]:
    rows = connection.execute(
        ask(documents.c.id, documents.c.content_hash, texts.c.text).outerjoin(
            texts, texts.c.document == documents.c.number
        )
    )
    for row in rows:
        if row.text is None or content_hash(row.text) != row.content_hash:
            yield f"the text of {row.id} is another"


def _odd_decisions(connection: Connection) -> Iterator[str]:
    rows = connection.execute(
        ask(decisions.c.document, decisions.c.probabilities, states.c.classes).join(
            states, states.c.id == decisions.c.state
        )
    )
    for row in rows:
        if len(row.probabilities) != 4 * len(json.loads(row.classes)):
            yield f"the decision on {row.document} is not of its state"


class _Enough(Exception):
    """Ends a transaction that was only looked at."""


def _unsettled(database: Database) -> list[str]:
    """Compare what stands beside documents with what the log comes to."""
    seen: list[list[Any]] = []
    with suppress(_Enough), database.writing() as connection:
        numbers = list(connection.execute(ask(documents.c.number)).scalars())
        for _ in range(2):
            of_documents = connection.execute(ask(documents).order_by("number"))
            said = connection.execute(ask(opinions).order_by("document", "who"))
            seen.append([*map(tuple, of_documents), *map(tuple, said)])
            log.settle(connection, numbers)
        raise _Enough
    return ["the log comes to something else"] if seen[0] != seen[1] else []


def _fill_first_version(connection: Connection) -> None:
    def put(statement: str, rows: list[dict[str, Any]]) -> None:
        connection.execute(text(statement), rows)

    settings = {
        "id": "0" * 32,
        "name": "old",
        "recipe": Recipe().to_dict(),
        "unknown": None,
    }
    put(
        "INSERT INTO settings (name, value) VALUES (:name, :value)",
        [{"name": name, "value": json.dumps(one)} for name, one in settings.items()],
    )
    put(
        "INSERT INTO entries (kind, who, at, why, label, details) "
        "VALUES (:kind, 'ada', '2026', '', :label, '{}')",
        [{"kind": "add", "label": None}, {"kind": "label", "label": "lease"}],
    )
    given = _documents("old", _FIRST_DOCUMENTS)
    put(
        "INSERT INTO documents (id, source, notes, pages, text_share, content_hash, "
        "n_characters, added_at, added_by, state, label, labelled_by, label_entry) "
        "VALUES (:id, '', '[]', '[]', 1, :hash, 1, '2026', 'ada', 'labelled', 'lease', "
        "'ada', 2)",
        [{"id": one.id, "hash": content_hash(one.text)} for one in given],
    )
    put(
        "INSERT INTO texts (document, text) VALUES (:number, :text)",
        [{"number": n, "text": one.text} for n, one in enumerate(given, start=1)],
    )
    put(
        "INSERT INTO entry_documents (entry, document) VALUES (:entry, :document)",
        [
            {"entry": entry, "document": number}
            for entry in (1, 2)
            for number in range(1, len(given) + 1)
        ],
    )
