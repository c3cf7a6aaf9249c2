"""Examples of which each may have several labels, or none."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.classify.features.document_features import DocumentFeatures


@dataclass(frozen=True, slots=True, eq=False)
class SeveralExamples:
    """DocumentFeatures with their classes: for each class, whether it applies.

    A regression over all classes learns from them: the classes of an example share it,
    and one that has none is shared by all, so that none of them stands out.
    """

    features: DocumentFeatures
    members: Bool[np.ndarray, "example class"]

    def __len__(self) -> int:
        return len(self.members)

    @property
    def n_classes(self) -> int:
        """How many there are."""
        return int(self.members.shape[1])

    @property
    def counts(self) -> Int[np.ndarray, " class"]:
        """Examples of each class."""
        return np.asarray(self.members.sum(axis=0))

    @property
    def targets(self) -> Float[np.ndarray, "example class"]:
        """How the classes share each example."""
        shared = self.members | ~self.members.any(axis=1, keepdims=True)
        return np.asarray(shared / shared.sum(axis=1, keepdims=True))

    @property
    def balanced_weights(self) -> Float[np.ndarray, " example"]:
        """Weights under which every class that has examples weighs the same."""
        targets = self.targets
        return np.asarray(targets @ (1 / np.maximum(targets.sum(axis=0), 1e-9)))

    @property
    def mean_labels(self) -> float:
        """How many classes an example has that has any."""
        labelled = self.members[self.members.any(axis=1)]
        return float(labelled.sum(axis=1).mean()) if len(labelled) else 1.0

    def folds(
        self, n_folds: int, deal: int
    ) -> Iterator[tuple[Int[np.ndarray, " kept"], Int[np.ndarray, " left_out"]]]:
        """Deal the examples to folds so that each class is spread over them.

        Those of the rarest classes first, each to the fold that has the least of its
        classes (Sechidis et al. 2011). Examples stand in canonical order, so that the
        folds depend on their set alone; another `deal` brings others together.
        """
        fold = self._dealt(n_folds, np.random.default_rng(deal))
        for left_out in range(n_folds):
            kept = np.flatnonzero(fold != left_out)
            out = np.flatnonzero(fold == left_out)
            if len(out) and self.members[kept].any(axis=0).sum() > 1:
                yield kept, out

    def _dealt(
        self, n_folds: int, random: np.random.Generator
    ) -> Int[np.ndarray, " example"]:
        fold = np.zeros(len(self), dtype=np.int64)
        held = np.zeros((n_folds, self.n_classes))
        sizes = np.zeros(n_folds)
        shares = self.members / np.maximum(self.counts, 1)
        order = random.permutation(len(self))
        order = order[np.argsort(-shares.max(axis=1)[order], kind="stable")]
        for example in order:
            ties = random.random(n_folds)
            chosen = np.lexsort((ties, sizes, held @ shares[example]))[0]
            fold[example] = chosen
            held[chosen] += self.members[example]
            sizes[chosen] += 1
        return fold
