"""Windows that were encoded elsewhere, in the form of a cache.

An embedder that finds all windows of a document in its cache only puts them together:
so a document whose windows were spread over workers is read, decided and explained by
the same code as any other.
"""

from collections.abc import Iterator, Sequence

from longshot.encoding.cache import content_key
from longshot.encoding.vector_file import Known, StoredWindow
from longshot.encoding.vocabulary import Beginning
from longshot.records import Document


class GivenWindows:
    """Holds the windows of some documents; keeps nothing of others."""

    def __init__(self) -> None:
        self._windows: dict[bytes, Sequence[StoredWindow]] = {}

    def hold(
        self,
        fingerprint: str,
        documents: Sequence[tuple[Document, Sequence[StoredWindow]]],
    ) -> None:
        """Hold these documents' windows, in the place of those held before."""
        self._windows = {
            content_key(fingerprint, document.text): windows
            for document, windows in documents
        }

    def known(self, keys: Sequence[bytes]) -> list[Known]:
        """Give all windows of the documents that are held."""
        held = [self._windows.get(key) for key in keys]
        return [
            Known()
            if windows is None
            else Known(n_windows=len(windows), windows=windows)
            for windows in held
        ]

    def windows(self, key: bytes, first: int = 0) -> Iterator[StoredWindow]:
        """Give a document's windows from one on."""
        return iter(self._windows.get(key, ())[first:])

    def keep(
        self, key: bytes, windows: Sequence[StoredWindow], *, is_last: bool
    ) -> None:
        """Keep nothing: what a worker finishes is written."""

    def keep_beginning(self, key: bytes, told: Beginning) -> None:
        """Keep nothing."""

    def flush(self) -> None:
        """Write nothing."""
