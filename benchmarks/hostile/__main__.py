"""Damages, hurts and kills, and tells what was not as it must be."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.hostile import mutations, specials
from benchmarks.hostile.kills import Killed, kill_all
from benchmarks.hostile.mutations import MOST_MEGABYTES, MOST_SECONDS
from benchmarks.hostile.processes import Ended, longshot, run
from benchmarks.hostile.seeds import seed_files, seed_labels
from benchmarks.output.tables import print_header, print_row

_AT_ONCE = 250
_PATIENCE_S = 120.0
_GOOD = "the tenant pays the rent of the office"


def main() -> None:
    """Run what is asked for; exit with 1 where something was not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = ["mutations", "specials", "kills", "project"]
    parser.add_argument("parts", nargs="*", choices=[*parts, []], default=parts)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--labelled", type=int, default=1_000, help="of the files")
    parser.add_argument("--named", nargs="+", default=(), help="of the specials")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--postgresql-kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    todo: dict[str, Callable[[Path], int]] = {
        "mutations": partial(
            _mutate,
            n_files=options.files,
            n_labelled=options.labelled,
            seed=options.seed,
        ),
        "specials": partial(_hurt, named=options.named),
        "kills": partial(_kill, n_kills=options.kills, seed=options.seed),
        "project": partial(
            _kill_projects,
            n_kills=options.kills,
            n_postgresql=options.postgresql_kills,
            seed=options.seed,
        ),
    }
    n_failures = 0
    for part in options.parts:
        with tempfile.TemporaryDirectory() as folder:
            n_failures += todo[part](Path(folder))
        print()
    print(f"{n_failures} failures")
    sys.exit(n_failures > 0)


def _mutate(folder: Path, *, n_files: int, n_labelled: int, seed: int) -> int:
    """Read damaged files of every kind, and label some of all kinds together."""
    kinds = [*seed_files(), *seed_labels()]
    examples = _examples(folder)
    n_failures = 0
    print_header("damaged", "documents", "set aside", "longest, s", "peak, MB")
    for number, kind in enumerate(kinds):
        n = n_files // len(kinds) + (number < n_files % len(kinds))
        place = folder / f"pile{kind}"
        place.mkdir()
        counts, told = [0, 0, 0.0, 0], ""
        for first in range(0, n, _AT_ONCE):
            ends = [str(first), str(min(n, first + _AT_ONCE)), str(seed)]
            ended = subprocess.run(
                [sys.executable, "-m", mutations.__name__, place, kind, *ends],
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
            told += ended.stderr
            if ended.returncode:
                told += f"a process ended with {ended.returncode}\n"
                continue
            found = ended.stdout.split()
            counts[0] += int(found[0])
            counts[1] += int(found[1])
            counts[2] = max(counts[2], float(found[2]))
            counts[3] = max(counts[3], int(found[3]))
        if counts[3] > MOST_MEGABYTES:
            told += f"{counts[3]} MB\n"
        n_failures += bool(told)
        print_row(f"{n:,} {kind}", *counts)
        _print_told(told)
        _take_over(place, folder / "pile", n_labelled // len(kinds))
    told, shown = _labelled(folder / "pile", examples, folder / "cache")
    print(f"labelled {n_labelled // len(kinds) * len(kinds):,} of them: {shown}")
    _print_told(told)
    return n_failures + bool(told)


def _take_over(place: Path, pile: Path, n: int) -> None:
    """Keep the first files of a kind, to be labelled; the others go."""
    pile.mkdir(exist_ok=True)
    for path in sorted(place.iterdir())[:n]:
        path.rename(pile / path.name)
    shutil.rmtree(place)


def _labelled(pile: Path, examples: Path, cache: Path) -> tuple[str, str]:
    """Label damaged files; give what failed, and how it went."""
    out = pile.with_suffix(".jsonl")
    command = longshot("classify", examples, pile, "--out", out, "--no-evidence")
    ended = run(command, cache=cache, timeout_s=1_800.0)
    shown = f"{ended.seconds:.0f} s, {ended.megabytes} MB"
    return ("" if _is_well(ended) else ended.told[-2_000:]), shown


def _is_well(ended: Ended) -> bool:
    return ended.code in (0, 1) and "Traceback" not in ended.told


def _hurt(folder: Path, *, named: Sequence[str]) -> int:
    """Label a good document beside each special thing, or those that are named."""
    examples, cache = _examples(folder), folder / "cache"
    (folder / "warm").mkdir()
    (folder / "warm" / "good.txt").write_text(_GOOD)
    run(
        longshot("classify", examples, folder / "warm"),
        cache=cache,
        timeout_s=_PATIENCE_S,
    )
    n_failures = 0
    print_header("special", "exit", "processor, s", "peak, MB", "what it told last")
    for number, (what, put) in enumerate(specials.special_piles().items()):
        if named and not any(name in what for name in named):
            continue
        pile = folder / f"{number}"
        pile.mkdir()
        _in_a_process(put, pile)
        (pile / "good.txt").write_text(_GOOD)
        out = folder / f"{number}.jsonl"
        command = longshot("classify", examples, pile, "--out", out)
        ended = run(command, cache=cache, timeout_s=_PATIENCE_S)
        is_labelled = out.exists() and '"good.txt"' in out.read_text(encoding="utf-8")
        n_failures += _tell(what, ended, is_labelled)
        subprocess.run(["chmod", "-R", "u+rwx", pile], check=False)
        subprocess.run(["rm", "-rf", pile], check=False)
    for what, (name, data) in specials.special_labels().items():
        (folder / name).write_bytes(data)
        command = longshot("classify", folder / name, folder / "warm")
        ended = run(command, cache=cache, timeout_s=_PATIENCE_S)
        n_failures += _tell(what, ended, "error: " in ended.told)
    return n_failures


def _in_a_process(put: Callable[[Path], object], pile: Path) -> None:
    """Make a special thing elsewhere: what it takes would count for its readers."""
    if child := os.fork():
        os.waitpid(child, 0)
        return
    try:
        put(pile)
    finally:
        os._exit(0)


def _tell(what: str, ended: Ended, is_as_it_must_be: bool) -> int:
    lines = ended.told.strip().splitlines()
    shown = lines[-1][-90:] if lines else "nothing"
    seconds = f"{ended.seconds:.1f}"
    print_row(what, ended.code, seconds, ended.megabytes, f"`{shown}`")
    failed = not (
        _is_well(ended)
        and is_as_it_must_be
        and ended.seconds <= MOST_SECONDS
        and ended.megabytes <= MOST_MEGABYTES
    )
    if failed:
        _print_told(f"failed:\n{ended.told[-1_000:]}")
    return failed


def _kill(folder: Path, *, n_kills: int, seed: int) -> int:
    from benchmarks.speed.memory import small_model

    n_failures = 0
    print_header("killed", "kills", "ended before", "whole run, s", "failures")
    started = time.perf_counter()
    for one in kill_all(folder, Path(small_model(folder)), n_kills, seed):
        failed = len(one.failures)
        seconds = f"{one.seconds:.1f}"
        print_row(one.what, one.n_kills, one.n_ended, seconds, failed)
        _print_told("\n".join(one.failures))
        n_failures += failed
    print(f"{time.perf_counter() - started:,.0f} s altogether")
    return n_failures


def _kill_projects(folder: Path, *, n_kills: int, n_postgresql: int, seed: int) -> int:
    """Kill processes that write a project, on SQLite and then on PostgreSQL."""
    from benchmarks.hostile.project_kills import kill_projects
    from tests.postgres import missing_reason, server

    n_failures = 0

    def told(found: Iterable[Killed]) -> None:
        nonlocal n_failures
        for one in found:
            seconds = f"{one.seconds:.1f}"
            print_row(one.what, one.n_kills, one.n_ended, seconds, len(one.failures))
            _print_told("\n".join(one.failures))
            n_failures += len(one.failures)

    print_header("killed", "kills", "ended before", "per kill, s", "failures")
    if n_kills:
        (folder / "sqlite").mkdir()
        told(kill_projects(folder / "sqlite", n_kills, seed))
    if n_postgresql and (reason := missing_reason()):
        print(f"not on PostgreSQL: {reason}")
    elif n_postgresql:
        (folder / "postgresql").mkdir()
        with server() as address:
            told(kill_projects(folder / "postgresql", n_postgresql, seed, address))
    return n_failures


def _examples(folder: Path) -> Path:
    path = folder / "labelled"
    for label, text in (
        ("lease", "The tenant pays rent"),
        ("report", "A boiler leaks"),
    ):
        (path / label).mkdir(parents=True, exist_ok=True)
        (path / label / "a.txt").write_text(text)
    return path


def _print_told(told: str) -> None:
    for line in told.strip().splitlines()[:40]:
        print("    ", line.encode("unicode_escape").decode()[:300])


if __name__ == "__main__":
    main()
