"""What was read beside what was written: words recovered, and their order kept."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovered:
    """How much of a text was read.

    Attributes
    ----------
    words
        The share of its words that were read, wherever they stand.
    in_order
        The share that stands in the same order.
    surplus
        Words that were read and not written, as a share of those written.
    """

    words: float
    in_order: float
    surplus: float


def recovered(written: str, read: str) -> Recovered:
    """Compare two texts word by word, whatever their blanks, signs and capitals.

    Examples
    --------
    >>> recovered("The rent is due.", "is due: the RENT, now")
    Recovered(words=1.0, in_order=0.5, surplus=0.25)
    """
    there, found = _WORD.findall(written.lower()), _WORD.findall(read.lower())
    n_both = sum((Counter(there) & Counter(found)).values())
    blocks = SequenceMatcher(None, there, found, autojunk=False).get_matching_blocks()
    n = max(1, len(there))
    return Recovered(
        words=n_both / n,
        in_order=sum(block.size for block in blocks) / n,
        surplus=(len(found) - n_both) / n,
    )
