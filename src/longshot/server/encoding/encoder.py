"""The texts of requests to vectors: those that arrive together are encoded together."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from jaxtyping import Float

from longshot.embedder import DocumentEmbedder
from longshot.records import Document, Vectors
from longshot.server.encoding.batches import Batches, Question
from longshot.server.metrics import Metrics
from longshot.tokens import CHUNK_CHARACTERS

_TOGETHER_CHARACTERS = CHUNK_CHARACTERS // 2
"""Of a batch: about what the embedder reads ahead to fill the model's batches."""
_LONG_CHARACTERS = CHUNK_CHARACTERS
"""A request with more has a line of its own, so that short ones never wait for it."""

_Asked = Sequence[str] | Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """What requests want to know of a text.

    Attributes
    ----------
    vector
        The document's vector under the recipe.
    n_tokens
        The tokens in it.
    """

    vector: Float[np.ndarray, " dim"]
    n_tokens: int


class SharedEncoder:
    """Encodes the texts of many requests at once; equal to encoding each alone.

    Parameters
    ----------
    embedder
        What encodes. Its cache keeps what was encoded for whoever asks next.
    metrics
        Where it is counted.
    """

    def __init__(self, embedder: DocumentEmbedder, metrics: Metrics) -> None:
        self.embedder = embedder
        self._metrics = metrics
        self._short = Batches("longshot-encode", self._encode, _TOGETHER_CHARACTERS)
        self._long = Batches("longshot-encode-long", self._encode, _LONG_CHARACTERS)

    async def encode(self, texts: Sequence[str]) -> list[Encoded | None]:
        """Give the vector of each text; None where it holds no token."""
        found: list[Encoded | None] = await self._ask(texts)
        return found

    async def encode_ids(self, runs: Sequence[Sequence[int]]) -> list[Encoded]:
        """Give the vector of each run of the model's token ids.

        Raises
        ------
        LongshotError
            As :meth:`DocumentEmbedder.embed_ids`.
        """
        found: list[Encoded] = await self._ask(runs)
        return found

    async def _ask(self, texts: _Asked) -> Any:
        if not texts:
            return []
        size = sum(map(len, texts))
        line = self._long if size > _LONG_CHARACTERS else self._short
        return await line.ask(texts, size)

    def close(self) -> None:
        """Finish what was asked."""
        self._short.close()
        self._long.close()

    def _encode(self, questions: Sequence[Question[_Asked]]) -> None:
        self._metrics.texts_together.observe(sum(len(one.asked) for one in questions))
        texts: list[Question[Sequence[str]]] = []
        for question in questions:
            if isinstance(question.asked[0], str):
                texts.append(cast("Question[Sequence[str]]", question))
            else:
                self._encode_ids(cast("Question[Sequence[Sequence[int]]]", question))
        self._encode_texts(texts)

    def _encode_texts(self, questions: Sequence[Question[Sequence[str]]]) -> None:
        """Encode in one stream, and answer each question once its last text is done."""
        texts = [text for one in questions for text in one.asked]
        documents = (Document(id=str(i), text=text) for i, text in enumerate(texts))
        found: list[Encoded | None] = [None] * len(texts)
        waiting = deque(questions)
        first = 0

        def answer(until: int) -> None:
            nonlocal first
            while waiting and first + len(waiting[0].asked) <= until:
                question = waiting.popleft()
                question.give(found[first : first + len(question.asked)])
                first += len(question.asked)

        for vectors in self.embedder.vectors(documents, on_set_aside=lambda _: None):
            place = int(vectors.document_id)
            found[place] = self._encoded(vectors)
            answer(until=place + 1)
        answer(until=len(texts))

    def _encoded(self, vectors: Vectors) -> Encoded:
        self._metrics.tokens.inc(vectors.n_tokens_read)
        return Encoded(vectors.document, vectors.n_tokens)

    def _encode_ids(self, question: Question[Sequence[Sequence[int]]]) -> None:
        runs = question.asked
        try:
            vectors = self.embedder.embed_ids(runs)
        except Exception as error:
            question.fail(error)
            return
        self._metrics.tokens.inc(sum(map(len, runs)))
        pairs = zip(vectors, map(len, runs), strict=True)
        question.give([Encoded(vector, n_tokens) for vector, n_tokens in pairs])
