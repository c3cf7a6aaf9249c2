"""What a pile tells, as reductions over its parts: see ``pile_in_parts``.

The windows of every document lie in the results' folder by now. Three times workers go
through them: for the points, the statistics and the scores. What comes back to the one
process that learns is a kilobyte and a half, and sixteen bytes for each class, of each
document that is learned from; of the statistics, one sum for many parts.
"""

import pickle
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from longshot.classify import Classifier, DocumentFeatures, Layout, extract
from longshot.classify.combination.evidence import EvidenceModel
from longshot.classify.combination.pile import PileModel
from longshot.classify.models.pile_in_parts import (
    MeasuredPart,
    PileInParts,
    PilePoints,
)
from longshot.scale.engine import Workers, in_workers, packed, quiet, use_threads
from longshot.scale.kept import GivenWindows
from longshot.scale.place import Place
from longshot.scale.workers import Batch, load_windows, rows_of

Part = dict[str, Any]
_FASTEST = 1
"""Of zlib: statistics are nearly all zeros."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Step:
    """What workers measure of each part.

    Attributes
    ----------
    what
        ``points``, ``statistics`` or ``scores``.
    classifier
        What was learned without the pile.
    evidence
        For ``scores``: what was learned with the statistics.
    """

    what: str
    classifier: Classifier
    evidence: EvidenceModel | None = None


class PartReader:
    """An actor: it reads the features of a part, and measures them.

    Parameters
    ----------
    threads
        Processors that it computes on.
    step
        A packed :class:`Step`.
    address
        The folder of the results.
    """

    def __init__(self, threads: int, step: bytes, address: str) -> None:
        use_threads(threads)
        self._step: Step = pickle.loads(step)
        self._out = Place(address)
        self._kept = GivenWindows()
        self._embedder = self._step.classifier.embedder_.with_cache(self._kept)
        found = self._step.classifier.pile_in_parts
        assert found is not None
        self._in_parts: PileInParts = found

    def __call__(self, batch: Batch) -> Batch:
        """Measure parts; give one row for each."""
        found = [self._measured(row) for row in rows_of(batch)]
        return {"found": np.array([_packed(one) for one in found], dtype=object)}

    def _measured(self, row: Part) -> Any:
        features = self._features(str(row["name"]), int(row["n_blocks"]))
        number = int(row["number"])
        if self._step.what == "points":
            return number, features.last, features.content_hashes
        chosen = np.frombuffer(row["rows"], dtype=np.int64)
        some = features.take(chosen)
        if self._step.what == "statistics":
            weights = np.frombuffer(row["weights"], dtype=np.float64)
            typical = features.take(np.frombuffer(row["typical"], dtype=np.int64))
            return number, MeasuredPart.of(some, weights), typical.arrays()
        assert self._step.evidence is not None
        return number, self._in_parts.scores(self._step.evidence, some)

    def _features(self, name: str, n_blocks: int) -> DocumentFeatures:
        held = load_windows(self._out, name, n_blocks)
        self._kept.hold(self._embedder.fingerprint, held)
        documents = [document for document, _ in held]
        vectors = self._embedder.vectors(documents)
        texts = (document.text for document in documents)
        pairs = zip(vectors, texts, strict=True)
        return extract(pairs, Layout.of(self._embedder))


@dataclass(slots=True, eq=False)
class _Points:
    """Takes in points, and keeps those that are learned from."""

    n_most: int
    parts: list[PilePoints] = field(default_factory=list)
    n_held: int = 0

    def add(self, points: PilePoints) -> None:
        """Take in a part; what is too much goes now and then."""
        self.parts.append(points)
        self.n_held += len(points)
        if self.n_held > 2 * self.n_most:
            self.parts = [PilePoints.concat(self.parts).sample(self.n_most)]
            self.n_held = self.n_most


def learned_from(
    classifier: Classifier, parts: Sequence[Part], out: Place, workers: Workers
) -> PileModel | None:
    """Learn from a pile that lies in parts; None where it is too small to.

    Parameters
    ----------
    classifier
        What was learned without it.
    parts
        The parts, in reading order: ``name``, and of long documents ``n_blocks``.
    out
        Where their windows lie.
    workers
        What reads them.
    """
    in_parts = classifier.pile_in_parts
    assert in_parts is not None
    passes = _Passes(classifier, out, workers)
    numbered = [{**part, "number": number} for number, part in enumerate(parts)]
    points = _all_points(passes, numbered, in_parts.n_most)
    if points is None or len(points) < in_parts.n_least:
        return None
    typical = points.sample(in_parts.n_typical)
    asked = _asked(numbered, points, in_parts.weights(points), typical)
    measured: list[MeasuredPart] = []
    features: dict[int, DocumentFeatures] = {}
    for number, one, arrays in passes.each("statistics", asked):
        measured.append(one)
        features[number] = DocumentFeatures.of_arrays(arrays)
        if len(measured) == _MERGED_AT_ONCE:
            measured = [MeasuredPart.merge(measured)]
    in_reading_order = DocumentFeatures.concat(
        [features[number] for number in sorted(features)]
    )
    found_at = np.searchsorted(np.sort(typical.places), typical.places)
    evidence = in_parts.evidence(
        MeasuredPart.merge(measured), in_reading_order.take(found_at)
    )
    scores = dict(passes.each("scores", asked, evidence))
    found = np.concatenate([scores[part["number"]] for part in asked], axis=1)
    found_at = np.searchsorted(np.sort(points.places), points.places)
    return in_parts.pile_model(evidence, points, found[:, found_at])


_MERGED_AT_ONCE = 16
"""Of statistics, six megabytes each."""

_MOST_ROWS = 1 << 32
"""Of a part: a document's place is the part's number, and its row in it."""


class _Passes:
    """Goes through the parts, once for each thing that is measured."""

    def __init__(self, classifier: Classifier, out: Place, workers: Workers) -> None:
        self._classifier, self._out, self._workers = classifier, out, workers

    def each(
        self,
        what: str,
        parts: Sequence[Part],
        evidence: EvidenceModel | None = None,
    ) -> Any:
        """Give what was measured of each part, as it comes."""
        import ray

        step = Step(what=what, classifier=self._classifier, evidence=evidence)
        made = in_workers(
            quiet(ray.data.from_items(list(parts))),
            PartReader,
            self._workers,
            packed(step),
            self._out.address,
        )
        return (pickle.loads(zlib.decompress(one["found"])) for one in made.iter_rows())


def _all_points(
    passes: _Passes, parts: Sequence[Part], n_most: int
) -> PilePoints | None:
    """Read the points of all parts, and keep those that are learned from."""
    kept = _Points(n_most)
    for number, last, hashes in passes.each("points", parts) if parts else ():
        kept.add(PilePoints(last, hashes, number * _MOST_ROWS + np.arange(len(last))))
    if not kept.parts:
        return None
    points = PilePoints.concat(kept.parts)
    in_reading_order = points.take(np.argsort(points.places))
    return in_reading_order.sample(n_most)


def _asked(
    parts: Sequence[Part],
    points: PilePoints,
    weights: Float[np.ndarray, " document"],
    typical: PilePoints,
) -> list[Part]:
    """Ask each part for its documents that are learned from, with their weights."""
    order = np.argsort(points.places)
    places, of_typical = points.places[order], np.sort(typical.places)
    found = []
    for part in parts:
        first = part["number"] * _MOST_ROWS
        inside = slice(*np.searchsorted(places, [first, first + _MOST_ROWS]))
        among = slice(*np.searchsorted(of_typical, [first, first + _MOST_ROWS]))
        if inside.start == inside.stop:
            continue
        found.append(
            {
                **part,
                "rows": (places[inside] - first).astype(np.int64).tobytes(),
                "weights": weights[order[inside]].astype(np.float64).tobytes(),
                "typical": (of_typical[among] - first).astype(np.int64).tobytes(),
            }
        )
    return found


def _packed(found: Any) -> bytes:
    return zlib.compress(pickle.dumps(found, pickle.HIGHEST_PROTOCOL), _FASTEST)
