"""Words in context to vectors, through any encoder.

A word's vector is the mean over the tokens that its characters touch, in every layer
asked for. Sentences stream in and vectors out: memory holds one small batch of states.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from jaxtyping import Bool, Float

from longshot.contextuality.measures import intra_sentence_similarity
from longshot.contextuality.occurrences.sentences import Sentence
from longshot.contextuality.occurrences.uses import Use, WordFinder
from longshot.encoders import Encoder, load_encoder
from longshot.encoders.words import iter_words
from longshot.errors import SettingError
from longshot.tokens import MISSING_ID, Tokens

SENTENCE_TOKENS = 510
"""Tokens of a sentence that are read where a model has no limit of its own."""

_GATHERED_USES = 1024
_BATCH_TOKENS = 1 << 11


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class WordVector:
    """A word in a sentence with its vectors.

    Attributes
    ----------
    use
        The word and where it stands.
    vectors
        One per layer that was asked for: the mean of the word's tokens.
    sentence
        One per layer: the mean of the sentence's tokens.
    intra
        One per layer: the mean cosine of the sentence's words to their mean; not a
        number where it was not asked for.
    n_tokens
        Tokens that the word is cut into.
    is_cut
        Whether the sentence is longer than the model reads, so that only the tokens
        around the word were read.
    """

    use: Use
    vectors: Float[np.ndarray, "layer dim"]
    sentence: Float[np.ndarray, "layer dim"]
    intra: Float[np.ndarray, " layer"]
    n_tokens: int
    is_cut: bool


def word_vectors(
    sentences: Iterable[Sentence | str],
    words: Sequence[str],
    layers: Sequence[int] | None = None,
    *,
    encoder: Encoder | str = "minilm",
    inflected: bool = False,
) -> Iterator[WordVector]:
    """Give the vectors of every use of some words, sentence by sentence.

    Parameters
    ----------
    sentences
        Plain texts are numbered from 0. A :class:`Sentence` may tell where its word
        stands, by character or by position.
    words
        What to look for; ``mouse/mice`` counts both forms as one word.
    layers
        From the input embeddings (0) or from the last (-1); all where None.
    encoder
        A model, or its name.
    inflected
        Whether regular English forms count too.

    Yields
    ------
    WordVector
        In reading order. A word that the model has no vector for is passed over.

    Raises
    ------
    SettingError
        If a layer lies beyond what the model has, or a place beyond its sentence.
    ModelError
        If the model cannot be loaded.

    Examples
    --------
    >>> found = word_vectors(["A mouse ate it.", "Click the mouse."], ["mouse"], [-1])
    >>> [one.vectors.shape for one in found]
    [(1, 384), (1, 384)]
    """
    finder = WordFinder(words, inflected=inflected)
    model = load_encoder(encoder) if isinstance(encoder, str) else encoder
    chosen = _absolute(layers, model)
    uses = (use for sentence in _numbered(sentences) for use in finder.find(sentence))
    yield from (one for one in read_uses(uses, model, chosen) if one is not None)


def read_uses(
    uses: Iterable[Use],
    encoder: Encoder,
    layers: Sequence[int],
    *,
    intra: bool = False,
    mean_of_last: int = 0,
) -> Iterator[WordVector | None]:
    """Read uses in their order; None for one that the model has no vector for.

    Parameters
    ----------
    uses
        Words in sentences.
    encoder, layers
        The model, and its layers from 0.
    intra
        Whether the sentence's other words are read too, to compare them.
    mean_of_last
        How many of the last layers are averaged into one more layer; 0 for none.
    """
    waiting = iter(uses)
    while some := list(islice(waiting, _GATHERED_USES)):
        passages = [_passage(use, encoder, intra=intra) for use in some]
        read: dict[int, WordVector] = {}
        for batch in _of_one_length(passages):
            chosen = [passage for i in batch if (passage := passages[i]) is not None]
            vectors = _read(chosen, encoder, layers, mean_of_last)
            read.update(zip(batch, vectors, strict=True))
        for i in range(len(some)):
            yield read.get(i)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Passage:
    """The tokens of a sentence that are read, and the spans that are asked for."""

    use: Use
    tokens: Tokens
    spans: Float[np.ndarray, "span token"]
    n_tokens: int
    is_cut: bool


def _passage(use: Use, encoder: Encoder, *, intra: bool) -> _Passage | None:
    """Find a word's tokens; None if the model has none of them."""
    tokens = encoder.tokenizer.encode(use.sentence.text)
    tokens = tokens[tokens.ids != MISSING_ID]
    touched = np.flatnonzero(_touching(tokens, use.start, use.end))
    if not len(touched):
        return None
    longest = _longest(encoder)
    around = _around(tokens, int(touched[len(touched) // 2]), longest)
    return _Passage(
        use=use,
        tokens=around,
        spans=_spans(use, around, intra=intra),
        n_tokens=len(touched),
        is_cut=len(tokens) > longest,
    )


def _longest(encoder: Encoder) -> int:
    """Give the tokens of a sentence that a model reads at once."""
    if encoder.max_framed_tokens is None:
        return SENTENCE_TOKENS
    frame = encoder.tokenizer.special.n_tokens
    return min(SENTENCE_TOKENS, encoder.max_framed_tokens - frame)


def _around(tokens: Tokens, middle: int, longest: int) -> Tokens:
    """Cut a sentence that is too long so that a token stands in its middle."""
    first = max(min(middle - longest // 2, len(tokens) - longest), 0)
    return tokens[first : first + longest]


def _spans(use: Use, tokens: Tokens, *, intra: bool) -> Float[np.ndarray, "span token"]:
    """Weigh tokens to means: of the word, of the sentence, then of each of its words.

    A word whose tokens were cut off or are missing has no span.
    """
    spans = [_touching(tokens, use.start, use.end), np.ones(len(tokens), dtype=bool)]
    if intra:
        spans += [
            _touching(tokens, word.start, word.end)
            for word in iter_words(use.sentence.text)
            if word.text[0].isalnum()
        ]
    full = np.array([span for span in spans if span.any()], dtype=np.float32)
    return np.asarray(full / full.sum(axis=1, keepdims=True))


def _touching(tokens: Tokens, start: int, end: int) -> Bool[np.ndarray, " token"]:
    """Tell which tokens share a character with a span."""
    return np.asarray((tokens.starts < end) & (tokens.ends > start))


def _of_one_length(passages: Sequence[_Passage | None]) -> Iterator[list[int]]:
    """Batch passages of equal length, which need no padding."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for i, passage in enumerate(passages):
        if passage is not None:
            by_length[len(passage.tokens)].append(i)
    for length, indices in sorted(by_length.items()):
        size = max(1, _BATCH_TOKENS // length)
        for start in range(0, len(indices), size):
            yield indices[start : start + size]


def _read(
    passages: Sequence[_Passage],
    encoder: Encoder,
    layers: Sequence[int],
    mean_of_last: int,
) -> Iterator[WordVector]:
    """Read passages of one length at once."""
    frame = encoder.tokenizer.special
    ids = np.stack([frame.frame(passage.tokens.ids) for passage in passages])
    n_spans = max(len(passage.spans) for passage in passages)
    weights = np.zeros((len(passages), n_spans, ids.shape[1]), dtype=np.float32)
    before, n_tokens = len(frame.before), len(passages[0].tokens)
    for row, passage in zip(weights, passages, strict=True):
        row[: len(passage.spans), before : before + n_tokens] = passage.spans
    means = encoder.means(ids, weights, layers)
    if mean_of_last:
        mean = means[:, -mean_of_last:].mean(axis=1, keepdims=True)
        means = np.concatenate([means, mean], axis=1)
    for passage, of_passage in zip(passages, means, strict=True):
        yield WordVector(
            use=passage.use,
            vectors=of_passage[:, 0].copy(),
            sentence=of_passage[:, 1].copy(),
            intra=_intra(of_passage[:, 2 : len(passage.spans)]),
            n_tokens=passage.n_tokens,
            is_cut=passage.is_cut,
        )


def _intra(words: Float[np.ndarray, "layer word dim"]) -> Float[np.ndarray, " layer"]:
    if not words.shape[1]:
        return np.full(len(words), np.nan)
    return np.array([intra_sentence_similarity(layer) for layer in words])


def _numbered(sentences: Iterable[Sentence | str]) -> Iterator[Sentence]:
    for number, sentence in enumerate(sentences):
        if isinstance(sentence, Sentence):
            yield sentence
        else:
            yield Sentence(id=str(number), text=sentence)


def _absolute(layers: Sequence[int] | None, encoder: Encoder) -> tuple[int, ...]:
    if layers is None:
        return tuple(range(encoder.n_layers))
    for layer in layers:
        if not -encoder.n_layers <= layer < encoder.n_layers:
            raise SettingError(
                f"layers must be in [{-encoder.n_layers}, {encoder.n_layers - 1}] for "
                f"model {encoder.name}; got {layer}. Change the layers."
            )
    return tuple(layer % encoder.n_layers for layer in layers)
