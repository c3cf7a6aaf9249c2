"""How often the stated limit holds, on what longshot really decided."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from benchmarks.audit.piles import piles
from benchmarks.output.tables import print_header, print_row
from benchmarks.suite.places import Places
from longshot.audit import Answer, audit_result, draw_sample


def measure(
    places: Places,
    names: Collection[str] | None,
    shots: int,
    n_answers: int,
    n_audits: int,
) -> None:
    """Audit each set many times, and print how often the limit held.

    A limit once reached stays reached, so that one that holds in the end held whenever
    somebody might have stopped.
    """
    print_header(
        "data set",
        "documents",
        "right",
        "mean confidence",
        "limits that held",
        "limit, median",
        "limit, lowest tenth",
    )
    for _, pile in piles(places, names, [shots], seed=0):
        probabilities, is_right = pile.decided(pile.examples)
        confidences = probabilities.max(axis=1)
        truth = is_right.mean()
        answers: list[Answer] = ["right" if one else "wrong" for one in is_right]
        design = draw_sample(confidences, n_answers, seed=0)
        limits = np.empty(n_audits)
        for seed in range(n_audits):
            sample = replace(design, seed=seed).extended(n_answers)
            limits[seed] = audit_result(sample, [answers[i] for i in sample.rows]).limit
        print_row(
            pile.read.suite.name,
            f"{len(is_right):,}",
            f"{truth:.1%}",
            f"{confidences.mean():.1%}",
            f"{(limits <= truth).mean():.1%}",
            f"{np.median(limits):.1%}",
            f"{np.quantile(limits, 0.1):.1%}",
        )
