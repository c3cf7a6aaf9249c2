"""From vectors to decisions: a pure function of the examples.

Document vectors enter; similarities, confidences and predictions leave.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from longshot.classify.confidence import confidences, fit_temperature
from longshot.classify.explaining import explain_label
from longshot.classify.heads import (
    Head,
    class_similarities,
    leave_one_out_similarities,
)
from longshot.classify.support import SupportSet
from longshot.recipe import WindowPooling
from longshot.records import Document, Prediction, Vectors


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Decider:
    """What was learned, and how it decides; never changed, only replaced.

    Attributes
    ----------
    support, head
        The examples, and how a document is compared with them.
    window_pooling
        The recipe's: how windows weigh in a document's vector.
    temperature
        Of the softmax that turns similarities into confidence.
    """

    support: SupportSet
    head: Head
    window_pooling: WindowPooling
    temperature: float

    @classmethod
    def learned(
        cls, support: SupportSet, head: Head, window_pooling: WindowPooling
    ) -> "Decider":
        """Learn the temperature from the examples, each judged by the others."""
        similarities, held_out = leave_one_out_similarities(
            head, support.documents, support.class_indices
        )
        return cls(
            support=support,
            head=head,
            window_pooling=window_pooling,
            temperature=fit_temperature(similarities, held_out),
        )

    def similarities(
        self, documents: Float[np.ndarray, "document dim"]
    ) -> Float[np.ndarray, "document class"]:
        """Give each document's similarity to each class."""
        return class_similarities(
            self.head, documents, self.support.documents, self.support.class_indices
        )

    def confidences(
        self, documents: Float[np.ndarray, "document dim"]
    ) -> Float[np.ndarray, "document class"]:
        """Give the confidence in each class for each document."""
        return confidences(self.similarities(documents), self.temperature)

    def decide(self, text: str, vectors: Vectors, *, evidence: bool) -> Prediction:
        """Decide for one document; `evidence` says whether its passage is wanted."""
        similarities = self.similarities(vectors.document[None])
        sure = confidences(similarities, self.temperature)[0]
        order = similarities[0].argsort(kind="stable")[::-1]
        ranked = [(str(self.support.classes[i]), float(sure[i])) for i in order]
        passage = (
            explain_label(
                self.support,
                self.head,
                text,
                vectors,
                int(order[0]),
                self.window_pooling,
            )
            if evidence
            else None
        )
        return Prediction(
            document_id=vectors.document_id,
            label=ranked[0][0],
            confidence=ranked[0][1],
            alternatives=tuple(ranked[1:]),
            evidence=passage,
            n_tokens=vectors.n_tokens,
            n_windows=len(vectors.windows),
            coverage=vectors.coverage,
            n_unknown=vectors.n_unknown,
        )


class TextsUnderWay:
    """The texts of documents whose vectors are still to come, for their passages."""

    def __init__(self) -> None:
        self._waiting: deque[Document] = deque()

    def noting(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Pass documents on, and keep each until its text is taken."""
        for document in documents:
            self._waiting.append(document)
            yield document

    def text_of(self, vectors: Vectors) -> str:
        """Take the text of a document that is done; those before were set aside."""
        while (document := self._waiting.popleft()).id != vectors.document_id:
            pass
        return document.text
