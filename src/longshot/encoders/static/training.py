"""Static embeddings trained on a person's own texts.

word2vec and fastText are trained by gensim, GloVe by :mod:`.glove`. Texts are read once
per epoch and never held together; what leaves is a file in the format that the
algorithm's authors write, which every program for word vectors reads.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from jaxtyping import Float

from longshot.encoders.static.glove import GloveSettings, train_glove
from longshot.encoders.words import iter_words
from longshot.errors import EmptyDocumentError, MissingExtraError, SettingError

Algorithm = Literal["word2vec", "fasttext", "glove"]
OnEpoch = Callable[[int, int], None]
"""Told of the epochs that are done, and how many there are."""

_RUN_WORDS = 5_000  # gensim drops what is beyond 10,000 words of one run


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingSettings:
    """How static embeddings are trained.

    Attributes
    ----------
    algorithm
        ``word2vec`` (skip-gram with negative sampling), ``fasttext`` or ``glove``.
    dim
        Dimensions of a vector.
    context_words
        Words to each side that count as a word's context.
    min_count
        Occurrences that a word needs to get a vector.
    epochs
        How often the texts (for GloVe, the counts) are gone through.
    seed
        Of the initial vectors.
    n_workers
        Threads; all cores where 0. Only with 1 does gensim give the same vectors again.
    """

    algorithm: Algorithm = "word2vec"
    dim: int = 100
    context_words: int = 5
    min_count: int = 5
    epochs: int = 10
    seed: int = 0
    n_workers: int = 0

    def __post_init__(self) -> None:
        if self.algorithm not in get_args(Algorithm):
            raise SettingError(
                f"algorithm must be one of {', '.join(get_args(Algorithm))}; got "
                f"{self.algorithm}. Change --algorithm."
            )
        for name in ("dim", "context_words", "min_count", "epochs"):
            if getattr(self, name) < 1:
                raise SettingError(
                    f"{name} must be at least 1; got {getattr(self, name)}. Raise "
                    f"--{name.replace('_', '-')}."
                )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TrainedVectors:
    """Words, the most frequent first, and their vectors."""

    words: list[str]
    vectors: Float[np.ndarray, "word dim"]


def train_static(
    texts: Callable[[], Iterable[str]],
    settings: TrainingSettings,
    *,
    on_epoch: OnEpoch | None = None,
) -> TrainedVectors:
    """Train static embeddings.

    Parameters
    ----------
    texts
        Gives the texts from their beginning each time that it is called.
    settings
        How.
    on_epoch
        Told of each epoch.

    Raises
    ------
    EmptyDocumentError
        If no word occurs often enough.
    MissingExtraError
        If gensim is needed and not installed.
    """
    runs = _Runs(texts)
    told = on_epoch or (lambda done, n: None)
    if settings.algorithm == "glove":
        return _glove(runs, settings, told)
    return _with_gensim(runs, settings, told)


def words_of(text: str) -> list[str]:
    """Cut a text into lower-case words, without signs.

    Examples
    --------
    >>> words_of("The mouse, clicked.")
    ['the', 'mouse', 'clicked']
    """
    return [word.text.lower() for word in iter_words(text) if word.text[0].isalnum()]


class _Runs:
    """The words of all texts in runs, again each time that it is gone through."""

    def __init__(self, texts: Callable[[], Iterable[str]]) -> None:
        self._texts = texts

    def __iter__(self) -> Iterator[list[str]]:
        for text in self._texts():
            words = words_of(text)
            for start in range(0, len(words), _RUN_WORDS):
                yield words[start : start + _RUN_WORDS]


def _glove(runs: _Runs, settings: TrainingSettings, told: OnEpoch) -> TrainedVectors:
    words, vectors = train_glove(
        runs,
        GloveSettings(
            dim=settings.dim,
            context_words=settings.context_words,
            min_count=settings.min_count,
            epochs=settings.epochs,
            seed=settings.seed,
        ),
        on_epoch=told,
    )
    return TrainedVectors(words=words, vectors=vectors)


def _with_gensim(
    runs: _Runs, settings: TrainingSettings, told: OnEpoch
) -> TrainedVectors:
    try:
        from gensim.models import FastText, Word2Vec
    except ImportError as error:
        raise MissingExtraError.naming("gensim", extra="static") from error
    kinds = {"word2vec": Word2Vec, "fasttext": FastText}
    model = kinds[settings.algorithm](
        vector_size=settings.dim,
        window=settings.context_words,
        min_count=settings.min_count,
        epochs=settings.epochs,
        seed=settings.seed,
        sg=1,
        workers=settings.n_workers or os.cpu_count() or 1,
    )
    model.build_vocab(runs)
    if not len(model.wv):
        raise _too_rare(settings.min_count)
    model.train(
        runs,
        total_examples=model.corpus_count,
        epochs=settings.epochs,
        callbacks=[_epoch_callback(settings.epochs, told)],
    )
    return TrainedVectors(words=list(model.wv.index_to_key), vectors=model.wv.vectors)


def _epoch_callback(n_epochs: int, told: OnEpoch) -> Any:
    from gensim.models.callbacks import CallbackAny2Vec

    class Told(CallbackAny2Vec):  # type: ignore[misc]
        """Tells of each epoch."""

        n_done = 0

        def on_epoch_end(self, model: object) -> None:
            """Count it."""
            self.n_done += 1
            told(self.n_done, n_epochs)

    return Told()


def _too_rare(min_count: int) -> EmptyDocumentError:
    """Say that no word occurs often enough."""
    return EmptyDocumentError(
        f"a corpus must hold at least one word {min_count} times or more; this one "
        "does not. Give more text, or lower --min-count."
    )


def vector_file_bytes(trained: TrainedVectors, path: Path) -> Iterator[bytes]:
    """Write vectors in a standard format, by the ending of the file's name.

    ``.bin`` is word2vec's binary format, ``.glove`` GloVe's text without a first line;
    anything else is word2vec's text, which is also fastText's ``.vec``.
    """
    header = f"{len(trained.words)} {trained.vectors.shape[1]}\n".encode()
    if path.suffix != ".glove":
        yield header
    for word, vector in zip(trained.words, trained.vectors, strict=True):
        if path.suffix == ".bin":
            yield word.encode() + b" " + vector.astype("<f4").tobytes() + b"\n"
        else:
            numbers = " ".join(map(str, vector.astype(np.float32)))
            yield f"{word} {numbers}\n".encode()
