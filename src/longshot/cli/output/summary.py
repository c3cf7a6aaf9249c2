"""What a run did, told on stderr at its end."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

import typer

from longshot.cli.output.consoles import counted, say
from longshot.cli.output.failures import EXIT_MISTAKE
from longshot.errors import ExamplesError, LongshotError, ReadingError
from longshot.languages import language_name
from longshot.records import (
    Document,
    Example,
    LabelledDocument,
    Prediction,
    SetAside,
    Vectors,
)
from longshot.report.tables import Row, write_table

SHOWN_AT_MOST = 20
_LIKE_NAMES = 0.8
"""In difflib's measure: one slip of the pen in a name of five letters."""
_BETWEEN_WORDS = re.compile(r"[\s_-]+")
_NOTED_UNKNOWN_SHARE = 0.2
"""Of a document's tokens: when more of them are unknown, its vector says little."""


class Summary:
    """Collects what has to be told: what was set aside, guessed, or left unread.

    Attributes
    ----------
    reads_all
        Whether documents were to be read whole; where not, what is left of each is told
        as one sum.

    Parameters
    ----------
    list_path
        The file for the whole list of what was set aside; None for none.
    """

    def __init__(self, list_path: Path | None = None) -> None:
        self.reads_all = True
        self._list_path = list_path
        self._set_aside: list[SetAside] = []
        self._n_documents = 0
        self._n_tokens = 0
        self._n_tokens_read = 0
        self._n_windows = 0
        self._not_read: list[str] = []
        self._languages: Counter[str] = Counter()
        self._shown_labels: set[str] = set()

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
            yield document
        if not n_documents and not self._set_aside:
            raise ReadingError(
                "DOCUMENTS must hold at least one document; there is none. Check the "
                "path."
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
        counts = Counter(label for example in examples for label in example.labels)
        shown = ", ".join(f"{label} {n}" for label, n in sorted(counts.items()))
        say("{}: {}", counted(len(examples), "example"), shown or "none")
        self._shown_labels = set(counts)
        self._tell_alike()
        self._tell_contradictions(examples)
        lost = {one.label for one in self._set_aside if one.label} - counts.keys()
        if lost:
            raise ExamplesError(
                "every label must have a document with text; "
                f"{', '.join(sorted(lost))} has none. Fix one of those set aside, or "
                "remove the label."
            )

    def described(self, descriptions: Collection[str]) -> None:
        """Tell which labels have a name alone, and which of them look misspelt.

        Parameters
        ----------
        descriptions
            The names in ``--labels``.
        """
        alone = sorted(set(descriptions) - self._shown_labels)
        if not alone or not self._shown_labels:
            return
        shown = ", ".join(alone[:SHOWN_AT_MOST])
        more = f" and {len(alone) - SHOWN_AT_MOST} more" * (len(alone) > SHOWN_AT_MOST)
        say("{} without examples: {}{}", counted(len(alone), "label"), shown, more)
        others = sorted(self._shown_labels - set(descriptions))
        for name in alone:
            for like in get_close_matches(name, others, n=1, cutoff=_LIKE_NAMES):
                say(
                    "[yellow]note:[/] --labels has {}, of which there is no example, "
                    "and examples have {}: these count as two labels. If you meant "
                    "one, correct the spelling",
                    name,
                    like,
                )

    def _tell_alike(self) -> None:
        """Name labels that are alike but for capitals and what stands between words."""
        first: dict[str, str] = {}
        for label in sorted(self._shown_labels):
            other = first.setdefault(_BETWEEN_WORDS.sub(" ", label).casefold(), label)
            if other != label:
                say(
                    "[yellow]note:[/] examples have {} and {}, which count as two "
                    "labels. If you meant one, correct the spelling",
                    other,
                    label,
                )

    def _tell_contradictions(
        self, examples: Sequence[Example | LabelledDocument]
    ) -> None:
        """Name examples whose text stands under another label, too."""
        first: dict[str, Example | LabelledDocument] = {}
        lines = []
        for one in examples:
            before = first.setdefault(one.document.text, one)
            if before.labels != one.labels:
                lines.append(
                    f"{before.document.id} ({_listed(before.labels)}) and "
                    f"{one.document.id} ({_listed(one.labels)})"
                )
        if lines:
            say("[yellow]note:[/] the same text has two different labels; give it one:")
            say_some(lines)

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
        if one.language is not None and not what:
            self._languages[one.language] += 1
        name = f"{what} {one.document_id}".strip()
        if one.coverage < 1.0 and (self.reads_all or what):
            self._not_read.append(f"{name}: {one.coverage:.1%} of it was read")
        unknown = one.n_unknown / one.n_tokens
        if unknown > _NOTED_UNKNOWN_SHARE:
            note = f"{name}: {unknown:.1%} of its tokens are unknown to the model"
            self._not_read.append(note)

    def read(self, *, seconds: float, what: str = "document") -> None:
        """Tell how much was read, how fast, and what of it was not.

        Parameters
        ----------
        seconds
            How long it took.
        what
            One of those that were labelled.
        """
        say(
            "{}, {} in {}, {} s ({} tokens/s)",
            counted(self._n_documents, what),
            counted(self._n_tokens, "token"),
            counted(self._n_windows, "window"),
            f"{seconds:.1f}",
            f"{self._n_tokens_read / max(seconds, 1e-9):,.0f}",
        )
        if len(self._languages) > 1:
            say("languages: {}", listed_languages(self._languages))
        if not self.reads_all:
            share = self._n_tokens_read / self._n_tokens
            say(
                "read {} of {}, as asked",
                f"{share:.0%}",
                counted(self._n_tokens, "token"),
            )
        self.tell_not_read()

    def tell_not_read(self) -> None:
        """Name the documents that the model could not read as a whole."""
        say_some(self._not_read)

    def finish(self) -> None:
        """Name what was set aside; if anything was, the command exits with 1."""
        self.tell_set_aside()
        if self._set_aside:
            raise typer.Exit(EXIT_MISTAKE)
        if self._list_path is not None:
            self._list_path.unlink(missing_ok=True)  # of a run before this one

    def tell_set_aside(self) -> None:
        """Name what was set aside, and why; all of it in a file, where there is one."""
        path = self._list_path
        if not self._set_aside:
            return
        say("[bold yellow]{} set aside:[/]", len(self._set_aside))
        say_some([f"{one.source or one.id}: {one.reason}" for one in self._set_aside])
        if path is not None:
            write_table(path, [_set_aside_row(one) for one in self._set_aside])
            say("  the whole list is in {}", path)
        elif len(self._set_aside) > SHOWN_AT_MOST:
            say("  use --out to get the whole list, in a file beside the result")

    def _check_any(self) -> None:
        if not self._n_documents:
            raise ReadingError(
                "DOCUMENTS must hold at least one document that can be used; all of "
                "them were set aside. Fix one of them."
            )

    @staticmethod
    def _tell_notes(document: Document) -> None:
        for note in document.notes:
            say("{}: {}", document.source or document.id, note)


def listed_languages(counts: Counter[str]) -> str:
    """Name languages and how many documents are in each, the commonest first.

    Examples
    --------
    >>> listed_languages(Counter(de=2, en=7))
    'English 7, German 2'
    """
    named = [f"{language_name(code)} {n:,}" for code, n in counts.most_common()]
    more = f" and {len(named) - SHOWN_AT_MOST} more" * (len(named) > SHOWN_AT_MOST)
    return ", ".join(named[:SHOWN_AT_MOST]) + more


def _listed(labels: Sequence[str]) -> str:
    return ", ".join(labels) or "no label"


def _set_aside_row(one: SetAside) -> Row:
    return {
        "id": one.id,
        "source": one.source,
        "label": one.label,
        "reason": one.reason,
    }


@contextmanager
def summary_at_end(out: Path | None = None) -> Iterator[Summary]:
    """Name what was set aside at the end of a run, also where it ends in an error.

    Parameters
    ----------
    out
        The result; the list of what was set aside goes to a file beside it.
    """
    summary = Summary(None if out is None else out.with_suffix(".set-aside.csv"))
    try:
        yield summary
    except LongshotError:
        summary.tell_set_aside()
        raise
    summary.finish()


def say_some(lines: Sequence[str]) -> None:
    """Print the first lines, and how many more there are."""
    for line in lines[:SHOWN_AT_MOST]:
        say("  {}", line)
    if len(lines) > SHOWN_AT_MOST:
        say("  and {} more", len(lines) - SHOWN_AT_MOST)
