"""What deciding needs of each document, kept so that no text is read again.

All of it is derived: it lies in the cache folder, in files of some hundred documents
each, by what reads them and by content, and whatever is missing there is computed from
the texts. Losing it loses time and no data.
"""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from longshot.classify import DocumentFeatures, Layout, extract
from longshot.embedder import DocumentEmbedder
from longshot.machine.unfinished import unfinished_file
from longshot.records import Document, OnSetAside, OnWindow, Vectors

SHARD_DOCUMENTS = 512
_HASH_BYTES = 32
_MOST_SHARDS = 64
"""Files beyond which they are joined: adding a few documents makes a small one each."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ReadCounts:
    """How documents were read: what is told of each beside its features."""

    n_tokens: Int[np.ndarray, " document"]
    n_windows: Int[np.ndarray, " document"]
    n_unknown: Int[np.ndarray, " document"]
    coverage: Float[np.ndarray, " document"]

    @classmethod
    def of(cls, vectors: Sequence[Vectors]) -> "ReadCounts":
        """Take it from the vectors of documents."""
        return cls(
            n_tokens=np.array([one.n_tokens for one in vectors], dtype=np.int64),
            n_windows=np.array([len(one.windows) for one in vectors], dtype=np.int64),
            n_unknown=np.array([one.n_unknown for one in vectors], dtype=np.int64),
            coverage=np.array([one.coverage for one in vectors], dtype=np.float64),
        )

    def take(self, rows: Int[np.ndarray, " row"]) -> "ReadCounts":
        """Give some of the documents."""
        return ReadCounts(
            **{one.name: getattr(self, one.name)[rows] for one in _FIGURES}
        )

    @classmethod
    def concat(cls, several: Sequence["ReadCounts"]) -> "ReadCounts":
        """Give the documents of several parts, one part after the other."""
        return cls(
            **{
                one.name: np.concatenate([getattr(part, one.name) for part in several])
                for one in _FIGURES
            }
        )


_FIGURES = fields(ReadCounts)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class KnownDocuments:
    """Documents by the hash of their text, with their features, row by row."""

    hashes: tuple[str, ...]
    features: DocumentFeatures
    reading: ReadCounts

    def take(self, rows: Int[np.ndarray, " row"]) -> "KnownDocuments":
        """Give some of them."""
        return KnownDocuments(
            hashes=tuple(self.hashes[row] for row in rows.tolist()),
            features=self.features.take(rows),
            reading=self.reading.take(rows),
        )

    @classmethod
    def concat(cls, several: Sequence["KnownDocuments"]) -> "KnownDocuments":
        """Give the documents of several parts, one part after the other."""
        return cls(
            hashes=tuple(one for part in several for one in part.hashes),
            features=DocumentFeatures.concat([part.features for part in several]),
            reading=ReadCounts.concat([part.reading for part in several]),
        )


class FeatureStore:
    """Features of a project's documents on disk.

    Parameters
    ----------
    folder
        Where they lie; it need not exist.
    embedder
        What reads documents.
    """

    def __init__(self, folder: Path, embedder: DocumentEmbedder) -> None:
        self._folder = folder / embedder.fingerprint[:32]
        self._embedder = embedder

    def load(self) -> KnownDocuments | None:
        """Give all that is there; None where there is nothing."""
        paths = sorted(self._folder.glob("*.safetensors"))
        shards = [shard for path in paths if (shard := _loaded(path)) is not None]
        if not shards:
            return None
        known = KnownDocuments.concat(shards)
        if len(paths) > _MOST_SHARDS:
            self.keep(known)
            for path in paths:
                path.unlink(missing_ok=True)
        return known

    def read(
        self,
        documents: Iterable[Document],
        hashes: Sequence[str],
        *,
        on_set_aside: OnSetAside,
        on_window: OnWindow | None,
    ) -> KnownDocuments | None:
        """Read documents, keep their features, and give them.

        Parameters
        ----------
        documents, hashes
            Documents, and the hash of each one's text.
        on_set_aside
            Told of each document without a token; it has no features.
        on_window
            As in :meth:`DocumentEmbedder.vectors`.
        """
        given = list(documents)
        hash_of = {one.id: digest for one, digest in zip(given, hashes, strict=True)}
        text_of = {one.id: one.text for one in given}
        vectors = list(
            self._embedder.vectors(
                given, on_set_aside=on_set_aside, on_window=on_window
            )
        )
        if not vectors:
            return None
        pairs = ((one, text_of[one.document_id]) for one in vectors)
        known = KnownDocuments(
            hashes=tuple(hash_of[one.document_id] for one in vectors),
            features=extract(pairs, Layout.of(self._embedder)),
            reading=ReadCounts.of(vectors),
        )
        self.keep(known)
        return known

    def keep(self, known: KnownDocuments) -> None:
        """Keep features; where there is no place for them, they are made again."""
        arrays = known.features.arrays()
        hashes = np.frombuffer(bytes.fromhex("".join(known.hashes)), dtype=np.uint8)
        arrays["project.hashes"] = hashes.reshape(-1, _HASH_BYTES)
        for one in _FIGURES:
            arrays[f"project.{one.name}"] = getattr(known.reading, one.name)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            name = f"{time.time_ns():020d}-{os.getpid()}.safetensors"
            target = self._folder / name
            with unfinished_file(target) as (temporary, _):
                save_file(arrays, temporary)
                temporary.replace(target)
        except (OSError, SafetensorError):
            return


def _loaded(path: Path) -> KnownDocuments | None:
    """Read one file; one that holds something else is left alone."""
    try:
        arrays: dict[str, Any] = load_file(path)
        hashes = tuple(bytes(one).hex() for one in arrays["project.hashes"])
        figures = {one.name: arrays[f"project.{one.name}"] for one in _FIGURES}
        features = DocumentFeatures.of_arrays(arrays)
    except (OSError, KeyError, ValueError, SafetensorError):
        return None
    return KnownDocuments(
        hashes=hashes, features=features, reading=ReadCounts(**figures)
    )
