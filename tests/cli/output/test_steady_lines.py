"""A run in a pipe says from time to time that it goes on."""

import re
import time
from threading import Event

import pytest

from longshot.cli.output.progress import progress_bar, steps_bar
from longshot.cli.output.steady_lines import SteadyLines


class Told:
    """Gives a line, and knows how often it was asked for one."""

    def __init__(self, often: int) -> None:
        self._left = often
        self.enough = Event()

    def __call__(self) -> str:
        """Give a line."""
        self._left -= 1
        if self._left <= 0:
            self.enough.set()
        return "classifying: 3 documents read"


def test_lines_come_until_the_block_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(often=2)
    with SteadyLines(told, every_s=0.01):
        assert told.enough.wait(timeout=20)

    lines = capsys.readouterr().err.splitlines()
    assert 2 <= len(lines)
    assert re.fullmatch(r"classifying: 3 documents read \(\d+:\d\d so far\)", lines[0])
    time.sleep(0.05)
    assert "" == capsys.readouterr().err


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say a line as often as can be."""
    monkeypatch.setattr("longshot.cli.output.progress.LINE_EVERY_S", 0.01)


def wait_for_line(capsys: pytest.CaptureFixture[str], beginning: str) -> None:
    """Wait for a line; one that was begun before the last step may come first."""
    seen: list[str] = []
    for _ in range(6_000):
        time.sleep(0.01)
        seen += capsys.readouterr().err.splitlines()
        if any(re.match(rf"{re.escape(beginning)} \(\d+:\d\d", line) for line in seen):
            return
    raise AssertionError(f"no such line came, but {seen[-3:]}")


def test_documents_are_counted_as_they_are_read(
    often: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress_bar("classifying", 200) as on_window:
        on_window("a.txt", 60, 12)
        on_window("a.txt", 20, 4)
        on_window("b.txt", 20, 4)
        wait_for_line(capsys, "classifying: 2 documents read, 50% of it, at b.txt")


def test_steps_are_counted(often: None, capsys: pytest.CaptureFixture[str]) -> None:
    with steps_bar("evaluating") as on_step:
        on_step(3, 20)
        wait_for_line(capsys, "evaluating: 3 of 20")
