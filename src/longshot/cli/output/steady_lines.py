"""Where no one sees a bar, a line every few seconds tells that a run goes on."""

import threading
import time
from collections.abc import Callable
from types import TracebackType

from longshot.cli.output.consoles import say


class SteadyLines:
    """Says from time to time how far something is, until the block is left.

    A thread does it: loading a model or learning from examples gives no sign of its
    own, and a person should not take it for stuck.

    Parameters
    ----------
    told
        Gives what is to be said; the time gone by is added.
    every_s
        How often.
    """

    def __init__(self, told: Callable[[], str], *, every_s: float) -> None:
        self._told = told
        self._every_s = every_s
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._say, daemon=True)

    def __enter__(self) -> "SteadyLines":
        """Begin."""
        self._started = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End; no line comes after."""
        self._is_over.set()
        self._thread.join()

    def _say(self) -> None:
        while not self._is_over.wait(self._every_s):
            minutes, seconds = divmod(round(time.monotonic() - self._started), 60)
            say("{} ({}:{} so far)", self._told(), minutes, f"{seconds:02}")
