"""The tokenizers of Hugging Face models, as longshot sees them.

Only this module knows what ``tokenizers`` calls a thing.
"""

import json
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Int

from longshot.encoders.folder import listing
from longshot.errors import ModelError, ModelIntegrityError, first_line
from longshot.tokens import SpecialTokens, Tokens

if TYPE_CHECKING:
    import tokenizers

_PROBE = "a"


@dataclass(frozen=True, slots=True, eq=False)
class PairFrame:
    """What a model wants around two texts in one row, and the type of each token.

    Attributes
    ----------
    before, between, after
        Special tokens: of each its id and its type.
    types
        That of the first text's tokens, and that of the second one's.
    """

    before: tuple[tuple[int, int], ...]
    between: tuple[tuple[int, int], ...]
    after: tuple[tuple[int, int], ...]
    types: tuple[int, int]

    @property
    def n_tokens(self) -> int:
        """How many special tokens there are."""
        return len(self.before) + len(self.between) + len(self.after)

    def frame(
        self, first: Int[np.ndarray, " token"], second: Int[np.ndarray, " other_token"]
    ) -> Int[np.ndarray, "2 framed_token"]:
        """Give the ids of a row, and their types."""
        of_texts = [
            np.stack([ids, np.full_like(ids, kind)])
            for ids, kind in zip((first, second), self.types, strict=True)
        ]
        before, between, after = (
            np.array(one, dtype=np.int64).reshape(-1, 2).T
            for one in (self.before, self.between, self.after)
        )
        parts = [before, of_texts[0], between, of_texts[1], after]
        return np.concatenate(parts, axis=1)


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
    def from_folder(cls, folder: Path) -> "HuggingFaceTokenizer":
        """Read the tokenizer of a model's folder.

        That is ``tokenizer.json``; in its place, for a model that was saved before
        there was one, the pieces of words in ``vocab.txt``.

        Raises
        ------
        ModelIntegrityError
            If the folder holds neither, or none that loads.
        """
        import tokenizers

        settings = _settings(folder)
        try:
            if (folder / "tokenizer.json").is_file():
                path = folder / "tokenizer.json"
                backend = tokenizers.Tokenizer.from_file(str(path))
            elif (folder / "vocab.txt").is_file():
                backend = _of_pieces(folder / "vocab.txt", settings)
            else:
                raise ModelIntegrityError(
                    "a model's folder must hold its tokenizer (tokenizer.json); "
                    f"{folder} holds {listing(folder)}. Save the tokenizer there with "
                    "save_pretrained."
                )
            return cls(backend, _unknown_id(backend, settings))
        except ModelError:
            raise
        except Exception as error:
            # tokenizers raises Exception itself for a file that it cannot read.
            raise ModelIntegrityError(
                "a model's tokenizer must be one that gives character offsets; the "
                f"one in {folder} did not load ({first_line(error)}). Save it again "
                "with save_pretrained."
            ) from error

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

    @property
    def pair_frame(self) -> PairFrame:
        """What the model's own template puts around two texts.

        Raises
        ------
        ModelError
            If it does not leave each text in one piece, the first one first.
        """
        framed = self._backend.encode(_PROBE, _PROBE, add_special_tokens=True)
        places = framed.sequence_ids
        if [one for one, _ in groupby(places) if one is not None] != [0, 1]:
            raise ModelError(
                "a tokenizer must leave two texts in one piece each when it puts them "
                "into one row; this model's does not. Use another model."
            )
        tokens = tuple(zip(framed.ids, framed.type_ids, strict=True))
        (first, first_end), (second, second_end) = (
            (places.index(one), places.index(one) + places.count(one)) for one in (0, 1)
        )
        return PairFrame(
            before=tokens[:first],
            between=tokens[first_end:second],
            after=tokens[second_end:],
            types=(framed.type_ids[first], framed.type_ids[second]),
        )

    @property
    def n_ids(self) -> int:
        """How many token ids there are, from 0."""
        return int(self._backend.get_vocab_size(with_added_tokens=True))

    def encode(self, text: str) -> Tokens:
        """Tokenise a text, without special tokens and without truncation."""
        if current_thread() is main_thread():
            encoding = self._backend.encode(text, add_special_tokens=False)
        else:  # a batch, even of one, lets other threads work; forks are warned of it
            [encoding] = self._backend.encode_batch([text], add_special_tokens=False)
        numbers = chain.from_iterable(encoding.offsets)
        offsets = np.fromiter(numbers, dtype=np.int64).reshape(-1, 2)
        return Tokens(
            ids=np.array(encoding.ids, dtype=np.int64),
            starts=offsets[:, 0],
            ends=offsets[:, 1],
        )


def _settings(folder: Path) -> dict[str, Any]:
    """Give what the tokenizer's two files of settings tell, the later one first."""
    settings: dict[str, Any] = {}
    for name in ("special_tokens_map.json", "tokenizer_config.json"):
        try:
            settings |= json.loads((folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError):
            continue  # tokenizer.json says what must be known
    return settings


def _of_pieces(vocabulary: Path, settings: dict[str, Any]) -> "tokenizers.Tokenizer":
    """Make BERT's tokenizer of its pieces of words."""
    from tokenizers import BertWordPieceTokenizer

    made: tokenizers.Tokenizer = BertWordPieceTokenizer(
        str(vocabulary),
        lowercase=settings.get("do_lower_case", True),
        strip_accents=settings.get("strip_accents"),
        handle_chinese_chars=settings.get("tokenize_chinese_chars", True),
    )._tokenizer  # the class around it knows less
    return made


def _unknown_id(
    backend: "tokenizers.Tokenizer", settings: dict[str, Any]
) -> int | None:
    """Find the token that stands for what the vocabulary lacks."""
    unknown = settings.get("unk_token")
    if isinstance(unknown, dict):  # an added token with its settings
        unknown = unknown.get("content")
    if unknown is None:
        unknown = getattr(backend.model, "unk_token", None)
    return None if unknown is None else backend.token_to_id(unknown)


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
