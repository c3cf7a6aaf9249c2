"""Ray, as the rest of this package uses it: started or found, and one way to run work.

Only this module knows how Ray is set. Reading takes a tenth of a processor, so that it
never waits for one behind workers that hold them all.
"""

import logging
import os
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from longshot.errors import (
    MissingExtraError,
    OutputError,
    SettingError,
    first_line,
    one_line,
)
from longshot.machine.processors import PROCESSORS_VARIABLE, usable_processors

HERE = "local"
"""The address that starts a cluster of this machine alone."""

_ERROR = re.compile(r"[\w.]*(Error|Exception|Killed)\b.*: ")

READING_CPUS = 0.1
_WORKERS_PER_READER = 8
"""A processor cuts 400,000 tokens/s, and encodes fewer than 10,000; each reader takes a
second and a half of a processor to start, and 200 MB."""

_BLOCK_BYTES = 1 << 16
"""Of what tasks hand on: less than a piece of work, so that each goes by itself to the
next worker that is free."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Workers:
    """What encodes and decides: actors, each with a model of its own.

    Attributes
    ----------
    n_least, n_most
        How many there are. By default as many as the cluster has room for when the run
        begins; a cluster that grows is let grow up to `n_most`.
    threads
        Processors of each.
    gpus
        GPUs of each; a fraction lets several share one.

    Raises
    ------
    SettingError
        If one of them is less than it may be.
    """

    n_least: int | None = None
    n_most: int | None = None
    threads: int = 1
    gpus: float = 0.0

    def __post_init__(self) -> None:
        if self.threads < 1:
            raise SettingError(
                f"a worker must have at least one thread; got {self.threads}. Raise "
                "--worker-threads."
            )
        if self.gpus < 0:
            raise SettingError(
                f"a worker's GPUs must be 0 or more; got {self.gpus}. Change "
                "--worker-gpus."
            )

    @property
    def cpus(self) -> float:
        """What Ray is asked for: a little less, so that reading has its share."""
        return self.threads * (1 - READING_CPUS)

    def n_in(self, resources: dict[str, float]) -> int:
        """Tell how many a cluster of these resources has room for, at least one."""
        found = int(resources.get("CPU", 1) // self.threads)
        if self.gpus:
            found = min(found, int(resources.get("GPU", 0) / self.gpus + 1e-9))
        return max(1, found)

    def between(self, resources: dict[str, float]) -> tuple[int, int]:
        """Tell how many there are at least and at most in such a cluster."""
        n_now = self.n_in(resources)
        n_most = self.n_most or n_now
        return min(self.n_least or n_now, n_most), n_most

    def n_readers(self, resources: dict[str, float]) -> int:
        """Tell how many read at most for those of such a cluster; a GPU wants its own.

        Examples
        --------
        >>> Workers().n_readers({"CPU": 2.0}), Workers().n_readers({"CPU": 64.0})
        (1, 8)
        """
        _, n_most = self.between(resources)
        return n_most if self.gpus else -(-n_most // _WORKERS_PER_READER)

    def asked(self) -> dict[str, Any]:
        """Give what Ray Data is asked for, in the cluster that is connected."""
        import ray

        least, most = self.between(_resources())
        pool = ray.data.ActorPoolStrategy(min_size=least, max_size=most)
        wanted: dict[str, Any] = {"num_cpus": self.cpus, "compute": pool}
        return wanted | ({"num_gpus": self.gpus} if self.gpus else {})


def require_ray() -> None:
    """Refuse what needs Ray where it is not installed.

    Raises
    ------
    MissingExtraError
        If it is not.
    """
    if find_spec("ray") is None:
        raise MissingExtraError.naming("ray", extra="cluster")


@contextmanager
def connected(address: str = HERE) -> Iterator[None]:
    """Connect to a cluster, or start one here, which ends with the run.

    Parameters
    ----------
    address
        ``local``, ``auto`` for the cluster that this machine belongs to, or an address
        as Ray takes it (``ray://head:10001``). A connection that is there is kept.

    Raises
    ------
    OutputError
        If it cannot be reached.
    """
    require_ray()
    import ray

    with warnings.catch_warnings():
        # Ray's advice is about its own settings, which nobody here has made.
        warnings.filterwarnings("ignore", module=r"ray\.")
        if ray.is_initialized():
            yield
            return
        _connect(address)
        try:
            yield
        finally:
            ray.shutdown()


def _connect(address: str) -> None:
    import ray

    settings: dict[str, Any] = {
        "address": address,  # for Ray, too, "local" is one of its own
        "logging_level": logging.ERROR,
        "log_to_driver": False,
    }
    if address == HERE:
        settings |= {"num_cpus": usable_processors(), "include_dashboard": False}
        # Ray would report each hour over the network what it is used for.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        ray.init(**settings)
    except Exception as error:  # Ray's own, and those of its network library
        raise OutputError(
            f"a cluster must be reachable; {address} is not ({first_line(error)}). "
            "Start it with ray start, or give --cluster local."
        ) from error


def quiet(dataset: Any) -> Any:
    """Let a dataset draw no bars, and hand small blocks on."""
    dataset.context.enable_progress_bars = False
    dataset.context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    dataset.context.target_max_block_size = _BLOCK_BYTES
    return dataset


def _resources() -> dict[str, float]:
    import ray

    return dict(ray.cluster_resources())  # type: ignore[no-untyped-call]


def in_tasks(
    dataset: Any,
    work: Callable[..., Iterable[dict[str, Any]]],
    workers: Workers,
    **given: Any,
) -> Any:
    """Let tasks make several rows of each row of a dataset, for these workers."""
    return dataset.flat_map(
        work,
        fn_kwargs=given,
        num_cpus=READING_CPUS,
        concurrency=workers.n_readers(_resources()),
    )


def in_workers(dataset: Any, worker: type, workers: Workers, *given: Any) -> Any:
    """Let workers make rows of each row of a dataset."""
    return dataset.map_batches(
        worker,
        fn_constructor_args=(workers.threads, *given),
        batch_size=1,
        **workers.asked(),
    )


def use_threads(n: int) -> None:
    """Let this process compute on so many processors, before a model is loaded."""
    os.environ[PROCESSORS_VARIABLE] = str(n)
    os.environ["OMP_NUM_THREADS"] = str(n)


def packed(value: object) -> bytes:
    """Give a value as bytes for a process of the same run.

    Unlike plain pickle, also where its class stands in the script that is run.
    """
    from ray import cloudpickle

    return bytes(cloudpickle.dumps(value))  # type: ignore[no-untyped-call]


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """Say in one line that a cluster gave up.

    Raises
    ------
    OutputError
        In the place of Ray's own errors.
    """
    import ray

    try:
        yield
    except ray.exceptions.RayError as error:
        raise OutputError(
            f"a cluster must finish what it began; it gave up ({told_by(error)}). "
            "What is finished is kept: run the same command again to go on."
        ) from error


def told_by(error: Exception) -> str:
    """Find in another process's traceback the line that says what went wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [
        line for line in lines if _ERROR.match(line) and "ray.exceptions" not in line
    ]
    return one_line((telling or lines or [type(error).__name__])[0])
