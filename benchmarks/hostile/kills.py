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

from benchmarks.hostile.processes import Command, kill_after, living, longshot, run
from benchmarks.hostile.seeds import TEXTS

_PATIENCE_S = 600.0
_GRACE_S = 5.0


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


def kill_all(folder: Path, model: Path, n_kills: int, seed: int) -> Iterator[Killed]:
    """Kill runs of every kind, `n_kills` times altogether."""
    labelled, pile = _inputs(folder)
    settings: list[str | Path] = ["--window-tokens", "30", "--model", model]
    classify = ["classify", labelled, pile, *settings]
    kinds: dict[str, tuple[list[str | Path], str, bool]] = {
        "classify": (classify, "labels.csv", True),
        "classify --no-pile": ([*classify, "--no-pile"], "labels.jsonl", True),
        "classify --report": (
            [*classify, "--report", folder / "page.html"],
            "labels.parquet",
            True,
        ),
        "embed": (["embed", pile, *settings], "vectors.parquet", True),
        "conversion": ([*classify, "--engine", "openvino"], "labels.csv", False),
    }
    for number, (what, (arguments, name, is_warm)) in enumerate(kinds.items()):
        n = n_kills // len(kinds) + (number < n_kills % len(kinds))
        place = folder / what.replace(" ", "")
        place.mkdir()
        generator = random.Random(f"{seed} {what}")
        command = longshot(*arguments, "--out", place / name)
        yield _kill_one(what, command, place / name, n, generator, is_warm=is_warm)


def _kill_one(
    what: str,
    command: Command,
    out: Path,
    n_kills: int,
    generator: random.Random,
    *,
    is_warm: bool,
) -> Killed:
    """Kill one kind of run; where it `is_warm`, models are converted beforehand."""
    undisturbed = out.parent.with_name(f"{out.parent.name}-undisturbed")
    seconds = 0.0
    for _ in range(1 + is_warm):  # the second one finds the model, and no vectors
        (undisturbed / "vectors.sqlite").unlink(missing_ok=True)
        started = time.perf_counter()
        ended = run(command, cache=undisturbed, timeout_s=_PATIENCE_S)
        seconds = time.perf_counter() - started
        if ended.code:
            return Killed(
                what=what, n_kills=0, n_ended=0, seconds=0, failures=(ended.told,)
            )
    expected, names = out.read_bytes(), _names(out.parent)
    kept = _names(undisturbed)
    failures, n_ended = [], 0
    for number in range(n_kills):
        out.unlink()
        cache = out.parent.with_name(f"{out.parent.name}-{number}")
        if is_warm and (undisturbed / "models").exists():
            shutil.copytree(undisturbed / "models", cache / "models")
        moment = generator.uniform(0, seconds)
        n_ended += not kill_after(command, cache=cache, seconds=moment)
        if out.exists() and out.read_bytes() != expected:
            failures.append(f"after {moment:.2f} s: a result that is not whole")
        time.sleep(0.2)
        if left := living(cache):
            time.sleep(_GRACE_S)
            if left := living(cache):
                failures.append(f"after {moment:.2f} s: {len(left)} processes live on")
        ended = run(command, cache=cache, timeout_s=_PATIENCE_S)
        failures += [
            f"after {moment:.2f} s: {told}"
            for told in _wrong(ended.code, ended.told, out, expected, names)
        ]
        if kept != _names(cache):
            failures.append(f"after {moment:.2f} s, in the cache: {_names(cache)}")
        shutil.rmtree(cache)
    return Killed(
        what=what,
        n_kills=n_kills - n_ended,
        n_ended=n_ended,
        seconds=seconds,
        failures=tuple(failures),
    )


def _wrong(
    code: int, told: str, out: Path, expected: bytes, names: list[str]
) -> Iterator[str]:
    if code:
        yield f"the next run exits with {code}: {told[-300:]}"
        return
    if "Traceback" in told:
        yield f"a traceback: {told[-300:]}"
    if out.read_bytes() != expected:
        yield "the next run gives other bytes"
    if names != _names(out.parent):
        yield f"beside the result: {_names(out.parent)}"


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
