"""What of long texts a page holds, when it cannot hold all of them.

Short texts stay whole. A long one keeps its beginning and its passages, with as much
around them as its share allows; what is left out is told where it is missing.
"""

from collections.abc import Sequence

Span = tuple[int, int]
"""Characters from and to: ``text[start:end]``."""

BEGINNING_CHARACTERS = 400
"""Of a shortened text, beside its passages: what a person knows a document by."""


def fair_share(sizes: Sequence[int], budget: int) -> int:
    """Find the most that each may have, so that all together stay within a budget.

    Who needs less leaves the rest to the others.

    Examples
    --------
    >>> fair_share([10, 100, 100], 110)
    50
    >>> fair_share([10, 20], 100)
    20
    """
    left, share = budget, 0
    ordered = sorted(sizes)
    for i, size in enumerate(ordered):
        share = left // (len(ordered) - i)
        if size > share:
            return share
        left -= size
        share = size
    return share


def kept_spans(n_characters: int, passages: Sequence[Span], share: int) -> list[Span]:
    """Choose which characters of a text stay.

    Parameters
    ----------
    n_characters
        Of the text.
    passages
        What should stay above all, the most telling first.
    share
        How many characters may stay, about.

    Returns
    -------
    list of Span
        In reading order, apart from each other; the whole text where it fits.

    Examples
    --------
    >>> kept_spans(90, [(20, 30)], 100)
    [(0, 90)]
    >>> kept_spans(9000, [(5000, 5100)], 700)
    [(0, 350), (4875, 5225)]
    """
    if n_characters <= share:
        return [(0, n_characters)]
    beginning = min(BEGINNING_CHARACTERS, share // 2)
    chosen, left = [], share - beginning
    for start, end in passages:
        taken = min(end - start, left)
        if taken > 0:
            chosen.append((start, start + taken))
            left -= taken
    if not chosen:
        return [(0, share)]
    around = left // (2 * len(chosen))
    wider = [(max(a - around, 0), min(b + around, n_characters)) for a, b in chosen]
    return _merged([(0, beginning), *wider])


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Put spans that touch or overlap together, and leave empty ones out."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
