"""Results go to files of their own, and what cannot be done is not claimed."""

from pathlib import Path

import pytest

from longshot.encoders.openvino.store import models_folder
from longshot.encoding.cache import vectors_path
from longshot.machine.locations import CACHE_VARIABLE
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("command", "options", "told"),
    [
        (
            "classify",
            ["--out", "x.csv", "--report", "./x.csv"],
            "--out and --report must be different files; both are x.csv.",
        ),
        (
            "classify",
            ["--report", "o.pdf"],
            "a report's file name must end in .html or .htm; got o.pdf. Change "
            "--report.",
        ),
        (
            "classify",
            ["--truth", "t.csv", "--out", "t.csv"],
            "--out must not overwrite --truth; both are t.csv.",
        ),
        (
            "evaluate",
            ["--report", "o.pdf"],
            "a report's file name must end in .html or .htm",
        ),
        (
            "check",
            ["--labels", "l.csv", "--out", "l.csv"],
            "must not overwrite --labels",
        ),
    ],
)
def test_two_results_never_share_a_file(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    labelled: Path,
    pile: Path,
    command: str,
    options: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text("id,label\n1.txt,lease\n")
    (tmp_path / "l.csv").write_text("label\nlease\n")

    piles = [pile] if command == "classify" else []
    result = run(command, labelled, *piles, *options)

    assert told in result.stderr
    assert (1, "") == (result.exit_code, result.stdout)
    assert "id,label\n1.txt,lease\n" == (tmp_path / "t.csv").read_text()


def test_corrected_results_are_not_overwritten_by_the_next_ones(
    run: Run, tmp_path: Path, pile: Path
) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("id,label\n1.txt,lease\n2.txt,report\n")

    result = run("classify", table, pile, "--out", table)

    assert "--out must not overwrite EXAMPLES" in result.stderr
    assert "id,label\n1.txt,lease\n2.txt,report\n" == table.read_text()


def test_a_cache_that_cannot_be_cleared_is_not_called_empty(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    vectors_path().mkdir(parents=True)  # no file can be opened there

    for command in (["clear"], ["prune", "1"]):
        result = run("cache", *command)

        assert 1 == result.exit_code
        assert "error: " in result.stderr
        assert "must be writable to clear the cache" in result.stderr
        assert "empty" not in result.stderr


def test_models_that_cannot_be_removed_are_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    models_folder().parent.mkdir(parents=True, exist_ok=True)
    models_folder().write_text("no folder")

    result = run("cache", "clear")

    assert 1 == result.exit_code
    assert "must be writable to remove what it holds" in result.stderr


def test_a_cache_is_cleared(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))

    result = run("cache", "clear")

    assert (0, "the cache is empty\n") == (result.exit_code, result.stderr)


@pytest.mark.usefixtures("without_ocr")
def test_all_that_was_set_aside_is_in_a_file_beside_the_result(
    run: Run, tmp_path: Path, labelled: Path, pile: Path
) -> None:
    for number in range(30):
        (pile / f"p{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    out, listed = tmp_path / "labels.csv", tmp_path / "labels.set-aside.csv"

    result = run("classify", labelled, pile, "--out", out)

    assert 1 == result.exit_code
    assert f"and 10 more\n  the whole list is in {listed}" in result.stderr
    lines = listed.read_text().splitlines()
    assert "id,source,label,reason" == lines[0]
    assert 31 == len(lines)
    assert "is a picture (PNG): pip install 'longshot[ocr]' to read it" in lines[1]

    for path in pile.glob("*.png"):
        path.unlink()
    assert 0 == run("classify", labelled, pile, "--out", out).exit_code
    assert not listed.exists()


def test_without_a_result_file_it_is_told_how_to_get_the_whole_list(
    run: Run, labelled: Path, pile: Path
) -> None:
    for number in range(30):
        (pile / f"p{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")

    result = run("classify", labelled, pile)

    assert "and 10 more\n  use --out to get the whole list" in result.stderr
