"""The ways that are compared: their names in tables, and what each is measured on."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.data.splits import MOST


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """One way to decide.

    Attributes
    ----------
    title
        In tables and the picture.
    few, names, most
        Whether it is measured from few examples, from names alone, and from four fifths
        of all labels.
    """

    title: str
    few: bool = True
    names: bool = False
    most: bool = False

    def takes(self, shots: int) -> bool:
        """Tell whether it is measured with so many examples per class."""
        if shots == MOST:
            return self.most
        return self.few if shots else self.names


WAYS = {
    "predict_pile": Way(title="longshot, with the pile", names=True),
    "predict": Way(title="longshot, each alone", names=True, most=True),
    "names": Way(title="name closest to the document", few=False, names=True),
    "tf-idf": Way(title="TF-IDF, logistic regression", most=True),
    "nearest": Way(title="the article: closest example"),
    "prototype": Way(title="closest class mean"),
    "truncated": Way(title="sentence-transformers, logistic regression", most=True),
    "whole": Way(title="document vectors, logistic regression", most=True),
    "self-training": Way(title="document vectors, self-training on the pile"),
    "spreading": Way(title="document vectors, label spreading over the pile"),
    "setfit": Way(title="SetFit"),
}
OURS = ("predict", "predict_pile")
MEASURED = tuple(way for way in WAYS if way != "setfit")
"""SetFit has its own command, and its own environment: benchmarks.learning.setfit."""

SET_TITLES = {"bbc": "BBC", "cuad": "CUAD", "movie": "movie", "clinc150": "CLINC150"}


def shots_title(shots: int) -> str:
    """Name a number of examples per class."""
    return {0: "names only", MOST: "four fifths"}.get(shots, str(shots))


def set_title(name: str) -> str:
    """Name a data set."""
    return SET_TITLES.get(name, name)


def in_order(ways: Sequence[str]) -> list[str]:
    """Put ways into the order of the tables."""
    return [way for way in WAYS if way in ways]
