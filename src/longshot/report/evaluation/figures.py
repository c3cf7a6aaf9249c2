"""An evaluation's figures: learning curve, reliability, risk against coverage."""

from typing import TYPE_CHECKING, Any

from longshot.evaluation.results import Closely, Evaluation
from longshot.report.drawing import COLOURS, MARKERS, draw_line, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_learning_curve(found: Evaluation) -> "Figure":
    """Draw accuracy over examples per class, with its interval, for each learner."""
    figure = new_figure(5.6, 4.0)
    panel: Any = figure.add_subplot()
    for i, learner in enumerate(dict.fromkeys(one.learner for one in found.points)):
        points = [one for one in found.points if one.learner == learner]
        shots = [one.shots for one in points]
        draw_line(panel, i, shots, [one.accuracy for one in points], label=learner)
    _draw_forecast(panel, found)
    panel.set_xscale("log", base=2)
    ticks = sorted({one.shots for one in found.points} | set(_ahead(found)))
    panel.set_xticks(ticks, [str(k) for k in ticks])
    panel.set_xlabel("examples per class")
    panel.set_ylabel("accuracy")
    panel.grid(alpha=0.25)
    panel.legend(fontsize=8)
    return figure


def draw_reliability(closely: Closely) -> "Figure":
    """Draw how often decisions were right against how sure they were."""
    figure = new_figure(4.2, 4.0)
    panel: Any = figure.add_subplot()
    curve = closely.reliability
    panel.plot([0, 1], [0, 1], color="#888888", linestyle="--", linewidth=1)
    panel.bar(
        curve.confidence,
        curve.share,
        width=0.03,
        color="#bbbbbb",
        label="share of documents",
    )
    panel.plot(
        curve.confidence,
        curve.accuracy,
        color=COLOURS[0],
        marker=MARKERS[0],
        label="share that is right",
    )
    panel.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="confidence", aspect="equal")
    panel.grid(alpha=0.25)
    panel.legend(fontsize=8, loc="upper left")
    return figure


def draw_risk(closely: Closely) -> "Figure":
    """Draw the share of mistakes when only the surest share is decided."""
    figure = new_figure(4.6, 4.0)
    panel: Any = figure.add_subplot()
    curve = closely.risk_coverage
    panel.plot(curve.coverage, curve.risk, color=COLOURS[0])
    panel.set(
        xlim=(0, 1),
        xlabel="share of documents decided, surest first",
        ylabel="share of these that is wrong",
    )
    panel.set_ylim(bottom=0)
    panel.grid(alpha=0.25)
    return figure


def _ahead(found: Evaluation) -> tuple[int, ...]:
    return found.forecast.shots if found.forecast is not None else ()


def _draw_forecast(panel: Any, found: Evaluation) -> None:
    if found.forecast is None:
        return
    figures = found.forecast.accuracy
    values = [one.value for one in figures]
    reach = [
        [one.value - one.low for one in figures],
        [one.high - one.value for one in figures],
    ]
    panel.errorbar(
        found.forecast.shots,
        values,
        yerr=reach,
        color=COLOURS[0],
        marker="o",
        markerfacecolor="white",
        linestyle=":",
        capsize=3,
        label="forecast",
    )
