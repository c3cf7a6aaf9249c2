"""New classes as they are offered to people: documents and words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from longshot.classify.combination.knowledge import Knowledge
from longshot.classify.features.document_features import Readings
from longshot.classify.features.views import dense_view
from longshot.classify.uncertainty.new_classes import (
    Pile,
    find_new_classes,
    typical_words,
)
from longshot.records import NewClass

N_WORDS = 8
_LEAST_LETTERS = r"(?u)\b[^\W\d_]{3,}\b"


def new_clusters(
    knowledge: Knowledge, pile: Readings, p_values: np.ndarray
) -> list[Int[np.ndarray, " member"]]:
    """Find the clusters of a pile that no known class claims."""
    reference, examples = knowledge.judge.reference, knowledge.examples
    return find_new_classes(
        Pile(
            documents=dense_view("body", pile, reference),
            examples=dense_view("body", examples.readings, reference),
            targets=examples.targets[:, examples.counts > 0],
            p_values=p_values,
        )
    )


@dataclass(frozen=True, slots=True, eq=False)
class Offers:
    """New classes that are offered, and the number of each document's own.

    Attributes
    ----------
    new_classes
        What is offered.
    numbers
        For each document the number of its offer from 1, 0 for none; None where no new
        classes were looked for.
    """

    new_classes: tuple[NewClass, ...] = ()
    numbers: tuple[int, ...] | None = None

    @classmethod
    def of(
        cls,
        clusters: Sequence[Int[np.ndarray, " member"]],
        ids: Sequence[str],
        texts: Sequence[str],
    ) -> "Offers":
        """Offer clusters of documents."""
        numbers = np.zeros(len(ids), dtype=int)
        for number, members in enumerate(clusters, start=1):
            numbers[members] = number
        return cls(offered(clusters, ids, texts), tuple(numbers.tolist()))

    def number_of(self, document: int) -> int | None:
        """Give the number of a document's offer."""
        return None if self.numbers is None else self.numbers[document]


NO_OFFERS = Offers()


def offered(
    clusters: Sequence[Int[np.ndarray, " member"]],
    ids: Sequence[str],
    texts: Sequence[str],
) -> tuple[NewClass, ...]:
    """Give each cluster's documents and the words that tell it from the others."""
    if not clusters:
        return ()
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(
        binary=True, stop_words="english", token_pattern=_LEAST_LETTERS
    )
    try:
        holds = counter.fit_transform(texts).tocsr()
        names = counter.get_feature_names_out()
    except ValueError:  # no text holds such a word
        return tuple(_offer(one, ids, ()) for one in clusters)
    in_all = np.asarray(holds.sum(axis=0)).ravel()
    offers = []
    for members in clusters:
        inside = np.asarray(holds[members].sum(axis=0)).ravel()
        scores = typical_words(
            inside, in_all - inside, len(members), len(texts) - len(members)
        )
        best = np.argsort(-scores, kind="stable")[:N_WORDS]
        words = tuple(str(names[i]) for i in best if scores[i] > 0)
        offers.append(_offer(members, ids, words))
    return tuple(offers)


def _offer(members: np.ndarray, ids: Sequence[str], words: tuple[str, ...]) -> NewClass:
    return NewClass(document_ids=tuple(ids[row] for row in members), words=words)
