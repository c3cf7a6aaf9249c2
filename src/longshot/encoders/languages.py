"""The languages that a model is made for, where its files or its name tell.

A model's card tells them (``language:`` at the top of its README.md, as the Hugging
Face hub asks for it), and so may its name. Where nothing does, and where a model is
said to be multilingual, None is told: then its vocabulary decides
(``longshot.encoding.vocabulary``).
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from longshot.encoders.published import PUBLISHED
from longshot.languages import base_language, languages_named

CARD = "README.md"
_MULTILINGUAL = frozenset({"multilingual", "mul"})
_OF_FASTTEXT = re.compile(r"(?:cc|wiki)\.([a-z]{2,3})\.")
"""The names of fastText's published vectors: ``cc.de.300.vec``."""


def languages_of_model(name: str) -> frozenset[str] | None:
    """Tell the languages that a model is made for, by their codes; None for unknown.

    Parameters
    ----------
    name
        As :func:`load_encoder` takes it. Nothing is fetched.

    Examples
    --------
    >>> languages_of_model("minilm")
    frozenset({'en'})
    >>> languages_of_model("fasttext:cc.de.300.vec")
    frozenset({'de'})
    >>> languages_of_model("word2vec:vectors.bin")
    """
    if name in PUBLISHED and not Path(name).is_dir():
        return PUBLISHED[name].languages
    named = _of_card(name.removeprefix("model2vec:"))
    return named or _of_name(name)


def _of_card(name: str) -> frozenset[str] | None:
    card = _card(name)
    if card is None:
        return None
    from huggingface_hub import metadata_load

    try:
        told = (metadata_load(card) or {}).get("language")
    except Exception:  # of YAML, or of its encoding: a card that says nothing
        return None
    return _codes([told] if isinstance(told, str) else told)


def _card(name: str) -> Path | None:
    """Find a model's card on this machine."""
    if Path(name).is_dir():
        card = Path(name) / CARD
        return card if card.is_file() else None
    if name.count("/") > 1 or ":" in name:
        return None
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(name, CARD)
    except HFValidationError:
        return None
    return Path(found) if isinstance(found, str) else None


def _codes(told: Any) -> frozenset[str] | None:
    if not isinstance(told, Iterable):
        return None
    codes = {base_language(one) for one in told if isinstance(one, str)}
    return None if codes & _MULTILINGUAL else frozenset(codes) or None


def _of_name(name: str) -> frozenset[str] | None:
    last = Path(name).name
    if found := _OF_FASTTEXT.search(last):
        return frozenset({base_language(found[1])})
    return languages_named(last) or None
