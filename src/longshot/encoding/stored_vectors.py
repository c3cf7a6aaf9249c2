"""Vectors set down until a pile is read: in memory, and beyond a bound on disk."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np
from jaxtyping import Float

from longshot.encoding.vector_file import Piece, StoredWindow
from longshot.records import Vectors

MAX_BYTES_IN_MEMORY = 1 << 28


@dataclass(frozen=True, slots=True, eq=False)
class _OnDisk:
    """Where a document's vectors lie in the file."""

    document_id: str
    document: Float[np.ndarray, " dim"]
    first_byte: int
    n_layers: int
    sizes: tuple[int, ...]
    checksum: int
    n_unread: int
    notes: tuple[str, ...]
    text_share: float
    language: str | None


class StoredVectors:
    """Keeps the vectors of a pile's documents, by their number.

    Those that do not fit into memory lie in a file without a name, which is gone with
    the store.

    Parameters
    ----------
    max_bytes
        What may stand in memory.
    """

    def __init__(self, max_bytes: int = MAX_BYTES_IN_MEMORY) -> None:
        self._max_bytes = max_bytes
        self._bytes_in_memory = 0
        self._places: list[Vectors | _OnDisk] = []
        self._opened: IO[bytes] | None = None

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, number: int) -> Vectors:
        place = self._places[number]
        return place if isinstance(place, Vectors) else self._read(place)

    def __iter__(self) -> Iterator[Vectors]:
        return (self[number] for number in range(len(self)))

    def add(self, vectors: Vectors) -> None:
        """Set a document's vectors down."""
        size_bytes = vectors.layer_means.nbytes + vectors.span_vectors.nbytes
        if self._bytes_in_memory + size_bytes > self._max_bytes:
            self._places.append(self._write(vectors))
        else:
            self._bytes_in_memory += size_bytes
            self._places.append(vectors)

    @property
    def _file(self) -> IO[bytes]:
        if self._opened is None:
            self._opened = tempfile.TemporaryFile()
        return self._opened

    def __del__(self) -> None:
        """Give the file back."""
        if getattr(self, "_opened", None) is not None:
            self._file.close()

    def _write(self, vectors: Vectors) -> _OnDisk:
        piece = Piece.pack(stored_windows(vectors))
        first_byte = self._file.seek(0, 2)
        self._file.writelines(piece.parts)
        return _OnDisk(
            document_id=vectors.document_id,
            document=vectors.document,
            first_byte=first_byte,
            n_layers=piece.n_layers,
            sizes=tuple(map(len, piece.parts)),
            checksum=piece.checksum,
            n_unread=vectors.n_unread,
            notes=vectors.notes,
            text_share=vectors.text_share,
            language=vectors.language,
        )

    def _read(self, place: _OnDisk) -> Vectors:
        self._file.seek(place.first_byte)
        windows, spans, means, vectors = map(self._file.read, place.sizes)
        piece = Piece(place.n_layers, windows, spans, means, vectors, place.checksum)
        stored = piece.unpack()
        return Vectors(
            document_id=place.document_id,
            windows=tuple(one.window for one in stored),
            layer_means=np.stack([one.layer_means for one in stored]),
            document=place.document,
            span_vectors=np.concatenate([one.span_vectors for one in stored]),
            n_unread=place.n_unread,
            notes=place.notes,
            text_share=place.text_share,
            language=place.language,
        )


def stored_windows(vectors: Vectors) -> list[StoredWindow]:
    """Give a document's windows one by one, each with its vectors."""
    has_spans = len(vectors.span_vectors) > 0
    counts = [len(one.spans) if has_spans else 0 for one in vectors.windows]
    spans = np.split(vectors.span_vectors, np.cumsum(counts)[:-1])
    windows = zip(vectors.windows, vectors.layer_means, spans, strict=True)
    return [StoredWindow(*one) for one in windows]
