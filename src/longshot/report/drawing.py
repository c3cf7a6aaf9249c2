"""What figures have in common: colours, signs, and how they are made and written."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from longshot.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's colours, which people with any colour vision tell apart."""

MARKERS = "os^Dv<>"


@runtime_checkable
class HasLimits(Protocol):
    """A number with the limits of its interval."""

    @property
    def value(self) -> float:
        """The number."""
        ...

    @property
    def low(self) -> float:
        """The lower limit."""
        ...

    @property
    def high(self) -> float:
        """The upper limit."""
        ...


def new_figure(width: float, height: float) -> "Figure":
    """Give an empty figure; its size is in inches.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError.naming("matplotlib", extra="figures") from error
    return Figure(figsize=(width, height), layout="constrained")


def draw_line(
    panel: Any,
    number: int,
    x: Sequence[int],
    figures: Sequence[HasLimits],
    *,
    label: str,
    **style: Any,
) -> None:
    """Draw one of several lines, with its intervals as a band.

    Parameters
    ----------
    panel
        matplotlib's axes.
    number
        Which line it is, from 0: it has its own colour and sign.
    x, figures
        Where the figures stand, and what they are.
    label
        What it is called in the legend.
    style
        What else matplotlib is told of the line.
    """
    colour = COLOURS[number % len(COLOURS)]
    low, high = [one.low for one in figures], [one.high for one in figures]
    panel.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
    panel.plot(
        x,
        [one.value for one in figures],
        color=colour,
        marker=MARKERS[number % len(MARKERS)],
        label=plain(label),
        **style,
    )


def check_drawable() -> None:
    """Find out before a long run whether its figures can be drawn.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    new_figure(1.0, 1.0)


def rendered(figure: "Figure", kind: Literal["svg", "png"]) -> bytes:
    """Give a figure as a file's bytes."""
    import matplotlib

    told: dict[str, Any] = {"svg": {"Date": None}, "png": {"Software": None}}[kind]
    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "longshot", "svg.fonttype": "path"}):
        figure.savefig(buffer, format=kind, dpi=150, metadata=told)
    return buffer.getvalue()


def plain(text: str) -> str:
    """Keep matplotlib from reading dollar signs as formulas."""
    return text.replace("$", r"\$")
