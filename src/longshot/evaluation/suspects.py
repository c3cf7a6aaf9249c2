"""Which examples look wrong: likely label errors, contradictions, and copies.

Label errors are found by cleanlab (confident learning; Northcutt et al. 2021) on
probabilities from a learner that never saw the example in question. Copies are found by
their texts: the same words, or nearly all of the same runs of three words.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from longshot.errors import MissingExtraError
from longshot.evaluation.protocol import Learner, check_probabilities

Why = Literal["label", "contradiction", "near_copy", "copy"]

N_FOLDS = 5
NEAR = 0.8
"""Share of the runs of words that two texts must have in common (Jaccard)."""

_COMPARED_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspect:
    """An example to look at again.

    Attributes
    ----------
    row
        In the labelled set.
    given, likely
        Its label, and the one that it should perhaps have; the same for a copy under
        the same label.
    why
        ``label``: others would give it another one; ``contradiction``: the same text
        stands under another label; ``near_copy``: nearly the same text does;
        ``copy``: the same text stands under the same label.
    confidence
        In the likely label, from 0 to 1; of near copies how much they have in common.
    other
        The row of the other text, for contradictions and copies.
    """

    row: int
    given: str
    likely: str
    why: Why
    confidence: float
    other: int | None = None


def find_suspects(
    texts: Sequence[str], labels: Sequence[str], learner: Learner, *, seed: int = 0
) -> list[Suspect]:
    """Name the examples that look wrong, the gravest first.

    Parameters
    ----------
    texts, labels
        Of the labelled set.
    learner
        Over the same rows.
    seed
        Of the folds.

    Raises
    ------
    MissingExtraError
        If cleanlab is not installed.
    """
    copies = list(_copies(texts, labels))
    near = list(_near_copies(texts, labels))
    mistakes = list(_mistakes(labels, learner, seed))
    contradictions = [one for one in copies if one.why == "contradiction"]
    harmless = [one for one in copies if one.why == "copy"]
    return [*contradictions, *near, *mistakes, *harmless]


def held_out_probabilities(
    learner: Learner, class_indices: Int[np.ndarray, " row"], *, seed: int = 0
) -> tuple[Int[np.ndarray, " held_out"], Float[np.ndarray, "held_out class"]]:
    """Judge each example by a learner that learnt from others only.

    Returns
    -------
    tuple
        The rows whose class has another example, and their probabilities.
    """
    folds = _folds(class_indices, seed)
    rows, found = [], []
    for fold in range(folds.max() + 1):
        test = np.flatnonzero(folds == fold)
        train = np.flatnonzero(folds != fold)
        probabilities = learner(train, class_indices[train], test)
        shape = (len(test), int(class_indices.max()) + 1)
        check_probabilities("the classifier", probabilities, shape)
        rows.append(test)
        found.append(np.asarray(probabilities, dtype=np.float64))
    if not rows:
        none = np.empty((0, int(class_indices.max()) + 1))
        return np.empty(0, dtype=np.int64), none
    return np.concatenate(rows), np.concatenate(found)


def _folds(class_indices: np.ndarray, seed: int) -> np.ndarray:
    """Deal each class's examples out to folds; -1 for those alone in their class."""
    random = np.random.default_rng((seed, 4))
    folds = np.full(len(class_indices), -1, dtype=np.int64)
    for c in range(int(class_indices.max()) + 1):
        members = random.permutation(np.flatnonzero(class_indices == c))
        if len(members) > 1:
            folds[members] = np.arange(len(members)) % N_FOLDS
    return folds


def _mistakes(labels: Sequence[str], learner: Learner, seed: int) -> Iterator[Suspect]:
    try:
        from cleanlab.filter import find_label_issues
    except ImportError as error:
        raise MissingExtraError.naming("cleanlab", extra="check") from error
    classes, indices = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
    rows, probabilities = held_out_probabilities(learner, indices, seed=seed)
    shown, given = np.unique(indices[rows], return_inverse=True)
    if len(shown) < 2:
        return
    among = probabilities[:, shown]
    among = among / np.maximum(among.sum(axis=1, keepdims=True), 1e-12)
    ranked = find_label_issues(
        given, among, return_indices_ranked_by="self_confidence", n_jobs=1
    )
    for number in ranked:
        likely = int(among[number].argmax())
        if likely != given[number]:
            yield Suspect(
                row=int(rows[number]),
                given=str(classes[shown[given[number]]]),
                likely=str(classes[shown[likely]]),
                why="label",
                confidence=float(among[number, likely]),
            )


def _copies(texts: Sequence[str], labels: Sequence[str]) -> Iterator[Suspect]:
    """Find texts that are the same but for white space and case."""
    places: dict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(texts):
        places[_levelled(text)].append(row)
    for rows in places.values():
        for row in rows[1:]:
            is_same = labels[row] == labels[rows[0]]
            yield Suspect(
                row=row,
                given=labels[row],
                likely=labels[rows[0]],
                why="copy" if is_same else "contradiction",
                confidence=1.0,
                other=rows[0],
            )


def _near_copies(texts: Sequence[str], labels: Sequence[str]) -> Iterator[Suspect]:
    """Find texts under different labels that share nearly all runs of three words."""
    from sklearn.feature_extraction.text import HashingVectorizer

    reader = HashingVectorizer(
        analyzer=_runs, binary=True, norm=None, alternate_sign=False, dtype=np.float32
    )
    runs = reader.transform(texts).tocsr()
    sizes = np.asarray(runs.sum(axis=1)).ravel()
    for start in range(0, len(texts), _COMPARED_AT_ONCE):
        common = (runs[start : start + _COMPARED_AT_ONCE] @ runs.T).tocoo()
        first = common.row + start
        whole = sizes[first] + sizes[common.col] - common.data
        share = common.data / np.maximum(whole, 1.0)
        for i in np.flatnonzero((first > common.col) & (share >= NEAR)):
            row, other = int(first[i]), int(common.col[i])
            is_same = _levelled(texts[row]) == _levelled(texts[other])
            if labels[row] != labels[other] and not is_same:
                yield Suspect(
                    row=row,
                    given=labels[row],
                    likely=labels[other],
                    why="near_copy",
                    confidence=float(share[i]),
                    other=other,
                )


def _levelled(text: str) -> str:
    """Give a text without its white space and case."""
    return " ".join(text.casefold().split())


def _runs(text: str) -> list[str]:
    words = text.casefold().split()
    return [" ".join(words[i : i + 3]) for i in range(max(len(words) - 2, 1))]
