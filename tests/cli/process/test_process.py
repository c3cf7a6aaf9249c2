"""The command as a process: signals, pipes, terminals and full disks."""

import os
import pty
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import FAKE_PROGRAM, in_shell

SLOW_PROGRAM = FAKE_PROGRAM.replace(
    "lambda *_, **__: FakeEncoder()", "lambda *_, **__: Slow()"
).replace(
    "longshot.embedder.load_encoder =",
    """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's & ignores it
class Slow(FakeEncoder):
    def means(self, ids, weights, layers):
        if ids.shape[1] > 50:
            print("busy", flush=True)
            sys.stdin.read()  # until the test closes it: the signal was sent by then
        return super().means(ids, weights, layers)
longshot.embedder.load_encoder =""",
)


def test_a_pipe_gets_results_only_and_no_colours(
    fake_longshot: list[str], labelled: Path, pile: Path
) -> None:
    ended = in_shell(fake_longshot, f"classify {labelled} {pile} --format table")

    assert 0 == ended.returncode
    assert ["document", "1.txt", "2.txt"] == [
        line.split()[0] for line in ended.stdout.splitlines()
    ]
    assert "\x1b" not in ended.stdout + ended.stderr
    assert "classifying" not in ended.stderr
    assert 2 == len(ended.stderr.splitlines())


def test_a_reader_that_has_seen_enough_is_no_error(
    fake_longshot: list[str], tmp_path: Path, labelled: Path
) -> None:
    pile = tmp_path / "pile.jsonl"
    pile.write_text('{"text": "the rent is due"}\n' * 5_000)

    ended = in_shell(fake_longshot, f"classify {labelled} {pile} | head -1")

    assert ["id"] == [line.split(",")[0] for line in ended.stdout.splitlines()]
    assert "Traceback" not in ended.stderr
    assert "Broken" not in ended.stderr
    assert 0 == ended.returncode


def test_a_process_substitution_is_read(
    fake_longshot: list[str], labelled: Path
) -> None:
    ended = in_shell(fake_longshot, f"classify {labelled} <(echo the tenant)")

    assert "lease" == ended.stdout.splitlines()[1].split(",")[1]


def test_ctrl_c_leaves_no_file_and_says_so(
    tmp_path: Path, labelled: Path, pile: Path
) -> None:
    (pile / "3.txt").write_text("rent " * 100)
    out = tmp_path / "vectors.parquet"
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_PROGRAM, "embed", pile, "--out", out],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "busy\n" == process.stdout.readline()

    process.send_signal(signal.SIGINT)
    _, told = process.communicate()

    assert (130, "stopped; no result was written\n") == (process.returncode, told)
    assert {labelled, pile} == set(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "out"),
    [
        ("classify", "labels.csv"),
        ("classify", "labels.parquet"),
        ("embed", "vectors.parquet"),
        ("embed", "vectors.npz"),
        ("embed", "vectors.npy"),
    ],
)
def test_a_full_disk_is_told_and_leaves_the_old_file(
    fake_longshot: list[str],
    tmp_path: Path,
    labelled: Path,
    pile: Path,
    command: str,
    out: str,
) -> None:
    """A limit on the size of files stands in for the full disk."""
    path = tmp_path / out
    path.write_text("old")
    sources = [labelled, pile] if command == "classify" else [pile]

    ended = subprocess.run(
        [*fake_longshot, command, *sources, "--out", path],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20)),
    )

    assert (
        f"error: {path} must be writable; writing failed (File too large). Nothing was "
        "left there. Free some space or name another file with --out."
        == ended.stderr.splitlines()[-1]
    )
    assert "Traceback" not in ended.stderr
    assert (1, "old") == (ended.returncode, path.read_text())
    assert {labelled, pile, path} == set(tmp_path.iterdir())


def test_a_terminal_gets_a_progress_bar_with_tokens_per_second(
    fake_longshot: list[str], labelled: Path, pile: Path
) -> None:
    shown = on_terminal([*fake_longshot, "classify", str(labelled), str(pile)])

    bar = next(line for line in shown.split("\r") if "classifying" in line)
    assert "tokens/s" in bar
    assert "the passage that decided" in shown


@pytest.mark.parametrize("columns", [60, 100, 200])
def test_a_terminal_of_any_width_gets_every_column_but_the_passage_whole(
    fake_longshot: list[str], labelled: Path, pile: Path, columns: int
) -> None:
    (pile / "1.txt").write_text("The tenant owes the rent. " * 9)

    shown = on_terminal(
        [*fake_longshot, "classify", str(labelled), str(pile)], columns=columns
    )

    lines = [line.split() for line in shown.splitlines() if ".txt" in line]
    row = next(words for words in lines if words[0] == "1.txt")
    assert ["lease", "54", "100%", "The"] == [row[i] for i in (1, 3, 4, 5)]


def on_terminal(command: list[str], *, columns: int = 100) -> str:
    """Run a program on a terminal of its own; give what it showed, without colours."""
    terminal, inside = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": str(columns)}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(
        command, stdin=inside, stdout=inside, stderr=inside, env=environment
    )
    os.close(inside)
    shown = bytearray()
    try:
        while piece := os.read(terminal, 65_536):
            shown += piece
    except OSError:  # Linux says so where the other side was closed
        pass
    os.close(terminal)
    assert 0 == process.wait()
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
