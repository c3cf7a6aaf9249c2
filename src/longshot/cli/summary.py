"""What a run did, told on stderr at its end."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import typer

from longshot.cli.consoles import say
from longshot.cli.failures import EXIT_MISTAKE
from longshot.errors import ExamplesError, LongshotError, ReadingError
from longshot.records import Document, Example, Prediction, SetAside, Vectors

SHOWN_AT_MOST = 20


class Summary:
    """Collects what has to be told: what was set aside, guessed, or left unread."""

    def __init__(self) -> None:
        self._set_aside: list[SetAside] = []
        self._n_documents = 0
        self._n_tokens = 0
        self._n_windows = 0
        self._less_read: list[tuple[str, float]] = []

    def set_aside(self, one: SetAside) -> None:
        """Take note of a document that could not be used."""
        self._set_aside.append(one)

    def noting(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Pass documents on, and tell what reading had to guess about each.

        Raises
        ------
        ReadingError
            If there are none.
        """
        n_documents = 0
        for document in documents:
            n_documents += 1
            self._tell_notes(document)
            yield document
        if not n_documents and not self._set_aside:
            raise ReadingError(
                "DOCUMENTS must hold at least one document; none was found. "
                "Check the path."
            )

    def examples(self, examples: Sequence[Example]) -> None:
        """Tell how many examples were read for each label.

        Raises
        ------
        ExamplesError
            If all examples of a label were set aside.
        """
        for example in examples:
            self._tell_notes(example.document)
        counts = Counter(example.label for example in examples)
        shown = ", ".join(f"{label} {n}" for label, n in sorted(counts.items()))
        say("{} examples: {}", len(examples), shown or "none")
        lost = {one.label for one in self._set_aside if one.label} - counts.keys()
        if lost:
            raise ExamplesError(
                f"every label must have a document with text; {', '.join(sorted(lost))}"
                " has none. Mend one of those set aside, or remove the label."
            )

    def counting(self, vectors: Iterable[Vectors]) -> Iterator[Vectors]:
        """Pass vectors on, and count what was read for them.

        Raises
        ------
        ReadingError
            If there are none.
        """
        for one in vectors:
            self._count(one.document_id, one.n_tokens, len(one.windows), one.coverage)
            yield one
        self._check_any()

    def count_all(self, predictions: Iterable[Prediction]) -> None:
        """Count what was read for predictions.

        Raises
        ------
        ReadingError
            If there are none.
        """
        for one in predictions:
            self._count(one.document_id, one.n_tokens, one.n_windows, one.coverage)
        self._check_any()

    def _count(self, one: str, n_tokens: int, n_windows: int, coverage: float) -> None:
        self._n_documents += 1
        self._n_tokens += n_tokens
        self._n_windows += n_windows
        if coverage < 1.0:
            self._less_read.append((one, coverage))

    def read(self, *, seconds: float) -> None:
        """Tell how much was read, how fast, and what of it was not."""
        say(
            "{} documents, {} tokens in {} windows, {} s ({} tokens/s)",
            f"{self._n_documents:,}",
            f"{self._n_tokens:,}",
            f"{self._n_windows:,}",
            f"{seconds:.1f}",
            f"{self._n_tokens / max(seconds, 1e-9):,.0f}",
        )
        for one, coverage in self._less_read[:SHOWN_AT_MOST]:
            say("  {}: {} of it was read", one, f"{coverage:.1%}")

    def compare(
        self, predictions: Sequence[Prediction], true_labels: Mapping[str, str]
    ) -> None:
        """Tell how many labels are right, and which are not."""
        known = [one for one in predictions if one.document_id in true_labels]
        wrong = [one for one in known if one.label != true_labels[one.document_id]]
        say("[bold]{} of {} are right[/]", len(known) - len(wrong), len(known))
        if len(known) < len(predictions):
            n_unknown = len(predictions) - len(known)
            say("  {} have no true label: their id is not in --truth", n_unknown)
        for one in wrong[:SHOWN_AT_MOST]:
            truth = true_labels[one.document_id]
            say("  {} is {}, not {}", one.document_id, truth, one.label)

    def finish(self) -> None:
        """Name what was set aside; if anything was, the command exits with 1."""
        self.tell_set_aside()
        if self._set_aside:
            raise typer.Exit(EXIT_MISTAKE)

    def tell_set_aside(self) -> None:
        """Name what was set aside, and why."""
        if not self._set_aside:
            return
        say("[bold yellow]{} set aside:[/]", len(self._set_aside))
        for one in self._set_aside[:SHOWN_AT_MOST]:
            say("  {}: {}", one.source or one.id, one.reason)
        if len(self._set_aside) > SHOWN_AT_MOST:
            say("  and {} more", len(self._set_aside) - SHOWN_AT_MOST)

    def _check_any(self) -> None:
        if not self._n_documents:
            raise ReadingError(
                "DOCUMENTS must hold at least one document that can be used; all of "
                "them were set aside. Mend one."
            )

    @staticmethod
    def _tell_notes(document: Document) -> None:
        for note in document.notes:
            say("{}: {}", document.source or document.id, note)


@contextmanager
def summary_at_end() -> Iterator[Summary]:
    """Name what was set aside at the end of a run, also where it ends in an error."""
    summary = Summary()
    try:
        yield summary
    except LongshotError:
        summary.tell_set_aside()
        raise
    summary.finish()
