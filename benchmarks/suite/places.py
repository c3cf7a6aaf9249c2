"""Where sets, models and what was read of them lie: what every measurement asks for."""

import argparse
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.suite.sets import MODELS, SETS, ReadSet, Suite, embedder_of, read_set
from longshot import DocumentEmbedder


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """The folders that a person names.

    Attributes
    ----------
    data
        Folders of sets.
    kept
        For what was read, and the priors without each source.
    mpnet
        The model all-mpnet-base-v2.
    """

    data: tuple[Path, ...]
    kept: Path
    mpnet: Path

    @staticmethod
    def add_options(parser: argparse.ArgumentParser) -> None:
        """Let a command ask for them."""
        parser.add_argument("--data", nargs="+", type=Path, required=True)
        parser.add_argument("--kept", type=Path, default=Path("results/suite"))
        parser.add_argument("--mpnet", type=Path, default=Path("all-mpnet-base-v2"))

    @classmethod
    def of(cls, options: argparse.Namespace) -> "Places":
        """Take them from a command's options."""
        return cls(data=tuple(options.data), kept=options.kept, mpnet=options.mpnet)

    def read(self, suite: Suite, model: str) -> ReadSet | None:
        """Read a set; None where its file is not at hand."""
        return read_set(suite, model, self.data, self.kept, self.mpnet)

    def read_all(
        self, names: Collection[str], models: Sequence[str] = MODELS
    ) -> Iterator[tuple[ReadSet, DocumentEmbedder]]:
        """Read those sets of these names that are at hand, with each of the models."""
        for model in models:
            embedder = embedder_of(model, self.mpnet)
            for suite in SETS:
                read = self.read(suite, model) if suite.name in names else None
                if read is not None:
                    yield read, embedder
