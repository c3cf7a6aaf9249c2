"""What languages are called: by code, by people, and in the names of models."""

import re
from functools import cache

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
