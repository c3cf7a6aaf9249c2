"""EXAMPLES, as the options tell to read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from longshot.errors import ExamplesError

if TYPE_CHECKING:
    from longshot.cli.options import ColumnOptions
    from longshot.cli.output.summary import Summary
    from longshot.records import Example, LabelledDocument


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
    """

    source: str
    columns: Mapping[str, str]
    nested: bool = False
    separator: str | None = None
    documents: str | None = None

    def read(self, summary: "Summary") -> "Sequence[Example | LabelledDocument]":
        """Read them, and tell how many there are of each label."""
        from longshot.reading import read_examples, read_labelled_documents

        settings: dict[str, Any] = {
            **self.columns,
            "nested": self.nested,
            "documents": self.documents,
            "on_set_aside": summary.set_aside,
        }
        read: Sequence[Example | LabelledDocument]
        if self.separator is None:
            read = list(read_examples(self.source, **settings))
        else:
            read = read_labelled_documents(
                self.source, separator=self.separator, **settings
            )
        summary.examples(read)
        return read

    def labels_of(self, read: "Sequence[Example | LabelledDocument]") -> list[Any]:
        """Give their labels: one for each, or a list for each."""
        if self.separator is None:
            return [one.labels[0] for one in read]
        return [list(one.labels) for one in read]


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
            "EXAMPLES must hold labelled documents; none could be used. Mend one."
        )
    return read


def cut_to_level(labels: Mapping[str, str], level: int | None) -> dict[str, str]:
    """Keep the first parts of labels that are paths.

    Examples
    --------
    >>> cut_to_level({"1.txt": "finance/tax/vat"}, 2)
    {'1.txt': 'finance/tax'}
    """
    return {
        id_: "/".join(label.split("/")[:level]) if level else label
        for id_, label in labels.items()
    }
