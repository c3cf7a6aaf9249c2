"""Documents to vectors: the stages in their order.

    tokens -> windows -> hidden states -> means over layers, tokens and windows

Documents stream in and vectors stream out in the same order; memory holds a bounded
number of windows beside what is returned.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
from jaxtyping import Float

from longshot.encoders import Encoder, load_encoder
from longshot.errors import EmptyDocumentError, SettingError
from longshot.pooling import RunningMean, token_weights
from longshot.recipe import Recipe
from longshot.records import Document, OnSetAside, OnWindow, SetAside, Vectors
from longshot.scheduling import Encoded, EncodingJob, encode_jobs
from longshot.tokens import SpecialTokens, iter_tokens
from longshot.windows import TokenWindow, iter_windows


class DocumentEmbedder:
    """Turns documents of any length into vectors under one recipe.

    Parameters
    ----------
    recipe
        What decides a vector; the article's by default.
    encoder
        A model that is already loaded; the recipe's model, loaded at the first use, by
        default.

    Examples
    --------
    >>> embedder = DocumentEmbedder()
    >>> embedder.embed(["The roof leaks.", "Minutes of the council."]).shape
    (2, 384)
    """

    def __init__(
        self, recipe: Recipe | None = None, *, encoder: Encoder | None = None
    ) -> None:
        self.recipe = recipe or Recipe()
        self._given_encoder = encoder

    @cached_property
    def encoder(self) -> Encoder:
        """The model, loaded.

        Raises
        ------
        ModelError
            If it cannot be loaded.
        """
        return self._given_encoder or load_encoder(self.recipe.model)

    @property
    def fingerprint(self) -> str:
        """What the vectors depend on: the recipe and the model's weights."""
        return self.recipe.fingerprint(self.encoder.fingerprint)

    @cached_property
    def layers(self) -> tuple[int, ...]:
        """The recipe's layers for this model, from 0.

        Raises
        ------
        SettingError
            If the model has fewer.
        """
        return self.recipe.absolute_layers(self.encoder.n_layers)

    def embed(
        self, texts: Iterable[str | Document]
    ) -> Float[np.ndarray, "document dim"]:
        """Give one vector per text.

        Memory holds these and a bounded number of windows, however long a text is.

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        """
        documents = as_documents(texts)
        pooled = [
            self._pool(windows) for _, windows in self._encoded(documents, None, None)
        ]
        if not pooled:
            return np.empty((0, self.encoder.dim), dtype=np.float32)
        return np.stack(pooled)

    def vectors(
        self,
        documents: Iterable[str | Document],
        *,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
    ) -> Iterator[Vectors]:
        """Give the vectors of each document and of its windows, in reading order.

        Parameters
        ----------
        documents
            Documents, or plain texts (whose ids are then their numbers from 0).
        on_set_aside
            Told of each document without tokens; where None, the first one is an error.
        on_window
            Told of each window as it is done.

        Raises
        ------
        EmptyDocumentError
            If a document holds no token and `on_set_aside` is None.
        """
        encoded = self._encoded(as_documents(documents), on_set_aside, on_window)
        for document, windows in encoded:
            yield self._assemble(document, windows)

    def _encoded(
        self,
        documents: Iterable[Document],
        on_set_aside: OnSetAside | None,
        on_window: OnWindow | None,
    ) -> Iterator[tuple[Document, Iterator["_EncodedWindow"]]]:
        """Group the encoded windows by document again."""
        under_way: dict[int, Document] = {}
        jobs = self._jobs(documents, under_way, on_set_aside)
        encoded = encode_jobs(jobs, self.encoder, self.layers)
        for index, windows in groupby(encoded, lambda pair: pair[0].document_index):
            document = under_way.pop(index)
            yield document, _told(document, windows, on_window)

    def _jobs(
        self,
        documents: Iterable[Document],
        under_way: dict[int, Document],
        on_set_aside: OnSetAside | None,
    ) -> Iterator[EncodingJob]:
        frame = self._frame
        for index, document in enumerate(documents):
            token_window = None
            under_way[index] = document
            for token_window in self._windows(document):
                yield self._job(index, token_window, frame)
            if token_window is None:
                del under_way[index]
                _set_aside(document, on_set_aside)

    def _windows(self, document: Document) -> Iterator[TokenWindow]:
        tokenizer = self.encoder.tokenizer
        return iter_windows(
            document.text,
            iter_tokens(document.text, tokenizer),
            window_tokens=self.recipe.window_tokens,
            overlap_tokens=self.recipe.overlap_tokens,
            unknown_id=tokenizer.unknown_id,
        )

    def _job(
        self, index: int, token_window: TokenWindow, frame: SpecialTokens
    ) -> EncodingJob:
        weights = token_weights(
            n_before=len(frame.before),
            n_tokens=token_window.window.n_tokens,
            n_after=len(frame.after),
            pooling=self.recipe.token_pooling,
        )
        return EncodingJob(
            document_index=index,
            token_window=token_window,
            ids=frame.frame(token_window.tokens.ids),
            weights=None if self.recipe.token_pooling == "max" else weights[None],
            n_before=len(frame.before),
        )

    @cached_property
    def _frame(self) -> SpecialTokens:
        """What stands around each window: special tokens, and the recipe's prefix.

        Raises
        ------
        SettingError
            If a window and its frame are longer than the model reads.
        """
        tokenizer = self.encoder.tokenizer
        prefix = tokenizer.encode(self.recipe.prefix).ids if self.recipe.prefix else ()
        frame = SpecialTokens(
            before=(*tokenizer.special.before, *map(int, prefix)),
            after=tokenizer.special.after,
        )
        longest = self.encoder.max_framed_tokens
        if longest is not None and self.recipe.window_tokens + frame.n_tokens > longest:
            raise SettingError(
                f"window_tokens must be in [1, {longest - frame.n_tokens}] for model "
                f"{self.recipe.model}, which reads {longest} tokens at once, "
                f"{frame.n_tokens} of them special or prefix; got "
                f"{self.recipe.window_tokens}. Lower --window-tokens."
            )
        return frame

    def _assemble(
        self, document: Document, encoded: Iterable["_EncodedWindow"]
    ) -> Vectors:
        kept = list(encoded)
        return Vectors(
            document_id=document.id,
            windows=tuple(token_window.window for token_window, _ in kept),
            layer_means=np.stack([means for _, means in kept]),
            document=self._pool(kept),
        )

    def _pool(self, encoded: Iterable["_EncodedWindow"]) -> Float[np.ndarray, " dim"]:
        """Average one document's windows as they come."""
        mean = RunningMean(self.encoder.dim, self.recipe.window_pooling)
        for token_window, layer_means in encoded:
            vector = layer_means.mean(axis=0)
            mean.add(vector, n_tokens=token_window.window.n_tokens)
        return mean.vector()

    def __sklearn_clone__(self) -> "DocumentEmbedder":
        """Share the loaded model between clones: an embedder never changes."""
        return self

    def __getstate__(self) -> dict[str, Any]:
        """Leave the loaded model out: another process loads its own."""
        return {"recipe": self.recipe, "_given_encoder": self._given_encoder}


_EncodedWindow = tuple[TokenWindow, Float[np.ndarray, "layer dim"]]


def as_documents(texts: Iterable[str | Document]) -> Iterator[Document]:
    """Give plain texts their number, from 0, as id; documents stay as they are."""
    for number, text in enumerate(texts):
        if isinstance(text, Document):
            yield text
        else:
            yield Document(id=str(number), text=text)


def _told(
    document: Document, encoded: Iterable[Encoded], on_window: OnWindow | None
) -> Iterator[_EncodedWindow]:
    """Give each window with its means (there is one span), and tell of it."""
    end = 0
    for job, means in encoded:
        window = job.token_window.window
        if on_window is not None:
            on_window(document.id, window.end - end, window.n_new_tokens)
        end = window.end
        yield job.token_window, means[:, 0]


def _set_aside(document: Document, on_set_aside: OnSetAside | None) -> None:
    reason = "a document must hold at least one token; it holds none"
    if on_set_aside is None:
        raise EmptyDocumentError(
            f"{reason}: {document.id}. Remove it or give its text."
        )
    on_set_aside(SetAside(id=document.id, source=document.source, reason=reason))
