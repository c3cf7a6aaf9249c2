"""Numbers as people read them, the same on a page and in the terminal."""

import math


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


def counted(n: int, what: str) -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> counted(1, "document"), counted(1200, "document")
    ('1 document', '1,200 documents')
    """
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"
