"""From documents, or their features, to decisions as they are written down."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.classify.early_stopping.reading import (
    BlankTexts,
    BlockReader,
    DocumentBlock,
)
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.lexical import Counts
from longshot.classify.labels.label_lists import Label
from longshot.classify.labels.parsing import Texts, check_texts
from longshot.classify.labels.support import index_of
from longshot.classify.labels.tree import WantedClasses
from longshot.classify.models.base import Decision, Model, NoveltyModel, Probabilities
from longshot.classify.models.several_labels import SeveralLabelsModel
from longshot.classify.uncertainty.conformal import check_confidence
from longshot.classify.uncertainty.new_classes import discovered
from longshot.embedder import as_documents
from longshot.errors import ExamplesError, SettingError
from longshot.records import (
    Classified,
    Document,
    Evidence,
    NewClass,
    OnSetAside,
    Prediction,
    Vectors,
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ClassifiedFeatures:
    """What was decided about documents of which only the features were given.

    Attributes
    ----------
    classes
        The labels, sorted; those of the level that was asked for.
    probabilities
        The confidence in each of them for each document.
    labels
        The label of each document, None for "none of these"; where documents may have
        several, in the form of the examples'.
    p_values
        The share of known documents that is no more familiar than each; None where
        ``unknown`` is off.
    is_in_set
        Which labels stand in each document's set; None where no `confidence` was given.
    new_clusters
        The rows of the documents of each new class, the most typical first; None where
        none were looked for: without ``unknown`` or the pile.
    report
        What was learned and chosen, in lines for people.
    """

    classes: np.ndarray
    probabilities: Probabilities
    labels: Any
    p_values: Float[np.ndarray, " document"] | None
    is_in_set: Bool[np.ndarray, "document class"] | None
    new_clusters: tuple[Int[np.ndarray, " member"], ...] | None
    report: tuple[str, ...]

    @property
    def new_class(self) -> list[int | None]:
        """The number of each document's new class, from 1; 0 where it is in none.

        None where no new classes were looked for.
        """
        if self.new_clusters is None:
            return [None] * len(self.probabilities)
        numbers: list[int | None] = [0] * len(self.probabilities)
        for number, members in enumerate(self.new_clusters, start=1):
            for row in members.tolist():
                numbers[row] = number
        return numbers

    def discovered(
        self, ids: Sequence[str], words: Counts, text_of: Callable[[int], str]
    ) -> tuple[NewClass, ...]:
        """Give the new classes for people.

        Parameters
        ----------
        ids, words, text_of
            The documents' ids, their words, and what gives the text of a row: few are
            read.
        """
        if not self.new_clusters:
            return ()
        return discovered(self.new_clusters, ids, words, text_of)


def lowered(
    probabilities: Probabilities, unknown_shares: Float[np.ndarray, " document"]
) -> Probabilities:
    """Lower confidences by what the model could not read of each document.

    Of tokens that are unknown nothing is known: for their share, all labels are alike.
    """
    share = unknown_shares[:, None]
    return np.asarray((1 - share) * probabilities + share / probabilities.shape[1])


@dataclass(frozen=True, kw_only=True, eq=False)
class Decider:
    """Decides by a model, in the way that is asked for.

    Attributes
    ----------
    reader
        What reads documents.
    model
        What was learned.
    unknown
        The false-rejection rate; None where no document is rejected.
    pile
        Whether documents are judged together, or each by itself.
    confidence
        How often a set of labels is to hold the true one; None for no sets.
    level
        Where labels are paths, how many of their parts are wanted; None for all.
    """

    reader: BlockReader
    model: Model
    unknown: float | None
    pile: bool
    confidence: float | None = None
    level: int | None = None

    @cached_property
    def wanted(self) -> WantedClasses:
        """The labels that are asked for."""
        return WantedClasses(
            labels=self.model.support.classes,
            level=self.level,
            one_each=not isinstance(self.model, SeveralLabelsModel),
        )

    def report(self) -> tuple[str, ...]:
        """Tell what was learned, in lines for people."""
        return (*self.model.lines(), *self._rule_lines)

    def probabilities(self, texts: Texts) -> Probabilities:
        """Give the confidence in each class for each text."""
        checked = check_texts(texts)
        n_classes, blank = len(self.wanted.classes), BlankTexts()
        found = [np.empty((0, n_classes))]
        for block in self._read(checked, blank):
            decision = self._decision(block.features, block.unknown_shares)
            found.append(self.wanted.sums(decision.probabilities))
        # Nothing is known of a text without a token: all labels are alike.
        several = isinstance(self.model, SeveralLabelsModel)
        alike = 0.0 if several else 1 / n_classes
        return blank.filled(np.vstack(found), len(checked), alike)

    def labels(self, texts: Texts) -> Any:
        """Give the label of each text, or its labels in the form of the examples'."""
        if isinstance(self.model, SeveralLabelsModel):
            return self.model.labels(self.probabilities(texts))
        checked, blank = check_texts(texts), BlankTexts()
        blocks = self._read(checked, blank)
        found = [self.decide(block.features)[0].labels for block in blocks]
        labels = np.concatenate([self.wanted.classes[:0], *found])
        if blank.rows:
            labels = labels.astype(object)
        return blank.filled(labels, len(checked), None)

    def sets(self, texts: Texts, confidence: float) -> list[tuple[Label, ...]]:
        """Give for each text the labels that hold the true one so often."""
        check_confidence(confidence)
        checked, blank = check_texts(texts), BlankTexts()
        found = [np.empty((0, len(self.wanted.classes)), dtype=bool)]
        for block in self._read(checked, blank):
            found.append(self._in_sets(self._decision(block.features), confidence))
        # No label can be left out of the set of a text without a token.
        rows = blank.filled(np.vstack(found), len(checked), True)
        return [tuple(self.wanted.classes[row].tolist()) for row in rows]

    def decide(
        self,
        documents: DocumentFeatures,
        *,
        find_new: bool = False,
        unknown_shares: Float[np.ndarray, " document"] | None = None,
    ) -> tuple[ClassifiedFeatures, Decision]:
        """Decide about documents whose features are at hand.

        Parameters
        ----------
        documents
            The documents.
        find_new
            Whether new classes are looked for, where they can be.
        unknown_shares
            The share of each document's tokens that the model does not know, which
            lowers the confidence; none, where that is not given.

        Returns
        -------
        tuple
            What is told, and what the model decided about all of its classes.
        """
        decision = self._decision(documents, unknown_shares)
        probabilities, classes = decision.probabilities, self.wanted.classes
        p_values, clusters, is_in_set = None, None, None
        if isinstance(self.model, SeveralLabelsModel):
            labels = self.model.labels(probabilities)
        else:
            labels = classes[self.wanted.shown(self.wanted.chosen(probabilities))]
        if self.unknown is not None and isinstance(self.model, NoveltyModel):
            p_values = self.model.p_values(documents, pile=self.pile)
            labels = labels.astype(object)
            labels[p_values <= self.unknown] = None
            if self.pile and find_new:
                clusters = tuple(self.model.new_clusters(documents, p_values))
        if self.confidence is not None:
            is_in_set = self._in_sets(decision, self.confidence)
        found = ClassifiedFeatures(
            classes=classes,
            probabilities=self.wanted.sums(probabilities),
            labels=labels,
            p_values=p_values,
            is_in_set=is_in_set,
            new_clusters=clusters,
            report=(*decision.report, *self._rule_lines),
        )
        return found, decision

    def classified(
        self, documents: Iterable[str | Document], *, evidence: bool
    ) -> Classified:
        """Decide about documents, and give all that was found."""
        return self._gathered(self._read(documents), evidence)

    def classified_vectors(
        self, documents: Iterable[tuple[Vectors, str]], *, evidence: bool
    ) -> Classified:
        """Decide about documents that were read before: their vectors, and texts."""
        blocks = self.reader.blocks(documents, together=self.pile)
        return self._gathered(blocks, evidence)

    def stream(
        self, documents: Iterable[str | Document], *, evidence: bool
    ) -> Iterator[Prediction]:
        """Decide about documents, and give them block by block."""
        self._check()
        for block in self._read(documents):
            found, decision = self._decide_block(block)
            yield from self._predictions(block, found, decision, evidence)

    def explain(self, text: str, label: Label | None) -> Evidence:
        """Give the passage that contributed most to a label, by default the best."""
        (block,) = self._read(check_texts([text]))
        decision = self._decision(block.features)
        if decision.explain is None:
            raise ExamplesError(
                "examples must have texts to explain a label; these have only "
                "features. Fit from texts."
            )
        best = int(self.wanted.chosen(decision.probabilities)[0])
        index = best if label is None else index_of(label, self.wanted.classes)
        return decision.explain(0, text, block.vectors[0], index)

    def _check(self) -> None:
        """Refuse what cannot be asked for before anything is read."""
        if self.confidence is not None:
            check_confidence(self.confidence)
        _ = self.wanted.classes  # there is such a level

    def _gathered(self, blocks: Iterable[DocumentBlock], evidence: bool) -> Classified:
        self._check()
        predictions: list[Prediction] = []
        new: tuple[NewClass, ...] = ()
        report = self.report()
        for block in blocks:
            found, decision = self._decide_block(block)
            ids = [vectors.document_id for vectors in block.vectors]
            new = found.discovered(ids, block.features.words, block.texts.__getitem__)
            predictions += self._predictions(block, found, decision, evidence)
            report = found.report
        return Classified(predictions=tuple(predictions), discovered=new, report=report)

    def _read(
        self,
        documents: Iterable[str | Document],
        on_set_aside: OnSetAside | None = None,
    ) -> Iterator[DocumentBlock]:
        reader = self.reader
        if on_set_aside is not None:
            reader = replace(reader, on_set_aside=on_set_aside)
        return reader.read(as_documents(documents), together=self.pile)

    def _decide_block(
        self, block: DocumentBlock
    ) -> tuple[ClassifiedFeatures, Decision]:
        return self.decide(
            block.features, find_new=True, unknown_shares=block.unknown_shares
        )

    def _decision(
        self,
        documents: DocumentFeatures,
        unknown_shares: Float[np.ndarray, " document"] | None = None,
    ) -> Decision:
        """Decide by the model; the confidence is lowered by what could not be read.

        Where documents may have several labels, each has a threshold of its own, and
        stays.
        """
        found = self.model.decide(documents, pile=self.pile)
        if isinstance(self.model, SeveralLabelsModel) or unknown_shares is None:
            return found
        if not unknown_shares.any():
            return found
        return replace(
            found, probabilities=lowered(found.probabilities, unknown_shares)
        )

    def _in_sets(
        self, decision: Decision, confidence: float
    ) -> Bool[np.ndarray, "document class"]:
        """Tell which labels of the wanted level stand in each document's set."""
        if decision.label_p_values is None:
            raise SettingError(
                "confidence cannot be used where documents may have several labels, "
                "since each label has a probability of its own. Leave it out."
            )
        return self.wanted.in_sets(decision.label_p_values().is_in_set(confidence))

    @property
    def _rule_lines(self) -> tuple[str, ...]:
        return self.reader.rule.lines() if self.reader.rule else ()

    def _predictions(
        self,
        block: DocumentBlock,
        found: ClassifiedFeatures,
        decision: Decision,
        evidence: bool,
    ) -> Iterator[Prediction]:
        new_class = found.new_class
        chosen = self.wanted.chosen(decision.probabilities)
        names_of_classes = list(map(str, found.classes.tolist()))
        texts = zip(block.vectors, block.texts, strict=True)
        for row, (vectors, text) in enumerate(texts):
            best = int(chosen[row])
            passage = None
            if evidence and decision.explain is not None:
                passage = decision.explain(row, text, vectors, best)
            yield Prediction(
                document_id=vectors.document_id,
                evidence=passage,
                n_tokens=vectors.n_tokens,
                n_windows=len(vectors.windows),
                coverage=vectors.coverage,
                n_unknown=vectors.n_unknown,
                new_class=new_class[row],
                notes=vectors.notes,
                language=vectors.language,
                **self._outcome(row, found, names_of_classes, decision, best),
            )

    def _outcome(
        self,
        row: int,
        found: ClassifiedFeatures,
        names_of_classes: list[str],
        decision: Decision,
        best: int,
    ) -> dict[str, Any]:
        """Give the fields of a prediction that tell its label, or labels."""
        probabilities = found.probabilities[row]
        first = int(self.wanted.shown(np.array([best]))[0])
        order = probabilities.argsort(kind="stable")[::-1].tolist()
        if order[0] != first:
            order = [first, *(one for one in order if one != first)]
        names = [names_of_classes[i] for i in order]
        ranked = tuple(zip(names, probabilities[order].tolist(), strict=True))
        told: dict[str, Any] = {}
        if isinstance(self.model, SeveralLabelsModel):
            threshold = self.model.threshold
            told["labels"] = tuple(name for name, sure in ranked if sure >= threshold)
            fits, none_fits = bool(told["labels"]), float(np.prod(1 - probabilities))
        else:
            fits, none_fits = found.labels[row] is not None, 0.0
            if not fits and found.p_values is not None:
                none_fits = 1 - float(found.p_values[row])
            levels = self.wanted.levels_of(decision.probabilities[row], best)
            told["levels"] = levels if fits or levels is None else ()
            if found.is_in_set is not None:
                pairs = zip(order, names, strict=True)
                in_set = found.is_in_set[row]
                told["label_set"] = tuple(name for i, name in pairs if in_set[i])
        label, confidence = ranked[0] if fits else (None, none_fits)
        alternatives = ranked[1:] if fits else ranked
        return {
            "label": label,
            "confidence": confidence,
            "alternatives": alternatives,
            **told,
        }
