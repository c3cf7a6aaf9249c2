"""EXAMPLES, as the options tell to read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from longshot.errors import ExamplesError, ReadingError

if TYPE_CHECKING:
    from longshot.classify import Classifier
    from longshot.cli.options import ColumnOptions
    from longshot.cli.output.summary import Summary
    from longshot.records import Example, LabelledDocument, NamedLabel

_SHOWN_LABELS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenExamples:
    """Where the examples are, and how they are labelled.

    Attributes
    ----------
    source
        A folder or a table.
    columns
        Of a table.
    nested
        Whether folders in folders are labels below labels.
    separator
        What stands between several labels; None where each document has one.
    documents
        What a table of ids refers to.
    corrections
        A table of examples beside the others; None for none.
    """

    source: str
    columns: Mapping[str, str]
    nested: bool = False
    separator: str | None = None
    documents: str | None = None
    corrections: Path | None = None

    def read(self, summary: "Summary") -> "Sequence[Example | LabelledDocument]":
        """Read them, and tell how many there are of each label."""
        found = list(self._read(self.source, summary))
        summary.examples(found := self._with_corrections(found, summary))
        return found

    def _with_corrections(
        self, found: "list[Example | LabelledDocument]", summary: "Summary"
    ) -> "list[Example | LabelledDocument]":
        """Add what a person corrected, in the place of what was said of the same text.

        An id that is taken gets another name.
        """
        if self.corrections is None:
            return found
        try:
            corrected = self._read(str(self.corrections), summary)
        except (ExamplesError, ReadingError) as error:
            told = str(error).replace("EXAMPLES", "--corrections")
            raise type(error)(told) from error
        texts = {one.document.text for one in corrected}
        found = [one for one in found if one.document.text not in texts]
        taken = {one.document.id for one in found}
        for one in corrected:
            if one.document.id in taken:
                name = f"{one.document.id} (corrected)"
                one = replace(one, document=replace(one.document, id=name))
            found.append(one)
        return found

    def _read(
        self, source: str, summary: "Summary"
    ) -> "Sequence[Example | LabelledDocument]":
        from longshot.reading import read_examples, read_labelled_documents

        settings: dict[str, Any] = {
            **self.columns,
            "nested": self.nested,
            "documents": self.documents,
            "on_set_aside": summary.set_aside,
        }
        if self.separator is None:
            return list(read_examples(source, **settings))
        return read_labelled_documents(source, separator=self.separator, **settings)

    def training(self, labels: Path | None, summary: "Summary") -> "TrainingSet":
        """Read what is learned from: examples, labels' names, or both.

        Parameters
        ----------
        labels
            The file of labels and what they mean, if there is one.
        summary
            Told of what was found.

        Raises
        ------
        ReadingError, ExamplesError
            If it cannot be read, or is no labelled set.
        """
        from longshot.cli.output.consoles import counted, say
        from longshot.reading.sources.descriptions import names_labels, read_labels_file

        named = read_labels_file(labels) if labels is not None else None
        if names_labels(self.source) and labels is None:
            named = read_labels_file(self.source, argument="EXAMPLES")
            shown = ", ".join(one.name for one in named[:_SHOWN_LABELS])
            more = len(named) - _SHOWN_LABELS
            shown += f" and {more:,} more" if more > 0 else ""
            say("{} by name: {}", counted(len(named), "label"), shown)
            if len(named) < 2 and self.corrections is None:
                raise ExamplesError(
                    f"EXAMPLES must name at least two labels; {self.source} names one. "
                    "Add a label, or give a folder or a table of labelled documents."
                )
            read: Sequence[Any] = self._with_corrections([], summary)
            if read:
                summary.examples(read)
        else:
            read = self.read(summary)
        summary.described([one.name for one in named or ()])
        return TrainingSet(read=read, named=named, several=self.separator is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingSet:
    """What a classifier learns from.

    Attributes
    ----------
    read
        The examples.
    named
        Labels, what they mean, and phrases; None where none were given.
    several
        Whether an example may have several labels.
    """

    read: "Sequence[Example | LabelledDocument]"
    named: "Sequence[NamedLabel] | None"
    several: bool = False

    @property
    def texts(self) -> list[str]:
        """The examples' texts."""
        return [one.document.text for one in self.read]

    @property
    def ids(self) -> list[str]:
        """The examples' ids."""
        return [one.document.id for one in self.read]

    @property
    def labels(self) -> list[Any]:
        """The label of each example, or a list of them."""
        if self.several:
            return [list(one.labels) for one in self.read]
        return [one.labels[0] for one in self.read]

    def fitted(self, classifier: "Classifier", summary: "Summary") -> "Classifier":
        """Learn from examples, from names of labels and phrases, or from all of it.

        Parameters
        ----------
        classifier
            What learns.
        summary
            Told of what reading the examples had to leave out.
        """
        from longshot.cli.output.progress import progress_bar

        texts, named = self.texts, self.named
        what = "reading examples" if texts else "reading the names of labels"
        with progress_bar(what, sum(map(len, texts))) as on_window:
            classifier.fit(
                texts,
                self.labels,
                None if named is None else {one.name: one.meaning for one in named},
                ids=self.ids,
                on_window=on_window,
            )
        for example in classifier.support_.examples:
            assert example.vectors is not None
            summary.note_reading(example.vectors, what="example")
        return classifier.counting_phrases(
            {one.name: one.speaks_for for one in named or ()},
            {one.name: one.speaks_against for one in named or ()},
        )

    def given(self, level: int | None) -> dict[str, list[str] | None]:
        """Give the labels of each text; None where it stands under several.

        Parameters
        ----------
        level
            How many parts of a label that is a path are wanted; None for all.
        """
        found: dict[str, list[str] | None] = {}
        for one in self.read:
            cut = [*dict.fromkeys(cut_to_level(label, level) for label in one.labels)]
            if found.setdefault(one.document.text, cut) != cut:
                found[one.document.text] = None
        return found

    @property
    def all_labels(self) -> list[str]:
        """Every label that can be given, sorted."""
        shown = {label for one in self.read for label in one.labels}
        return sorted(shown | {one.name for one in self.named or ()})


def read_labelled(
    source: str,
    columns: "ColumnOptions",
    summary: "Summary",
    *,
    documents: str | None = None,
) -> "list[Example]":
    """Read examples, and tell how many of each label there are.

    Those of a table without texts are `documents` that it names.

    Raises
    ------
    ExamplesError
        If there is none that can be used.
    """
    from longshot.reading import read_examples

    examples = read_examples(
        source,
        documents=documents,
        on_set_aside=summary.set_aside,
        **columns.of_examples,
    )
    read = list(examples)
    summary.examples(read)
    if not read:
        raise ExamplesError(
            "EXAMPLES must hold at least one document that can be read; all of them "
            "were set aside. Fix one of them."
        )
    return read


def cut_to_level(label: str, level: int | None) -> str:
    """Keep the first parts of a label that is a path.

    Examples
    --------
    >>> cut_to_level("finance/tax/vat", 2)
    'finance/tax'
    """
    return "/".join(label.split("/")[:level]) if level else label
