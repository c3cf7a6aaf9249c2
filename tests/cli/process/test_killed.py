"""A run that is killed at any moment, and started again with the same command."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from longshot.encoding.cache import VectorCache
from longshot.machine.locations import CACHE_VARIABLE
from tests.encoders.transformers.test_encoder import CONFIGS, TEXT, save_model

if sys.platform == "win32":
    pytest.skip("SIGKILL is POSIX's", allow_module_level=True)

N_DOCUMENTS = 150
WORDS_PER_DOCUMENT = 600

COUNTING_LONGSHOT = """
import atexit, sys
from longshot.encoders.openvino import OpenVinoEncoder
counts, encode = [], OpenVinoEncoder.means
def counting(self, ids, weights, layers):
    counts.append(len(ids))
    return encode(self, ids, weights, layers)
OpenVinoEncoder.means = counting
atexit.register(lambda: print("encoded", sum(counts), file=sys.stderr))
from longshot.cli import main
main()
"""
"""The command as it is; at its end it tells how many windows were encoded."""

HALTING_LONGSHOT = """
import os, time
from longshot.encoders.openvino import OpenVinoEncoder
from longshot.report import growing
growing.FLUSH_EVERY_S = -1.0  # a row is on disk before the next one is begun
left, encode = int(os.environ["HALT_AFTER"]), OpenVinoEncoder.means
def halting(self, ids, weights, layers):
    global left
    left -= len(ids)
    time.sleep(0.01 if left > 0 else 3600)
    return encode(self, ids, weights, layers)
OpenVinoEncoder.means = halting
from longshot.cli import main
main()
"""
"""The command, which waits before its last windows until it is killed."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small model of random weights."""
    return save_model(tmp_path_factory.mktemp("models") / "bert", CONFIGS["bert"]())


@pytest.fixture
def command(tmp_path: Path, labelled: Path, model: Path) -> list[str | Path]:
    """Give what labels a pile for some seconds."""
    generator, words = np.random.default_rng(0), sorted(set(TEXT.split()))
    pile = tmp_path / "pile.jsonl"
    texts = [
        " ".join(generator.choice(words, size=WORDS_PER_DOCUMENT))
        for _ in range(N_DOCUMENTS)
    ]
    pile.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    settings = ["--window-tokens", "14", "--engine", "openvino"]
    return ["classify", labelled, pile, "--model", model, *settings]


@pytest.mark.slow
def test_a_run_killed_at_any_moment_goes_on_to_the_same_file(
    tmp_path: Path, command: list[str | Path]
) -> None:
    undisturbed, killed = caches(tmp_path)
    n_all = encoded_windows(command, tmp_path / "expected.csv", cache=undisturbed)
    out = tmp_path / "labels.csv"

    with started(command, out, cache=killed, halt_after=n_all - 1) as process:
        wait_for_vectors(killed, process)
        time.sleep(random.uniform(0, 0.5))
        process.send_signal(signal.SIGKILL)
        assert -signal.SIGKILL == process.wait()

    assert not out.exists()
    assert encoded_windows(command, out, cache=killed) < n_all
    assert (tmp_path / "expected.csv").read_bytes() == out.read_bytes()


@pytest.mark.slow
def test_finished_rows_survive_and_the_next_run_gives_the_same_file(
    tmp_path: Path, command: list[str | Path]
) -> None:
    alone = [*command, "--no-pile"]
    undisturbed, killed = caches(tmp_path)
    n_all = encoded_windows(alone, tmp_path / "expected.jsonl", cache=undisturbed)
    expected = (tmp_path / "expected.jsonl").read_bytes()
    out, partial = tmp_path / "labels.jsonl", tmp_path / "labels.jsonl.partial"

    with started(alone, out, cache=killed, halt_after=n_all - 1) as process:
        while not (partial.exists() and partial.stat().st_size):
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.02)
        time.sleep(random.uniform(0, 0.5))
        process.send_signal(signal.SIGKILL)
        assert -signal.SIGKILL == process.wait()

    assert not out.exists()
    assert partial.read_bytes().endswith(b"\n")
    assert expected.startswith(partial.read_bytes())
    assert encoded_windows(alone, out, cache=killed) < n_all
    assert expected == out.read_bytes()
    assert not partial.exists()


def caches(folder: Path) -> list[Path]:
    """Give two caches without vectors."""
    return [folder / "undisturbed", folder / "killed"]


def encoded_windows(command: list[str | Path], out: Path, *, cache: Path) -> int:
    """Run a command to its end; give how many windows it encoded."""
    ended = subprocess.run(
        [sys.executable, "-c", COUNTING_LONGSHOT, *command, "--out", out],
        env={**os.environ, CACHE_VARIABLE: str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == ended.returncode, ended.stderr
    [n_windows] = re.findall(r"^encoded (\d+)$", ended.stderr, re.MULTILINE)
    return int(n_windows)


@contextmanager
def started(
    command: list[str | Path], out: Path, *, cache: Path, halt_after: int
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HALTING_LONGSHOT, *command, "--out", out],
        env={
            **os.environ,
            CACHE_VARIABLE: str(cache),
            "HALT_AFTER": str(halt_after),
        },
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for_vectors(cache: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until the first documents of the pile are kept."""
    vectors = VectorCache(cache / "vectors.sqlite")
    while not vectors.path.exists() or vectors.totals().n_documents <= 2:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    vectors.close()
