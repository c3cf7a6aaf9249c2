"""What a model of natural-language inference says of each label's name.

Vectors of sentences hardly tell opinions, emotions or parties apart by their names; a
model that was trained to tell whether a sentence follows from a text may. Each document
is read once for each label, so that this is by far the most expensive view.

A document is read whole, in windows of what the model's length leaves beside the
hypothesis. Its score is the mean of its windows' log-odds, each window by its tokens.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

import numpy as np
from jaxtyping import Bool, Float32, Int

from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.labels.label_lists import Label
from longshot.encoders.transformers.entailment import EntailmentModel
from longshot.encoding.cache import CacheEntry, KeptWindows
from longshot.encoding.vector_file import StoredWindow
from longshot.errors import SettingError
from longshot.tokens import TokenCounter, iter_tokens
from longshot.windows import TokenWindow, iter_windows

SENTENCE = "This example is {}."
"""A name as a hypothesis: the default of the zero-shot pipeline of ``transformers``,
whose models are used so most. The sentences that names are read in elsewhere ask for a
topic, which is the wrong question about a tone. A description stands for itself."""

OnPass = Callable[[int, int], None]
"""Told how many forward passes are done, and of how many: one for each window of a
document and each label, unless its outputs are kept."""

_MOST_OF_ROW = 0.5
"""That a hypothesis may take, so that few windows are needed for a document."""

_GROUP_BATCHES = 16
"""That are gathered and sorted by length, so that little of them is padding."""

_LOOKED_UP = 1 << 12
"""Documents at once; SQLite takes 32,766."""

_Place = tuple[int, int]
"""A document and a label, by their numbers."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LabelHypotheses:
    """Asks a model about documents, for each label whether it applies.

    Attributes
    ----------
    model
        The model.
    of_labels
        A sentence for each label, in the order of the classes.
    cache
        Where the model's outputs are kept; None where they are not.
    on_pass
        Told how far it is.
    """

    model: EntailmentModel
    of_labels: Mapping[str, str]
    cache: KeptWindows | None = None
    on_pass: OnPass | None = None

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What stands for each label in :attr:`DocumentFeatures.entailment`."""
        return tuple(self._digest(*one) for one in self.of_labels.items())

    def asked_of(self, names: DocumentFeatures) -> DocumentFeatures:
        """Give the labels' names, telling what documents are asked for each.

        The names themselves are not asked: as many passes as labels times labels.
        """
        unasked = np.full(len(names), np.nan, dtype=np.float32)
        return replace(names, entailment=dict.fromkeys(self.keys, unasked))

    def asked(
        self, documents: DocumentFeatures, texts: Sequence[str | None]
    ) -> DocumentFeatures:
        """Give documents with the model's score of each label.

        It is asked only what it was not asked before: of these documents, or in any run
        with the same cache.

        Parameters
        ----------
        documents, texts
            The documents, and the text of each; None where that is not at hand.

        Raises
        ------
        SettingError
            If a text that is not at hand would have to be read, or a hypothesis leaves
            too little room for one.
        """
        scores = np.full((len(documents), len(self.keys)), np.nan, dtype=np.float32)
        for label, key in enumerate(self.keys):
            scores[:, label] = documents.entailment.get(key, np.nan)
        is_missing = np.isnan(scores)
        rows = np.flatnonzero(is_missing.any(axis=1)).tolist()
        if n_without_text := sum(texts[row] is None for row in rows):
            raise SettingError(
                "with names_model, features must hold what the model says of every "
                f"label; those of {n_without_text} of {len(documents)} documents do "
                "not. Take them from a classifier that was fitted with it."
            )
        for place, score in self._scores([one or "" for one in texts], is_missing):
            scores[place] = score
        # Of a document in which the model finds no token it says nothing.
        scores = np.nan_to_num(scores, nan=0.0)
        by_key = dict(zip(self.keys, np.ascontiguousarray(scores.T), strict=True))
        return replace(documents, entailment=by_key)

    def _scores(
        self, texts: Sequence[str], is_missing: Bool[np.ndarray, "document label"]
    ) -> Iterator[tuple[_Place, float]]:
        """Give what is kept, and then what the model is asked."""
        waiting: dict[_Place, CacheEntry] = {}
        for place, entry in self._entries(texts, is_missing):
            if entry.n_windows:
                yield place, self._mean(list(entry.windows()))
            else:
                waiting[place] = entry
        if not waiting:
            return
        n_done, n_all = 0, self._n_passes(texts, waiting)
        self._tell(n_done, n_all)
        for rows in self._groups(texts, sorted(waiting)):
            told = zip(rows, self._logits(rows), strict=True)
            for place, of_place in groupby(told, lambda one: one[0][0]):
                stored = [_stored(window, logits) for (_, window), logits in of_place]
                for one in stored:
                    waiting[place].add(one)
                waiting[place].finish()
                yield place, self._mean(stored)
            n_done += len(rows)
            self._tell(n_done, n_all)
        if self.cache is not None:
            self.cache.flush()

    def _tell(self, n_done: int, n_all: int) -> None:
        if self.on_pass is not None:
            self.on_pass(n_done, n_all)

    def _entries(
        self, texts: Sequence[str], is_missing: Bool[np.ndarray, "document label"]
    ) -> Iterator[tuple[_Place, CacheEntry]]:
        """Look up what is wanted, label by label."""
        for label, hypothesis in enumerate(self.of_labels.values()):
            rows = np.flatnonzero(is_missing[:, label]).tolist()
            for start in range(0, len(rows), _LOOKED_UP):
                part = rows[start : start + _LOOKED_UP]
                entries = CacheEntry.of_each(
                    self.cache, self._digest(hypothesis), [texts[row] for row in part]
                )
                places = ((row, label) for row in part)
                yield from zip(places, entries, strict=True)

    def _groups(
        self, texts: Sequence[str], places: Sequence[_Place]
    ) -> Iterator[list[tuple[_Place, TokenWindow]]]:
        """Give each document's windows for each label, some batches at a time."""
        group: list[tuple[_Place, TokenWindow]] = []
        n_tokens = 0
        tokenizer = self.model.tokenizer
        for row, of_row in groupby(places, lambda place: place[0]):
            chunks = list(iter_tokens(texts[row], tokenizer))
            for place in of_row:
                room = self._rooms[place[1]]
                windows = list(iter_windows(texts[row], chunks, window_tokens=room))
                group += [(place, window) for window in windows]
                n_tokens += len(windows) * (self.model.most_tokens - room)
                n_tokens += sum(len(window.tokens) for window in windows)
                if n_tokens >= _GROUP_BATCHES * self.model.batch_tokens:
                    yield group
                    group, n_tokens = [], 0
        if group:
            yield group

    def _logits(
        self, rows: Sequence[tuple[_Place, TokenWindow]]
    ) -> Float32[np.ndarray, "row output"]:
        """Ask the model, those of like length together."""
        premises = [window.tokens.ids for _, window in rows]
        hypotheses = [self._hypothesis_ids[label] for (_, label), _ in rows]
        pairs = zip(premises, hypotheses, strict=True)
        lengths = np.array([len(one) + len(other) for one, other in pairs])
        lengths += self.model.n_special_tokens
        found = np.empty((len(rows), self.model.outputs.n_outputs), dtype=np.float32)
        order = np.argsort(-lengths, kind="stable")
        while len(order):
            n_fitting = max(1, self.model.batch_tokens // int(lengths[order[0]]))
            batch, order = order[:n_fitting], order[n_fitting:]
            found[batch] = self.model.logits(
                [premises[row] for row in batch], [hypotheses[row] for row in batch]
            )
        return found

    def _mean(self, stored: Sequence[StoredWindow]) -> float:
        """Give the mean of windows' log-odds, each window by its tokens."""
        log_odds = self.model.outputs.log_odds(
            np.concatenate([one.layer_means for one in stored])
        )
        tokens = [one.window.n_tokens for one in stored]
        return float(np.average(log_odds, weights=tokens))

    def _n_passes(self, texts: Sequence[str], places: Mapping[_Place, object]) -> int:
        counter, rooms = TokenCounter(self.model.tokenizer), self._rooms
        return sum(
            -(-counter.n_tokens(texts[row]) // rooms[label]) for row, label in places
        )

    @cached_property
    def _hypothesis_ids(self) -> list[Int[np.ndarray, " _"]]:
        tokenizer, nothing = self.model.tokenizer, np.empty(0, dtype=np.int64)
        return [
            np.concatenate(
                [nothing, *(one.ids for one in iter_tokens(told, tokenizer))]
            )
            for told in self.of_labels.values()
        ]

    @cached_property
    def _rooms(self) -> list[int]:
        """The tokens that each hypothesis leaves to a window."""
        most = self.model.most_tokens
        rooms = [
            most - self.model.n_special_tokens - len(ids)
            for ids in self._hypothesis_ids
        ]
        for label, room in zip(self.of_labels, rooms, strict=True):
            if room < _MOST_OF_ROW * most:
                raise SettingError(
                    "with names_model, a label's name or description must take at most "
                    f"half of the {most} tokens that {self.model.name} reads at once; "
                    f"that of {label} takes {most - room}. Shorten it."
                )
        return rooms

    def _digest(self, *of: str) -> str:
        """Give what the model's outputs depend on, beside the document."""
        depends = [self.model.fingerprint, self.model.most_tokens, *of]
        return hashlib.sha256(json.dumps(depends).encode()).hexdigest()


def hypotheses_of(
    labels: Sequence[Label],
    texts: Sequence[tuple[str, ...]],
    descriptions: Mapping[Label, str | None],
) -> dict[str, str]:
    """Give the sentence that stands for each label.

    Its description, where it has one; else its name in a sentence.

    Parameters
    ----------
    labels, texts
        The labels, and what stands for each, as ``name_texts`` gives it.
    descriptions
        What was said of them.

    Examples
    --------
    >>> texts = [("bad",), ("good", "It is liked.")]
    >>> hypotheses_of(["bad", "good"], texts, {"good": "It is liked."})
    {'bad': 'This example is bad.', 'good': 'It is liked.'}
    """
    return {
        str(label): (
            of_label[-1]
            if descriptions.get(label)
            else SENTENCE.replace("{}", of_label[0])
        )
        for label, of_label in zip(labels, texts, strict=True)
    }


def _stored(window: TokenWindow, logits: np.ndarray) -> StoredWindow:
    """Give a window's outputs as the cache keeps vectors: one layer, without spans."""
    return StoredWindow(
        window=replace(window.window, spans=()),
        layer_means=logits[None],
        span_vectors=np.empty((0, len(logits)), dtype=np.float16),
    )
