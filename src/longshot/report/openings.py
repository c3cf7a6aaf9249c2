"""The first words of a passage, for one line of a table."""

import regex

PASSAGE_CHARACTERS = 72

_BEGINNING = r"""[\p{Ps}\p{Pi}"'*_]*[\p{Lu}\p{Lt}\p{Lo}]"""
_SENTENCE = regex.compile(
    rf"""[.!?…][\p{{Pe}}\p{{Pf}}"'*_]*\s+(?={_BEGINNING})|\n\s*\n\s*(?=\S)"""
)


def opening(
    passage: str, *, start: int = 0, characters: int = PASSAGE_CHARACTERS
) -> str:
    """Give the first words of a passage, in one line.

    Windows are cut between tokens, so that most begin in the middle of a sentence. Such
    a passage is shown from the next sentence on, if one begins in its first half.

    Parameters
    ----------
    passage
        A window's text.
    start
        Where it begins in its document.
    characters
        How many are shown at most, without the sign that there are more.

    Examples
    --------
    >>> opening("30 June. The rent is due on the first of each month.", start=2000)
    'The rent is due on the first of each month.'
    """
    shown = passage if start == 0 else _from_a_sentence(passage)
    line = " ".join(shown[: 4 * characters].split())
    if len(line) <= characters:
        return line
    return line[:characters].rsplit(" ", 1)[0] + " …"


def _from_a_sentence(passage: str) -> str:
    if regex.match(_BEGINNING, passage):
        return passage
    found = _SENTENCE.search(passage, endpos=1 + len(passage) // 2)
    return passage[found.end() :] if found else f"… {passage}"
