"""small-text's query strategies, asked about vectors and probabilities.

small-text's strategies ask a classifier of its own kind about a data set of its own
kind. Both stand here for what longshot has computed already: a data set is row numbers,
and its classifier looks the rows up.
"""

from collections.abc import Callable, Mapping
from typing import Any, get_args

import numpy as np
from jaxtyping import Float, Int

from longshot.errors import MissingExtraError, SettingError
from longshot.selection.names import SmallTextStrategy

_STRATEGIES: Mapping[SmallTextStrategy, Callable[[Any], Any]] = {
    "breaking-ties": lambda library: library.BreakingTies(),
    "least-confidence": lambda library: library.LeastConfidence(),
    "entropy": lambda library: library.PredictionEntropy(),
    "lightweight-coreset": lambda library: library.LightweightCoreset(),
    "kmeans": lambda library: library.EmbeddingKMeans(),
}
_NEED_PROBABILITIES = ("breaking-ties", "least-confidence", "entropy")


def is_small_text(strategy: str) -> bool:
    """Tell whether a strategy is one of small-text's."""
    return strategy in get_args(SmallTextStrategy)


def select_by_small_text(
    strategy: SmallTextStrategy,
    pile: Float[np.ndarray, "document dim"],
    labelled: Float[np.ndarray, "example dim"],
    probabilities: Float[np.ndarray, "document class"] | None,
    n: int,
    *,
    seed: int = 0,
) -> Int[np.ndarray, " chosen"]:
    """Choose documents as :func:`longshot.selection.strategies.select` does.

    Raises
    ------
    MissingExtraError
        If small-text is not installed.
    SettingError
        If the strategy asks a classifier, and there is none yet.
    """
    try:
        from small_text import query_strategies as library
    except ImportError as error:
        raise MissingExtraError.naming("small-text", extra="suggest") from error
    if probabilities is None and strategy in _NEED_PROBABILITIES:
        raise SettingError(
            f"strategy {strategy} needs examples of at least two labels; got fewer. "
            "To begin with, use the strategy both or coverage."
        )
    if n >= len(pile):
        return np.arange(len(pile))
    state = np.random.get_state()  # noqa: NPY002 - small-text draws from it
    np.random.seed(seed)  # noqa: NPY002
    try:
        chosen = _STRATEGIES[strategy](library).query(
            _Judge(np.concatenate([pile, labelled]), probabilities),
            _Rows(np.arange(len(pile) + len(labelled))),
            np.arange(len(pile)),
            len(pile) + np.arange(len(labelled)),
            np.zeros(len(labelled), dtype=np.int64),  # no strategy here reads labels
            n=n,
        )
    finally:
        np.random.set_state(state)  # noqa: NPY002
    return np.asarray(chosen, dtype=np.int64)


class _Rows:
    """A data set: the numbers of rows."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, places: Any) -> "_Rows":
        return _Rows(np.atleast_1d(self.rows[places]))


class _Judge:
    """A classifier: what is known of each row."""

    def __init__(self, vectors: np.ndarray, probabilities: np.ndarray | None) -> None:
        self._vectors = vectors
        n_classes = 1 if probabilities is None else probabilities.shape[1]
        # A labelled document is not asked about: it is certain.
        self._probabilities = np.zeros((len(vectors), n_classes))
        self._probabilities[:, 0] = 1.0
        if probabilities is not None:
            self._probabilities[: len(probabilities)] = probabilities

    def predict_proba(self, rows: _Rows) -> np.ndarray:
        return np.asarray(self._probabilities[rows.rows])

    def embed(self, rows: _Rows, *, pbar: object = None) -> np.ndarray:
        return np.asarray(self._vectors[rows.rows])
