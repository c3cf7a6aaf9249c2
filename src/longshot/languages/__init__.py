"""The language that a text is in, and what people call languages.

py3langid's model tells it (docs/decisions/014-languages.md): 140 languages from one
file of 4.5 MB, without the network. What it is not sure of is not told: a few words, a
table of numbers, a list of names.
"""

from longshot.languages.model import load_languages
from longshot.languages.names import base_language, language_name, languages_named
from longshot.languages.telling import language_of, languages_of

__all__ = [
    "base_language",
    "language_name",
    "language_of",
    "languages_named",
    "languages_of",
    "load_languages",
]
