"""Documents to vectors: the stages in their order.

    tokens -> windows -> hidden states -> means over layers, tokens and windows

Documents stream in and vectors stream out in the same order; memory holds a bounded
number of windows beside what is returned.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import fields, replace
from functools import cached_property
from itertools import groupby
from typing import Any, Literal

import numpy as np
from jaxtyping import Float

from longshot.encoders import (
    Encoder,
    Engine,
    is_here,
    languages_of_model,
    load_encoder,
)
from longshot.encoding.ahead import Preparation, in_groups, prepared
from longshot.encoding.cache import KeptWindows, VectorCache
from longshot.encoding.jobs import JobMaker
from longshot.encoding.scheduling import EncodedWindow, EncodingJob, encode_jobs
from longshot.encoding.under_way import UnderWay, joined
from longshot.encoding.vector_file import StoredWindow
from longshot.encoding.vocabulary import LanguageCheck, Vocabulary
from longshot.errors import EmptyDocumentError, SettingError
from longshot.languages import load_languages
from longshot.pooling import RunningMean
from longshot.progress import shown_progress
from longshot.recipe import Precision, PrecisionSetting, Recipe
from longshot.records import Document, OnSetAside, OnWindow, SetAside, Vectors
from longshot.tokens import TokenCounter

_PARAGRAPH_TOKENS = 64


class DocumentEmbedder:
    """Turns documents of any length into vectors under one recipe.

    Parameters
    ----------
    recipe
        What decides a vector; the article's by default.
    engine
        What computes it: ``torch``, ``openvino``, or whichever serves best.
    encoder
        A model that is already loaded; the recipe's model, loaded at the first use, by
        default.
    cache
        Where vectors are kept, so that no document is encoded twice: ``"user"`` for the
        user's cache folder, a cache of one's own, or None. An `encoder` that is given
        is kept out of the user's.

    Examples
    --------
    >>> embedder = DocumentEmbedder()
    >>> embedder.embed(["The roof leaks.", "Minutes of the council."]).shape
    (2, 384)
    """

    def __init__(
        self,
        recipe: Recipe | None = None,
        *,
        engine: Engine = "auto",
        encoder: Encoder | None = None,
        cache: KeptWindows | Literal["user"] | None = "user",
    ) -> None:
        self._asked = recipe or Recipe()
        self.engine = engine
        self._given_encoder = encoder
        self._loaded: dict[tuple[str, Engine, PrecisionSetting], Encoder] = {}
        self._ahead: Future[Encoder] | None = None
        if cache == "user":
            cache = VectorCache() if encoder is None else None
        self.cache: KeptWindows | None = cache

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Give the recipe's settings and the engine, as scikit-learn asks for them."""
        settings = {one.name: getattr(self._asked, one.name) for one in fields(Recipe)}
        return {**settings, "engine": self.engine}

    def with_params(self, **changes: Any) -> "DocumentEmbedder":
        """Give an embedder with other settings; this one stays as it is.

        Models that were loaded are shared, where they are the same.

        Raises
        ------
        SettingError
            If there is no such setting, or it may not be that.

        Examples
        --------
        >>> DocumentEmbedder().with_params(window_tokens=128).recipe.window_tokens
        128
        """
        known = self.get_params()
        if unknown := changes.keys() - known.keys():
            raise SettingError(
                f"an embedder's settings are {', '.join(known)}; got "
                f"{', '.join(sorted(unknown))}. Name one of these."
            )
        engine = changes.pop("engine", self.engine)
        recipe = replace(self._asked, **changes)
        is_same_model = recipe.model == self._asked.model and engine == self.engine
        made = DocumentEmbedder(
            recipe,
            engine=engine,
            encoder=self._given_encoder if is_same_model else None,
            cache=self.cache,
        )
        made._loaded = self._loaded
        return made

    def with_cache(self, cache: KeptWindows | None) -> "DocumentEmbedder":
        """Give an embedder that is the same, but for where vectors are kept."""
        made = DocumentEmbedder(
            self._asked, engine=self.engine, encoder=self._given_encoder, cache=cache
        )
        made._loaded = self._loaded
        return made

    @cached_property
    def recipe(self) -> Recipe:
        """What decides a vector; in place of ``auto`` it names the precision found."""
        if self._asked.precision != "auto":
            return self._asked
        precision: Precision = getattr(self.encoder, "precision", "float32")
        return replace(self._asked, precision=precision)

    @cached_property
    def encoder(self) -> Encoder:
        """The model, loaded.

        Raises
        ------
        ModelError
            If it cannot be loaded.
        """
        if self._given_encoder is not None:
            return self._given_encoder
        if self._ahead is not None:
            return self._ahead.result()
        return self._load()

    def load_ahead(self) -> None:
        """Begin to load the model in a thread, while other things are read.

        Only where it lies on this machine: nothing is fetched before it is needed. What
        goes wrong is told where the model is asked for.
        """
        if self._given_encoder is None and is_here(self._asked.model):
            self._ahead = Future()
            threading.Thread(
                target=self._load_into, args=[self._ahead], name="longshot-ahead"
            ).start()
            threading.Thread(target=load_languages, name="longshot-languages").start()

    def _load_into(self, ahead: "Future[Encoder]") -> None:
        try:
            ahead.set_result(self._load())
        except BaseException as error:
            ahead.set_exception(error)
            return
        with suppress(Exception):  # it is told where a document meets it
            _run_once(ahead.result(), self.layers)

    def _load(self) -> Encoder:
        key = self._asked.model, self.engine, self._asked.precision
        if key not in self._loaded:
            self._loaded[key] = load_encoder(key[0], engine=key[1], precision=key[2])
        return self._loaded[key]

    @cached_property
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
        self, texts: Iterable[str | Document], *, verbose: bool | None = None
    ) -> Float[np.ndarray, "document dim"]:
        """Give one vector per text.

        Memory holds these and a bounded number of windows, however long a text is.

        Parameters
        ----------
        texts
            Plain texts, or documents.
        verbose
            Whether a bar shows how far it is; None for in notebooks and on terminals.

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        """
        with shown_progress("embedding", texts, verbose=verbose) as told:
            encoded = self._encoded(as_documents(texts), on_window=told)
            pooled = [self._pool(windows) for _, windows in encoded]
        if not pooled:
            return np.empty((0, self.encoder.dim), dtype=np.float32)
        return np.stack(pooled)

    def embed_ids(
        self, sequences: Iterable[Sequence[int]]
    ) -> Float[np.ndarray, "document dim"]:
        """Give one vector per run of the model's own token ids.

        It is that of the text which has these tokens. The model's special tokens may
        stand around a run; they never enter a mean.

        Parameters
        ----------
        sequences
            Token ids of one document each, of any length.

        Raises
        ------
        EmptyDocumentError
            If a run holds no token.
        SettingError
            If there is no such token.
        """
        maker = JobMaker(self.recipe, self.encoder)
        made = enumerate(map(np.asarray, sequences))
        jobs = (job for index, ids in made for job in maker.jobs_of_ids(index, ids))
        encoded = encode_jobs(jobs, self.encoder, self.layers)
        pooled = [
            self._pool(
                StoredWindow(w.window, w.layer_means, w.span_vectors) for w in run
            )
            for _, run in groupby(encoded, lambda done: done.document_index)
        ]
        return np.array(pooled, dtype=np.float32).reshape(-1, self.encoder.dim)

    def vectors(
        self,
        documents: Iterable[str | Document],
        *,
        most_windows: int | None = None,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
        tells_language: bool = True,
    ) -> Iterator[Vectors]:
        """Give the vectors of each document and of its windows, in reading order.

        Parameters
        ----------
        documents
            Documents, or plain texts (whose ids are then their numbers from 0).
        most_windows
            How many windows of each document are read, from its beginning; all of them
            by default. What is left is counted as not read.
        on_set_aside
            Told of each document without tokens; where None, the first one is an error.
        on_window
            Told of each window as it is done.
        tells_language
            Whether each document's language is told, and held against the model's: not
            for texts that nobody gave, such as the sentences that names are read in.

        Raises
        ------
        EmptyDocumentError
            If a document holds no token and `on_set_aside` is None.
        """
        encoded = self._encoded(
            as_documents(documents),
            most_windows,
            on_set_aside,
            on_window,
            tells_language,
        )
        for current, windows in encoded:
            yield self._assemble(current, windows)

    def _encoded(
        self,
        documents: Iterable[Document],
        most_windows: int | None = None,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
        tells_language: bool = True,
    ) -> Iterator[tuple[UnderWay, Iterator[StoredWindow]]]:
        """Group the encoded windows by document again."""
        under_way: dict[int, UnderWay] = {}
        maker = JobMaker(self.recipe, self.encoder)
        begun = self._begun(documents, maker, most_windows, tells_language)
        jobs = self._jobs(begun, maker, under_way, most_windows, on_set_aside)
        encoded = encode_jobs(jobs, self.encoder, self.layers)
        try:
            for index, windows in groupby(encoded, lambda done: done.document_index):
                current = under_way.pop(index)
                yield current, current.received(windows, on_window)
        finally:
            encoded.close()
            if self.cache is not None:
                self.cache.flush()

    def _begun(
        self,
        documents: Iterable[Document],
        maker: JobMaker,
        most_windows: int | None,
        tells_language: bool,
    ) -> Iterator[UnderWay]:
        """Look each document up in the cache, once, tell its language, tokenise it.

        It warns where the model does not know the language.
        """
        check = self._language_check if tells_language else None
        if check is not None:
            check.begin()
        prepare = Preparation(
            cache=self.cache,
            fingerprint=self.fingerprint,
            maker=maker,
            most_windows=most_windows,
            check=check,
        )
        n_threads = self.encoder.capacity.n_tokenizers
        groups = in_groups(documents)
        for current, told in prepared(groups, prepare, n_threads=n_threads):
            if check is not None and told is not None:
                current.language, current.note = told.language, check.note(told)
            yield current
        if check is not None:
            check.warn()

    def _jobs(
        self,
        documents: Iterable[UnderWay],
        maker: JobMaker,
        under_way: dict[int, UnderWay],
        most_windows: int | None,
        on_set_aside: OnSetAside | None,
    ) -> Iterator[EncodingJob | EncodedWindow]:
        """Give the windows of each document, and count what is left of it."""
        for current in documents:
            index, document = current.index, current.document
            under_way[index] = current
            n_windows = n_tokens = 0
            for one in current.windows(maker, most_windows):
                n_windows += 1
                n_tokens += one.window.n_new_tokens + one.window.n_missing
                yield one
            if not n_windows:
                del under_way[index]
                set_aside_empty(document, on_set_aside)
            elif n_windows == most_windows:
                current.n_unread = self._counter.n_tokens(document.text) - n_tokens

    @cached_property
    def _language_check(self) -> LanguageCheck:
        model = self.encoder.name
        languages = languages_of_model(model)
        return LanguageCheck(Vocabulary(self.encoder.tokenizer), model, languages)

    @cached_property
    def _counter(self) -> TokenCounter:
        return TokenCounter(self.encoder.tokenizer)

    def _assemble(self, current: UnderWay, encoded: Iterator[StoredWindow]) -> Vectors:
        pooled = RunningMean(self.encoder.dim, self.recipe.window_pooling)
        windows, means, spans, document = joined(encoded, pooled)
        return Vectors(
            document_id=current.document.id,
            windows=windows,
            layer_means=means,
            document=document,
            span_vectors=spans,
            n_unread=current.n_unread,
            notes=current.notes,
            language=current.language,
            text_share=current.document.text_share,
        )

    def _pool(self, encoded: Iterable[StoredWindow]) -> Float[np.ndarray, " dim"]:
        """Average one document's windows as they come."""
        mean = RunningMean(self.encoder.dim, self.recipe.window_pooling)
        for one in encoded:
            mean.add(one.layer_means.mean(axis=0), n_tokens=one.window.n_tokens)
        return mean.vector()

    def __sklearn_clone__(self) -> "DocumentEmbedder":
        """Share the loaded model between clones: an embedder never changes."""
        return self

    def __getstate__(self) -> dict[str, Any]:
        """Leave the loaded model out: another process loads its own."""
        settings = ("engine", "cache", "_given_encoder")
        kept = {name: getattr(self, name) for name in settings}
        return {**kept, "_asked": self.recipe, "_loaded": {}, "_ahead": None}


def as_documents(texts: Iterable[str | Document]) -> Iterator[Document]:
    """Give plain texts their number, from 0, as id; documents stay as they are."""
    for number, text in enumerate(texts):
        if isinstance(text, Document):
            yield text
        else:
            yield Document(id=str(number), text=text)


def _run_once(encoder: Encoder, layers: tuple[int, ...]) -> None:
    """Run a window of a paragraph's length, so that what it needs is compiled."""
    n_tokens = min(_PARAGRAPH_TOKENS, encoder.max_framed_tokens or _PARAGRAPH_TOKENS)
    weights = np.full((1, 1, n_tokens), 1 / n_tokens, dtype=np.float32)
    encoder.means(np.zeros((1, n_tokens), dtype=np.int64), weights, layers)


def set_aside_empty(document: Document, on_set_aside: OnSetAside | None) -> None:
    """Set a document without tokens aside.

    Raises
    ------
    EmptyDocumentError
        If nobody is to be told of it.
    """
    if on_set_aside is None:
        raise EmptyDocumentError(
            "a document must hold at least one token that the model can read; "
            f"{document.id} holds none. Remove it or give its text."
        )
    reason = "holds no token that the model can read"
    on_set_aside(SetAside(id=document.id, source=document.source, reason=reason))
