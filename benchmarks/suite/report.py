"""How good the classifier is on sets that its priors never saw, beside baselines."""

import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.suite.baselines import answers
from benchmarks.suite.episodes import Episode, Names, Task, draw
from benchmarks.suite.fit import evidence_of, pile_model
from benchmarks.suite.sets import MODELS, SETS, ReadSet, Suite
from longshot.classify.combination.sources import Priors

SHOTS = (0, 1, 2, 4, 8, 16)
OURS = "longshot"
_BINS = 10
_SHOTS_OF_MODELS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One way on one draw.

    Attributes
    ----------
    set_name, model, shots, draw, names, pile, way
        Which.
    accuracy
        The share of documents that it labelled right.
    confidence, right
        In ten equal bins of confidence, their sums, and how many there are: of ours.
    """

    set_name: str
    model: str
    shots: int
    draw: int
    names: Names
    pile: bool
    way: str
    accuracy: float
    bins: tuple[tuple[float, float, int], ...] = ()


def measured(
    read: Callable[[Suite, str], ReadSet | None],
    left_out: dict[str, dict[str, Priors]],
    n_draws: int,
    job: tuple[Suite, str],
) -> list[Row]:
    """Measure all ways on draws of one set, alone and with the pile."""
    found = read(*job)
    rows: list[Row] = []
    if found is None:
        return rows
    priors = left_out.get(found.source, {})
    for shots in SHOTS:
        for number in range(n_draws):
            kinds: tuple[Names, ...] = ("true", "none") if shots else ("true",)
            for names in kinds:
                random = np.random.default_rng([number, shots])
                task = Task(shots=shots, names_are=names)
                episode = draw(found, task, random)
                if episode is not None:
                    rows += _of_episode(episode, priors, number)
    knows_it = not priors and not found.suite.held_back
    told = " under priors that were fitted on it: run fit first" if knows_it else ""
    print(f"measured {found.suite.name} with {found.model}{told}", flush=True)
    return rows


def ours(episode: Episode, priors: dict[str, Priors], *, pile: bool) -> np.ndarray:
    """Give longshot's probabilities under some priors."""
    if not pile:
        evidence = evidence_of(episode, is_pile=False, priors=priors.get("alone"))
        return np.asarray(np.exp(evidence.log_probabilities(episode.pile)))
    model, scores = pile_model(episode, priors.get("alone"), priors.get("pile"))
    return np.asarray(np.exp(model.log_probabilities(episode.pile, scores)))


def _of_episode(
    episode: Episode, priors: dict[str, Priors], number: int
) -> Iterable[Row]:
    for pile in (False, True):
        shared: dict[str, Any] = {
            "set_name": episode.set_name,
            "model": episode.model,
            "shots": episode.shots,
            "draw": number,
            "names": episode.names_are,
            "pile": pile,
        }
        found = ours(episode, priors, pile=pile)
        right = found.argmax(axis=1) == episode.truth
        yield Row(
            **shared,
            way=OURS,
            accuracy=float(right.mean()),
            bins=_binned(found.max(axis=1), right),
        )
        if episode.names_are == "true":
            for way, scores in answers(episode, pile=pile):
                right = scores.argmax(axis=1) == episode.truth
                yield Row(**shared, way=way, accuracy=float(right.mean()))


def _binned(
    confidence: np.ndarray, right: np.ndarray
) -> tuple[tuple[float, float, int], ...]:
    places = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    return tuple(
        (
            float(confidence[places == one].sum()),
            float(right[places == one].sum()),
            int((places == one).sum()),
        )
        for one in range(_BINS)
    )


def calibration_error(rows: Sequence[Row]) -> float:
    """Give the expected calibration error of several draws together."""
    sums = np.sum([row.bins for row in rows], axis=0)
    return float(np.abs(sums[:, 0] - sums[:, 1]).sum() / sums[:, 2].sum())


def write(path: Path, rows: Iterable[Row]) -> None:
    """Write what was measured, a line each."""
    lines = (json.dumps(asdict(row)) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")


Cell = tuple[str, str, int, bool]


def _cells(rows: Sequence[Row]) -> dict[Cell, dict[str, list[Row]]]:
    cells: dict[Cell, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.names == "true":
            cell = (row.set_name, row.model, row.shots, row.pile)
            cells[cell][row.way].append(row)
    return cells


def _mean(rows: Sequence[Row]) -> float:
    return 100 * float(np.mean([row.accuracy for row in rows]))


def _best_of_others(ways: dict[str, list[Row]]) -> float:
    return max(_mean(one) for way, one in ways.items() if way != OURS)


def _lead(ways: dict[str, list[Row]]) -> float:
    return _mean(ways[OURS]) - _best_of_others(ways)


def table(rows: Sequence[Row]) -> str:
    """Give the table of the documentation: per set, and what the issue is held to."""
    cells = _cells(rows)
    lines = [
        "| set, model | " + " | ".join(_heads()) + " |",
        "|---" * (1 + 2 * len(SHOTS)) + "|",
    ]
    for name, model in sorted({cell[:2] for cell in cells}):
        found = []
        for shots in SHOTS:
            for pile in (False, True):
                cell = cells.get((name, model, shots, pile))
                if not cell:
                    found.append("")
                    continue
                found.append(f"{_mean(cell[OURS]):.1f} ({_best_of_others(cell):.1f})")
        lines.append(f"| {name}, {model} | " + " | ".join(found) + " |")
    held_back = {suite.name for suite in SETS if suite.held_back}
    for head, is_held_back in (("Development sets", False), ("Held back", True)):
        of_group = [row for row in rows if (row.set_name in held_back) == is_held_back]
        if of_group:
            lines += ["", f"{head}:", "", *_summary(of_group)]
    return "\n".join(lines)


def _heads() -> list[str]:
    return [f"{n}, {way}" for n in ("names", *SHOTS[1:]) for way in ("alone", "pile")]


def _summary(rows: Sequence[Row]) -> Iterator[str]:
    cells = _cells(rows)
    yield from _leads(cells)
    yield ""
    share = np.mean([_lead(ways) < -1 for ways in cells.values()])
    yield f"- behind by more than a point in {share:.0%} of cells"
    yield from _gains_of_model(cells)
    yield from _losses(rows)


def _gains_of_model(cells: dict[Cell, dict[str, list[Row]]]) -> Iterator[str]:
    """Tell what the larger model gains, on sets and cells that both have."""
    small, large = MODELS
    gains = [
        _mean(ways[OURS]) - _mean(cells[name, small, shots, pile][OURS])
        for (name, model, shots, pile), ways in cells.items()
        if model == large and shots == _SHOTS_OF_MODELS
        if (name, small, shots, pile) in cells
    ]
    if gains:
        yield (
            f"- {large} beside {small} with {_SHOTS_OF_MODELS} examples: "
            f"{np.mean(gains):+.1f}"
        )


def _leads(cells: dict[Cell, dict[str, list[Row]]]) -> Iterator[str]:
    """Tell how far longshot is ahead of the best baseline, and how well calibrated."""
    yield "| examples, alone or pile | ahead by | at the worst | calibration error |"
    yield "|---|---|---|---|"
    for shots, pile in itertools.product(SHOTS, (False, True)):
        found = [ways for cell, ways in cells.items() if cell[2:] == (shots, pile)]
        if not found:  # every set has too few documents for so many examples
            continue
        leads = [_lead(ways) for ways in found]
        errors = [100 * calibration_error(ways[OURS]) for ways in found]
        where = "pile" if pile else "alone"
        yield (
            f"| {shots}, {where} | {np.mean(leads):+.1f} | {min(leads):+.1f} | "
            f"{np.mean(errors):.1f} |"
        )


def _losses(rows: Sequence[Row]) -> Iterator[str]:
    """Tell how often more evidence costs more than a point, draw by draw."""
    own = [row for row in rows if row.way == OURS]
    accuracies = {
        (one.set_name, one.model, one.draw, one.shots, one.names, one.pile): (
            one.accuracy
        )
        for one in own
    }
    costs, falls = [], []
    for row in own:
        if row.names != "true":
            continue
        which = (row.set_name, row.model, row.draw)
        if row.pile:
            costs.append(row.accuracy - accuracies[*which, row.shots, "true", False])
        by_names = accuracies.get((*which, 0, "true", row.pile))
        by_examples = accuracies.get((*which, row.shots, "none", row.pile))
        if by_names is not None and by_examples is not None:
            falls.append(row.accuracy - max(by_names, by_examples))
    yield (
        f"- the pile costs more than a point in {_share_of_losses(costs)} of draws, at "
        f"the worst {100 * min(costs):.1f}; on the mean it gains "
        f"{100 * np.mean(costs):+.1f}"
    )
    yield (
        "- names and examples below the better of either by more than a point: "
        f"{_share_of_losses(falls)}"
    )


def _share_of_losses(differences: Sequence[float]) -> str:
    return f"{np.mean(np.array(differences) < -0.01):.0%}"
