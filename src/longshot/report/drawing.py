"""What figures have in common: colours, signs, and how they are made and written."""

from typing import TYPE_CHECKING

from longshot.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's colours, which people with any colour vision tell apart."""

MARKERS = "os^Dv<>"


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


def plain(text: str) -> str:
    """Keep matplotlib from reading dollar signs as formulas."""
    return text.replace("$", r"\$")
