"""What was measured, kept line by line, so that a run that was killed goes on."""

import json
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

Key = tuple[str, int, int, str]
"""Data set, examples per class, seed, way."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Answer:
    """What one way says of the judged documents of a split.

    Attributes
    ----------
    way
        Its name.
    probabilities
        Of each class for each judged document.
    seconds
        For fitting and deciding, without reading.
    note
        What it chose.
    """

    way: str
    probabilities: Float[np.ndarray, "document class"]
    seconds: float
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """How good one way was on one split; accuracy and error are shares."""

    set_name: str
    shots: int
    seed: int
    way: str
    accuracy: float
    calibration_error: float
    seconds: float
    n_examples: int
    n_judged: int
    note: str = ""

    @property
    def key(self) -> Key:
        """What it was measured on."""
        return self.set_name, self.shots, self.seed, self.way


class ResultFile:
    """Results on disk, one JSON object a line; the last one of a key counts.

    Each is written at once, so that two runs on different data sets may share a file. A
    last line that broke off is taken as not there.

    Parameters
    ----------
    path
        The file; None keeps results for this run only.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._results = {one.key: one for one in read_results([path] if path else [])}
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            _end_last_line(path)

    def __contains__(self, key: Key) -> bool:
        return key in self._results

    def __iter__(self) -> Iterator[Result]:
        return iter(self._results.values())

    @property
    def folder(self) -> Path | None:
        """Where it lies; None where nothing is kept."""
        return self._path.parent if self._path is not None else None

    def add(self, result: Result) -> None:
        """Keep one more."""
        self._results[result.key] = result
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(result)) + "\n")

    def forget(self, set_names: Collection[str], ways: Collection[str]) -> None:
        """Drop what is to be measured again."""
        self._results = {
            key: one
            for key, one in self._results.items()
            if one.set_name not in set_names or one.way not in ways
        }
        if self._path is not None and self._path.exists():
            beside = self._path.with_name(self._path.name + ".new")
            lines = [json.dumps(asdict(one)) + "\n" for one in self._results.values()]
            beside.write_text("".join(lines), encoding="utf-8")
            os.replace(beside, self._path)


def read_results(paths: Iterable[Path]) -> list[Result]:
    """Read results from files; where one does not exist yet there are none."""
    lines = [
        line
        for path in paths
        if path.exists()
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return list({one.key: one for one in map(_result, lines) if one}.values())


def _end_last_line(path: Path) -> None:
    """So that what is added does not stand behind a line that broke off."""
    if path.exists() and not f"\n{path.read_text(encoding='utf-8')}".endswith("\n"):
        with path.open("a", encoding="utf-8") as file:
            file.write("\n")


def _result(line: str) -> Result | None:
    try:
        return Result(**json.loads(line))
    except (ValueError, TypeError):
        return None
