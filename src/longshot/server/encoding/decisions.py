"""Decisions for many requests: documents of one classifier are decided together.

One thread decides and learns. The matrices are small, and with several threads their
sums would round otherwise (see :func:`longshot.machine.processors.one_thread`).
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from longshot.classify import LongshotClassifier
from longshot.records import Document, Prediction
from longshot.server.encoding.batches import Batches, Question

_TOGETHER_DOCUMENTS = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """How documents are to be decided; as of :meth:`LongshotClassifier.classify`."""

    pile: bool = False
    evidence: bool = True
    confidence: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A classifier with documents to decide, or anything else to be done."""

    classifier: LongshotClassifier | None = None
    documents: tuple[Document, ...] = ()
    wanted: Wanted = Wanted()
    run: Callable[[], Any] | None = None


class Decisions:
    """Decides about documents whose vectors are at hand."""

    def __init__(self) -> None:
        self._batches = Batches("longshot-decide", self._work, _TOGETHER_DOCUMENTS)

    async def classify(
        self,
        classifier: LongshotClassifier,
        documents: Sequence[Document],
        wanted: Wanted,
    ) -> list[Prediction]:
        """Decide about documents, which must hold a token each.

        Raises
        ------
        EmptyDocumentError
            If one holds none.
        """
        asked = _Asked(classifier, tuple(documents), wanted)
        found: list[Prediction] = await self._batches.ask(asked, len(documents))
        return found

    async def run(self, work: Callable[[], Any]) -> Any:
        """Do something else on the thread that decides: learn, or explain."""
        return await self._batches.ask(_Asked(run=work))

    def close(self) -> None:
        """Finish what was asked."""
        self._batches.close()

    def _work(self, questions: Sequence[Question[_Asked]]) -> None:
        together: dict[Any, list[Question[_Asked]]] = defaultdict(list)
        for number, question in enumerate(questions):
            asked = question.asked
            # What is judged as one pile must hold nothing of another request.
            alone = number if asked.wanted.pile else None
            together[id(asked.classifier), asked.wanted, alone].append(question)
        failed: Exception | None = None
        for same in together.values():
            try:
                self._answer(same)
            except Exception as error:
                failed = error
        if failed is not None:  # the questions that are still open are asked again
            raise failed

    def _answer(self, questions: Sequence[Question[_Asked]]) -> None:
        classifier = questions[0].asked.classifier
        if classifier is None:
            for question in questions:
                _do(question)
            return
        wanted = questions[0].asked.wanted
        documents = [
            replace(document, id=f"{number}:{document.id}")
            for number, question in enumerate(questions)
            for document in question.asked.documents
        ]
        found = iter(
            classifier.classify(
                documents,
                pile=wanted.pile,
                evidence=wanted.evidence,
                confidence=wanted.confidence,
            )
        )
        for question in questions:
            question.give(
                [
                    replace(next(found), document_id=document.id)
                    for document in question.asked.documents
                ]
            )


def _do(question: Question[_Asked]) -> None:
    assert question.asked.run is not None
    try:
        question.give(question.asked.run())
    except Exception as error:
        question.fail(error)
