"""What scipy's optimiser takes for a classifier's regression, beside longshot's.

Run: python -m benchmarks.learning.optimiser [--rounds 9]

Softmax regressions over random vectors around the mean of their class, in 300
dimensions; the same function, the same number of steps.
"""

import argparse
import statistics

import numpy as np
from scipy.optimize import minimize

from benchmarks.output.side_by_side import time_in_turn
from benchmarks.output.tables import print_header, print_row
from longshot.classify.scorers.regression import PenalisedCrossEntropy
from longshot.lbfgs import minimise
from longshot.similarity import unit

SIZES = ((5, 40), (25, 200), (150, 1200), (150, 5700))
"""Classes, and rows."""

DIM = 300
PENALTY = 0.1
MAX_STEPS = 25


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    print_header("classes", "rows", "scipy takes", "its minimum", "ours")
    for n_classes, n_rows in SIZES:
        _measure(drawn(n_classes, n_rows), n_classes, n_rows, options.rounds)


def drawn(n_classes: int, n_rows: int) -> PenalisedCrossEntropy:
    """Draw vectors around the means of their classes, and give what is minimised."""
    random = np.random.default_rng(0)
    classes = np.arange(n_rows) % n_classes
    means = 0.5 * random.normal(size=(n_classes, DIM))
    rows = unit(means[classes] + random.normal(size=(n_rows, DIM)), np.float32)
    return PenalisedCrossEntropy(
        rows=rows,
        weighted_targets=np.eye(n_classes, dtype=np.float32)[classes],
        weights=np.ones((n_rows, 1), dtype=np.float32),
        penalty=PENALTY,
    )


def _measure(
    function: PenalisedCrossEntropy, n_classes: int, n_rows: int, rounds: int
) -> None:
    start = np.zeros((DIM + 1) * n_classes)
    least: dict[str, float] = {}

    def scipys() -> None:
        options = {"maxiter": MAX_STEPS, "maxcor": 6}
        found = minimize(function, start, jac=True, method="L-BFGS-B", options=options)
        least["scipy"] = float(found.fun)

    def ours() -> None:
        least["ours"] = function(minimise(function, start, max_rounds=MAX_STEPS))[0]

    seconds = time_in_turn({"scipy": scipys, "ours": ours}, rounds=rounds)
    ratio = statistics.median(seconds["scipy"]) / statistics.median(seconds["ours"])
    print_row(
        n_classes,
        n_rows,
        f"{ratio:.1f} × as long",
        f"{least['scipy']:.3f}",
        f"{least['ours']:.3f}",
    )


if __name__ == "__main__":
    main()
