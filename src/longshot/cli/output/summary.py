"""What a run did, told on stderr at its end."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import typer

from longshot.cli.output.consoles import counted, say
from longshot.cli.output.failures import EXIT_MISTAKE
from longshot.errors import ExamplesError, LongshotError, ReadingError
from longshot.records import (
    Document,
    Example,
    LabelledDocument,
    Prediction,
    SetAside,
    Vectors,
)

SHOWN_AT_MOST = 20
_NOTED_UNKNOWN_SHARE = 0.2
"""Of a document's tokens: when more of them are unknown, its vector says little."""


class Summary:
    """Collects what has to be told: what was set aside, guessed, or left unread.

    Attributes
    ----------
    reads_all
        Whether documents were to be read whole; where not, what is left of each is told
        as one sum.
    """

    def __init__(self) -> None:
        self.reads_all = True
        self._set_aside: list[SetAside] = []
        self._n_documents = 0
        self._n_tokens = 0
        self._n_tokens_read = 0
        self._n_windows = 0
        self._not_read: list[str] = []
        self._example_texts: set[str] = set()
        self._among_examples: list[str] = []

    def set_aside(self, one: SetAside) -> None:
        """Take note of a document that could not be used."""
        self._set_aside.append(one)

    @property
    def all_set_aside(self) -> tuple[SetAside, ...]:
        """What could not be used so far."""
        return tuple(self._set_aside)

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
            if document.text in self._example_texts:
                self._among_examples.append(document.id)
            yield document
        if not n_documents and not self._set_aside:
            raise ReadingError(
                "DOCUMENTS must hold at least one document; none was found. "
                "Check the path."
            )

    def examples(self, examples: Sequence[Example | LabelledDocument]) -> None:
        """Tell how many examples were read for each label.

        Raises
        ------
        ExamplesError
            If all examples of a label were set aside.
        """
        for example in examples:
            self._tell_notes(example.document)
            self._example_texts.add(example.document.text)
        counts = Counter(label for example in examples for label in example.labels)
        shown = ", ".join(f"{label} {n}" for label, n in sorted(counts.items()))
        say("{}: {}", counted(len(examples), "example"), shown or "none")
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
            self._n_documents += 1
            self._n_tokens += one.n_tokens
            self._n_tokens_read += one.n_tokens_read
            self._n_windows += len(one.windows)
            self.note_reading(one)
            yield one
        self._check_any()

    def counting_predictions(
        self, predictions: Iterable[Prediction]
    ) -> Iterator[Prediction]:
        """Pass predictions on, and count what was read for them.

        Raises
        ------
        ReadingError
            If there are none.
        """
        for one in predictions:
            self._n_documents += 1
            self._n_tokens += one.n_tokens
            self._n_tokens_read += round(one.coverage * one.n_tokens)
            self._n_windows += one.n_windows
            self.note_reading(one)
            yield one
        self._check_any()

    def note_reading(self, one: Vectors | Prediction, *, what: str = "") -> None:
        """Note what the model could not read of a document, to be told at the end.

        Parameters
        ----------
        one
            What was made of the document.
        what
            What to call it, where it is none of the pile.
        """
        name = f"{what} {one.document_id}".strip()
        if one.coverage < 1.0 and (self.reads_all or what):
            self._not_read.append(f"{name}: {one.coverage:.1%} of it was read")
        unknown = one.n_unknown / one.n_tokens
        if unknown > _NOTED_UNKNOWN_SHARE:
            note = f"{name}: {unknown:.1%} of its tokens are unknown to the model"
            self._not_read.append(note)

    def read(self, *, seconds: float) -> None:
        """Tell how much was read, how fast, and what of it was not."""
        say(
            "{}, {} in {}, {} s ({} tokens/s)",
            counted(self._n_documents, "document"),
            counted(self._n_tokens, "token"),
            counted(self._n_windows, "window"),
            f"{seconds:.1f}",
            f"{self._n_tokens_read / max(seconds, 1e-9):,.0f}",
        )
        if not self.reads_all:
            share = self._n_tokens_read / self._n_tokens
            say(
                "read {} of {}, as asked",
                f"{share:.0%}",
                counted(self._n_tokens, "token"),
            )
        self.tell_not_read()
        if self._among_examples:
            n_documents = counted(len(self._among_examples), "document")
            say("{} in the pile and among the examples:", n_documents)
            _list(self._among_examples)

    def tell_not_read(self) -> None:
        """Name the documents that the model could not read as a whole."""
        _list(self._not_read)

    def compare(
        self, predictions: Sequence[Prediction], true_labels: Mapping[str, str]
    ) -> None:
        """Tell how many labels are right, and which are not."""
        known = [one for one in predictions if one.document_id in true_labels]
        wrong = [one for one in known if not _is_right(one, true_labels)]
        say("[bold]{} of {} are right[/]", len(known) - len(wrong), len(known))
        if len(known) < len(predictions):
            n_unknown = len(predictions) - len(known)
            say("  {} have no true label: their id is not in --truth", n_unknown)
        _list(
            [
                f"{one.document_id} is {true_labels[one.document_id]}, not "
                f"{one.label or 'none of these'}"
                for one in wrong
            ]
        )

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
        _list([f"{one.source or one.id}: {one.reason}" for one in self._set_aside])

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


def _is_right(prediction: Prediction, true_labels: Mapping[str, str]) -> bool:
    """Compare; "none of these" is right where the true label is none of those known."""
    truth = true_labels[prediction.document_id]
    if prediction.label is None:
        return truth not in {label for label, _ in prediction.alternatives}
    return prediction.label == truth


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


def _list(lines: Sequence[str]) -> None:
    """Print the first lines, and how many more there are."""
    for line in lines[:SHOWN_AT_MOST]:
        say("  {}", line)
    if len(lines) > SHOWN_AT_MOST:
        say("  and {} more", len(lines) - SHOWN_AT_MOST)
