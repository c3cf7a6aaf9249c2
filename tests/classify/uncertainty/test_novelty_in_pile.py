"""None of these, in a pile: neighbours count, and no more of the known are lost."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.metrics import roc_auc_score

from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.lexical import count_words
from longshot.classify.models.views import evidence_alone
from longshot.classify.scorers.examples import Examples
from longshot.classify.uncertainty import novelty_in_pile
from longshot.classify.uncertainty.novelty import Novelty
from longshot.classify.uncertainty.novelty_in_pile import NoveltyInPile

DIM = 32
N_KNOWN = 4
SHOTS = 8


def documents(classes: np.ndarray, seed: int, spread: float = 0.3) -> DocumentFeatures:
    """Draw documents around axes; their words tell nothing."""
    random = np.random.default_rng(seed)
    noise = spread * random.normal(size=(len(classes), DIM))
    rows = (np.eye(DIM)[classes] + noise).astype(np.float32)
    words = count_words(["word"] * len(classes))
    return DocumentFeatures(
        vectors=rows,
        layers=rows[:, None],
        head=rows,
        spans=tuple(rows[:, None].astype(np.float16)),
        span_tokens=(np.array([5]),) * len(rows),
        words=words,
        title_words=words,
        n_tokens=np.full(len(rows), 5),
        content_hashes=random.integers(1 << 63, size=len(rows)).astype(np.uint64),
    )


def learned(seed: int = 0) -> tuple[Examples, Novelty]:
    """Learn from examples of the first classes."""
    classes = np.repeat(np.arange(N_KNOWN), SHOTS)
    examples = Examples(documents(classes, 100 + seed), classes, N_KNOWN)
    evidence = evidence_alone(examples, None, lambda: examples.features)
    return examples, Novelty.fit(evidence, 0.05)


def in_pile(pile: DocumentFeatures, seed: int = 0) -> NoveltyInPile:
    examples, novelty = learned(seed)
    return NoveltyInPile.fit(novelty.evidence, examples, pile)


def test_a_class_that_no_example_shows_is_found_by_its_neighbours() -> None:
    truth = np.repeat(np.arange(N_KNOWN + 2), 40)
    pile = documents(truth, 1)

    together = in_pile(pile).p_values(pile)
    alone = learned()[1].p_values(pile)

    of_known = truth < N_KNOWN
    assert roc_auc_score(of_known, together) > 0.98
    assert roc_auc_score(of_known, together) > roc_auc_score(of_known, alone) + 0.05


@pytest.mark.parametrize("n_of_unknown", [0, 10, 80])
@pytest.mark.parametrize("sizes", [(40, 40, 40, 40), (200, 20, 20, 20)])
def test_no_more_of_the_known_are_lost_than_was_agreed(
    n_of_unknown: int, sizes: tuple[int, ...]
) -> None:
    """On the mean over draws: examples are the judges, and they are few."""
    truth = np.repeat(np.arange(N_KNOWN + 1), (*sizes, n_of_unknown))
    lost = []
    for seed in range(12):
        pile = documents(truth, seed)
        p_values = in_pile(pile, seed).p_values(pile)
        lost.append((p_values[truth < N_KNOWN] <= 0.2).mean())

    assert 0.1 <= np.mean(lost) <= 0.22


def test_the_order_of_the_pile_changes_nothing() -> None:
    pile = documents(np.repeat(np.arange(N_KNOWN + 1), 30), 2)
    order = np.random.default_rng(0).permutation(len(pile))
    shuffled = pile.take(order)

    wanted = in_pile(pile).p_values(pile)

    assert_allclose(in_pile(shuffled).p_values(shuffled), wanted[order])


def test_a_document_is_judged_alike_with_others_or_by_itself() -> None:
    """Of the pile that was learned from; it is no neighbour of its own.

    What is rounded otherwise may move it past a single held-out example.
    """
    pile = documents(np.repeat(np.arange(N_KNOWN + 1), 30), 3)
    fitted = in_pile(pile)

    one_by_one = [fitted.p_values(pile.take(np.array([row])))[0] for row in range(20)]

    assert_allclose(one_by_one, fitted.p_values(pile)[:20], atol=0.06)


def test_what_was_learned_from_is_not_scored_again() -> None:
    pile = documents(np.repeat(np.arange(N_KNOWN + 1), 30), 3)
    fitted = in_pile(pile)
    scoring_otherwise = replace(fitted, evidence=learned(1)[1].evidence)

    assert_allclose(scoring_otherwise.p_values(pile), fitted.p_values(pile))


def test_p_values_are_shares_and_never_quite_zero() -> None:
    pile = documents(np.repeat(np.arange(N_KNOWN + 1), 30), 4)

    found = in_pile(pile).p_values(pile)

    assert found.min() >= 1 / (N_KNOWN * SHOTS + 1)
    assert found.max() <= 1


def test_what_is_spread_solves_the_equation_of_the_neighbours() -> None:
    """The oracle is a linear system, solved at once."""
    random = np.random.default_rng(0)
    pile = documents(np.repeat(np.arange(N_KNOWN + 1), 20), 5)
    examples, _ = learned()
    nodes, links = novelty_in_pile._Nodes.of(pile, examples.features)
    left_out = np.arange(0, len(examples), 4)
    scores = random.normal(size=(len(pile) + len(left_out), 3))
    log_counts = np.zeros(len(nodes.rows))

    fold = novelty_in_pile._Fold.of(
        scores, links, left_out, log_counts, np.ones(len(left_out))
    )

    scored = np.concatenate([np.arange(len(pile)), len(pile) + left_out])
    standing = scores.max(axis=1) - scores.mean(axis=1)
    alone = np.ones(len(nodes.rows))
    alone[scored] = (standing.argsort().argsort() + 0.5) / len(standing)
    graph = np.zeros((len(alone), len(alone)))
    np.put_along_axis(graph, links.nearest, links.shares(log_counts), axis=1)
    is_known = np.ones(len(alone), dtype=bool)
    is_known[scored] = False
    graph[is_known] = 0
    own = np.where(is_known, 1.0, 0.2)
    wanted = np.linalg.solve(np.eye(len(alone)) - 0.8 * graph, own * alone)
    assert_allclose(fold.familiar, wanted, atol=2e-3)


def test_equal_texts_are_no_obstacle() -> None:
    pile = documents(np.repeat(np.arange(N_KNOWN), 5), 6)
    same = pile.take(np.repeat(np.arange(len(pile)), 15))

    found = in_pile(same).p_values(same)

    assert np.isfinite(found).all()
    assert_allclose(found, np.repeat(found[::15], 15))


def test_of_a_very_large_pile_a_sample_is_learned_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    truth = np.repeat(np.arange(N_KNOWN + 2), 60)
    pile = documents(truth, 7)
    monkeypatch.setattr(novelty_in_pile, "MOST_LINKED", 120)

    fitted = in_pile(pile)

    assert len(fitted.nodes.rows) == 120 + N_KNOWN * SHOTS
    assert roc_auc_score(truth < N_KNOWN, fitted.p_values(pile)) > 0.95
