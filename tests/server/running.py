"""A server in a process of its own, as ``longshot serve`` starts it."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

START_SECONDS = 120


class RunningServer:
    """A server that was started, and what it wrote so far."""

    def __init__(self, state: Path, *options: str) -> None:
        command = [sys.executable, "-m", "longshot", "serve", "--port", "0"]
        self.process = subprocess.Popen(
            [*command, "--state", str(state), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.address = self._wait_for_address()
        self._wait_until_ready()

    def ended(self) -> int:
        """Wait for its end, and give its exit code."""
        code = self.process.wait(START_SECONDS)
        self._reader.join(START_SECONDS)
        return code

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as stderr:
            for line in stderr:
                self.lines.append(line.rstrip("\n"))

    def _wait_for_address(self) -> str:
        ends_at = time.monotonic() + START_SECONDS
        while time.monotonic() < ends_at and self.process.poll() is None:
            found = re.search(r"serving on (http://\S+);", "\n".join(self.lines))
            if found:
                return found[1]
            time.sleep(0.05)
        raise AssertionError("\n".join(self.lines))

    def _wait_until_ready(self) -> None:
        ends_at = time.monotonic() + START_SECONDS
        while time.monotonic() < ends_at:
            if httpx.get(f"{self.address}/ready", timeout=60).status_code == 200:
                return
            time.sleep(0.1)
        raise AssertionError("\n".join(self.lines))


@contextmanager
def running_server(state: Path, *options: str) -> Iterator[RunningServer]:
    """Start a server, and end it."""
    server = RunningServer(state, *options)
    try:
        yield server
    finally:
        server.process.kill()
        server.ended()
