"""What takes longer than a request: jobs with progress, cancelled or gone on with.

A job is known by its kind, and the work of each kind is told once, when the server
starts: so that a job can go on after a restart, from the parameters that were kept of
it. Work tells how far it is by ``run.report(...)``, which is also where it is stopped;
what it had finished by then must be kept by the work itself.
"""

import asyncio
import json
import logging
import threading
import time
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from longshot.report.files import whole_file
from longshot.server.errors import Refused, told

_LOG = logging.getLogger("longshot.server")

State = Literal["waiting", "running", "done", "failed", "cancelled"]

_AT_ONCE = 2
"""Jobs that run side by side: one that encodes keeps all processors busy by itself."""
_MOST_STARTS = 3
"""A job that was under way whenever the server ended may be what ends it."""
_KEPT = 1_000
"""Finished jobs that are remembered."""
_KEEP_EVERY_S = 1.0
"""How often progress is written down; states are at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A job, as it stands.

    Attributes
    ----------
    id, kind, project
        What it is, and which project it belongs to.
    state
        ``waiting``, ``running``, ``done``, ``failed`` or ``cancelled``.
    done, total
        How far it is; what is counted depends on the kind. None while not known.
    details
        What else its work tells: tokens per second, time left.
    result, error
        What came of it; the code and message of why it failed.
    created_at, finished_at
        Seconds since 1970.
    n_starts
        How often it was begun: once, and again after each restart on the way.
    parameters
        What its work needs to begin again.
    """

    id: str
    kind: str
    project: str | None
    state: State = "waiting"
    done: int = 0
    total: int | None = None
    details: dict[str, Any] = field(default_factory=dict)
    result: Any = None
    error: dict[str, str] | None = None
    created_at: float
    finished_at: float | None = None
    n_starts: int = 0
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def is_finished(self) -> bool:
        """Whether nothing of it will change."""
        return self.state in ("done", "failed", "cancelled")

    def shown(self) -> dict[str, Any]:
        """Give what clients see: all but the parameters, which may hold texts."""
        return {
            name: value for name, value in asdict(self).items() if name != "parameters"
        }


_GIVEN_UP = {
    "code": "job_given_up",
    "message": f"a job must not end the server; this one was under way {_MOST_STARTS} "
    "times when it ended. Look into the log, and start it again.",
}


class JobStopped(Exception):
    """Raised in work that is to stop: it was cancelled, or the server ends."""


class JobRun:
    """A job's work under way: what it is to do, and whom it tells."""

    def __init__(self, jobs: "Jobs", job: Job) -> None:
        self._jobs = jobs
        self.id = job.id
        self.kind = job.kind
        self.project = job.project
        self.parameters = job.parameters
        self.cancelled = threading.Event()

    def report(self, done: int, total: int | None = None, **details: Any) -> None:
        """Tell how far the work is; to be called often.

        Raises
        ------
        JobStopped
            If the work is to stop here.
        """
        self.check()
        self._jobs._progressed(self.id, done, total, details)

    def check(self) -> None:
        """Stop here, if the work is to stop.

        Raises
        ------
        JobStopped
            If it is.
        """
        if self.cancelled.is_set() or self._jobs.is_stopping:
            raise JobStopped


Work = Callable[[JobRun], Any]
"""Does a job, and gives its result as plain values; called in a thread of its own."""


class Jobs:
    """All jobs of a server.

    Parameters
    ----------
    folder
        Where they are written down, one small file for each.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._works: dict[str, Work] = {}
        self._jobs: dict[str, Job] = {}
        self._runs: dict[str, JobRun] = {}
        self._kept_at: dict[str, float] = {}
        self._watching: dict[str, list[Callable[[], None]]] = {}
        self._lock = threading.RLock()
        self._pool = ThreadPoolExecutor(_AT_ONCE, "longshot-job")
        self.is_stopping = False

    def handle(self, kind: str, work: Work) -> None:
        """Tell what the work of a kind of jobs is."""
        self._works[kind] = work

    def start(self, kind: str, project: str | None = None, **parameters: Any) -> Job:
        """Begin a job of a kind that is handled; its parameters are plain values."""
        job = Job(
            id=uuid.uuid4().hex,
            kind=kind,
            project=project,
            created_at=time.time(),
            parameters=parameters,
        )
        self._begin(job)
        return job

    def resume(self) -> None:
        """Read what was written down, and go on with what was not finished."""
        for path in sorted(self._folder.glob("*.json")):
            with suppress(OSError, ValueError, TypeError):
                job = Job(**json.loads(path.read_bytes()))
                if job.is_finished:
                    self._jobs[job.id] = job
                elif job.n_starts >= _MOST_STARTS:
                    self._jobs[job.id] = job
                    self._ended(job.id, state="failed", error=_GIVEN_UP)
                else:
                    self._begin(replace(job, state="waiting"))
        finished = sorted(
            (one for one in self._jobs.values() if one.is_finished),
            key=lambda one: one.created_at,
        )
        for old in finished[:-_KEPT]:
            del self._jobs[old.id]
            self._path(old.id).unlink(missing_ok=True)

    def get(self, job_id: str) -> Job:
        """Give a job as it stands.

        Raises
        ------
        Refused
            If there is none of this id.
        """
        with self._lock:
            if job_id not in self._jobs:
                raise Refused(
                    404,
                    "job_not_found",
                    "a job must be known by its id; there is none of this one. "
                    "List them with GET /v1/jobs.",
                )
            return self._jobs[job_id]

    def all(self) -> list[Job]:
        """Give all jobs, the newest first."""
        with self._lock:
            jobs = list(self._jobs.values())
        return sorted(jobs, key=lambda one: one.created_at, reverse=True)

    def cancel(self, job_id: str) -> Job:
        """Let a job stop where its work next tells how far it is."""
        with self._lock:
            job = self.get(job_id)
            run = self._runs.get(job_id)
            if run is not None:
                run.cancelled.set()
            if job.state == "waiting":
                job = self._ended(job_id, state="cancelled")
            return job

    async def changes(self, job_id: str) -> AsyncIterator[Job]:
        """Give a job whenever it changed, until it is finished or the server ends.

        A watcher that is slow misses steps between and never the last.
        """
        loop, changed = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            with suppress(RuntimeError):  # the loop ended with the server
                loop.call_soon_threadsafe(changed.set)

        seen: Job | None = None
        with self._lock:
            self._watching.setdefault(job_id, []).append(wake)
        try:
            while True:
                job = self.get(job_id)
                if job is not seen:
                    seen = job
                    yield job
                if job.is_finished or self.is_stopping:
                    return
                await changed.wait()
                changed.clear()
        finally:
            with self._lock:
                self._watching[job_id].remove(wake)
                if not self._watching[job_id]:
                    del self._watching[job_id]

    def stop_watching(self) -> None:
        """Let work and watchers come to an end; what is left goes on at a restart."""
        self.is_stopping = True
        with self._lock:
            for wakes in self._watching.values():
                for wake in wakes:
                    wake()

    def close(self) -> None:
        """Stop all work at its next step, and wait for that."""
        self.stop_watching()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _begin(self, job: Job) -> None:
        with self._lock:
            self._jobs[job.id] = job
            self._runs[job.id] = JobRun(self, job)
            self._keep(job)
        self._pool.submit(self._run, job.id)

    def _run(self, job_id: str) -> None:
        with self._lock:
            job, run = self._jobs[job_id], self._runs.get(job_id)
            if job.is_finished or run is None or self.is_stopping:
                return
            begun = replace(job, state="running", n_starts=job.n_starts + 1)
            self._changed(begun, keep=True)
        try:
            work = self._works.get(job.kind)
            if work is None:
                raise Refused(
                    409,
                    "job_kind_unknown",
                    f"a job must be of a kind that this version knows; got {job.kind}. "
                    "Start it again.",
                )
            result = work(run)
        except JobStopped:
            if run.cancelled.is_set():
                self._ended(job_id, state="cancelled")
            # Otherwise the server ends: the file says "running", and it goes on later.
        except Exception as error:
            refused = told(error)
            if refused.status == 500:
                _LOG.error("a job failed", exc_info=error)
            detail = {"code": refused.code, "message": refused.message}
            self._ended(job_id, state="failed", error=detail)
        else:
            self._ended(job_id, state="done", result=result)

    def _progressed(
        self, job_id: str, done: int, total: int | None, details: dict[str, Any]
    ) -> None:
        with self._lock:
            waited_s = time.monotonic() - self._kept_at.get(job_id, 0.0)
            job = replace(self._jobs[job_id], done=done, total=total, details=details)
            self._changed(job, keep=waited_s > _KEEP_EVERY_S)

    def _ended(self, job_id: str, **changes: Any) -> Job:
        with self._lock:
            job = replace(self._jobs[job_id], finished_at=time.time(), **changes)
            self._runs.pop(job_id, None)
            self._changed(job, keep=True)
            self._kept_at.pop(job_id, None)
            return job

    def _changed(self, job: Job, *, keep: bool) -> None:
        self._jobs[job.id] = job
        if keep:
            self._keep(job)
        for wake in self._watching.get(job.id, ()):
            wake()

    def _keep(self, job: Job) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with whole_file(self._path(job.id)) as file:
            file.write(json.dumps(asdict(job)).encode())
        self._kept_at[job.id] = time.monotonic()

    def _path(self, job_id: str) -> Path:
        return self._folder / f"{job_id}.json"
