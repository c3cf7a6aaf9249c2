"""What a run tells of what it found: how large the sets of labels are, new classes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from longshot.cli.output.consoles import counted, say
from longshot.cli.output.summary import say_some
from longshot.records import Classified, NewClass, Prediction
from longshot.report.classified.given import GivenLabels

_SHOWN_DOCUMENTS = 3


@dataclass(kw_only=True, slots=True)
class Findings:
    """What a run found beside the predictions.

    Attributes
    ----------
    report
        What was learned, in lines for people.
    discovered
        New classes.
    """

    report: tuple[str, ...]
    discovered: tuple[NewClass, ...] = ()

    def note(self, decided: Classified | Iterable[Prediction]) -> None:
        """Take over what was found of documents that were judged together."""
        if isinstance(decided, Classified):
            self.report, self.discovered = decided.report, decided.discovered


class SetSizes:
    """Counts how many labels the sets of ``--confidence`` hold, as they come.

    Parameters
    ----------
    confidence
        What was asked for; None where no sets were.
    """

    def __init__(self, confidence: float | None) -> None:
        self._confidence = confidence
        self._n_sets = self._n_labels = self._n_empty = self._n_full = 0

    def counting(self, predictions: Iterable[Prediction]) -> Iterator[Prediction]:
        """Pass predictions on, and count."""
        for one in predictions:
            size = len(one.label_set or ())
            self._n_sets += 1
            self._n_labels += size
            self._n_empty += not size
            self._n_full += size == len(one.alternatives) + (one.label is not None)
            yield one

    def tell(self) -> None:
        """Tell how large the sets are; and where no label could be left out, why."""
        from longshot.classify import n_needed

        if self._confidence is None:
            return
        empty = counted(self._n_empty, "document")
        say(
            "prediction sets at {}: {} on average{}",
            f"{self._confidence:.0%}",
            f"{self._n_labels / self._n_sets:.2f} labels",
            f"; {empty} that no label fits" if self._n_empty else "",
        )
        if self._n_full == self._n_sets:
            say(
                "  every set holds all labels: for smaller ones, at least {} must "
                "share their label with another",
                counted(n_needed(self._confidence), "example"),
            )


def tell_discovered(discovered: Sequence[NewClass]) -> None:
    """Tell of each new class its size, its words, and its most typical documents."""
    for number, one in enumerate(discovered, start=1):
        tell_new_class(number, len(one.document_ids), one.words, one.document_ids)


def tell_new_class(
    number: int, n_documents: int, words: Sequence[str], document_ids: Sequence[str]
) -> None:
    """Tell of one; of its documents, the most typical first, the first few."""
    say(
        "new class {}? {} look alike and fit no label: {}; most typical: {}",
        number,
        counted(n_documents, "document"),
        ", ".join(words) or "no words in common",
        ", ".join(document_ids[:_SHOWN_DOCUMENTS]),
    )


def tell_given(given: GivenLabels) -> None:
    """Name the documents that are examples, and say whose label each has."""
    if given.labelled:
        line = "{} among the examples, too: the label stays as you gave it"
        say(line, counted(len(given.labelled), "document"))
        say_some(given.labelled)
    if given.n_otherwise:
        line = "  {} of them longshot labels otherwise: see predicted_label"
        say(line, given.n_otherwise)
    if given.under_several:
        line = "{} among the examples, too, under several labels: longshot decided"
        say(line, counted(len(given.under_several), "document"))
        say_some(given.under_several)
