"""How many processors this process may really use, and work shared among them, or not.

A container's quota and the process's affinity count, not what the machine has: threads
beyond that number only wait for each other. Where several processes share a machine,
``LONGSHOT_PROCESSORS`` tells each how many are its own.

Whoever learns does so on one thread (:func:`one_thread`), so that a machine's
processors change nothing. Several threads add up in another order than one, and so
round otherwise; learning goes on until it changes little enough, and makes the last bit
of a sum the fourth decimal of a probability: with one and two threads of OpenBLAS they
differed by up to 4e-4. The matrices are small, besides: on two busy cores, a pile of
3,600 documents took 3.6 s on one thread and 12 s on two, which wait for each other.
What encodes documents, and takes nearly all of the time, has threads of its own.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any, TypeVar

Part = TypeVar("Part")
Done = TypeVar("Done")

PROCESSORS_VARIABLE = "LONGSHOT_PROCESSORS"
_CGROUP = Path("/sys/fs/cgroup")


def usable_processors(cgroup: Path = _CGROUP) -> int:
    """Count the processors that this process may use, at least one.

    Parameters
    ----------
    cgroup
        Where Linux tells the container's quota; version 2 and 1 are read.
    """
    quota = _quota_v2(cgroup) or _quota_v1(cgroup)
    allowed = _allowed_processors()
    return max(1, min(allowed, ceil(quota))) if quota else allowed


def on_processors(work: Callable[[Part], Done], parts: Iterable[Part]) -> list[Done]:
    """Do work on several parts at once, in threads; give what comes, in their order.

    For work that leaves the interpreter alone nearly all of the time, as NumPy does.
    """
    several = list(parts)
    n_threads = min(usable_processors(), len(several))
    if n_threads < 2:
        return [work(one) for one in several]
    with ThreadPoolExecutor(n_threads, "longshot-part") as pool:
        return list(pool.map(work, several))


@contextmanager
def one_thread() -> Iterator[None]:
    """Let numpy multiply matrices on one thread; also as a decorator."""
    with _controller().limit(limits=1, user_api="blas"):
        yield


@cache
def _controller() -> Any:
    """Find the library once, which takes milliseconds.

    scipy brings one of its own, which multiplies nothing here: what it optimises are a
    few dozen numbers.
    """
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _allowed_processors() -> int:
    given = os.environ.get(PROCESSORS_VARIABLE, "")
    present = _present_processors()
    return min(int(given), present) if given.isdecimal() else present


def _present_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quota_v2(cgroup: Path) -> float | None:
    """Read ``cpu.max``: microseconds of work allowed per period, or ``max``."""
    values = _words(cgroup / "cpu.max")
    if len(values) != 2 or values[0] == "max":
        return None
    return int(values[0]) / int(values[1])


def _quota_v1(cgroup: Path) -> float | None:
    quota = _words(cgroup / "cpu" / "cpu.cfs_quota_us")
    period = _words(cgroup / "cpu" / "cpu.cfs_period_us")
    if not quota or not period or int(quota[0]) <= 0:
        return None
    return int(quota[0]) / int(period[0])


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []
