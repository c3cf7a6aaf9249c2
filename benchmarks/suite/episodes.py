"""Episodes: small tasks drawn from a set, as people meet them.

Some of the classes, 0 to 16 examples of each, a pile of 30 to 1,200 documents, even or
uneven, with or without classes that do not occur in it; names that are true, those of
other classes, or none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Int

from benchmarks.suite.sets import ReadSet
from longshot.classify import DocumentFeatures
from longshot.classify.combination.pile import LEAST_DOCUMENTS_PER_CLASS
from longshot.classify.scorers.examples import Examples

Names = Literal["true", "none", "exchanged"]
SHOTS = (0, 0, 1, 1, 2, 4, 8, 16)
_MOST_CLASSES = 60


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Episode:
    """A task.

    Attributes
    ----------
    source, set_name, model
        Where it comes from.
    shots, names_are
        Examples per class, and what names are given.
    examples, names
        What is known of the classes.
    bare_names
        The names, each read by itself: as a few lines would.
    pile, truth
        The documents to decide about, and their classes.
    rows
        Of the set: those of the pile.
    """

    source: str
    set_name: str
    model: str
    shots: int
    names_are: Names
    examples: Examples
    names: DocumentFeatures | None
    bare_names: DocumentFeatures | None
    pile: DocumentFeatures
    truth: Int[np.ndarray, " document"]
    background: DocumentFeatures


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What an episode is to be like.

    Attributes
    ----------
    shots, names_are
        Examples per class, and what names are given.
    most_classes, most_documents
        How large it is at most.
    unevenness
        How much the classes' shares of the pile differ: of the exponent's mean.
    absent
        The share of classes that do not occur in the pile.
    """

    shots: int
    names_are: Names = "true"
    most_classes: int = 150
    most_documents: int = 1_000
    unevenness: float = 0.0
    absent: float = 0.0


def drawn_tasks(n_classes: int, n: int, random: np.random.Generator) -> Iterator[Task]:
    """Draw what episodes are like."""
    for _ in range(n):
        shots = int(random.choice(SHOTS))
        most = min(n_classes, _MOST_CLASSES)
        if n_classes > 2 and random.random() < 0.6:
            most = int(np.exp(random.uniform(np.log(2), np.log(most + 1))))
        names: Names = "true"
        if shots:
            names = random.choice(["true", "none", "exchanged"], p=[0.8, 0.12, 0.08])
        yield Task(
            shots=shots,
            names_are=names,
            most_classes=max(2, most),
            most_documents=int(np.exp(random.uniform(np.log(30), np.log(1_200)))),
            unevenness=float(random.choice([0.0, 0.0, 1.0])),
            absent=float(random.choice([0.0, 0.0, 0.0, 0.4])),
        )


def draw(read: ReadSet, task: Task, random: np.random.Generator) -> Episode | None:
    """Draw an episode; None where the set has too few documents for it."""
    needed = max(2 * task.shots if task.shots <= 8 else task.shots + 4, 4)
    possible = np.flatnonzero(read.counts >= needed)
    if len(possible) < 2:
        return None
    classes = np.sort(random.permutation(possible)[: task.most_classes])
    examples, others = [], []
    is_absent = np.zeros(len(classes), dtype=bool)
    if len(classes) > 3:
        absent = random.permutation(len(classes))[: int(task.absent * len(classes))]
        is_absent[absent] = True
    for place, one in enumerate(classes):
        members = random.permutation(np.flatnonzero(read.labels == one))
        examples.append(members[: task.shots])
        if not is_absent[place]:
            share = np.exp(-task.unevenness * random.exponential())
            rest = members[task.shots :]
            others.append(rest[: max(1, round(share * len(rest)))])
    most = max(task.most_documents, LEAST_DOCUMENTS_PER_CLASS * len(classes))
    pile = random.permutation(np.concatenate(others))[:most]
    index_of = np.full(len(read.classes), -1)
    index_of[classes] = np.arange(len(classes))
    rows = np.concatenate(examples)
    named = np.roll(classes, 1) if task.names_are == "exchanged" else classes
    return Episode(
        source=read.source,
        set_name=read.suite.name,
        model=read.model,
        shots=task.shots,
        names_are=task.names_are,
        examples=Examples(
            read.documents.take(rows), index_of[read.labels[rows]], len(classes)
        ),
        names=None if task.names_are == "none" else read.names.take(named),
        bare_names=None if task.names_are == "none" else read.bare_names.take(named),
        pile=read.documents.take(pile),
        truth=index_of[read.labels[pile]],
        background=read.background,
    )
