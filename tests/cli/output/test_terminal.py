"""What a person sees on a terminal, when a command has ended."""

import os
import pty
import subprocess
from pathlib import Path

import pytest

from benchmarks.screenshots.terminal import Screen, set_size


def run_on_terminal(command: list[str]) -> list[str]:
    """Run a command with a terminal for all three streams; give the lines left."""
    leader, follower = pty.openpty()
    set_size(follower)
    process = subprocess.Popen(
        command,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(follower)
    written = b""
    while True:
        try:
            data = os.read(leader, 1 << 16)
        except OSError:  # so Linux ends a terminal that nobody writes to any more
            break
        if not data:
            break
        written += data
    os.close(leader)
    assert 0 == process.wait()
    screen = Screen()
    screen.write(written.decode())
    return [line.rstrip() for line in screen.lines if line.strip()]


@pytest.mark.parametrize("judged", ["--pile", "--no-pile"])
def test_no_bar_is_left_and_no_line_stands_behind_one(
    fake_longshot: list[str], labelled: Path, pile: Path, judged: str
) -> None:
    lines = run_on_terminal(
        [*fake_longshot, "classify", str(labelled), str(pile), judged]
    )

    assert "2 examples: lease 1, report 1" == lines[0]
    assert not any("━" in line for line in lines)
    [told] = [line for line in lines if "2 documents, " in line]
    assert told.startswith("2 documents, 13 tokens in 2 windows, ")
    assert ["document", "label"] == next(
        line.split()[:2] for line in lines if "document " in line
    )
    assert ["1.txt", "2.txt"] == [
        line.split()[0] for line in lines if line.split()[0].endswith(".txt")
    ]
