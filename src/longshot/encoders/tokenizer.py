"""The tokenizers of Hugging Face models, as longshot sees them.

Only this module knows what ``tokenizers`` calls a thing.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from longshot.errors import ModelError
from longshot.tokens import SpecialTokens, Tokens

if TYPE_CHECKING:
    import tokenizers

_PROBE = "a"


class HuggingFaceTokenizer:
    """A fast tokenizer with its truncation and padding taken off.

    Published ``tokenizer.json`` files often cut texts silently (all-MiniLM-L6-v2's at
    128 tokens); this one never does.
    """

    def __init__(self, backend: "tokenizers.Tokenizer", unknown_id: int | None) -> None:
        backend.no_truncation()
        backend.no_padding()
        self._backend = backend
        self._special = _special_tokens(backend)
        self._unknown_id = unknown_id

    @classmethod
    def from_file(cls, path: Path, unknown_id: int | None) -> "HuggingFaceTokenizer":
        """Load what :meth:`to_json` gave."""
        import tokenizers

        return cls(tokenizers.Tokenizer.from_file(str(path)), unknown_id)

    def to_json(self) -> str:
        """Give the tokenizer as ``tokenizers`` reads it."""
        return self._backend.to_str()

    @property
    def special(self) -> SpecialTokens:
        """The tokens that the model wants around each window."""
        return self._special

    @property
    def unknown_id(self) -> int | None:
        """The id of the model's unknown token, if it has one."""
        return self._unknown_id

    def encode(self, text: str) -> Tokens:
        """Tokenise a text, without special tokens and without truncation."""
        encoding = self._backend.encode(text, add_special_tokens=False)
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        return Tokens(
            ids=np.array(encoding.ids, dtype=np.int64),
            starts=offsets[:, 0],
            ends=offsets[:, 1],
        )


def _special_tokens(backend: "tokenizers.Tokenizer") -> SpecialTokens:
    """Read off what the model's own template puts before and after a text."""
    bare = backend.encode(_PROBE, add_special_tokens=False).ids
    framed = backend.encode(_PROBE, add_special_tokens=True).ids
    n_around = len(framed) - len(bare)
    for n_before in range(n_around + 1):
        if framed[n_before : n_before + len(bare)] == bare:
            return SpecialTokens(
                before=tuple(framed[:n_before]),
                after=tuple(framed[n_before + len(bare) :]),
            )
    raise ModelError(
        "a tokenizer must leave a text's own tokens as they are when it adds special "
        "ones; this model's changes them. Use another model."
    )
