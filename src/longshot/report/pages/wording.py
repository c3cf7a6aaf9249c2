"""Numbers as people read them, the same on a page and in the terminal."""

import math

_MOST_TIMES = 1_000_000


def percent(share: float) -> str:
    """Write a share in whole percent; what is not all is never written as 100%.

    Examples
    --------
    >>> [percent(share) for share in (0.0, 0.001, 0.426, 0.9996, 1.0)]
    ['0%', '<1%', '43%', '>99%', '100%']
    """
    # halves go up, after six digits: as the page's scripts round what they are given
    rounded = math.floor(100 * round(share, 6) + 0.5)
    if rounded == 100 and share < 1:
        return ">99%"
    if rounded == 0 and share > 0:
        return "<1%"
    return f"{rounded}%"


def times_likelier(contribution: float) -> str:
    """Write what a passage adds to a label's score, a natural logarithm, as a factor.

    Examples
    --------
    >>> times_likelier(2.545), times_likelier(-0.02), times_likelier(20.0)
    ('12.7× likelier', '1.02× less likely', 'over 1,000,000× likelier')
    """
    factor = math.exp(min(abs(contribution), math.log(_MOST_TIMES)))
    digits = 0 if factor >= 100 else 1 if factor >= 1.1 else 2
    over = "over " if factor >= _MOST_TIMES * (1 - 1e-9) else ""
    side = "less likely" if contribution < 0 else "likelier"
    return f"{over}{factor:,.{digits}f}× {side}"


def counted(n: int, what: str) -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> counted(1, "document"), counted(1200, "document")
    ('1 document', '1,200 documents')
    """
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"
