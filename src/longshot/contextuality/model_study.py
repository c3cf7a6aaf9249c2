"""One model: the uses that were drawn enter; its numbers, maps and senses leave.

Words are read one after the other, so that memory holds the vectors of one word.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from longshot.contextuality.maps import plane
from longshot.contextuality.notes import notes_on_reading
from longshot.contextuality.occurrences.sampling import Sample
from longshot.contextuality.occurrences.sentences import Sentence
from longshot.contextuality.occurrences.uses import Use
from longshot.contextuality.profile import Baseline, Profiler, Uses, baseline
from longshot.contextuality.readings import LAST_LAYERS
from longshot.contextuality.results import DEFAULT, FoundSense, Row, WordMap
from longshot.contextuality.senses import as_numbers, find_senses, most_typical
from longshot.contextuality.settings import FEWEST_USES, Settings
from longshot.contextuality.word_vectors import WordVector, read_uses
from longshot.encoders import Encoder
from longshot.errors import SettingError

OnProgress = Callable[[str, int, int], None]
"""Told of a model's name, the uses that it has read, and those that it will."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WordResult:
    """What one model shows of one word."""

    rows: tuple[Row, ...]
    map: WordMap
    found: tuple[FoundSense, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _ReadWord:
    """A word's uses as the model read them, and the senses that they fall into.

    Attributes
    ----------
    word, kept
        The word and its uses.
    told
        The sense of each use; none where one of them has none.
    vectors, clusters
        Of each use: the word's vector in the last of the layers, and the sense that the
        model finds by itself.
    """

    word: str
    kept: Sequence[WordVector]
    told: tuple[str, ...]
    vectors: Float[np.ndarray, "use dim"]
    clusters: Int[np.ndarray, " use"]


class ModelStudy:
    """Reads all drawn uses with one model and measures them.

    Attributes
    ----------
    notes
        What a person must know; complete when all words are measured.
    """

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

    def words(self) -> Iterator[WordResult]:
        """Measure word by word.

        Raises
        ------
        SettingError
            If the model has vectors for fewer than two words of the sentences.
        """
        baselines = self._baselines()
        for word, uses in self._sample.uses.items():
            if len(uses) < FEWEST_USES:
                continue
            kept = self._read(uses, intra=True)
            self.notes += notes_on_reading(self._encoder.name, word, uses, kept)
            if len(kept) >= FEWEST_USES:
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
            mean_of_last=LAST_LAYERS if n_layers > 1 else 0,
        )

    def _tell(self) -> None:
        self._n_read += 1
        if self._on_progress is not None:
            drawn = sum(map(len, self._sample.uses.values()))
            n_all = drawn + len(self._sample.random_uses)
            self._on_progress(self._encoder.name, self._n_read, n_all)

    def _baselines(self) -> list[Baseline]:
        read = self._read(self._sample.random_uses, intra=False)
        if len(read) < FEWEST_USES:
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

    def _measure(
        self, word: str, kept: Sequence[WordVector], baselines: Sequence[Baseline]
    ) -> WordResult:
        vectors = np.stack([one.vectors[-1] for one in kept])
        one = _ReadWord(
            word=word,
            kept=kept,
            told=_told_senses(kept),
            vectors=vectors,
            clusters=find_senses(vectors, seed=self._settings.seed),
        )
        return WordResult(
            rows=tuple(self._rows(one, baselines)),
            map=self._map(one),
            found=tuple(self._found(one)),
        )

    def _rows(self, one: "_ReadWord", baselines: Sequence[Baseline]) -> Iterator[Row]:
        uses = Uses(
            vectors=np.stack([use.vectors for use in one.kept]),
            sentences=np.stack([use.sentence for use in one.kept]),
            intra=np.stack([use.intra for use in one.kept]),
        )
        profiler = Profiler(
            model=self._encoder.name,
            word=one.word,
            layers=tuple(self._layers),
            n_resamples=self._settings.n_resamples,
            seed=self._settings.seed,
        )
        senses = as_numbers(one.told)[0] if len(set(one.told)) > 1 else None
        return profiler.rows(uses, baselines, senses)

    def _map(self, one: "_ReadWord") -> WordMap:
        points, alone = plane(one.vectors, self._alone(one.word))
        return WordMap(
            model=self._encoder.name,
            word=one.word,
            layer=self._layers[-1],
            points=points,
            alone=alone,
            senses=one.told or tuple(map(_name_found, one.clusters.tolist())),
            are_told=bool(one.told),
            texts=tuple(use.use.sentence.text for use in one.kept),
        )

    def _found(self, one: "_ReadWord") -> Iterator[FoundSense]:
        for cluster in range(int(one.clusters.max()) + 1):
            members = np.flatnonzero(one.clusters == cluster)
            typical = most_typical(one.vectors, one.clusters, cluster)
            labels = Counter(one.told[i] for i in members if one.told)
            yield FoundSense(
                model=self._encoder.name,
                word=one.word,
                sense=_name_found(cluster),
                n_uses=len(members),
                typical=tuple(one.kept[i].use.sentence.text for i in typical),
                told=tuple(labels.most_common()),
            )

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


def _name_found(cluster: int) -> str:
    return f"found {cluster + 1}"
