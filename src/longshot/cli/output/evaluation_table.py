"""An evaluation as tables on stdout, with the answers below them."""

import math

from longshot.cli.output.consoles import printable, put
from longshot.cli.output.table import print_table
from longshot.evaluation.intervals import Figure
from longshot.evaluation.results import Closely, Evaluation
from longshot.report.evaluation.page import frequent_confusions

N_CONFUSIONS = 5


def print_evaluation(found: Evaluation) -> None:
    """Print the learning curve, the classes, the mistakes, and what follows."""
    _print_curve(found)
    put("\n")
    _print_classes(found.closely)
    confusions = frequent_confusions(found.closely)[:N_CONFUSIONS]
    if confusions:
        put("\n")
        rows = [[true, taken, f"{share:.0%}"] for true, taken, share in confusions]
        print_table(["true", "taken for", "share of true"], rows, numbers={2})
    put("\n" + "".join(f"{printable(answer)}\n" for answer in found.answers))


def _print_curve(found: Evaluation) -> None:
    rows = [
        [
            str(one.shots),
            one.learner,
            *map(_share, (one.accuracy, one.macro_f1, one.calibration_error, one.aurc)),
        ]
        for one in sorted(found.points, key=lambda one: one.shots)
    ]
    header = ["shots", "learner", "accuracy", "macro F1", "calibration error", "AURC"]
    print_table(header, rows, numbers={0, 2, 3, 4, 5})


def _print_classes(closely: Closely) -> None:
    rows = [
        [
            one.label,
            f"{one.n_documents:,}",
            _share(one.recall),
            _share(one.precision),
            _share(one.f1),
        ]
        for one in closely.classes
    ]
    shots = "1 example" if closely.shots == 1 else f"{closely.shots} examples"
    header = [f"class, from {shots}", "documents", "recall", "precision", "F1"]
    print_table(header, rows, numbers={1, 2, 3, 4})


def _share(figure: Figure) -> str:
    """Write a share in per cent with its limits.

    Examples
    --------
    >>> _share(Figure(value=0.934, low=0.9, high=0.95))
    '93.4 (90 to 95)'
    """
    if math.isnan(figure.value):
        return "–"
    return (
        f"{100 * figure.value:.1f} ({100 * figure.low:.0f} to {100 * figure.high:.0f})"
    )
