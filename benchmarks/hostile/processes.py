"""A command in a process of its own, held to time and memory."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from longshot.machine.locations import CACHE_VARIABLE

Command = Sequence[str | Path]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How a process ended.

    Attributes
    ----------
    code
        Its exit code; negative for a signal.
    seconds, megabytes
        The processor's time that it took, whatever else the machine does, and the most
        memory that it held at once.
    told
        What it wrote to stderr.
    """

    code: int
    seconds: float
    megabytes: int
    told: str


def environment(cache: Path) -> dict[str, str]:
    """Give a process one thread and a cache of its own."""
    return {**os.environ, CACHE_VARIABLE: str(cache), "OMP_NUM_THREADS": "1"}


def longshot(*arguments: str | Path) -> list[str | Path]:
    """Give the words that start the command."""
    return [sys.executable, "-m", "longshot", *arguments]


def run(
    command: Command, *, cache: Path, timeout_s: float, stdin: bytes = b""
) -> Ended:
    """Run a command to its end, or kill it after some seconds."""
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as given:
        given.write(stdin)
        given.seek(0)
        process = subprocess.Popen(
            list(command),
            stdin=given,
            stdout=subprocess.DEVNULL,
            stderr=told,
            env=environment(cache),
        )
        timer = threading.Timer(timeout_s, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = code = os.waitstatus_to_exitcode(status)
        told.seek(0)
        return Ended(
            code=code,
            seconds=usage.ru_utime + usage.ru_stime,
            megabytes=usage.ru_maxrss // 1024,
            told=told.read().decode(errors="replace"),
        )


def kill_after(command: Command, *, cache: Path, seconds: float) -> bool:
    """Start a command and kill it; tell whether it had not ended by then."""
    process = subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(cache),
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def living(cache: Path) -> list[int]:
    """Find processes that still work with a cache, by their environment."""
    marker = f"{CACHE_VARIABLE}={cache}\0".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if marker in path.read_bytes() + b"\0":
                found.append(int(path.parent.name))
        except OSError:  # it has ended, or is another user's
            continue
    return found
