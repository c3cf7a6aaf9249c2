"""Commands that are killed at random moments, and started again.

What must hold: no process lives on, the result has its name only when it is whole, the
next run gives the same bytes, and beside the result and in the cache nothing is left.
"""

import json
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.hostile.processes import (
    Command,
    Ended,
    kill_after,
    living,
    longshot,
    run,
)
from benchmarks.hostile.seeds import TEXTS

_PATIENCE_S = 600.0
_GRACE_TIMES = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Killed:
    """What came of killing one kind of run.

    Attributes
    ----------
    what
        The kind.
    n_kills, n_ended
        How often it was killed, and how often it had ended before.
    seconds
        What an undisturbed run takes.
    failures
        What was not as it must be.
    """

    what: str
    n_kills: int
    n_ended: int
    seconds: float
    failures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Undisturbed:
    """What a run that nobody kills leaves.

    Attributes
    ----------
    command, out
        What runs, and the result that it writes.
    is_warm
        Whether models are converted beforehand.
    cache
        Its cache.
    seconds, result
        What it took, and the bytes that it wrote.
    beside, kept
        The names of what lies beside the result, and in the cache.
    """

    command: Command
    out: Path
    is_warm: bool
    cache: Path
    seconds: float
    result: bytes
    beside: list[str]
    kept: list[str]


def kill_all(folder: Path, model: Path, n_kills: int, seed: int) -> Iterator[Killed]:
    """Kill runs of every kind, `n_kills` times altogether."""
    labelled, pile = _inputs(folder)
    settings: list[str | Path] = ["--window-tokens", "30", "--model", model]
    classify = ["classify", labelled, pile, *settings]
    report: list[str | Path] = ["--report", folder / "classify--report" / "page.html"]
    kinds: dict[str, tuple[list[str | Path], str, bool]] = {
        "classify": (classify, "labels.csv", True),
        "classify --no-pile": ([*classify, "--no-pile"], "labels.jsonl", True),
        "classify --report": ([*classify, *report], "labels.parquet", True),
        "embed": (["embed", pile, *settings], "vectors.parquet", True),
        "conversion": ([*classify, "--engine", "openvino"], "labels.csv", False),
    }
    for number, (what, (arguments, name, is_warm)) in enumerate(kinds.items()):
        n = n_kills // len(kinds) + (number < n_kills % len(kinds))
        out = folder / what.replace(" ", "") / name
        out.parent.mkdir()
        command = longshot(*arguments, "--out", out)
        whole = _undisturbed(command, out, is_warm=is_warm)
        generator = random.Random(f"{seed} {what}")
        failures, n_ended = [], 0
        for _ in range(n):
            moment = generator.uniform(0, whole.seconds)
            had_ended, wrong = _killed(whole, moment)
            n_ended += had_ended
            failures += [f"after {moment:.2f} s: {told}" for told in wrong]
        yield Killed(
            what=what,
            n_kills=n - n_ended,
            n_ended=n_ended,
            seconds=whole.seconds,
            failures=tuple(failures),
        )


def _undisturbed(command: Command, out: Path, *, is_warm: bool) -> _Undisturbed:
    cache = out.parent.with_name(f"{out.parent.name}-undisturbed")
    seconds = 0.0
    for _ in range(1 + is_warm):  # the second one finds the model, and no vectors
        (cache / "vectors.sqlite").unlink(missing_ok=True)
        started = time.perf_counter()
        ended = run(command, cache=cache, timeout_s=_PATIENCE_S)
        seconds = time.perf_counter() - started
        if ended.code:
            raise SystemExit(f"a run that nobody killed failed: {ended.told}")
    return _Undisturbed(
        command=command,
        out=out,
        is_warm=is_warm,
        cache=cache,
        seconds=seconds,
        result=out.read_bytes(),
        beside=_names(out.parent),
        kept=_names(cache),
    )


def _killed(whole: _Undisturbed, moment: float) -> tuple[bool, list[str]]:
    """Kill a run after some seconds, and start it again.

    Returns
    -------
    tuple
        Whether it had ended before, and what was not as it must be.
    """
    out = whole.out
    cache = out.parent.with_name(f"{out.parent.name}-killed")
    shutil.rmtree(cache, ignore_errors=True)
    for path in out.parent.iterdir():
        path.unlink()
    if whole.is_warm and (whole.cache / "models").exists():
        shutil.copytree(whole.cache / "models", cache / "models")
    had_ended = not kill_after(whole.command, cache=cache, seconds=moment)
    wrong = []
    if out.exists() and out.read_bytes() != whole.result:
        wrong.append("a result that is not whole")
    wrong += _still_living(cache)
    ended = run(whole.command, cache=cache, timeout_s=_PATIENCE_S)
    wrong += _wrong(ended, whole, cache)
    return had_ended, wrong


def _still_living(cache: Path) -> Iterator[str]:
    """Tell of processes that outlive the killed one by some seconds."""
    for _ in range(_GRACE_TIMES):
        time.sleep(0.2)
        left = living(cache)
        if not left:
            return
    yield f"{len(left)} processes live on"


def _wrong(ended: Ended, whole: _Undisturbed, cache: Path) -> Iterator[str]:
    if ended.code:
        yield f"the next run exits with {ended.code}: {ended.told[-300:]}"
        return
    if "Traceback" in ended.told:
        yield f"a traceback: {ended.told[-300:]}"
    if whole.out.read_bytes() != whole.result:
        yield "the next run gives other bytes"
    if whole.beside != _names(whole.out.parent):
        yield f"beside the result: {_names(whole.out.parent)}"
    if whole.kept != _names(cache):
        yield f"in the cache: {_names(cache)}"


def _names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def _inputs(folder: Path) -> tuple[Path, Path]:
    """Write examples and a pile, which take some seconds to encode."""
    generator = random.Random(0)
    words = " ".join(TEXTS).split()
    labelled = folder / "labelled.jsonl"
    rows = [{"text": text, "label": text.split()[1]} for text in TEXTS * 2]
    labelled.write_text("".join(json.dumps(row) + "\n" for row in rows))
    pile = folder / "pile.jsonl"
    texts = [" ".join(generator.choices(words, k=400)) for _ in range(150)]
    pile.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return labelled, pile
