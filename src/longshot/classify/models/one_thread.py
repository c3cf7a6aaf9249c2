"""Learning and deciding on one thread, so that a machine's processors change nothing.

Several threads add up in another order than one, and so round otherwise. Learning goes
on until it changes little enough, and makes the last bit of a sum the fourth decimal of
a probability: with one and two threads of OpenBLAS they differed by up to 4e-4. The
matrices are small, besides: on two busy cores, a pile of 3,600 documents took 3.6 s on
one thread and 12 s on two, which wait for each other.

What encodes documents, and takes nearly all of the time, has threads of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any


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
