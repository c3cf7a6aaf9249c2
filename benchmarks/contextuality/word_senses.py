"""Senses by their vectors: "mouse", and ten nouns of CoarseWSD.

What a use is read as (its word, its sentence, both; as they are or centred) is chosen
on the training split of CoarseWSD alone. "mouse" and the test split are then read so.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
from jaxtyping import Bool, Float, Int
from sklearn.model_selection import StratifiedKFold

from benchmarks.output.tables import print_header, print_row
from longshot.contextuality import Sentence, read_sentences, study
from longshot.contextuality.measures import cosines_within
from longshot.contextuality.occurrences.uses import WordFinder
from longshot.contextuality.readings import LAST_LAYERS, in_layer, read_as
from longshot.contextuality.results import (
    DEFAULT,
    SENSE_READING,
    SENSES_CENTRED,
    Reading,
)
from longshot.contextuality.senses import as_numbers, neighbour_hits
from longshot.contextuality.word_vectors import read_uses
from longshot.encoders import load_encoder
from longshot.similarity import unit

_Way = tuple[Reading, bool]
"""What a use is read as, and whether the mean of known uses is subtracted."""

_WAYS: list[_Way] = [
    (reading, centred) for centred in (False, True) for reading in get_args(Reading)
]
_FOLDS = 5


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Noun:
    """The uses of one noun in all layers, and which are of the training split."""

    words: Float[np.ndarray, "use layer dim"]
    sentences: Float[np.ndarray, "use layer dim"]
    senses: Int[np.ndarray, " use"]
    trained: Bool[np.ndarray, " use"]

    def read(
        self, layer: str, way: _Way, known: Int[np.ndarray, " known"]
    ) -> Float[np.ndarray, "use dim"]:
        """Read all uses, centred by those that are known."""
        reading, centred = way
        words, sentences = in_layer(self.words, layer), in_layer(self.sentences, layer)
        return read_as(reading, words, sentences, known if centred else None)


def mouse(models: list[str], folder: Path) -> None:
    """Print the leave-one-out nearest-neighbour accuracy on "mouse"."""
    found = study(read_sentences(folder / "mouse.jsonl.gz"), ["mouse"], models)
    rows = [row for row in found.rows if row.measure == "nearest_neighbour"]
    _print_head("model", "layer")
    for model, layer in dict.fromkeys((row.model, row.layer) for row in rows):
        cells = {
            (row.reading, row.corrected): f"{row.value:.1%}"
            for row in rows
            if (row.model, row.layer) == (model, layer)
        }
        print_row(model.rpartition("/")[2], layer, *(cells[way] for way in _WAYS))
    print()
    for row in rows:
        if (row.reading, row.corrected) == (SENSE_READING, SENSES_CENTRED):
            name = f"{row.model.rpartition('/')[2]}, {row.layer}"
            print(f"{name}: {row.value:.1%}, 95 %: {row.low:.1%} to {row.high:.1%}")


_Scores = dict[tuple[str, _Way], float]
"""The mean over the nouns, by layer and way."""


def senses(model: str, folder: Path) -> None:
    """Choose a reading on the training split of CoarseWSD; print its test."""
    nouns = list(_nouns(model, folder))
    neighbours = _scores(nouns, _leave_one_out)
    folds = _scores(nouns, _cross_validated)
    tests = _scores(nouns, _tested)
    print("\ntraining split: nearest other use right, mean of accuracy and recall\n")
    _print_scores(neighbours)
    print("\ntraining split: nearest sense mean, five folds, per-sense recall\n")
    _print_scores(folds)
    print("\ntest split: nearest sense mean, per-sense recall\n")
    _print_scores(tests)
    of_default = {way: neighbours[DEFAULT, way] for way in _WAYS}
    told = _title(max(of_default, key=of_default.__getitem__))
    print(f"\nbest neighbours, default layers, training split: {told}")
    best = max(folds, key=folds.__getitem__)
    print(
        f"best sense means, five folds: {_title(best[1])}, layer {best[0]}: "
        f"{folds[best]:.1%}; the same on the test split: {tests[best]:.1%}"
    )


def _nouns(model: str, folder: Path) -> Iterator[_Noun]:
    with gzip.open(folder / "coarsewsd10.jsonl.gz", "rt") as file:
        rows = [json.loads(line) for line in file]
    encoder = load_encoder(model)
    for word in dict.fromkeys(row["word"] for row in rows):
        finder = WordFinder([word])
        sentences = [_sentence(row) for row in rows if row["word"] == word]
        uses = [use for sentence in sentences for use in finder.find(sentence)]
        read = read_uses(
            uses, encoder, range(encoder.n_layers), mean_of_last=LAST_LAYERS
        )
        kept = [one for one in read if one is not None]
        yield _Noun(
            words=np.stack([one.vectors for one in kept]),
            sentences=np.stack([one.sentence for one in kept]),
            senses=as_numbers([str(one.use.sentence.label) for one in kept])[0],
            trained=np.array([one.use.sentence.id.startswith("train") for one in kept]),
        )


def _sentence(row: dict[str, Any]) -> Sentence:
    return Sentence(
        id=f"{row['split']}-{row['id']}",
        text=row["text"],
        label=row["label"],
        word=row["word"],
        index=int(row["position"]),
    )


def _scores(nouns: list[_Noun], score: Callable[[_Noun, str, _Way], float]) -> _Scores:
    layers = [*map(str, range(nouns[0].words.shape[1] - 1)), DEFAULT]
    return {
        (layer, way): float(np.mean([score(noun, layer, way) for noun in nouns]))
        for layer in layers
        for way in _WAYS
    }


def _leave_one_out(noun: _Noun, layer: str, way: _Way) -> float:
    vectors = noun.read(layer, way, np.flatnonzero(noun.trained))[noun.trained]
    senses = noun.senses[noun.trained]
    hits = neighbour_hits(cosines_within(vectors), senses)
    recalls = [hits[senses == sense].mean() for sense in np.unique(senses)]
    return float((hits.mean() + np.mean(recalls)) / 2)


def _cross_validated(noun: _Noun, layer: str, way: _Way) -> float:
    places = np.flatnonzero(noun.trained)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    recalls = []
    for known, asked in folds.split(places, noun.senses[places]):
        recalls.append(_recall(noun, layer, way, places[known], places[asked]))
    return float(np.mean(recalls))


def _tested(noun: _Noun, layer: str, way: _Way) -> float:
    known, asked = np.flatnonzero(noun.trained), np.flatnonzero(~noun.trained)
    return _recall(noun, layer, way, known, asked)


def _recall(
    noun: _Noun,
    layer: str,
    way: _Way,
    known: Int[np.ndarray, " known"],
    asked: Int[np.ndarray, " asked"],
) -> float:
    """Give each asked use the sense whose mean is nearest; average over senses."""
    units, of_known, true = (
        noun.read(layer, way, known),
        noun.senses[known],
        noun.senses[asked],
    )
    means = [
        units[known[of_known == sense]].mean(axis=0) for sense in np.unique(of_known)
    ]
    nearest = (units[asked] @ unit(np.stack(means)).T).argmax(axis=1)
    guessed = np.unique(of_known)[nearest]
    return float(np.mean([(guessed[true == s] == s).mean() for s in np.unique(true)]))


def _print_head(*first: str) -> None:
    print_header(*first, *map(_title, _WAYS))


def _print_scores(scores: _Scores) -> None:
    _print_head("layer")
    for layer in dict.fromkeys(layer for layer, _ in scores):
        print_row(layer, *(f"{scores[layer, way]:.1%}" for way in _WAYS))


def _title(way: _Way) -> str:
    reading, centred = way
    return f"{reading}, centred" if centred else reading
