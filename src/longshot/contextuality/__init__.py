"""The laboratory that measures how contextual an embedding is.

Does "mouse" have one vector per meaning, or one per sentence? Sentences and words
enter; self-similarity, intra-sentence similarity and maximum explainable variance
leave, by model and layer (Ethayarajh 2019), with the separation of a word's senses.

The modules in reading order: ``occurrences`` finds words and draws from them,
``word_vectors`` reads them, ``measures``, ``bootstrap``, ``senses``,
``readings`` and ``maps`` are pure functions on vectors, ``profile`` makes a word's
numbers of them, ``model_study`` takes one model through all words, and ``laboratory``
all models.
"""

from longshot.contextuality.laboratory import study
from longshot.contextuality.occurrences.sentences import Sentence, read_sentences
from longshot.contextuality.occurrences.uses import Use
from longshot.contextuality.results import Study
from longshot.contextuality.settings import Settings
from longshot.contextuality.word_vectors import WordVector, word_vectors

__all__ = [
    "Sentence",
    "Settings",
    "Study",
    "Use",
    "WordVector",
    "read_sentences",
    "study",
    "word_vectors",
]
