"""What the classifier knows of each document: arrays, row by row.

The whole document, and its head, the first 64 tokens: a contract's kind stands in its
first lines, where a mean over twenty pages drowns it. Spans stay apart, for what a
single passage says. Nothing that scores a document needs its text or the encoder's
vectors beside this.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Float16, Float32, Int, UInt64
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from scipy import sparse

from longshot.classify.features.lexical import Counts, rows_between
from longshot.errors import OutputError, SavedClassifierError

Spans = tuple[Float16[np.ndarray, "_ dim"], ...]
SpanTokens = tuple[Int[np.ndarray, " _"], ...]

HEAD_SPANS = 2
"""Of a document, that make its head: 64 tokens."""

_COUNTS = ("words", "title_words")
_RAGGED = ("spans", "span_tokens")
_CSR = ("data", "indices", "indptr")
_BY_LABEL = "entailment"


@dataclass(frozen=True, kw_only=True, eq=False)
class DocumentFeatures:
    """What is known of several documents.

    Attributes
    ----------
    vectors
        The documents' vectors under the recipe.
    layers
        The mean token of the document in the recipe's last layers, the last one first.
    head
        The mean of its first 64 tokens, in the last layer.
    spans, span_tokens
        The mean token of each of its spans, in the last layer, and how many tokens each
        has. Arrays of their own, which taking and joining documents do not copy.
    words, title_words
        Counts of its words, and of those of its first 300 characters and its headings.
    n_tokens
        Tokens that were read of it.
    content_hashes
        A number that depends on its text alone.
    entailment
        What a model of natural-language inference says of labels, by what stands for
        each (:attr:`LabelHypotheses.keys`): the log-odds that it applies, NaN where it
        was not asked. Empty, unless ``names_model`` is given.
    """

    vectors: Float[np.ndarray, "document dim"]
    layers: Float[np.ndarray, "document layer dim"]
    head: Float[np.ndarray, "document dim"]
    spans: Spans
    span_tokens: SpanTokens
    words: Counts
    title_words: Counts
    n_tokens: Int[np.ndarray, " document"]
    content_hashes: UInt64[np.ndarray, " document"]
    entailment: dict[str, Float32[np.ndarray, " document"]] = field(
        default_factory=dict
    )

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def last(self) -> Float[np.ndarray, "document dim"]:
        """The mean token in the last layer."""
        return self.layers[:, 0]

    @cached_property
    def span_sums(self) -> Float32[np.ndarray, "document dim"]:
        """The sum of each document's spans.

        Kept, since they are read again for every mean: each label that a person gives
        moves the weights of the documents in it.
        """
        found = np.empty((len(self), self.head.shape[1]), dtype=np.float32)
        for row, spans in enumerate(self.spans):
            spans.sum(axis=0, dtype=np.float32, out=found[row])
        return found

    @classmethod
    def concat(cls, parts: Iterable["DocumentFeatures"]) -> "DocumentFeatures":
        """Give the documents of several parts, one part after the other."""
        several = list(parts)
        if len(several) == 1:
            return several[0]

        def joined(name: str) -> Any:
            values = [getattr(part, name) for part in several]
            if name == _BY_LABEL:
                return _joined_by_label(several)
            if name in _COUNTS:
                return sparse.vstack(values).tocsr()
            return sum(values, ()) if name in _RAGGED else np.concatenate(values)

        return cls(**{one.name: joined(one.name) for one in fields(cls)})

    def blocks(self, n_documents: int) -> Iterator["DocumentFeatures"]:
        """Give the documents, so many at a time, without copying what is in them."""
        for start in range(0, len(self), n_documents):
            yield self._between(start, min(start + n_documents, len(self)))

    def _between(self, start: int, stop: int) -> "DocumentFeatures":
        def part(name: str) -> Any:
            value = getattr(self, name)
            if name in _COUNTS:
                return rows_between(value, start, stop)
            if name == _BY_LABEL:
                return {key: scores[start:stop] for key, scores in value.items()}
            return value[start:stop]

        return replace(self, **{one.name: part(one.name) for one in fields(self)})

    def take(self, rows: Int[np.ndarray, " row"]) -> "DocumentFeatures":
        """Give some of the documents, in the order of `rows`."""
        chosen = np.arange(len(self))[rows]

        def taken(name: str) -> Any:
            value = getattr(self, name)
            if name in _RAGGED:
                return tuple(value[row] for row in chosen.tolist())
            if name == _BY_LABEL:
                return {key: scores[chosen] for key, scores in value.items()}
            return value[chosen]

        return replace(self, **{one.name: taken(one.name) for one in fields(self)})

    def sample(self, most: int) -> "DocumentFeatures":
        """Give at most so many, the same ones in whatever order they stand.

        Which ones is settled by a hash of the content, so that every kind of document
        is met as often as in the whole.
        """
        if len(self) <= most:
            return self
        # The low bits: the high ones are the documents' draws.
        order = np.argsort(self.content_hashes & np.uint64(0xFFFFFFFF), kind="stable")
        return self.take(order[:most])

    def draws(self) -> Float[np.ndarray, " document"]:
        """Draw a number in [0, 1) for each document, by its content alone.

        The same document so draws the same, wherever and beside whatever it stands.
        """
        return draws_of(self.content_hashes)

    def with_content_of(self, whole: "DocumentFeatures") -> "DocumentFeatures":
        """Give these beginnings of documents, with the words of the whole texts."""
        names = (*_COUNTS, "content_hashes")
        return replace(self, **{name: getattr(whole, name) for name in names})

    def averaged(self, others: Sequence["DocumentFeatures"]) -> "DocumentFeatures":
        """Give the mean vectors of several readings of the same things.

        Spans and words stay as they are.
        """
        readings = [self, *others]
        means = {
            name: np.mean([getattr(one, name) for one in readings], axis=0)
            for name in ("vectors", "layers", "head")
        }
        return replace(self, **means)

    def arrays(self) -> dict[str, np.ndarray]:
        """Give all of it as plain arrays by name; see :meth:`of_arrays`."""
        found: dict[str, np.ndarray] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name in _COUNTS:
                parts = {f"{one.name}.{part}": getattr(value, part) for part in _CSR}
                found |= parts | {f"{one.name}.shape": np.array(value.shape)}
            elif one.name == _BY_LABEL:
                found |= {f"{one.name}.{key}": told for key, told in value.items()}
            elif one.name not in _RAGGED:
                found[one.name] = np.ascontiguousarray(value)
        dim = self.vectors.shape[1]
        empty = np.empty((0, dim), dtype=np.float16), np.empty(0, dtype=np.int64)
        for name, nothing in zip(_RAGGED, empty, strict=True):
            found[name] = np.concatenate([nothing, *getattr(self, name)])
        found["n_spans"] = np.array([len(one) for one in self.spans], dtype=np.int64)
        return found

    @classmethod
    def of_arrays(cls, arrays: dict[str, np.ndarray]) -> "DocumentFeatures":
        """Make it of what :meth:`arrays` gave.

        Raises
        ------
        KeyError, ValueError
            If they are no such arrays.
        """

        def read(name: str) -> Any:
            if name in _COUNTS:
                parts = tuple(arrays[f"{name}.{part}"] for part in _CSR)
                return sparse.csr_matrix(parts, tuple(arrays[f"{name}.shape"].tolist()))
            if name in _RAGGED:
                ends = np.cumsum(arrays["n_spans"])
                if len(arrays[name]) != ends.max(initial=0):
                    raise ValueError("there are not as many spans as were saved")
                return tuple(np.split(arrays[name], ends)[:-1])
            if name == _BY_LABEL:
                prefix = f"{name}."
                found = (one for one in arrays if one.startswith(prefix))
                return {one.removeprefix(prefix): arrays[one] for one in found}
            return arrays[name]

        return cls(**{one.name: read(one.name) for one in fields(cls)})

    def save(self, path: str | Path) -> None:
        """Write it to one file, in the format of safetensors.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        try:
            save_file(self.arrays(), path)
        except (OSError, SafetensorError) as error:
            raise OutputError(
                f"features must be saved where a file can be written; writing {path} "
                f"failed ({error}). Name another file."
            ) from error

    @classmethod
    def load(cls, path: str | Path) -> "DocumentFeatures":
        """Read what :meth:`save` wrote.

        Raises
        ------
        SavedClassifierError
            If the file holds something else.
        """
        try:
            return cls.of_arrays(load_file(path))
        except (OSError, KeyError, ValueError, SafetensorError) as error:
            raise SavedClassifierError(
                f"{path} must be a file of saved features; it is not "
                f"({type(error).__name__}). Extract and save them again."
            ) from error


def draws_of(
    content_hashes: UInt64[np.ndarray, " document"],
) -> Float[np.ndarray, " document"]:
    """Make a number in [0, 1) of the high half of each hash."""
    return np.asarray((content_hashes >> np.uint64(32)) / 2**32)


def _joined_by_label(
    parts: Sequence[DocumentFeatures],
) -> dict[str, Float32[np.ndarray, " document"]]:
    """Join what is said of labels; NaN where a part's documents were not asked."""
    keys = dict.fromkeys(key for part in parts for key in part.entailment)
    return {
        key: np.concatenate(
            [
                part.entailment.get(key, np.full(len(part), np.nan, dtype=np.float32))
                for part in parts
            ]
        )
        for key in keys
    }
