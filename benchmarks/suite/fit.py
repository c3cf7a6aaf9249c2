"""Fit the priors of evidence on episodes: what a source is worth, given what is seen.

By maximum likelihood of the pile's true classes, each set counting alike, with a small
penalty on the coefficients. First the sources that judge a document alone, then, with
what these say, those of the pile: there what is likelier alone counts twice, so that a
pile that says nothing is left out rather than trusted. Leave-one-set-out fits are what
the tables report.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import minimize
from scipy.special import log_softmax

from benchmarks.suite.episodes import Episode
from longshot.classify.combination.evidence import EvidenceModel
from longshot.classify.combination.pile import (
    SOURCES,
    ByItself,
    PileModel,
    by_itself,
)
from longshot.classify.combination.sources import (
    LOG_WEIGHTS,
    Priors,
    Source,
    read_priors,
)
from longshot.classify.features.views import ALL_VIEWS
from longshot.classify.models.views import evidence_alone, evidence_in_pile
from longshot.classify.scorers.names import NAME_VIEWS

OWN = ("one", "shots", "titled")
SHARED = ("alone", "spread", "agreement", "likelihood")
ALONE = (*OWN, *SHARED)
PILE = (
    *("one", "shots", "agreement", "coherence", "ways", "likelihood"),
    *("stability", "size"),
)
PRECISION = 10.0
"""How tightly held-out examples are held to the priors; 5 to 40 differ little."""

_EVIDENCE = (
    *(Source("names", view) for view in NAME_VIEWS),
    *(Source("examples", view) for view in ALL_VIEWS),
)
_START_ALONE = -1.0
_START_PILE = np.array([-0.7, -0.7, -1.0, -2.0])
_PENALTIES = {"alone": 1e-3, "pile": 1e-4}
_SCALE_PENALTY = 1e-3
_BOUNDED = {"alone": 0.0, "pile": 0.7}
"""How far the loss of a document is bounded: from 0, by likelihood, to 1, by its error
(generalised cross entropy, Zhang and Sabuncu 2018). Where opinions lie in one cluster
a pile is sure of many documents and wrong; it would be believed less for it everywhere
(docs/research/003)."""

_LOSSES_COUNT = 1.0
"""What it counts beside the likelihood that a pile makes the truth less likely."""

_MOST_JUDGED = 100
_ROUNDS = 80


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Case:
    """An episode as the fit sees it.

    Attributes
    ----------
    source, set_name
        Where it comes from.
    scores, truth
        What each source says of some documents, and their classes.
    observed
        What was observed of each source.
    """

    source: str
    set_name: str
    scores: Float[np.ndarray, "document source class"]
    truth: Int[np.ndarray, " document"]
    observed: Float[np.ndarray, "source observable"]


def uniform_priors(part: str) -> Priors:
    """Give priors under which all sources count alike: they only serve to observe."""
    names = ALONE if part == "alone" else PILE
    sources = _EVIDENCE if part == "alone" else SOURCES
    rows = {str(one): np.zeros(len(names)) for one in sources}
    return Priors(observables=names, coefficients=rows, precision=1e9)


def case_alone(episode: Episode, *, is_pile: bool, random: np.random.Generator) -> Case:
    """Observe the sources that judge documents by themselves."""
    model = evidence_of(episode, is_pile=is_pile, priors=uniform_priors("alone"))
    rows = random.permutation(len(episode.pile))[:_MOST_JUDGED]
    documents = episode.pile.take(rows)
    n_classes = model.n_classes
    shape = (len(rows), len(_EVIDENCE), n_classes)
    scores: np.ndarray = np.zeros(shape, dtype=np.float32)
    observed: np.ndarray = np.zeros((len(_EVIDENCE), len(ALONE)))
    for source, one in zip(model.sources, model.observed, strict=True):
        place: int = _EVIDENCE.index(source)
        scores[:, place] = model.source_scores(source, documents)
        observed[place] = [one[name] for name in ALONE]
    return Case(
        source=episode.source,
        set_name=episode.set_name,
        scores=scores,
        truth=episode.truth[rows],
        observed=observed,
    )


def case_of_pile(episode: Episode, priors: Priors, random: np.random.Generator) -> Case:
    """Observe what a pile says beside what its documents say alone."""
    model, by_themselves = pile_model(episode, priors, uniform_priors("pile"))
    rows = random.permutation(len(episode.pile))[: 2 * _MOST_JUDGED]
    scores = model.source_scores(episode.pile.take(rows), by_themselves[:, rows])
    observed = [model.observed[name] for name in PILE]
    return Case(
        source=episode.source,
        set_name=episode.set_name,
        scores=np.moveaxis(scores, 0, 1).astype(np.float32),
        truth=episode.truth[rows],
        observed=np.tile(observed, (len(SOURCES), 1)),
    )


def pile_model(
    episode: Episode, alone: Priors | None, pile: Priors | None
) -> tuple[PileModel, ByItself]:
    """Learn what an episode's pile tells, and what is said of each document alone."""
    by_alone = evidence_of(episode, is_pile=False, priors=alone)
    centred = evidence_of(episode, is_pile=True, priors=alone)
    scores = by_itself(by_alone, centred, episode.pile)
    model = PileModel.fit(
        by_alone, centred, episode.examples, episode.pile, scores, pile
    )
    return model, scores


def evidence_of(
    episode: Episode, *, is_pile: bool, priors: Priors | None
) -> EvidenceModel:
    """Learn what an episode's examples and names tell."""
    if is_pile:
        return evidence_in_pile(episode.examples, episode.names, episode.pile, priors)
    return evidence_alone(
        episode.examples, episode.names, lambda: episode.background, priors
    )


def fit_alone(cases: Sequence[Case], start: np.ndarray | None = None) -> np.ndarray:
    """Fit what each source is worth alone: a row of coefficients for each.

    What is observed of the spread, of agreement, and of the names' likelihood counts
    alike for all sources of a kind.
    """
    n_own, n_kinds = len(OWN), 2
    is_examples = np.array([one.kind == "examples" for one in _EVIDENCE])

    def rows_of(terms: np.ndarray) -> np.ndarray:
        own = terms[: n_own * len(_EVIDENCE)].reshape(len(_EVIDENCE), n_own)
        shared = terms[n_own * len(_EVIDENCE) :].reshape(n_kinds, len(SHARED))
        return np.hstack([own, shared[is_examples.astype(int)]])

    def folded(rows: np.ndarray) -> np.ndarray:
        shared = rows[:, n_own:]
        sums = [shared[~is_examples].sum(axis=0), shared[is_examples].sum(axis=0)]
        return np.concatenate([rows[:, :n_own].ravel(), *sums])

    origin = np.zeros((len(_EVIDENCE), n_own))
    origin[:, 0] = _START_ALONE
    terms = np.concatenate([origin.ravel(), np.zeros(n_kinds * len(SHARED))])
    found = _fitted(cases, rows_of, folded, terms, "alone", start)
    return rows_of(found)


def fit_pile(cases: Sequence[Case], start: np.ndarray | None = None) -> np.ndarray:
    """Fit what the pile is worth: a row of coefficients for each source.

    How sure to be is fitted after, by likelihood, since a bounded loss tells it badly.
    """
    shape = (len(SOURCES), len(PILE))
    origin = np.zeros(shape)
    origin[:, 0] = _START_PILE
    found = _fitted(
        cases,
        lambda terms: terms.reshape(shape),
        lambda rows: rows.ravel(),
        origin.ravel(),
        "pile",
        start,
    )
    rows = found.reshape(shape)
    return np.asarray(rows + _sureness(cases, rows))


def _sureness(cases: Sequence[Case], rows: np.ndarray) -> np.ndarray:
    """Fit by likelihood what is added to the rows of all sources alike."""
    weighed = [
        np.einsum("dfc,f->dc", case.scores, _weights(rows, case)[0]) for case in cases
    ]
    shares = _shares(cases)

    def loss(terms: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = 0.0, np.zeros_like(terms)
        for case, scores, share in zip(cases, weighed, shares, strict=True):
            observed = case.observed[0]
            factor = np.exp(terms @ observed)
            places = np.arange(len(case.truth))
            fitted = log_softmax(factor * scores, axis=1)
            total -= share * fitted[places, case.truth].mean()
            surplus = np.exp(fitted)
            surplus[places, case.truth] -= 1
            by_factor = factor * (surplus * scores).sum() / len(places)
            slope += share * by_factor * observed
        penalty = _SCALE_PENALTY / 2 * (terms**2).sum()
        return total + penalty, slope + _SCALE_PENALTY * terms

    begin = np.zeros(rows.shape[1])
    found = minimize(loss, begin, jac=True, method="L-BFGS-B")
    return np.asarray(found.x)


def _weights(rows: np.ndarray, case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Give the weights of a case's sources, and which of them are within bounds."""
    logs = (rows * case.observed).sum(axis=1)
    moves = (logs > LOG_WEIGHTS[0]) & (logs < LOG_WEIGHTS[1])
    return np.exp(np.clip(logs, *LOG_WEIGHTS)), moves


def _shares(cases: Sequence[Case]) -> list[float]:
    """Give what each case counts: all of a set count as much as those of another."""
    counts = Counter(case.set_name for case in cases)
    return [1 / len(counts) / counts[case.set_name] for case in cases]


def _fitted(
    cases: Sequence[Case],
    rows_of: Callable[[np.ndarray], np.ndarray],
    folded: Callable[[np.ndarray], np.ndarray],
    origin: np.ndarray,
    part: str,
    start: np.ndarray | None,
) -> np.ndarray:
    penalty, losses = _PENALTIES[part], _LOSSES_COUNT if part == "pile" else 0.0
    shares, bounded = _shares(cases), _BOUNDED[part]

    def loss(terms: np.ndarray) -> tuple[float, np.ndarray]:
        rows = rows_of(terms)
        total, slopes = 0.0, np.zeros_like(rows)
        for case, share in zip(cases, shares, strict=True):
            weights, moves = _weights(rows, case)
            places = np.arange(len(case.truth))
            fitted = log_softmax(np.einsum("dfc,f->dc", case.scores, weights), axis=1)
            of_truth = fitted[places, case.truth]
            surprise = _surprise(of_truth, bounded)
            counted = 1.0
            if losses:
                alone = log_softmax(case.scores[:, 0], axis=1)[places, case.truth]
                more = surprise - _surprise(alone, bounded)
                counted += losses * (more > 0)
                surprise += losses * max(more, 0)
            total += share * surprise
            surplus = np.exp(fitted)
            surplus[places, case.truth] -= 1
            surplus *= np.exp(bounded * of_truth)[:, None]
            by_weight = np.einsum("dc,dfc->f", surplus, case.scores) / len(places)
            slope = counted * share * by_weight * weights * moves
            slopes += slope[:, None] * case.observed
        off = terms - origin
        return total + penalty / 2 * (off**2).sum(), folded(slopes) + penalty * off

    begin = origin if start is None else start
    options = {"maxiter": _ROUNDS}
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x)


def _surprise(of_truth: Float[np.ndarray, " document"], bounded: float) -> float:
    """Give the mean loss of documents whose class has these logarithms."""
    if not bounded:
        return float(-of_truth.mean())
    return float((1 - np.exp(bounded * of_truth)).mean() / bounded)


def priors_of(part: str, rows: np.ndarray) -> Priors:
    """Give fitted coefficients as priors."""
    names = ALONE if part == "alone" else PILE
    sources = _EVIDENCE if part == "alone" else SOURCES
    return Priors(
        observables=names,
        coefficients={str(one): row for one, row in zip(sources, rows, strict=True)},
        precision=PRECISION,
    )


def write(path: Path, parts: dict[str, Priors], provenance: dict[str, Any]) -> None:
    """Write the priors to the file that the classifier reads."""
    content: dict[str, Any] = {"provenance": provenance}
    for part, priors in parts.items():
        content[part] = {
            "observables": list(priors.observables),
            "precision": priors.precision,
            "coefficients": {
                source: [round(float(one), 4) for one in row]
                for source, row in priors.coefficients.items()
            },
        }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def sources_of(cases: Iterable[Case]) -> list[str]:
    """Name what the cases come from."""
    return sorted({case.source for case in cases})


def read_left_out(kept: Path) -> dict[str, dict[str, Priors]]:
    """Read the priors that were fitted without each source; those of all for others."""
    found: dict[str, dict[str, Priors]] = {}
    for path in kept.glob("without.*.json"):
        provenance = json.loads(path.read_text(encoding="utf-8"))["provenance"]
        found[provenance["without"]] = {
            "alone": read_priors(path, "alone"),
            "pile": read_priors(path, "pile"),
        }
    return found
