"""A model's ``config.json``, without ``transformers``.

Hugging Face's families call the same thing by different names; this module knows them
all, and the rest of the package one each. What a file leaves out has the default that
its family has.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longshot.errors import ModelError, first_line

_DIM = ("hidden_size", "dim", "n_embd", "d_model")
_LAYERS = ("num_hidden_layers", "n_layers", "n_layer", "num_layers", "encoder_layers")
_HEADS = ("num_attention_heads", "n_heads", "n_head")
_POSITIONS = ("max_position_embeddings", "n_positions")

_POSITIONS_BEHIND_PADDING = frozenset(
    {
        "camembert",
        "data2vec-text",
        "longformer",
        "mpnet",
        "roberta",
        "xlm-roberta",
        "xlm-roberta-xl",
    }
)
"""Families whose first positions stand for padding, so that a window gets fewer."""

_PADDING_ID = 1
"""RoBERTa's and its kin's, where the file leaves it out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """What ``config.json`` tells of a model.

    Attributes
    ----------
    family
        Hugging Face's ``model_type``.
    n_layers, n_heads, dim
        Hidden layers (the input embeddings come besides), attention heads of each, and
        dimensions of a hidden state.
    positions_start
        The position of a window's first token: 0, or behind the padding's.
    max_framed_tokens
        Tokens of the longest window, special ones included; None for no limit.
    settings
        The whole file.
    """

    family: str
    n_layers: int
    n_heads: int
    dim: int
    positions_start: int
    max_framed_tokens: int | None
    settings: Mapping[str, Any]

    def setting(self, *names: str, default: Any) -> Any:
        """Give the first of these settings that the file has."""
        return _first(self.settings, names, default)


def read_configuration(folder: Path) -> Configuration:
    """Read the configuration of a model's folder.

    Raises
    ------
    ModelError
        If there is none, or it tells no sizes.
    """
    try:
        settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        family = str(settings["model_type"])
        dim = _first(settings, _DIM, None)
        n_layers = _first(settings, _LAYERS, None)
        n_heads = _first(settings, _HEADS, 1)
        padding_id = settings.get("pad_token_id", _PADDING_ID)
        return Configuration(
            family=family,
            n_layers=int(n_layers),
            n_heads=int(n_heads),
            dim=int(dim),
            positions_start=positions_start(family, padding_id),
            max_framed_tokens=longest_window(
                family, _first(settings, _POSITIONS, None), padding_id
            ),
            settings=settings,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"a model's config.json must tell its model_type and sizes; the one in "
            f"{folder} did not load ({first_line(error)}). Check its files or name "
            "another model."
        ) from error


def positions_start(family: str, padding_id: int | None) -> int:
    """Give the position that a window's first token has."""
    if family not in _POSITIONS_BEHIND_PADDING or padding_id is None:
        return 0
    return padding_id + 1


def longest_window(
    family: str, n_positions: int | None, padding_id: int | None
) -> int | None:
    """Give the tokens of the longest framed window; None for no limit.

    Examples
    --------
    >>> longest_window("roberta", 514, 1)
    512
    """
    if n_positions is None or n_positions <= 0:
        return None
    return int(n_positions) - positions_start(family, padding_id)


def _first(settings: Mapping[str, Any], names: tuple[str, ...], default: Any) -> Any:
    return next((settings[name] for name in names if name in settings), default)
