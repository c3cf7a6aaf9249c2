"""The language that a text is in, and what people call languages.

py3langid tells it (docs/decisions/014-languages.md): 140 languages from one file of
4.5 MB, without the network. What it is not sure of is not told: a few words, a table of
numbers, a list of names.
"""

import lzma
import re
import shutil
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from longshot.locations import languages_folder
from longshot.unfinished import unfinished_folder

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

READ_CHARACTERS = 1_000
"""Of a text's beginning."""

_LEAST_SURE = 0.9
"""Above it, one in 4,206 sentences of 24 languages was told wrong, and none of longer
pieces; and 7 of 23,214 texts of English sets, which are Spanish, or list names in Latin
(``python -m benchmarks.reading.languages``)."""

_NO_LANGUAGE = "zxx"

_ARRAY_NAMES = ("ptc", "pc", "classes", "nextmove", "out_feat", "nextmove_row")

_PART_OF = {"nb": "no", "nn": "no", "yue": "zh", "wuu": "zh", "ary": "ar", "arz": "ar"}
"""Languages that models and libraries name in more than one way."""

_NAMES = {
    code: name
    for code, name in (
        pair.split(" ", 1)
        for pair in (
            "af Afrikaans,am Amharic,ar Arabic,as Assamese,az Azerbaijani,"
            "be Belarusian,bg Bulgarian,bn Bengali,br Breton,bs Bosnian,ca Catalan,"
            "cs Czech,cy Welsh,da Danish,de German,el Greek,en English,eo Esperanto,"
            "es Spanish,et Estonian,eu Basque,fa Persian,fi Finnish,fr French,"
            "fy Frisian,ga Irish,gd Scottish Gaelic,gl Galician,gu Gujarati,ha Hausa,"
            "he Hebrew,hi Hindi,hr Croatian,ht Haitian Creole,hu Hungarian,hy Armenian,"
            "id Indonesian,ig Igbo,is Icelandic,it Italian,ja Japanese,jv Javanese,"
            "ka Georgian,kk Kazakh,km Khmer,kn Kannada,ko Korean,ku Kurdish,ky Kyrgyz,"
            "la Latin,lb Luxembourgish,lo Lao,lt Lithuanian,lv Latvian,mg Malagasy,"
            "mk Macedonian,ml Malayalam,mn Mongolian,mr Marathi,ms Malay,mt Maltese,"
            "my Burmese,ne Nepali,nl Dutch,no Norwegian,oc Occitan,or Odia,pa Punjabi,"
            "pl Polish,ps Pashto,pt Portuguese,ro Romanian,ru Russian,rw Kinyarwanda,"
            "sa Sanskrit,si Sinhala,sk Slovak,sl Slovenian,so Somali,sq Albanian,"
            "sr Serbian,sv Swedish,sw Swahili,ta Tamil,te Telugu,tg Tajik,th Thai,"
            "tk Turkmen,tl Tagalog,tr Turkish,tt Tatar,ug Uyghur,uk Ukrainian,ur Urdu,"
            "uz Uzbek,vi Vietnamese,xh Xhosa,yo Yoruba,zh Chinese,zu Zulu"
        ).split(",")
    )
}
_CODES = {name.casefold(): code for code, name in _NAMES.items()}


_LOADING = Lock()


def language_of(text: str) -> str | None:
    """Tell the language of a text's beginning; None where it cannot be told.

    Returns
    -------
    str or None
        Its code (ISO 639), as ``de``.

    Examples
    --------
    >>> language_of("Der Mieter zahlt die Miete am ersten Werktag eines jeden Monats.")
    'de'
    >>> language_of("Rent 2024")
    """
    piece = text[:READ_CHARACTERS]
    chances: dict[str, float] = {}
    for code, chance in _identifier().rank(piece):
        code = base_language(code)
        chances[code] = chances.get(code, 0.0) + chance
    best = max(chances, key=lambda code: chances[code])
    return best if chances[best] >= _LEAST_SURE and best != _NO_LANGUAGE else None


@cache
def base_language(tag: str) -> str:
    """Give the code of a language without region and script.

    Examples
    --------
    >>> base_language("zh-Hans"), base_language("nb_NO")
    ('zh', 'no')
    """
    code = re.split("[-_]", tag.strip().lower(), maxsplit=1)[0]
    return _PART_OF.get(code, code)


def language_name(code: str) -> str:
    """Give what people call a language; its code where that is not known here.

    Examples
    --------
    >>> language_name("de")
    'German'
    """
    return _NAMES.get(code, code)


def languages_named(name: str) -> frozenset[str]:
    """Find the languages that the words of a name are names of.

    Examples
    --------
    >>> sorted(languages_named("bert-base-german-cased"))
    ['de']
    """
    words = re.split(r"[\W_]+", name.casefold())
    return frozenset(_CODES[word] for word in words if word in _CODES)


def load_languages() -> None:
    """Load what tells languages, so that the first text need not wait for it."""
    _identifier()


def _identifier() -> "LanguageIdentifier":
    with _LOADING:  # by one thread, once
        return _loaded()


@cache
def _loaded() -> "LanguageIdentifier":
    """Load the model, by py3langid's constructor.

    Its own loader unpacks 68 MB into a temporary file at every start, so that a run
    fails on a disk that is full.
    """
    from py3langid.langid import LanguageIdentifier

    model = _arrays()
    return LanguageIdentifier(
        model["ptc"],
        model["pc"],
        model["classes"].tolist(),
        model["nextmove"].data,  # single numbers are read of it, as Python's own
        model["out_feat"].tolist(),
        norm_probs=True,
        tk_row=model["nextmove_row"].tolist(),
    )


def _arrays() -> dict[str, np.ndarray]:
    """Give the model's arrays: unpacked once, which takes a third of a second.

    What was kept is mapped into memory, and not read. Where nothing can be kept,
    nothing is lost but that time.
    """
    kept = languages_folder() / f"py3langid-{version('py3langid')}"
    with suppress(OSError, ValueError):
        return _mapped(kept)
    arrays = _unpacked()
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        with unfinished_folder(kept.parent, ".unpacking-") as new:
            for name, array in arrays.items():
                np.save(new / f"{name}.npy", array)
            shutil.rmtree(kept, ignore_errors=True)  # damaged, or it had been read
            new.rename(kept)
    return arrays


def _mapped(folder: Path) -> dict[str, np.ndarray]:
    return {
        name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAY_NAMES
    }


def _unpacked() -> dict[str, np.ndarray]:
    from py3langid.langid import MODEL_DIR, MODEL_FILE

    unpacked = lzma.decompress((MODEL_DIR / MODEL_FILE).read_bytes())
    with np.load(BytesIO(unpacked), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in _ARRAY_NAMES}
