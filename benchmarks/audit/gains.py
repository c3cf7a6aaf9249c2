"""What labelling what is suggested brings, on the suite's development sets.

Of each set, 1 to 8 examples of each class are known; 5, 10 and 20 suggested documents
of the pile get their label, and the others are decided anew. With `x` the logarithm of
how many times as much is known (examples and names), the logarithm of the error's ratio
over ``sqrt(x)`` has much the same distribution everywhere; its quantiles are kept.
"""

import json
from collections.abc import Collection
from pathlib import Path

import numpy as np

import longshot.audit.gains as gains_module
from benchmarks.audit.piles import Pile, piles
from benchmarks.output.tables import print_header, print_row
from benchmarks.suite.places import Places
from longshot.selection.strategies import select

SHOTS = (1, 2, 4, 8)
LABELLED = (5, 10, 20)
SEEDS = (0, 1)
FILE = Path(gains_module.__file__).with_suffix(".json")


def measure(places: Places, names: Collection[str] | None, *, write: bool) -> None:
    """Print quantiles, and how often they hold on sets that they were not fitted on."""
    found: dict[str, list[float]] = {}
    points: dict[str, list[float]] = {}
    for seed in SEEDS:
        for _, pile in piles(places, names, SHOTS, seed):
            name = pile.read.suite.name
            for ratio, gain in _labelled(pile):
                found.setdefault(name, []).append(ratio)
                points.setdefault(name, []).append(gain)
    print_header("data set", "points more, median", "within the limits of the others")
    for name, ratios in found.items():
        low, _, high = _quantiles([r for o, r in found.items() if o != name])
        inside = np.mean([low <= one <= high for one in ratios])
        print_row(name, f"{100 * np.median(points[name]):+.1f}", f"{inside:.0%}")
    fitted = _quantiles(list(found.values()))
    print_row("all", *(f"{one:.2f}" for one in fitted))
    if write:
        kept = {
            "command": "python -m benchmarks.audit gains --write",
            "sets": sorted(found),
            "quantiles": [round(one, 3) for one in fitted],
        }
        FILE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _quantiles(ratios: list[list[float]]) -> list[float]:
    """Give the quantiles, each set counting as much."""
    ordered = [np.quantile(one, np.linspace(0.005, 0.995, 100)) for one in ratios]
    found = np.quantile(np.concatenate(ordered), gains_module.QUANTILES)
    return [float(one) for one in found]


def _labelled(pile: Pile) -> list[tuple[float, float]]:
    """Label what is suggested: the error's ratio, scaled, and the gain in points."""
    probabilities, before = pile.decided(pile.examples)
    vectors = pile.read.documents.vectors
    order = select(
        "both",
        vectors[pile.rows],
        vectors[pile.examples],
        probabilities,
        max(LABELLED),
        seed=0,
    )
    known = len(pile.examples) + len(pile.classes)
    found = []
    for n in LABELLED:
        chosen = order[:n]
        _, after = pile.decided(np.concatenate([pile.examples, pile.rows[chosen]]))
        others = np.setdiff1d(np.arange(len(pile.rows)), chosen)
        first, then = (_error(one[others]) for one in (before, after))
        scale = gains_module.more_known(known, n)
        found.append((float(np.log(then / first) / scale), first - then))
    return found


def _error(is_right: np.ndarray) -> float:
    """Give the share of wrong ones, never quite zero (Laplace's rule)."""
    return float(((~is_right).sum() + 1) / (len(is_right) + 2))
