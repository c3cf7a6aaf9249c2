"""Bars of calls from Python: where someone is looking, or where they are asked for."""

import pytest

from longshot.progress import shown_progress
from longshot.records import Document


def test_a_pipe_gets_no_bar_unless_it_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with shown_progress("reading", ["rent"], verbose=None) as told:
        assert told is None

    assert "" == capsys.readouterr().err


def test_a_bar_counts_characters(capsys: pytest.CaptureFixture[str]) -> None:
    texts: list[str | Document] = ["rent", Document(id="a", text="due today")]
    with shown_progress("reading", texts, verbose=True) as told:
        assert told is not None
        told("0", 4, 1)

    assert "reading: " in (shown := capsys.readouterr().err)
    assert "4.00/13.0" in shown


def test_how_much_an_iterator_holds_is_not_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    texts = iter(["rent"])
    with shown_progress("reading", texts, verbose=True):
        pass

    assert ["rent"] == list(texts)
