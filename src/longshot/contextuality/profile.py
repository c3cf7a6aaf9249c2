"""One word in one model: every measure in every layer, with its interval."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, get_args

import numpy as np
from jaxtyping import Float, Int

from longshot.contextuality import bootstrap, measures
from longshot.contextuality.readings import in_layer, read_as
from longshot.contextuality.results import Reading, Row
from longshot.contextuality.senses import (
    neighbour_hits,
    same_sense,
    silhouettes,
)


class Estimate(NamedTuple):
    """A number, and the same number of each bootstrap sample."""

    value: float
    resampled: Float[np.ndarray, " resample"]

    def minus(self, other: "Estimate") -> "Estimate":
        """Subtract an independent estimate."""
        return Estimate(self.value - other.value, self.resampled - other.resampled)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Uses:
    """The vectors of a word's uses.

    Attributes
    ----------
    vectors, sentences
        Of the word, and the mean of its sentence.
    intra
        The intra-sentence similarity of each use's sentence.
    """

    vectors: Float[np.ndarray, "use layer dim"]
    sentences: Float[np.ndarray, "use layer dim"]
    intra: Float[np.ndarray, "use layer"]


class Baseline(NamedTuple):
    """What random words of a layer have in common."""

    similarity: Estimate
    variance: Estimate


@dataclass(frozen=True, kw_only=True, slots=True)
class Profiler:
    """Makes the rows of one word in one model."""

    model: str
    word: str
    layers: tuple[str, ...]
    n_resamples: int
    seed: int

    def rows(
        self,
        uses: Uses,
        baselines: Sequence[Baseline],
        senses: Int[np.ndarray, " use"] | None,
    ) -> Iterator[Row]:
        """Give all rows, layer by layer."""
        n_uses = len(uses.vectors)
        drawn = bootstrap.draws(n_uses, self.n_resamples, self.seed)
        for i, layer in enumerate(self.layers):
            for measure, raw, base in _contextuality(uses, i, baselines[i], drawn):
                yield self._row(layer, measure, "word", False, raw, n_uses)
                corrected = raw.minus(base)
                yield self._row(layer, measure, "word", True, corrected, n_uses)
            if senses is not None:
                yield from self._sense_rows(uses, i, senses, drawn)

    def _sense_rows(
        self,
        uses: Uses,
        layer: int,
        senses: Int[np.ndarray, " use"],
        drawn: Float[np.ndarray, "resample use"],
    ) -> Iterator[Row]:
        name = self.layers[layer]
        words, sentences = in_layer(uses.vectors, name), in_layer(uses.sentences, name)
        for corrected in (False, True):
            centre_on = np.arange(len(words)) if corrected else None
            for reading in get_args(Reading):
                vectors = read_as(reading, words, sentences, centre_on)
                for measure, estimate in _separation(vectors, senses, drawn).items():
                    yield self._row(
                        name, measure, reading, corrected, estimate, len(vectors)
                    )

    def _row(
        self,
        layer: str,
        measure: str,
        reading: Reading,
        corrected: bool,
        estimate: Estimate,
        n_uses: int,
    ) -> Row:
        low, high = bootstrap.interval(estimate.resampled)
        return Row(
            model=self.model,
            layer=layer,
            word=self.word,
            measure=measure,
            reading=reading,
            corrected=corrected,
            value=estimate.value,
            low=low,
            high=high,
            n_uses=n_uses,
        )


def baseline(
    vectors: Float[np.ndarray, "use dim"],
    sentences: Int[np.ndarray, " use"],
    *,
    n_resamples: int,
    seed: int,
) -> Baseline:
    """Measure what random words of one layer have in common."""
    drawn = bootstrap.draws(len(vectors), n_resamples, seed)
    similarities = measures.cosines_within(vectors)
    pairs = measures.different(sentences)
    return Baseline(
        similarity=Estimate(
            measures.mean_over_pairs(similarities, pairs),
            bootstrap.pair_means(similarities, pairs, drawn),
        ),
        variance=_explainable_variance(vectors, drawn),
    )


def _contextuality(
    uses: Uses,
    layer: int,
    base: Baseline,
    drawn: Float[np.ndarray, "resample use"],
) -> Iterator[tuple[str, Estimate, Estimate]]:
    """Give each measure with what is subtracted to correct it."""
    vectors, intra = uses.vectors[:, layer], uses.intra[:, layer]
    similarities = measures.cosines_within(vectors)
    pairs = ~np.eye(len(vectors), dtype=bool)
    own = Estimate(
        measures.mean_over_pairs(similarities, pairs),
        bootstrap.pair_means(similarities, pairs, drawn),
    )
    yield "self_similarity", own, base.similarity
    within = Estimate(float(intra.mean()), bootstrap.means(intra, drawn))
    yield "intra_sentence_similarity", within, base.similarity
    explained = _explainable_variance(vectors, drawn)
    yield "max_explainable_variance", explained, base.variance


def _explainable_variance(
    vectors: Float[np.ndarray, "use dim"], drawn: Float[np.ndarray, "resample use"]
) -> Estimate:
    return Estimate(
        measures.max_explainable_variance(vectors),
        bootstrap.explainable_variances(vectors, drawn),
    )


def _separation(
    vectors: Float[np.ndarray, "use dim"],
    senses: Int[np.ndarray, " use"],
    drawn: Float[np.ndarray, "resample use"],
) -> dict[str, Estimate]:
    similarities = measures.cosines_within(vectors)
    same = same_sense(senses)
    across = measures.different(senses)
    hits = neighbour_hits(similarities, senses)
    widths = silhouettes(similarities, senses)
    return {
        "within_senses": Estimate(
            measures.mean_over_pairs(similarities, same),
            bootstrap.pair_means(similarities, same, drawn),
        ),
        "across_senses": Estimate(
            measures.mean_over_pairs(similarities, across),
            bootstrap.pair_means(similarities, across, drawn),
        ),
        "nearest_neighbour": Estimate(float(hits.mean()), bootstrap.means(hits, drawn)),
        "silhouette": Estimate(float(widths.mean()), bootstrap.means(widths, drawn)),
    }
