"""Labels that a person gave to documents of the pile: they stand as they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from longshot.reading.sources.references import CHECKED
from longshot.records import Document, Prediction
from longshot.report.tables import Row


class GivenLabels:
    """What a person said about documents that are examples and in the pile, too.

    A label that is given is no evidence to be weighed but the answer. A document is
    known by its text, whatever it is called.

    Parameters
    ----------
    labels
        The labels of each example's text; None where it stands under several.

    Attributes
    ----------
    labelled, under_several
        The documents that are examples, as far as they have passed: with a label that
        stands, and under several labels, so that longshot decides.
    n_otherwise
        How many of those counted are labelled otherwise.
    """

    def __init__(self, labels: Mapping[str, Sequence[str] | None]) -> None:
        self._of_text = labels
        self._of_document: dict[str, tuple[str, ...]] = {}
        self.under_several: list[str] = []
        self.n_otherwise = 0

    @property
    def labelled(self) -> list[str]:
        """The documents with a label that stands."""
        return [*self._of_document]

    def noting(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Pass documents on, and remember those that are examples."""
        for one in documents:
            if one.text in self._of_text:
                labels = self._of_text[one.text]
                if labels is None:
                    self.under_several.append(one.id)
                else:
                    self._of_document[one.id] = tuple(labels)
            yield one

    @property
    def ids(self) -> set[str]:
        """The documents that are examples, as far as they have passed."""
        return {*self._of_document, *self.under_several}

    def without_examples(self, true_labels: Mapping[str, str]) -> dict[str, str]:
        """Leave the documents out that are examples: their label was told."""
        left_out = self.ids
        return {id_: one for id_, one in true_labels.items() if id_ not in left_out}

    def counting(self, predictions: Iterable[Prediction]) -> Iterator[Prediction]:
        """Pass predictions on, and count those that differ from what was given."""
        for one in predictions:
            given = self._of_document.get(one.document_id)
            if given is not None:
                self.n_otherwise += {*given} != {*_decided(one)}
            yield one

    def marked(self, row: Row, prediction: Prediction) -> Row:
        """Put the given label into a row; what was decided stays beside it."""
        given = self._of_document.get(prediction.document_id)
        if given is None:
            return row
        row = {**row, "label": given[0] if given else None, CHECKED: "yes"}
        if prediction.labels is not None:
            row["labels"] = ";".join(given)
        return row

    def standing(self, prediction: Prediction) -> Prediction:
        """Give what stands about a document; a person's word is certain."""
        given = self._of_document.get(prediction.document_id)
        if given is None:
            return prediction
        label = given[0] if given else None
        return replace(
            prediction,
            label=label,
            confidence=1.0,
            labels=None if prediction.labels is None else given,
            levels=None if prediction.levels is None else _levels(label),
            notes=(*prediction.notes, _note(prediction)),
        )


def _decided(prediction: Prediction) -> tuple[str, ...]:
    if prediction.labels is not None:
        return prediction.labels
    return () if prediction.label is None else (prediction.label,)


def _levels(label: str | None) -> tuple[tuple[str, float], ...]:
    parts = label.split("/") if label else []
    return tuple(("/".join(parts[: n + 1]), 1.0) for n in range(len(parts)))


def _note(prediction: Prediction) -> str:
    alone = "; ".join(_decided(prediction)) or "none of these"
    sure = f"{prediction.confidence:.0%}"
    return f"the label is yours; longshot's is {alone} ({sure} confident)"
