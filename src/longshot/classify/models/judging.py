"""Texts to labels and predictions: read in blocks, or all together, and decided."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from longshot.classify.early_stopping.stopping import StoppingRule
from longshot.classify.features.document_features import Readings
from longshot.classify.features.extraction import PileReader, ReadPile
from longshot.classify.labels.examples import Texts, check_texts
from longshot.classify.labels.support import Label, index_of
from longshot.classify.labels.wanted_classes import WantedClasses
from longshot.classify.models.base import Decider, Probabilities, Verdict, predicted
from longshot.classify.models.several_labels import SeveralDecider, predicted_several
from longshot.classify.uncertainty.conformal import check_confidence
from longshot.classify.uncertainty.offering import NO_OFFERS, Offers
from longshot.embedder import DocumentEmbedder, as_documents
from longshot.records import (
    Document,
    Evidence,
    NewClass,
    OnSetAside,
    OnWindow,
    Prediction,
)


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """What was decided about a block of documents.

    Attributes
    ----------
    predictions
        The decisions, as they are written down.
    choices
        What was chosen for these documents, in lines.
    new_classes
        What is offered as new classes.
    """

    predictions: Iterator[Prediction]
    choices: tuple[str, ...]
    new_classes: tuple[NewClass, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Judging:
    """What reads texts and what decides about them.

    Attributes
    ----------
    embedder
        What turns a text into vectors.
    decider
        What was learned.
    unknown
        The share of known documents to lose for "none of these"; None for none.
    level
        Where labels are paths, how many of their parts are wanted; None for all.
    rule
        Tells how far each document is read; all of it, where there is none.
    """

    embedder: DocumentEmbedder
    decider: Decider
    unknown: float | None = None
    level: int | None = None
    rule: StoppingRule | None = None

    @cached_property
    def wanted(self) -> WantedClasses:
        """The labels that are asked for."""
        return WantedClasses(
            labels=self.decider.support.classes,
            level=self.level,
            one_each=not isinstance(self.decider, SeveralDecider),
        )

    @property
    def classes(self) -> np.ndarray:
        """The labels, sorted; those of the level that is wanted.

        Raises
        ------
        SettingError
            If there is no such level.
        """
        return self.wanted.classes

    def probabilities(self, texts: Texts, *, pile: bool) -> Probabilities:
        """Give the confidence in each class for each text."""
        none = np.empty((0, len(self.classes)))
        blocks = self._judged(texts, pile=pile)
        return np.vstack([none, *(self.wanted.sums(row) for _, row in blocks)])

    def labels(self, texts: Texts, *, pile: bool) -> Any:
        """Give the label of each text, or its labels in the form of the examples'.

        None is "none of these".
        """
        if isinstance(self.decider, SeveralDecider):
            return self.decider.labels(self.probabilities(texts, pile=pile))
        classes = self.classes
        blocks = [self._best(*judged) for judged in self._judged(texts, pile=pile)]
        return np.concatenate([classes[:0], *blocks])

    def sets(
        self, texts: Texts, confidence: float, *, pile: bool
    ) -> list[tuple[Label, ...]]:
        """Give for each text the labels that hold the true one so often."""
        verdicts = (
            self._verdict(block, pile=pile) for block in self._read(texts, pile=pile)
        )
        return [
            tuple(self.classes[row].tolist())
            for verdict in verdicts
            for row in verdict.label_p_values().is_in_set(confidence)
        ]

    def decided(
        self,
        documents: Iterable[str | Document],
        *,
        pile: bool,
        evidence: bool,
        confidence: float | None,
        on_set_aside: OnSetAside | None,
        on_window: OnWindow | None,
    ) -> "Iterator[Decided]":
        """Decide for documents, block by block or for all together."""
        if confidence is not None:
            check_confidence(confidence)
        self.wanted.check()
        reader = self._reader(on_set_aside, on_window)
        for block in reader.read(as_documents(documents), together=pile):
            verdict = self._verdict(block, pile=pile)
            in_sets = self._in_sets(verdict, confidence)
            if isinstance(self.decider, SeveralDecider):
                found = predicted_several(self.decider, block, verdict, evidence)
                yield Decided(found, verdict.choices)
                continue
            p_values = self._p_values(block)
            offers = self._offers(block, p_values) if pile else NO_OFFERS
            found = self._predictions(
                block,
                verdict,
                evidence=evidence,
                p_values=p_values,
                in_sets=in_sets,
                offers=offers,
            )
            yield Decided(found, verdict.choices, offers.new_classes)

    def explain(self, text: str, label: Label | None) -> Evidence:
        """Give the passage that spoke most for a label; for the best one if None."""
        (block,) = self._read([text], pile=True)
        verdict = self._verdict(block, pile=False)
        best = int(self.wanted.chosen(verdict.probabilities)[0])
        index = best if label is None else index_of(label, self.classes)
        return verdict.explain(0, text, block.shelf[0], index)

    def _judged(
        self, texts: Texts, *, pile: bool
    ) -> Iterator[tuple[Readings, Probabilities]]:
        """Judge texts in one pile, or block by block."""
        for block in self._read(texts, pile=pile):
            readings = block.readings
            if pile:
                yield readings, self.decider.for_pile(readings).probabilities
            else:
                yield readings, self.decider.probabilities(readings)

    def _read(self, texts: Texts, *, pile: bool) -> Iterator[ReadPile]:
        documents = as_documents(check_texts(texts))
        return self._reader().read(documents, together=pile)

    def _verdict(self, block: ReadPile, *, pile: bool) -> Verdict:
        decide = self.decider.for_pile if pile else self.decider.one_by_one
        return decide(block.readings)

    def _in_sets(
        self, verdict: Verdict, confidence: float | None
    ) -> Bool[np.ndarray, "document class"] | None:
        """Tell which labels of the wanted level stand in each document's set."""
        if confidence is None:
            return None
        return self.wanted.in_sets(verdict.label_p_values().is_in_set(confidence))

    def _p_values(self, block: ReadPile) -> Float[np.ndarray, " document"]:
        if self.unknown is None:
            return np.ones(len(block))
        return self.decider.p_values(block.readings, self.unknown)

    def _offers(
        self, block: ReadPile, p_values: Float[np.ndarray, " document"]
    ) -> Offers:
        if self.unknown is None:
            return NO_OFFERS
        clusters = self.decider.new_clusters(block.readings, p_values)
        ids = [vectors.document_id for vectors in block.shelf]
        return Offers.of(clusters, ids, block.texts)

    def _reader(
        self,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
    ) -> PileReader:
        return PileReader(
            embedder=self.embedder,
            on_set_aside=on_set_aside,
            on_window=on_window,
            rule=self.rule,
        )

    def _best(self, readings: Readings, probabilities: Probabilities) -> np.ndarray:
        labels = self.classes[self.wanted.shown(self.wanted.chosen(probabilities))]
        if self.unknown is None:
            return np.asarray(labels)
        labels = labels.astype(object)
        labels[self.decider.p_values(readings, self.unknown) <= self.unknown] = None
        return np.asarray(labels)

    def _predictions(
        self,
        block: ReadPile,
        verdict: Verdict,
        *,
        evidence: bool,
        p_values: Float[np.ndarray, " document"],
        in_sets: Bool[np.ndarray, "document class"] | None,
        offers: Offers,
    ) -> Iterator[Prediction]:
        chosen = self.wanted.chosen(verdict.probabilities)
        shown = self.wanted.shown(chosen)
        of_level = self.wanted.sums(verdict.probabilities)
        for number, (vectors, text) in enumerate(
            zip(block.shelf, block.texts, strict=True)
        ):
            best = int(chosen[number])
            row = verdict.probabilities[number]
            passage = None
            if evidence:
                passage = verdict.explain(number, text, vectors, best)
            none_fits = self.unknown is not None and p_values[number] <= self.unknown
            yield predicted(
                vectors,
                of_level[number],
                self.classes,
                passage,
                best=int(shown[number]),
                p_value=float(p_values[number]) if none_fits else None,
                levels=self.wanted.levels_of(row, best),
                is_in_set=None if in_sets is None else in_sets[number],
                new_class=offers.number_of(number),
            )
