"""What a run began with, and what of it is finished.

``run.json`` says what was asked; another question needs a folder of its own. Each
finished piece of work has an entry, written after its results: what has one is never
done again. At the end ``manifest.json`` holds the sums.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from typing import Any

from longshot.errors import OutputError
from longshot.scale.place import Place

RUN_FILE, SUMS_FILE = "run.json", "manifest.json"
ENTRIES, WINDOWS = "manifest", "work"
COUNTS = "n_documents", "n_failed", "n_tokens"
_READS_AT_ONCE = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A finished piece of work.

    Attributes
    ----------
    key
        What it is known by.
    n_documents, n_failed, n_tokens
        What is in its results; of a block of a long document, the tokens alone.
    seconds
        What the worker took.
    files
        Its results, by their names in the folder.
    block, is_last
        Of a long document: which block it is, and whether it is the last one.
    """

    key: str
    n_documents: int = 0
    n_failed: int = 0
    n_tokens: int = 0
    seconds: float = 0.0
    files: tuple[str, ...] = ()
    block: int | None = None
    is_last: bool = True

    @property
    def name(self) -> str:
        """The work that it is of, without the block."""
        return self.key if self.block is None else self.key.rpartition(".")[0]

    @property
    def counts(self) -> dict[str, int]:
        """What of it is added up."""
        return {name: getattr(self, name) for name in COUNTS}

    def as_json(self) -> str:
        """Give it as it is written, and as a worker gives it back."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, content: str | bytes) -> "Entry":
        """Read what :meth:`as_json` gave."""
        known = {one.name for one in fields(cls)}
        found = {k: v for k, v in json.loads(content).items() if k in known}
        return cls(**{**found, "files": tuple(found["files"])})


class Manifest:
    """The entries of a run.

    Parameters
    ----------
    out
        The folder of the results.
    stage
        The step of the run that they are of.
    """

    def __init__(self, out: Place, stage: str) -> None:
        self.out, self.stage = out, stage

    def begin(self, asked: dict[str, Any]) -> None:
        """Begin a run, or go on with one that asked for the same.

        Raises
        ------
        OutputError
            If the folder holds the results of something else.
        """
        wanted = json.loads(json.dumps(asked))
        if self.out.has(RUN_FILE):
            before = json.loads(self.out.read(RUN_FILE))
            if differing := _differing(before, wanted):
                raise OutputError(
                    f"a run that goes on must ask for the same; {self.out.shown} "
                    f"was begun with another {', '.join(differing)}. Name another "
                    "--out."
                )
        elif self.out.names():
            raise OutputError(
                f"results of a cluster must go to a folder of their own; "
                f"{self.out.shown} holds something else. Name another --out."
            )
        else:
            self.out.write(RUN_FILE, json.dumps(wanted, indent=1).encode())
        self.out.remove_unfinished()

    def write(self, entry: Entry) -> None:
        """Write that a piece of work is finished; its results must be there."""
        name = f"{ENTRIES}/{self.stage}/{entry.key}.json"
        self.out.write(name, entry.as_json().encode())

    def entries(self) -> list[Entry]:
        """Give what is finished, sorted."""
        folder = f"{ENTRIES}/{self.stage}"
        names = self.out.names(folder)

        def read(name: str) -> Entry:
            return Entry.of(self.out.read(f"{folder}/{name}"))

        with ThreadPoolExecutor(_READS_AT_ONCE) as pool:
            return list(pool.map(read, names))

    def finish(self, entries: list[Entry]) -> dict[str, int]:
        """Write the sums, and remove what only the run itself needed; give them."""
        sums = {name: sum(getattr(one, name) for one in entries) for name in COUNTS}
        seconds = sum(one.seconds for one in entries)
        parts = [list(one.files) for one in entries if one.files]
        content = {**sums, "seconds": seconds, "parts": parts}
        self.out.write(SUMS_FILE, json.dumps(content, indent=1).encode())
        self.out.remove(WINDOWS)
        return sums


def long_documents(entries: list[Entry]) -> Iterator[tuple[str, int]]:
    """Give the long documents all of whose blocks are finished, with their number."""
    n_blocks: dict[str, int] = {}
    last: dict[str, int] = {}
    for one in entries:
        if one.block is not None:
            n_blocks[one.name] = n_blocks.get(one.name, 0) + 1
            if one.is_last:
                last[one.name] = one.block
    for name in sorted(n_blocks):
        if last.get(name) == n_blocks[name] - 1:
            yield name, n_blocks[name]


def _differing(before: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    names = [*before, *(one for one in wanted if one not in before)]
    return [name for name in names if before.get(name) != wanted.get(name)]
