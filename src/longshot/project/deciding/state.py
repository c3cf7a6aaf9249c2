"""Decisions about every document, kept with the state of the classifier.

A state is everything that decisions depend on: the examples, the labels and what they
mean, the pile, what reads it, and the version. The same state decides the same, so that
nothing is computed where it has not changed.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Float32

from longshot import __version__
from longshot.classify import ClassifiedFeatures, LongshotClassifier
from longshot.classify.deciding import lowered
from longshot.embedder import DocumentEmbedder
from longshot.project.deciding.pile import Pile
from longshot.project.records import OfferedClass
from longshot.project.records.decisions import PROBABILITY_DIGITS

ClassifierMaker = Callable[[], LongshotClassifier]

_SHOWN = 5  # documents of a group that may be a class of its own


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class State:
    """Everything that decisions depend on.

    Attributes
    ----------
    id
        A hash of all of it.
    example_rows, example_labels
        The examples: their rows in the pile, and the label of each.
    descriptions
        The labels that were named, and what they mean.
    speaks_for, speaks_against
        Of each of them, the words and phrases that people named.
    last_entry
        The entry of the log up to which it goes.
    """

    id: str
    example_rows: np.ndarray
    example_labels: list[str]
    descriptions: dict[str, str | None]
    speaks_for: dict[str, tuple[str, ...]]
    speaks_against: dict[str, tuple[str, ...]]
    last_entry: int

    @property
    def n_labels(self) -> int:
        """How many labels there are to decide between."""
        return len({*self.example_labels, *self.descriptions})


def state_of(
    pile: Pile, embedder: DocumentEmbedder, settings: Mapping[str, Any]
) -> State:
    """Tell what decisions depend on now."""
    labelled = [
        (row, one)
        for row, one in enumerate(pile.rows)
        if one.state == "labelled" and one.label is not None
    ]
    descriptions = {one.name: one.meaning for one in pile.labels}
    examples = sorted((pile.hashes[row], one.label) for row, one in labelled)
    content = json.dumps(
        {
            "version": __version__,
            "vectors": embedder.fingerprint,
            "settings": dict(settings),
            "labels": descriptions,
            "against": {one.name: one.speaks_against for one in pile.labels},
            "examples": examples,
            "pile": _digest("".join(pile.hashes)),
        },
        sort_keys=True,
    )
    return State(
        id=_digest(content),
        example_rows=np.array([row for row, _ in labelled], dtype=np.int64),
        example_labels=[one.label for _, one in labelled],
        descriptions=descriptions,
        speaks_for={one.name: one.speaks_for for one in pile.labels},
        speaks_against={one.name: one.speaks_against for one in pile.labels},
        last_entry=pile.last_entry,
    )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Outcome:
    """What was decided about a pile, in the form in which it is kept."""

    classes: list[str]
    report: tuple[str, ...]
    labels: list[str | None]
    confidence: Float[np.ndarray, " document"]
    probabilities: Float32[np.ndarray, "document class"]
    new_class: list[int | None]
    offered: tuple[OfferedClass, ...]

    @classmethod
    def of(
        cls, found: ClassifiedFeatures, pile: Pile, text_of: Callable[[str], str]
    ) -> "Outcome":
        """Bring it into that form.

        Parameters
        ----------
        found, pile
            What was decided about which documents.
        text_of
            Gives the text of a document: a few are read where there is a new class.
        """
        shares = pile.reading.n_unknown / np.maximum(pile.reading.n_tokens, 1)
        exact = lowered(found.probabilities, shares)  # as in classify()
        probabilities = np.round(exact, PROBABILITY_DIGITS).astype(np.float32)
        labels = [None if one is None else str(one) for one in found.labels]
        confidence = probabilities.max(axis=1).astype(np.float64)
        if found.p_values is not None:
            rejected = np.array([one is None for one in labels])
            confidence = np.where(rejected, 1 - found.p_values, confidence)
        return cls(
            classes=[str(one) for one in found.classes],
            report=tuple(found.report),
            labels=labels,
            confidence=np.round(confidence, PROBABILITY_DIGITS),
            probabilities=probabilities,
            new_class=found.new_class,
            offered=tuple(
                OfferedClass(
                    n_documents=len(one.document_ids),
                    words=one.words,
                    document_ids=one.document_ids[:_SHOWN],
                )
                for one in found.discovered(
                    pile.ids,
                    pile.features.words,
                    lambda row: text_of(pile.ids[row]),
                )
            ),
        )


def decide(
    classifier: LongshotClassifier,
    state: State,
    pile: Pile,
    text_of: Callable[[str], str],
) -> Outcome:
    """Learn from the examples, and decide about the whole pile, by features alone."""
    learned = classifier.fit_features(
        pile.features.take(state.example_rows),
        state.example_labels,
        state.descriptions or None,
    )
    phrased = learned.counting_phrases(state.speaks_for, state.speaks_against)
    return Outcome.of(phrased.classify_features(pile.features), pile, text_of)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
