"""What a fitted classifier is asked: labels, confidence, predictions, passages."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from jaxtyping import Float

from longshot.classify.labels.examples import AnyLabels, Texts
from longshot.classify.labels.several_scoring import score_of
from longshot.classify.labels.support import Label
from longshot.classify.models.judging import Judging
from longshot.classify.uncertainty.conformal import check_confidence
from longshot.records import (
    Document,
    Evidence,
    NewClass,
    OnSetAside,
    OnWindow,
    Prediction,
)


class Predicting:
    """The deciding half of the estimator.

    What was learned is the other half's; so is the memory of what was last chosen.
    """

    _choices: tuple[str, ...]
    _new_classes: tuple[NewClass, ...]

    def _judging(self, level: int | None = None) -> Judging:
        raise NotImplementedError

    def classes_at(self, level: int) -> np.ndarray:
        """Give what the labels are down to a level, where they are paths.

        Parameters
        ----------
        level
            How many parts of a path: 1 gives ``finance`` of ``finance/tax/vat``.

        Raises
        ------
        SettingError
            If the labels are no paths, or there is no such level.

        Examples
        --------
        >>> from longshot import LongshotClassifier
        >>> labels = ["finance/tax", "finance/audit", "law"]
        >>> classifier = LongshotClassifier().fit([], [], descriptions=labels)
        >>> classifier.classes_at(1).tolist()
        ['finance', 'law']
        """
        return self._judging(level).classes

    def predict(self, texts: Texts, *, level: int | None = None) -> Any:
        """Give the label of each text, judged by itself; None for "none of these".

        Parameters
        ----------
        texts
            The documents.
        level
            Where labels are paths, how many of their parts are wanted; all by default.

        Returns
        -------
        ndarray or csr_matrix
            One label for each text. Where documents may have several, what was given
            to :meth:`fit`: a tuple of labels for each text, or a matrix of indicators.

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        SettingError
            If there is no such level.
        """
        return self._judging(level).labels(texts, pile=False)

    def predict_proba(
        self, texts: Texts, *, level: int | None = None
    ) -> Float[np.ndarray, "document class"]:
        """Give the confidence in each of ``classes_`` for each text, judged by itself.

        With a `level`, in each of :meth:`classes_at`: the sum of what lies below it.
        Where documents may have several labels, the probability that each applies.

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        SettingError
            If there is no such level.
        """
        return self._judging(level).probabilities(texts, pile=False)

    def predict_pile(self, texts: Texts, *, level: int | None = None) -> Any:
        """Give the label of each text, all judged together; None for "none of these".

        As :meth:`predict`. Where documents may have several labels it gives the same:
        the pile's shape is not used then.

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        SettingError
            If there is no such level.
        """
        return self._judging(level).labels(texts, pile=True)

    def predict_proba_pile(
        self, texts: Texts, *, level: int | None = None
    ) -> Float[np.ndarray, "document class"]:
        """Give the confidence in each of ``classes_`` for each text, judged together.

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        SettingError
            If there is no such level.
        """
        return self._judging(level).probabilities(texts, pile=True)

    def predict_set(
        self, texts: Texts, *, confidence: float = 0.9, pile: bool = False
    ) -> list[tuple[Label, ...]]:
        """Give for each text the labels that hold the true one so often.

        Cross-conformal sets: where examples and texts are drawn alike, they hold the
        true label in a share `confidence` on the mean. A set is empty where no label
        fits as well as examples fit theirs, and holds all labels where fewer than
        :func:`~longshot.classify.uncertainty.conformal.n_needed` examples can be held
        out.

        Parameters
        ----------
        texts
            What to judge.
        confidence
            How often a set is to hold the true label; between 0 and 1.
        pile
            Whether they are judged together, or each by itself.

        Returns
        -------
        list of tuple
            The labels of each text, in the order of ``classes_``.

        Raises
        ------
        SettingError
            If the confidence is no share between 0 and 1, or documents may have
            several labels.
        EmptyDocumentError
            If a text holds no token.

        Examples
        --------
        >>> from longshot import LongshotClassifier
        >>> texts = ["rent is due", "the roof leaks"]
        >>> classifier = LongshotClassifier().fit(texts, ["lease", "report"])
        >>> classifier.predict_set(["rent"])  # too few examples to leave any out
        [('lease', 'report')]
        """
        return self._judging().sets(texts, check_confidence(confidence), pile=pile)

    def score(
        self, texts: Texts, labels: AnyLabels, sample_weight: Any = None
    ) -> float:
        """Give the share of texts whose label, or all of whose labels, are right."""
        return score_of(labels, self.predict(texts), sample_weight)

    def classify(
        self,
        documents: Iterable[str | Document],
        *,
        pile: bool = True,
        evidence: bool = True,
        confidence: float | None = None,
        level: int | None = None,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
    ) -> list[Prediction]:
        """Decide for documents of any length, with confidence and evidence.

        Parameters
        ----------
        documents
            Documents, or plain texts (whose ids are then their numbers from 0).
        pile
            Whether they are judged together, or each by itself.
        evidence
            Whether the passage that decided is wanted.
        confidence
            How often each document's set of labels is to hold the true one; no sets
            by default. See :meth:`predict_set`.
        level
            Where labels are paths, how many of their parts are wanted; all by default.
        on_set_aside, on_window
            As in :meth:`DocumentEmbedder.vectors`.

        Returns
        -------
        list of Prediction
            In the order of the documents, without those that were set aside.

        Raises
        ------
        EmptyDocumentError
            If a document holds no token and `on_set_aside` is None.
        SettingError
            If there is no such level.
        """
        return list(
            self._classified(
                self._judging(level),
                documents,
                pile=pile,
                evidence=evidence,
                confidence=confidence,
                on_set_aside=on_set_aside,
                on_window=on_window,
            )
        )

    def classify_stream(
        self,
        documents: Iterable[str | Document],
        *,
        evidence: bool = True,
        confidence: float | None = None,
        level: int | None = None,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
    ) -> Iterator[Prediction]:
        """Decide for any number of documents, each by itself, as they are read.

        Memory holds some documents at a time, however many there are. The decisions are
        those of :meth:`classify` without the pile; so are the parameters and errors.
        """
        return self._classified(
            self._judging(level),
            documents,
            pile=False,
            evidence=evidence,
            confidence=confidence,
            on_set_aside=on_set_aside,
            on_window=on_window,
        )

    def _classified(
        self, judging: Judging, documents: Iterable[str | Document], **wanted: Any
    ) -> Iterator[Prediction]:
        self._new_classes = ()
        for decided in judging.decided(documents, **wanted):
            self._choices = decided.choices
            self._new_classes = decided.new_classes
            yield from decided.predictions

    def new_classes(self) -> tuple[NewClass, ...]:
        """Offer clusters of the pile that no known class claims, the largest first.

        Of the documents that :meth:`classify` was last called with, judged together
        with ``unknown`` on; none otherwise.
        """
        self._judging()
        return self._new_classes

    def explain(self, text: str, label: Label | None = None) -> Evidence:
        """Give the passage that spoke most for a label, judged by itself.

        Parameters
        ----------
        text
            The document.
        label
            One of ``classes_``; the label that it gets, by default.

        Raises
        ------
        EmptyDocumentError
            If the text holds no token.
        ExamplesError
            If there is no such label.
        """
        return self._judging().explain(text, label)
