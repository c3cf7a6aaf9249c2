"""The recipe: everything that decides a vector.

The default is the article's: BERT over windows of 510 tokens, the mean of the last four
layers, then of the tokens, then of the windows. A recipe is frozen and hashable, and is
saved beside every vector that it made, so that vectors of different recipes never meet.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from longshot.errors import SettingError

TokenPooling = Literal["mean", "cls", "max"]
WindowPooling = Literal["tokens", "windows"]
_DEFAULT_LAYERS = (-4, -3, -2, -1)
Precision = Literal["float32", "bfloat16", "int8", "int8-bfloat16", "int8-tokens"]
PrecisionSetting = Literal["auto", Precision]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """What decides a vector.

    Attributes
    ----------
    model
        ``minilm``, a Hugging Face id, or a model's folder.
    layers
        The hidden states that are averaged: 0 is the input embeddings; negative ones
        count from the last. The default, the last four, is all that there are for a
        model with fewer: one for static embeddings, three for ELMo.
    token_pooling
        How the tokens of a window become one vector: their ``mean``, the model's
        first special token (``cls``), or the ``max`` of each dimension. Special
        tokens never enter a mean or a max.
    window_tokens, overlap_tokens
        Tokens of a window, without special ones, and how many of them are also the
        first ones of the next window.
    window_pooling
        ``tokens`` weighs each window by its real tokens, so that the document's vector
        is the mean over all its tokens; ``windows`` is the plain mean over windows.
    precision
        Of the model's arithmetic: ``float32``, which the article used; ``bfloat16``,
        ``int8``, ``int8-bfloat16`` (int8 weights, the rest in bfloat16) and
        ``int8-tokens`` (by ONNX Runtime, for processors without int8 instructions) are
        faster on many processors, and give other vectors within a stated tolerance.
        ``auto`` takes the fastest one that keeps the vectors, as measured on this
        processor; the embedder's own recipe then names it.
    prefix
        Text that the model wants before what it reads (``"passage: "`` for E5). Every
        window is read behind it; it never enters a mean.

    Raises
    ------
    SettingError
        If a setting is outside of what it may be.

    Examples
    --------
    >>> Recipe(layers=(-1,)).layers
    (-1,)
    >>> Recipe(overlap_tokens=600)
    Traceback (most recent call last):
    ...
    longshot.errors.SettingError: overlap_tokens must be in \
[0, window_tokens - 1 = 509]; got 600. Lower --overlap-tokens.
    """

    model: str = "minilm"
    layers: tuple[int, ...] = _DEFAULT_LAYERS
    token_pooling: TokenPooling = "mean"
    window_tokens: int = 510
    overlap_tokens: int = 0
    window_pooling: WindowPooling = "tokens"
    precision: PrecisionSetting = "float32"
    prefix: str = ""

    def __post_init__(self) -> None:
        check_choice("token_pooling", self.token_pooling, get_args(TokenPooling))
        check_choice("window_pooling", self.window_pooling, get_args(WindowPooling))
        check_choice("precision", self.precision, get_args(PrecisionSetting))
        if not self.layers:
            raise SettingError(
                "layers must name at least one hidden state; got none. "
                "Give --layers, for instance --layers=-4,-3,-2,-1."
            )
        if self.window_tokens < 1:
            raise SettingError(
                f"window_tokens must be at least 1; got {self.window_tokens}. "
                "Raise --window-tokens."
            )
        if not 0 <= self.overlap_tokens < self.window_tokens:
            raise SettingError(
                f"overlap_tokens must be in [0, window_tokens - 1 = "
                f"{self.window_tokens - 1}]; got {self.overlap_tokens}. "
                "Lower --overlap-tokens."
            )

    def absolute_layers(self, n_layers: int) -> tuple[int, ...]:
        """Give the layers as indices from 0, for a model with `n_layers` hidden states.

        Raises
        ------
        SettingError
            If a layer lies beyond what the model has.

        Examples
        --------
        >>> Recipe().absolute_layers(13)
        (9, 10, 11, 12)
        """
        if self.layers == _DEFAULT_LAYERS and n_layers < len(_DEFAULT_LAYERS):
            return tuple(range(n_layers))
        for layer in self.layers:
            if not -n_layers <= layer < n_layers:
                raise SettingError(
                    f"layers must be in [{-n_layers}, {n_layers - 1}] for model "
                    f"{self.model}, which has {n_layers} hidden states; got {layer}. "
                    "Change --layers."
                )
        return tuple(layer % n_layers for layer in self.layers)

    def to_dict(self) -> dict[str, Any]:
        """Give the settings as plain values, for JSON."""
        return {**asdict(self), "layers": list(self.layers)}

    @classmethod
    def from_dict(cls, settings: dict[str, Any]) -> "Recipe":
        """Build a recipe from what :meth:`to_dict` gave.

        Raises
        ------
        SettingError
            If a setting is unknown.
        """
        unknown = sorted(set(settings) - set(cls.__dataclass_fields__))
        if unknown:
            raise SettingError(
                f"a recipe must hold only settings that this version knows; "
                f"got {', '.join(unknown)}. Use the longshot version that wrote it."
            )
        return cls(**{**settings, "layers": tuple(settings["layers"])})

    def fingerprint(self, model_fingerprint: str) -> str:
        """Give 64 hexadecimal digits that stand for this recipe and these weights.

        The model's name does not enter: the same weights under another name give the
        same vectors.
        """
        settings = {**self.to_dict(), "model": model_fingerprint}
        canonical = json.dumps(settings, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Hold a setting against what it may be.

    Raises
    ------
    SettingError
        If it is none of the `choices`.
    """
    if value not in choices:
        option = name.replace("_", "-")
        raise SettingError(
            f"{name} must be one of {', '.join(choices)}; got {value}. "
            f"Change --{option}."
        )
