"""What words of a pile mean, learned from what its documents seem to be.

The names and the examples judge each document by its vectors; all documents of a pile,
so judged, tell which words go with which class. These judge each document anew: two
ways of looking that err in different places (co-training, Blum and Mitchell 1998; naive
Bayes on documents of uncertain class, Nigam et al. 2000). No document is judged by
words that it taught itself.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse
from scipy.special import log_softmax, softmax

from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.lexical import Counts
from longshot.classify.scorers.mixture import Scores

_N_FOLDS = 4
_PRIOR_WORDS = 1_000.0
"""Of each class, spread as in the whole pile, beside those that were seen."""

_LEAST_DOCUMENTS = 2
"""That hold a word: what stands in one document alone teaches nothing of others."""

_MOST_COUNTS = 1 << 22
"""Of words times classes: where there are more, the commonest words are looked at."""

_STRENGTHS = np.concatenate([[0.0], np.exp(np.linspace(-3.5, 2.0, 23))])
_CALMS = np.linspace(0.2, 1.5, 14)


@dataclass(frozen=True, slots=True, eq=False)
class PileWords:
    """Words of a pile, and how likely each is in a document of each class.

    Attributes
    ----------
    columns
        The words, by their columns among the counts.
    log_likelihoods
        Of each word in each class, learned without the documents of each fold.
    strength
        What their sum is multiplied by: words of one document go together.
    weight
        Of what they say beside what documents seem to be.
    calm
        What the logarithms of both together are multiplied by in the end, so that on
        the mean the likeliest class is as probable as before: words that learned from
        what documents seemed to be make nobody surer of it.
    """

    columns: Int[np.ndarray, " word"]
    log_likelihoods: Float[np.ndarray, "fold word class"]
    strength: float
    weight: float = 1.0
    calm: float = 1.0

    @classmethod
    def learned(cls, pile: DocumentFeatures, log_probabilities: Scores) -> "PileWords":
        """Learn from the words of a pile and what its documents seem to be.

        Parameters
        ----------
        pile
            The documents.
        log_probabilities
            The logarithm of each class's probability, for each of them.
        """
        probabilities = np.exp(log_probabilities)
        n_classes = probabilities.shape[1]
        columns = _shared_columns(pile.words, _MOST_COUNTS // n_classes)
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
        unscaled = cls(columns, log_likelihoods.astype(np.float32), 1.0)
        strength = _likeliest_strength(unscaled.scores(pile), probabilities)
        return cls(columns, unscaled.log_likelihoods, strength)

    def scores(self, documents: DocumentFeatures) -> Scores:
        """Give the score of each class for each document, zero on the mean."""
        present, folds = _present(documents.words, self.columns), _folds(documents)
        found = np.zeros((len(documents), self.log_likelihoods.shape[2]))
        for fold, log_likelihoods in enumerate(self.log_likelihoods):
            found[folds == fold] = present[folds == fold] @ log_likelihoods
        centred = found - found.mean(axis=1, keepdims=True)
        return np.asarray(self.strength * centred)

    def weighed(
        self, weight: float, log_probabilities: Scores, scores: Scores
    ) -> "PileWords":
        """Give the words a weight beside what the documents of their pile seem to be.

        Parameters
        ----------
        weight
            Of the words.
        log_probabilities, scores
            What the documents seem to be, and what their words say.
        """
        before = float(np.exp(log_probabilities).max(axis=1).mean())
        both = log_probabilities + weight * scores
        after = [softmax(calm * both, axis=1).max(axis=1).mean() for calm in _CALMS]
        calm = float(np.interp(before, after, _CALMS))
        return replace(self, weight=weight, calm=calm)

    def added(self, log_probabilities: Scores, scores: Scores) -> Scores:
        """Let words speak beside what documents seem to be.

        Returns
        -------
        array
            The logarithm of each class's probability for each document.
        """
        both = log_probabilities + self.weight * scores
        return np.asarray(log_softmax(both, axis=1))


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


def _likeliest_strength(scores: Scores, probabilities: Scores) -> float:
    """Find what makes the scores foretell best what documents seem to be."""
    spread = max(float(scores.std()), 1e-9)
    values = [
        float((probabilities * log_softmax(one / spread * scores, axis=1)).sum())
        for one in _STRENGTHS
    ]
    return float(_STRENGTHS[int(np.argmax(values))] / spread)
