"""``longshot tune`` by a tiny BERT, and by a process that is killed."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from longshot.tuning import HeldOutMeasure
from longshot.tuning.measuring import Probe
from tests.cli.conftest import Run
from tests.tuning.conftest import improve_always, make_examples, save_tiny_bert
from tests.tuning.test_tuner import needs_extra

SMALL = ["--steps", "25", "--batch-windows", "8", "--window-tokens", "16"]


@pytest.fixture(scope="module")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a BERT of random weights."""
    return save_tiny_bert(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Give a table of eight examples under each of two labels."""
    path = tmp_path / "examples.jsonl"
    rows = (
        {"text": one.document.text, "label": one.label}
        for one in make_examples(per_label=8)
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def always_better(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every measure be better than the one before."""
    improve_always(monkeypatch)


@needs_extra
@pytest.mark.usefixtures("always_better", "real_models")
def test_the_tuned_folder_classifies(
    run: Run, table: Path, tiny_bert: Path, tmp_path: Path
) -> None:
    out = tmp_path / "tuned"
    result = run("tune", table, "--model", tiny_bert, "--out", out, *SMALL)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    for told in (
        "4 documents held out of 16",
        "after 0 steps: 50.0% of the held-out documents right",
        "1 minute at most; Ctrl-C stops it, and nothing is written",
        "held-out documents right: 50.0% before, 50.0% after 25 steps",
        "use it with --model",
    ):
        assert told in result.stderr
    settings = ["--model", out, "--window-tokens", "30", "--no-cache"]
    labelled = run("classify", table, table, *settings, "--format", "csv")
    assert labelled.exit_code == 0, labelled.output
    again = run("tune", table, "--model", tiny_bert, "--out", out, *SMALL)
    assert again.exit_code == 1
    assert "must go to a new folder" in again.stderr
    replaced = [*SMALL, "--overwrite"]
    more = run("tune", table, "--model", tiny_bert, "--out", out, *replaced)
    assert more.exit_code == 0, more.output


@needs_extra
def test_nothing_is_written_where_no_step_helps(
    run: Run,
    table: Path,
    tiny_bert: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        Probe,
        "measure",
        lambda self, encode, step: HeldOutMeasure(
            step=step, accuracy=0.5, surprise=1.0
        ),
    )
    out = tmp_path / "tuned"
    result = run("tune", table, "--model", tiny_bert, "--out", out, *SMALL)
    assert result.exit_code == 1
    assert "nothing was written: no step told held-out documents apart" in result.stderr
    assert not out.exists()


@needs_extra
def test_too_few_examples_are_told_in_one_line(
    run: Run, labelled: Path, tiny_bert: Path, tmp_path: Path
) -> None:
    out = tmp_path / "tuned"
    result = run("tune", labelled, "--model", tiny_bert, "--out", out, *SMALL)
    assert result.exit_code == 1
    assert "there are: lease 1, report 1. Label more" in result.stderr
    assert "Traceback" not in result.output


def test_a_place_that_is_taken_is_told_before_anything_is_read(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("longshot.tuning.sentence_model.check_installed", lambda: None)
    out = tmp_path / "tuned"
    out.write_text("")
    result = run("tune", tmp_path / "missing", "--out", out)
    assert result.exit_code == 1
    assert "must go to a folder" in result.stderr


@needs_extra
@pytest.mark.slow
def test_a_killed_process_leaves_no_folder(
    table: Path, tiny_bert: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results" / "tuned"
    out.parent.mkdir()
    program = "from longshot.cli import main; main()"
    options = ["--model", tiny_bert, "--out", out, *SMALL, "--steps", "100000"]
    words = ["tune", table, *options]
    process = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, words)],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "Ctrl-C" in line:  # it trains
            break
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert list(out.parent.iterdir()) == []
