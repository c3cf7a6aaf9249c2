"""Labels of documents that may have several: as lists, or as a matrix of indicators.

What was given comes back: lists give lists, a matrix gives a matrix whose columns are
the labels 0, 1, and so on.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool
from scipy import sparse

from longshot.errors import ExamplesError

Label = str | int | float | bool
LabelSet = tuple[Label, ...]
Form = Literal["lists", "indicators", "sparse indicators"]
_LISTS = (list, tuple, set, frozenset, np.ndarray)


@dataclass(frozen=True, slots=True)
class SeveralLabels:
    """Labels of documents that may have several.

    Attributes
    ----------
    form
        How they were given.
    labels
        The labels of each document, sorted; there may be none.
    n_columns
        Of the matrix; 0 where lists were given.
    """

    form: Form
    labels: tuple[LabelSet, ...]
    n_columns: int = 0

    @property
    def named(self) -> tuple[Label, ...]:
        """The labels that are known whether or not an example shows them."""
        return tuple(range(self.n_columns))


def read_several(labels: Any) -> SeveralLabels | None:
    """Read labels if they are several for a document; None if they are one for each.

    Raises
    ------
    ExamplesError
        If they are neither lists of labels nor a matrix of zeros and ones.

    Examples
    --------
    >>> read_several([["tax", "lease"], []]).labels
    (('lease', 'tax'), ())
    >>> read_several(np.array([[0, 1], [1, 1]])).labels
    ((1,), (0, 1))
    >>> read_several(["tax", "lease"]) is None
    True
    """
    if sparse.issparse(labels):
        return _of_matrix(np.asarray(labels.toarray()), "sparse indicators")
    if getattr(labels, "ndim", 1) == 2:
        return _of_matrix(np.asarray(labels), "indicators")
    if not any(isinstance(one, _LISTS) for one in labels):
        return None
    checked = [_label_set(one, number) for number, one in enumerate(labels)]
    check_alike(label for several in checked for label in several)
    return SeveralLabels("lists", tuple(checked))


def as_given(
    form: Form, classes: np.ndarray, applies: Bool[np.ndarray, "document class"]
) -> Any:
    """Give labels back in the form in which those of the examples came.

    Parameters
    ----------
    form
        How they came.
    classes
        The labels, sorted.
    applies
        Which of them apply to each document.

    Returns
    -------
    ndarray or csr_matrix
        Tuples of labels, one for each document; or a matrix of zeros and ones.
    """
    if form == "lists":
        tuples = np.empty(len(applies), dtype=object)
        tuples[:] = [tuple(classes[row].tolist()) for row in applies]
        return tuples
    indicators = applies.astype(np.int64)
    return sparse.csr_matrix(indicators) if form != "indicators" else indicators


def score_of(truth: Any, predicted: Any, sample_weight: Any = None) -> float:
    """Give the share of documents whose label, or all of whose labels, are right.

    Parameters
    ----------
    truth, predicted
        One label for each document, or lists, or matrices of indicators.
    sample_weight
        What each document counts; all alike by default.
    """
    several = read_several(truth)
    if several is None and any(one is None for one in predicted):
        # "None of these" is no label, and scikit-learn takes no mixture with strings.
        rights = [a == b for a, b in zip(truth, predicted, strict=True)]
        return float(np.average(rights, weights=sample_weight))
    if several is None:
        from sklearn.metrics import accuracy_score

        return float(accuracy_score(truth, predicted, sample_weight=sample_weight))
    found = read_several(predicted)
    assert found is not None
    pairs = zip(several.labels, found.labels, strict=True)
    return float(np.average([a == b for a, b in pairs], weights=sample_weight))


def _of_matrix(matrix: np.ndarray, form: Form) -> SeveralLabels:
    if matrix.ndim != 2 or not np.isin(matrix, (0, 1)).all():
        shape = " x ".join(map(str, matrix.shape))
        raise ExamplesError(
            "a matrix of labels must have a row for each text, a column for each label "
            f"and hold zeros and ones; got one of {shape} with other values. "
            "Give lists of labels instead."
        )
    rows = (tuple(np.flatnonzero(row).tolist()) for row in matrix)
    return SeveralLabels(form, tuple(rows), matrix.shape[1])


def _label_set(one: Any, number: int) -> LabelSet:
    if not isinstance(one, _LISTS):
        raise ExamplesError(
            "with several labels per document, each document must have a list of "
            f"labels; number {number} is {one!r}. Put it in a list."
        )
    plain = [each.item() if isinstance(each, np.generic) else each for each in one]
    for label in plain:
        if not isinstance(label, str | int | float | bool) or label != label:
            raise ExamplesError(
                f"labels must be strings or numbers; number {number} has {label!r}. "
                "Leave it out."
            )
    check_alike(plain)  # before equal ones are one: True and 1
    return tuple(sorted(set(plain), key=lambda label: (str(type(label)), label)))


def check_alike(labels: Iterable[Label]) -> None:
    """Check that labels are of one kind, and that none is blank or written two ways.

    Raises
    ------
    ExamplesError
        If they are not. ``True`` and ``1`` are equal, and would be one class; "é" as
        one sign and as two (Unicode normalization forms C and D) would be two.
    """
    different = {(type(label), label): label for label in labels}.values()
    kinds = {_kind(label): label for label in different}
    if len(kinds) > 1:
        first, second = sorted(kinds)[:2]
        raise ExamplesError(
            f"labels must all be of one type; got {kinds[first]!r} ({first}) and "
            f"{kinds[second]!r} ({second}). Convert one of the types."
        )
    written: dict[str, str] = {}
    for label in different:
        if not isinstance(label, str):
            return
        if not label.strip():
            raise ExamplesError(
                f"every label must have a name; got {label!r}. Name it, or leave its "
                "texts out."
            )
        other = written.setdefault(unicodedata.normalize("NFC", label), label)
        if other != label:
            raise ExamplesError(
                f"a label must be written in one way; {label!a} and {other!a} look "
                "the same but differ in Unicode. Normalize them: "
                "unicodedata.normalize('NFC', label)."
            )


def _kind(label: Label) -> str:
    if isinstance(label, str):
        return "text"
    return "truth value" if isinstance(label, bool) else "number"
