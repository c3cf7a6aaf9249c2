"""A run in a pipe says from time to time that it goes on."""

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
    assert "classifying: 3 documents read (0:00 so far)" == lines[0]
    time.sleep(0.05)
    assert "" == capsys.readouterr().err


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Say a line as often as can be, and tell when three were said."""
    told = Told(often=3)

    class Quick(SteadyLines):
        def __init__(self, line: object) -> None:
            def both() -> str:
                told()
                return line()  # type: ignore[operator, no-any-return]

            super().__init__(both, every_s=0.01)

    monkeypatch.setattr("longshot.cli.output.progress.SteadyLines", Quick)
    return told


def test_documents_are_counted_as_they_are_read(
    quick: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress_bar("classifying", 200) as on_window:
        on_window("a.txt", 60, 12)
        on_window("a.txt", 20, 4)
        on_window("b.txt", 20, 4)
        assert quick.enough.wait(timeout=20)

    *_, last = capsys.readouterr().err.splitlines()
    assert last.startswith("classifying: 2 documents read, 50% of it, at b.txt (0:0")


def test_steps_are_counted(quick: Told, capsys: pytest.CaptureFixture[str]) -> None:
    with steps_bar("evaluating") as on_step:
        on_step(3, 20)
        assert quick.enough.wait(timeout=20)

    *_, last = capsys.readouterr().err.splitlines()
    assert last.startswith("evaluating: 3 of 20 (0:0")
