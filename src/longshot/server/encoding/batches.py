"""A thread that answers together all that was asked meanwhile.

While it works on what it took, further questions gather; then it takes all of these, up
to a bound. Nobody waits for others to come, and the busier it gets, the more is done
together.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

A = TypeVar("A")


@dataclass(frozen=True, slots=True, eq=False)
class Question(Generic[A]):
    """What was asked, how much work it is, and where its answer goes."""

    asked: A
    size: int
    answer: "Future[Any]" = field(default_factory=Future)

    def give(self, answer: Any) -> None:
        """Answer, unless nobody waits any more."""
        with suppress(Exception):  # InvalidStateError: given up in this very moment
            self.answer.set_result(answer)

    def fail(self, error: Exception) -> None:
        """Tell why there is no answer."""
        with suppress(Exception):
            self.answer.set_exception(error)

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return not self.answer.done()


class Batches(Generic[A]):
    """Gathers questions, and has them answered in batches by one thread.

    Parameters
    ----------
    name
        Of the thread.
    work
        Answers a batch. Questions that it leaves open when it fails are asked again,
        each by itself, so that one that cannot be answered harms no other.
    most
        The size of a batch, but for a question that is larger by itself.
    """

    def __init__(
        self, name: str, work: Callable[[Sequence[Question[A]]], None], most: int
    ) -> None:
        self._work = work
        self._most = most
        self._waiting: deque[Question[A]] = deque()
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    async def ask(self, asked: A, size: int = 1) -> Any:
        """Wait for an answer; where the waiting is cancelled, so is the question."""
        question = Question(asked, size)
        with self._changed:
            if self._is_closed:
                raise RuntimeError("the server has ended")
            self._waiting.append(question)
            self._changed.notify()
        return await asyncio.wrap_future(question.answer)

    def close(self) -> None:
        """Answer what was asked, then end."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while batch := self._next():
            try:
                self._work(batch)
            except Exception as error:
                self._one_by_one([one for one in batch if one.is_open], error)

    def _one_by_one(self, batch: Sequence[Question[A]], error: Exception) -> None:
        if len(batch) == 1:
            batch[0].fail(error)
            return
        for question in batch:
            try:
                self._work([question])
            except Exception as own:
                question.fail(own)

    def _next(self) -> list[Question[A]]:
        """Take what waits, up to a batch; nothing once all is answered and closed."""
        batch: list[Question[A]] = []
        size = 0
        with self._changed:
            while not batch and not (self._is_closed and not self._waiting):
                self._changed.wait_for(lambda: self._waiting or self._is_closed)
                while self._waiting:
                    first = self._waiting[0]
                    if batch and size + first.size > self._most:
                        break
                    self._waiting.popleft()
                    if first.is_open:
                        batch.append(first)
                        size += first.size
        return batch
