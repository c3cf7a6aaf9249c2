"""Regular English forms of a word, and the commonest irregular plurals.

For other languages, and for verbs that change their vowel, the forms are given by hand:
``mouse/mice``.
"""

_IRREGULAR = {
    "child": "children",
    "foot": "feet",
    "goose": "geese",
    "louse": "lice",
    "man": "men",
    "mouse": "mice",
    "ox": "oxen",
    "person": "people",
    "tooth": "teeth",
    "woman": "women",
}
_VOWELS = "aeiou"
_HISSING = ("s", "x", "z", "ch", "sh")


def inflections(word: str) -> tuple[str, ...]:
    """Give a word and its forms: plural or third person, past and -ing.

    Examples
    --------
    >>> inflections("mouse")
    ('mouse', 'mice', 'mouses', 'moused', 'mousing')
    >>> inflections("stop")
    ('stop', 'stops', 'stopped', 'stopping')
    """
    irregular = _IRREGULAR.get(word)
    forms = [word, irregular, _with_s(word), *_past_and_ing(word)]
    return tuple(dict.fromkeys(form for form in forms if form))


def _with_s(word: str) -> str:
    if _ends_in_consonant_y(word):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(_HISSING) else f"{word}s"


def _past_and_ing(word: str) -> tuple[str, str]:
    if word.endswith("e"):
        return f"{word}d", f"{word[:-1]}ing"
    if _ends_in_consonant_y(word):
        return f"{word[:-1]}ied", f"{word}ing"
    stem = word + word[-1] if _doubles_its_end(word) else word
    return f"{stem}ed", f"{stem}ing"


def _ends_in_consonant_y(word: str) -> bool:
    return len(word) > 1 and word.endswith("y") and word[-2] not in _VOWELS


def _doubles_its_end(word: str) -> bool:
    """Whether a word of one syllable ends in consonant, vowel, consonant: ``stop``."""
    if len(word) < 3 or sum(letter in _VOWELS for letter in word) != 1:
        return False
    return word[-2] in _VOWELS and word[-1] not in f"{_VOWELS}wxy"
