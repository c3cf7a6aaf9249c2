"""How many requests are worked on or wait, and for how long.

A request that finds the line full is told at once when to come again: as long as the
line needs at its present pace. One whose time is up is given up, and so is its work
where that has not begun.
"""

import asyncio
import time
from collections import deque
from math import ceil

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from longshot.server.access.guard import READING_POSTS
from longshot.server.errors import Refused, error_response
from longshot.server.metrics import Metrics
from longshot.server.settings import ServerSettings

_PACE_OF_LAST = 32
"""The requests that tell the pace: the last ones, as many as clients usually are."""


class WaitingLine:
    """Holds how many requests that encode or decide are under way, around an app.

    Parameters
    ----------
    app
        What answers.
    settings
        The limits.
    metrics
        Where it is counted.
    """

    def __init__(
        self, app: ASGIApp, settings: ServerSettings, metrics: Metrics
    ) -> None:
        self._app = app
        self._most = settings.most_waiting
        self._most_seconds = settings.most_seconds
        self._metrics = metrics
        self._n_waiting = 0
        self._ended_at: deque[float] = deque(maxlen=_PACE_OF_LAST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if there is room, for as long as it may take."""
        if scope["type"] != "http" or not _is_work(scope):
            await self._app(scope, receive, send)
            return
        if self._n_waiting >= self._most:
            self._metrics.turned_away.inc()
            await error_response(self._full())(scope, receive, send)
            return
        self._n_waiting += 1
        self._metrics.waiting.set(self._n_waiting)
        try:
            await self._timed(scope, receive, send)
        finally:
            self._n_waiting -= 1
            self._metrics.waiting.set(self._n_waiting)
            self._ended_at.append(time.monotonic())

    async def _timed(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def sending(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            async with asyncio.timeout(self._most_seconds):
                await self._app(scope, receive, sending)
        except TimeoutError:
            if has_begun:
                raise
            refused = Refused(
                503,
                "timed_out",
                f"a request must be answered within {self._most_seconds} seconds; this "
                "one was not. Send fewer or shorter texts, or raise --most-seconds.",
                {"retry-after": str(self._seconds_left())},
            )
            await error_response(refused)(scope, receive, send)

    def _full(self) -> Refused:
        return Refused(
            429,
            "too_many_waiting",
            f"at most {self._most} requests may wait; as many do. Come again after the "
            "seconds in Retry-After, or raise --most-waiting.",
            {"retry-after": str(self._seconds_left())},
        )

    def _seconds_left(self) -> int:
        """Tell how long the line needs at its present pace: at least a second."""
        if len(self._ended_at) < 2:
            return 1
        took_s = time.monotonic() - self._ended_at[0]
        pace_s = took_s / len(self._ended_at)
        return max(1, min(ceil(self._n_waiting * pace_s), self._most_seconds))


def _is_work(scope: Scope) -> bool:
    """Tell whether a request lets texts be encoded or decided."""
    path = scope["path"]
    is_suggestion = path.startswith("/label-studio/") and path.endswith("/predict")
    return scope["method"] == "POST" and (path in READING_POSTS or is_suggestion)
