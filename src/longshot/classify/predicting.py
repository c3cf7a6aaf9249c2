"""What a fitted classifier is asked: labels, confidence, predictions, passages."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from jaxtyping import Float

from longshot.classify.examples import AnyLabels, Texts
from longshot.classify.judging import Judging
from longshot.classify.several_scoring import score_of
from longshot.classify.support import Label
from longshot.records import (
    Document,
    Evidence,
    OnSetAside,
    OnWindow,
    Prediction,
)


class Predicting:
    """The deciding half of the estimator.

    What was learned is the other half's; so is the memory of what was last chosen.
    """

    _choices: tuple[str, ...]

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
                on_set_aside=on_set_aside,
                on_window=on_window,
            )
        )

    def classify_stream(
        self,
        documents: Iterable[str | Document],
        *,
        evidence: bool = True,
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
            on_set_aside=on_set_aside,
            on_window=on_window,
        )

    def _classified(
        self, judging: Judging, documents: Iterable[str | Document], **wanted: Any
    ) -> Iterator[Prediction]:
        for block, choices in judging.predictions(documents, **wanted):
            self._choices = choices
            yield from block

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
