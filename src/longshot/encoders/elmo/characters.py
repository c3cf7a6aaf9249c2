"""Words to the characters that ELMo reads, in AllenNLP's numbering.

A word is its UTF-8 bytes between two marks, cut and padded to 50 places; every number
is one higher than the byte, since 0 stands for "no word". ELMo has no vocabulary: a
word's id is a hash of its bytes, the same in every process, and a table leads back to
them.
"""

import hashlib
from collections import OrderedDict

import numpy as np
from jaxtyping import Int

from longshot.encoders.words import iter_words
from longshot.errors import ModelError
from longshot.tokens import SpecialTokens, Tokens

BEGIN_SENTENCE_ID, END_SENTENCE_ID, NO_WORD_ID = 0, 1, 2
_BEGIN_SENTENCE, _END_SENTENCE, _BEGIN_WORD, _END_WORD, _PADDING = range(256, 261)
_SENTENCE_MARKS = {"<S>": BEGIN_SENTENCE_ID, "</S>": END_SENTENCE_ID}
"""Words that AllenNLP reads as the ends of a sentence."""
_REMEMBERED_WORDS = 1 << 20
"""More than can lie between a word's tokenisation and its encoding; 100 MB at most."""


class ElmoTokenizer:
    """Cuts a text into words and remembers their bytes.

    Parameters
    ----------
    word_characters
        Places per word, the two marks included; 50 in all published models.
    """

    special = SpecialTokens(before=(BEGIN_SENTENCE_ID,), after=(END_SENTENCE_ID,))
    unknown_id = None

    def __init__(self, word_characters: int = 50) -> None:
        self._word_characters = word_characters
        self._bytes: OrderedDict[int, bytes] = OrderedDict()

    def encode(self, text: str) -> Tokens:
        """Cut a text into words and signs."""
        words = list(iter_words(text))
        return Tokens(
            ids=self.ids([word.text for word in words]),
            starts=np.array([word.start for word in words], dtype=np.int64),
            ends=np.array([word.end for word in words], dtype=np.int64),
        )

    def ids(self, words: list[str]) -> Int[np.ndarray, " token"]:
        """Give the ids of words that are already cut."""
        return np.array([self._id(word) for word in words], dtype=np.int64)

    def characters(
        self, ids: Int[np.ndarray, "window framed_token"]
    ) -> Int[np.ndarray, "window framed_token character"]:
        """Give the numbers of each word's characters; all 0 where there is no word."""
        distinct, places = np.unique(ids, return_inverse=True)
        rows = np.stack([self._row(id_) for id_ in distinct.tolist()])
        return rows[places.reshape(ids.shape)]

    def _id(self, word: str) -> int:
        if word in _SENTENCE_MARKS:
            return _SENTENCE_MARKS[word]
        encoded = word.encode("utf-8", "ignore")[: self._word_characters - 2]
        hashed = hashlib.blake2b(encoded, digest_size=8).digest()
        id_ = (int.from_bytes(hashed, "big") >> 1) | 4  # never one of the special ids
        self._bytes[id_] = encoded
        self._bytes.move_to_end(id_)
        if len(self._bytes) > _REMEMBERED_WORDS:
            self._bytes.popitem(last=False)
        return id_

    def _row(self, id_: int) -> Int[np.ndarray, " character"]:
        if id_ == NO_WORD_ID:
            return np.zeros(self._word_characters, dtype=np.int64)
        row = np.full(self._word_characters, _PADDING, dtype=np.int64)
        inner = self._inner(id_)
        row[: len(inner) + 2] = [_BEGIN_WORD, *inner, _END_WORD]
        return row + 1

    def _inner(self, id_: int) -> list[int]:
        if id_ == BEGIN_SENTENCE_ID:
            return [_BEGIN_SENTENCE]
        if id_ == END_SENTENCE_ID:
            return [_END_SENTENCE]
        if id_ not in self._bytes:
            raise ModelError(
                "a word must be tokenised by the ELMo model that encodes it; the id "
                f"{id_} is from another one. Encode with the same encoder."
            )
        return list(self._bytes[id_])
