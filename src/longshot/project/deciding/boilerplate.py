"""Passages that people said to ignore everywhere: what is read of texts without them.

Letterheads, disclaimers, navigation: they stand in documents of any label, and drown
what tells them apart. ``python -m benchmarks.labels.marks boilerplate`` measures what
that is worth.
"""

import re
from collections.abc import Callable, Sequence
from functools import cached_property

from longshot.errors import SettingError

_LEAST_WORDS = 3
"""A word or two stand everywhere, and not only as boilerplate."""


def checked_passage(passage: str, text: str) -> str:
    """Give a passage as it is kept: its words, with one blank between.

    Raises
    ------
    SettingError
        If it is too short, or does not stand in the text.
    """
    words = passage.split()
    if len(words) < _LEAST_WORDS:
        raise SettingError(
            f"a passage to ignore must have at least {_LEAST_WORDS} words; got "
            f"{len(words)}. Choose more of it."
        )
    kept = " ".join(words)
    if not Boilerplate([kept]).is_in(text):
        raise SettingError(
            "a passage to ignore must stand in its document; this one does not. Copy "
            "it from there."
        )
    return kept


class Boilerplate:
    r"""Leaves passages out, wherever their words stand in this order.

    Parameters
    ----------
    passages
        Each with one blank between its words; in a text there may be any white space.

    Examples
    --------
    >>> cut = Boilerplate(["All rights reserved."])
    >>> cut.without("The rent. All rights\nreserved. Is due.")
    'The rent.   Is due.'
    >>> cut.blanked("All rights reserved. Due.")
    '                     Due.'
    """

    def __init__(self, passages: Sequence[str]) -> None:
        # Longer ones first, so that none is found within a part of itself.
        self.passages = tuple(sorted(set(passages), key=lambda one: (-len(one), one)))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        each = (r"\s+".join(map(re.escape, one.split())) for one in self.passages)
        return re.compile("|".join(each))

    def is_in(self, text: str) -> bool:
        """Tell whether one of them stands in a text."""
        return bool(self.passages) and self._pattern.search(text) is not None

    def without(self, text: str) -> str:
        """Give a text without them; what is nothing else stays as it is."""
        found = self._replaced(text, lambda _: " ")
        return text if found == text else found.strip()

    def blanked(self, text: str) -> str:
        """Put blanks in their place, so that no other character moves."""
        return self._replaced(text, lambda one: " " * len(one[0]))

    def _replaced(self, text: str, by: Callable[[re.Match[str]], str]) -> str:
        if not self.passages:
            return text
        found = self._pattern.sub(by, text)
        return found if found.strip() else text
