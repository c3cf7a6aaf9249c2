"""The study: sentences, words and models enter; every number and map leaves."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from longshot.contextuality.maps import plane
from longshot.contextuality.profile import Baseline, Profiler, Uses, baseline
from longshot.contextuality.results import (
    DEFAULT,
    FoundSense,
    Row,
    Study,
    WordMap,
)
from longshot.contextuality.sampling import Sample, draw
from longshot.contextuality.senses import as_numbers, find_senses, most_typical
from longshot.contextuality.sentences import Sentence
from longshot.contextuality.uses import Use, WordFinder
from longshot.contextuality.word_vectors import WordVector, read_uses
from longshot.encoders import Encoder, load_encoder
from longshot.errors import SettingError

OnProgress = Callable[[str, int, int], None]
"""Told of a model's name, the uses that it has read, and those that it will."""

_FEWEST_USES = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """How a study is done.

    Attributes
    ----------
    inflected
        Whether regular English forms of a word count too.
    max_uses, n_random
        Uses drawn of each word, and random words that show what any two have in common.
    n_resamples
        Bootstrap samples.
    seed
        Of everything that is drawn.
    """

    inflected: bool = False
    max_uses: int = 1000
    n_random: int = 1000
    n_resamples: int = 500
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("max_uses", "n_random", "n_resamples"):
            if getattr(self, name) < _FEWEST_USES:
                option = name.replace("_", "-")
                raise SettingError(
                    f"{name} must be at least {_FEWEST_USES}; got "
                    f"{getattr(self, name)}. Raise --{option}."
                )


def study(
    sentences: Iterable[Sentence],
    words: Sequence[str],
    models: Sequence[str | Encoder] = ("minilm",),
    *,
    settings: Settings | None = None,
    on_progress: OnProgress | None = None,
) -> Study:
    """Measure how contextual words are in models.

    Sentences are read once; memory holds the uses that were drawn and one model.

    Parameters
    ----------
    sentences
        Of any number; those with a label tell a word's senses.
    words
        The words; ``mouse/mice`` counts both forms as one word.
    models
        Models, or their names.
    settings
        How it is done.
    on_progress
        Told how far it is.

    Raises
    ------
    SettingError
        If no word occurs in two sentences, or a setting is out of its range.
    ModelError
        If a model cannot be loaded.
    """
    chosen = settings or Settings()
    finder = WordFinder(words, inflected=chosen.inflected)
    sample = draw(
        sentences,
        finder,
        max_uses=chosen.max_uses,
        n_random=chosen.n_random,
        seed=chosen.seed,
    )
    notes = list(_notes_on(sample))
    _check_enough(sample)
    rows: list[Row] = []
    maps: list[WordMap] = []
    found: list[FoundSense] = []
    for model in models:
        encoder = load_encoder(model) if isinstance(model, str) else model
        reader = _ModelReader(encoder, sample, chosen, on_progress)
        for result in reader.words():
            rows += result.rows
            maps.append(result.map)
            found += result.found
        notes += reader.notes
    return Study(
        rows=tuple(rows),
        maps=tuple(maps),
        found_senses=tuple(found),
        n_sentences=sample.n_sentences,
        n_found=sample.n_found,
        notes=tuple(notes),
    )


def _check_enough(sample: Sample) -> None:
    if not any(len(uses) >= _FEWEST_USES for uses in sample.uses.values()):
        told = ", ".join(f"{word} in {n}" for word, n in sample.n_found.items())
        raise SettingError(
            f"a word must occur in at least 2 sentences; of {sample.n_sentences:,} "
            f"sentences, {told}. Check --words, or give --inflected or mouse/mice."
        )


def _notes_on(sample: Sample) -> Iterator[str]:
    for word, uses in sample.uses.items():
        n_found = sample.n_found[word]
        if n_found < _FEWEST_USES:
            often = "only once" if n_found else "in no sentence"
            yield f'"{word}" occurs {often}: it is left out'
            continue
        if n_found > len(uses):
            yield f'"{word}": {len(uses):,} of its {n_found:,} sentences were drawn'
        yield from _notes_on_senses(word, uses)


def _notes_on_senses(word: str, uses: Sequence[Use]) -> Iterator[str]:
    counts = Counter(use.sentence.label for use in uses)
    n_unlabelled = counts.pop(None, 0)
    if not counts:
        return
    if n_unlabelled:
        yield (
            f'"{word}": {n_unlabelled} of {len(uses)} sentences have no label, so that '
            "no separation of senses is measured"
        )
    elif len(counts) == 1:
        yield (
            f'"{word}" has one sense only ({next(iter(counts))}): there is nothing to '
            "separate"
        )
    for sense, n_uses in sorted(counts.items(), key=str):
        if n_uses == 1 and len(counts) > 1:
            yield f'"{word}": sense {sense} has a single sentence'


@dataclass(frozen=True, kw_only=True, slots=True)
class _WordResult:
    rows: tuple[Row, ...]
    map: WordMap
    found: tuple[FoundSense, ...]


class _ModelReader:
    """Reads all drawn uses with one model and measures them."""

    def __init__(
        self,
        encoder: Encoder,
        sample: Sample,
        settings: Settings,
        on_progress: OnProgress | None,
    ) -> None:
        self.notes: list[str] = []
        self._encoder = encoder
        self._sample = sample
        self._settings = settings
        self._on_progress = on_progress
        self._n_read = 0
        self._layers = [str(layer) for layer in range(encoder.n_layers)]
        if encoder.n_layers > 1:
            self._layers.append(DEFAULT)

    def words(self) -> Iterator[_WordResult]:
        """Measure word by word."""
        baselines = self._baselines()
        for word, uses in self._sample.uses.items():
            if len(uses) < _FEWEST_USES:
                continue
            kept = self._read(uses, intra=True)
            self._note_losses(word, uses, kept)
            if len(kept) >= _FEWEST_USES:
                yield self._measure(word, kept, baselines)

    def _read(self, uses: Sequence[Use], *, intra: bool) -> list[WordVector]:
        kept = []
        for one in self._vectors(uses, intra=intra):
            self._tell()
            if one is not None:
                kept.append(one)
        return kept

    def _vectors(
        self, uses: Sequence[Use], *, intra: bool
    ) -> Iterator[WordVector | None]:
        n_layers = self._encoder.n_layers
        return read_uses(
            uses,
            self._encoder,
            range(n_layers),
            intra=intra,
            mean_of_last=4 if n_layers > 1 else 0,
        )

    def _tell(self) -> None:
        self._n_read += 1
        if self._on_progress is not None:
            drawn = sum(map(len, self._sample.uses.values()))
            n_all = drawn + len(self._sample.random_uses)
            self._on_progress(self._encoder.name, self._n_read, n_all)

    def _baselines(self) -> list[Baseline]:
        read = self._read(self._sample.random_uses, intra=False)
        if len(read) < _FEWEST_USES:
            raise SettingError(
                "a model must have vectors for at least 2 words of the sentences; "
                f"{self._encoder.name} has {len(read)}. Name another model."
            )
        vectors = np.stack([one.vectors for one in read])
        ids, _ = as_numbers([one.use.sentence.id for one in read])
        return [
            baseline(
                vectors[:, layer],
                ids,
                n_resamples=self._settings.n_resamples,
                seed=self._settings.seed + 1,
            )
            for layer in range(len(self._layers))
        ]

    def _note_losses(
        self, word: str, uses: Sequence[Use], kept: Sequence[WordVector]
    ) -> None:
        name = self._encoder.name
        if len(kept) < len(uses):
            lost = "no vector" if not kept else f"no vector for {len(uses) - len(kept)}"
            self.notes.append(f'{name} has {lost} of the {len(uses)} uses of "{word}"')
        n_cut = sum(one.is_cut for one in kept)
        if n_cut:
            self.notes.append(
                f'"{word}": {n_cut} sentences are longer than {name} reads at once; '
                "they were read around the word"
            )

    def _measure(
        self, word: str, kept: Sequence[WordVector], baselines: Sequence[Baseline]
    ) -> _WordResult:
        uses = Uses(
            vectors=np.stack([one.vectors for one in kept]),
            sentences=np.stack([one.sentence for one in kept]),
            intra=np.stack([one.intra for one in kept]),
        )
        told = _told_senses(kept)
        profiler = Profiler(
            model=self._encoder.name,
            word=word,
            layers=tuple(self._layers),
            n_resamples=self._settings.n_resamples,
            seed=self._settings.seed,
        )
        senses = as_numbers(told)[0] if told and len(set(told)) > 1 else None
        rows = tuple(profiler.rows(uses, baselines, senses))
        return self._with_map(word, kept, uses.vectors[:, -1], told, rows)

    def _with_map(
        self,
        word: str,
        kept: Sequence[WordVector],
        vectors: Float[np.ndarray, "use dim"],
        told: tuple[str, ...],
        rows: tuple[Row, ...],
    ) -> _WordResult:
        clusters = find_senses(vectors, seed=self._settings.seed)
        points, alone = plane(vectors, self._alone(word))
        texts = tuple(one.use.sentence.text for one in kept)
        found = tuple(f"found {cluster + 1}" for cluster in clusters)
        map_ = WordMap(
            model=self._encoder.name,
            word=word,
            layer=self._layers[-1],
            points=points,
            alone=alone,
            senses=told or found,
            are_told=bool(told),
            texts=texts,
        )
        senses = tuple(
            FoundSense(
                model=self._encoder.name,
                word=word,
                sense=f"found {cluster + 1}",
                n_uses=int((clusters == cluster).sum()),
                typical=tuple(
                    texts[i] for i in most_typical(vectors, clusters, cluster)
                ),
                told=tuple(
                    Counter(
                        told[i] for i in np.flatnonzero(clusters == cluster) if told
                    ).most_common()
                ),
            )
            for cluster in range(int(clusters.max()) + 1)
        )
        return _WordResult(rows=rows, map=map_, found=senses)

    def _alone(self, word: str) -> Float[np.ndarray, "alone dim"]:
        """Give the word's vector when nothing stands around it, if it has one."""
        use = Use(
            sentence=Sentence(id="", text=word), word=word, start=0, end=len(word)
        )
        read = self._vectors([use], intra=False)
        rows = [one.vectors[-1] for one in read if one is not None]
        return np.stack(rows) if rows else np.empty((0, self._encoder.dim))


def _told_senses(kept: Sequence[WordVector]) -> tuple[str, ...]:
    """Give the labels of all uses; none if one of them has none."""
    labels = [one.use.sentence.label for one in kept]
    return () if None in labels else tuple(str(label) for label in labels)
