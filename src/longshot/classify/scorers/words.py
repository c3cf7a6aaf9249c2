"""What words of a pile mean, learned from what its documents seem to be.

The names and the examples judge each document by its vectors; all documents of a pile,
so judged, tell which words go with which class. These judge each document anew: two
ways of looking that err in different places (co-training, Blum and Mitchell 1998; naive
Bayes on documents of uncertain class, Nigam et al. 2000). No document is judged by
words that it taught itself.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.lexical import Counts
from longshot.classify.scorers.mixture import Scores

_N_FOLDS = 4
_PRIOR_WORDS = 1_000.0
"""Of each class, spread as in the whole pile, beside those that were seen: from 300 to
3,000 alike (docs/research/001)."""

_LEAST_DOCUMENTS = 2
"""That hold a word: what stands in one document alone teaches nothing of others."""

_MOST_COUNTS = 1 << 22
"""Of words times classes: where there are more, the commonest words are looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class PileWords:
    """Words of a pile, and how likely each is in a document of each class.

    Attributes
    ----------
    columns
        The words, by their columns among the counts.
    log_likelihoods
        Of each word in each class, learned without the documents of each fold.
    """

    columns: Int[np.ndarray, " word"]
    log_likelihoods: Float[np.ndarray, "fold word class"]

    @classmethod
    def fit(cls, pile: DocumentFeatures, probabilities: Scores) -> "PileWords":
        """Learn from the words of a pile and what its documents seem to be."""
        columns = _shared_columns(pile.words, _MOST_COUNTS // probabilities.shape[1])
        present, folds = _present(pile.words, columns), _folds(pile)
        counts = np.stack(
            [
                present[folds == fold].T @ probabilities[folds == fold]
                for fold in range(_N_FOLDS)
            ]
        )
        of_others = counts.sum(axis=0) - counts
        commonness = counts.sum(axis=(0, 2)) / max(counts.sum(), 1e-9)
        of_others += _PRIOR_WORDS * commonness[:, None]
        log_likelihoods = np.log(of_others / of_others.sum(axis=1, keepdims=True))
        return cls(columns, log_likelihoods.astype(np.float32))

    def scores(self, documents: DocumentFeatures) -> Scores:
        """Give the score of each class for each document.

        The words of one document go together: as many as they are, they tell as much as
        the root of their number would if they did not.
        """
        present, folds = _present(documents.words, self.columns), _folds(documents)
        found = np.zeros((len(documents), self.log_likelihoods.shape[2]))
        for fold, log_likelihoods in enumerate(self.log_likelihoods):
            found[folds == fold] = present[folds == fold] @ log_likelihoods
        return np.asarray(found / np.sqrt(np.maximum(self._n_words(present), 1)[:, None]))

    def median_words(self, documents: DocumentFeatures) -> float:
        """Count the words that a document of the pile has in common with others."""
        return float(np.median(self._n_words(_present(documents.words, self.columns))))

    def _n_words(self, present: Counts) -> Float[np.ndarray, " document"]:
        return np.diff(present.indptr).astype(np.float64)


def _shared_columns(words: Counts, most: int) -> Int[np.ndarray, " word"]:
    """Find the words that stand in several documents, the commonest if too many."""
    n_documents = np.bincount(words.indices, minlength=words.shape[1])
    shared = np.flatnonzero(n_documents >= _LEAST_DOCUMENTS)
    if len(shared) <= most:
        return shared
    by_number = np.argsort(-n_documents[shared], kind="stable")
    return np.sort(shared[by_number[:most]])


def _present(words: Counts, columns: Int[np.ndarray, " word"]) -> Counts:
    """Tell which documents hold which words."""
    chosen = words[:, columns]
    ones = np.ones(len(chosen.data), dtype=np.float32)
    return sparse.csr_matrix((ones, chosen.indices, chosen.indptr), chosen.shape)


def _folds(documents: DocumentFeatures) -> Int[np.ndarray, " document"]:
    """Deal documents to folds by what they hold; copies come to the same one."""
    return np.asarray(_N_FOLDS * documents.draws(), dtype=np.int64)
