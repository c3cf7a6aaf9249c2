"""New classes as they are offered to people: documents and words."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int

from longshot.classify.knowledge import Knowledge
from longshot.classify.new_classes import Pile, find_new_classes, typical_words
from longshot.classify.readings import Readings
from longshot.classify.views import dense_view
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
