"""Sets of labels that hold the true one with a confidence that a person names.

Cross-conformal prediction (Vovk 2015, "Cross-conformal predictors"; CV+ of Barber et
al. 2021, "Predictive inference with the jackknife+"). How strange a label is for a
document is the surprise at it: minus the logarithm of its probability. A label's
p-value is the share of the held-out examples whose true label is at least as strange,
under what was learned without them; the document is judged by the very same, so that
neither has an advantage. A label is in the set where its p-value is greater than the
share that the person is ready to miss. Where examples and documents are drawn alike,
the set holds the true label so often on the mean over draws of both: not for each
class, and not for any single set of examples. A set may be empty: then the best label,
too, is stranger than examples' labels are to them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.classify.combination.evidence import EvidenceModel
from longshot.classify.combination.pile import PileModel
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.scorers.examples import Examples
from longshot.classify.scorers.mixture import Scores
from longshot.errors import SettingError
from longshot.probabilities import log_softmax


@dataclass(frozen=True, slots=True, eq=False)
class ConformalFold:
    """Examples and documents, judged by what was learned without these examples.

    Attributes
    ----------
    known
        The surprise at the true label of each held-out example.
    documents
        The surprise at each label for each document.
    """

    known: Float[np.ndarray, " held_out"]
    documents: Float[np.ndarray, "document class"]


@dataclass(frozen=True, slots=True, eq=False)
class LabelPValues:
    """How well each label fits each document, beside the held-out examples.

    Attributes
    ----------
    values
        The p-values.
    n_held_out
        How many examples were held out.
    """

    values: Float[np.ndarray, "document class"]
    n_held_out: int

    @classmethod
    def of(
        cls,
        folds: Iterable[ConformalFold],
        draws: Float[np.ndarray, " document"],
        n_classes: int,
    ) -> "LabelPValues":
        """Count over the folds.

        Few examples make few p-values. Smoothing spreads them, so that sets are neither
        too large nor too small on the mean (Vovk et al. 2005): the document's own place
        among the examples that are as strange is its draw, uniform in [0, 1].
        """
        stranger, as_strange = np.zeros((2, len(draws), n_classes))
        n_held_out = 0
        for one in folds:
            known = np.sort(one.known)
            n_below = np.searchsorted(known, one.documents, side="left")
            n_up_to = np.searchsorted(known, one.documents, side="right")
            stranger += len(known) - n_up_to
            as_strange += n_up_to - n_below
            n_held_out += len(known)
        values = stranger + draws[:, None] * (as_strange + 1)
        return cls(values / (n_held_out + 1), n_held_out)

    def is_in_set(self, confidence: float) -> Bool[np.ndarray, "document class"]:
        """Tell of each label whether it is in a document's set.

        Where the held-out examples are too few to leave any label out, all are.

        Raises
        ------
        SettingError
            If the confidence is no share between 0 and 1.
        """
        check_confidence(confidence)
        is_enough = self.n_held_out >= n_needed(confidence)
        return np.asarray((self.values > 1 - confidence) | (not is_enough))


def check_confidence(confidence: float) -> float:
    """Hold a confidence against its bounds.

    Raises
    ------
    SettingError
        If it is no share between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise SettingError(
            "confidence must be between 0 and 1, the share of prediction sets that "
            f"should include the true label; got {confidence}. Give, for instance, "
            "0.9."
        )
    return confidence


def n_needed(confidence: float) -> int:
    """Tell how many held-out examples it takes for sets of fewer than all labels.

    Examples
    --------
    >>> n_needed(0.9), n_needed(0.95)
    (9, 19)
    """
    return int(np.ceil(1 / (1 - confidence) - 1e-9)) - 1


def surprise(scores: Scores) -> Scores:
    """Give minus the logarithm of the probability of each class."""
    return np.asarray(-log_softmax(scores, axis=1))


def folds_alone(
    evidence: EvidenceModel, examples: Examples, documents: DocumentFeatures
) -> Iterator[ConformalFold]:
    """Judge documents, each by itself, by what was learned without some examples."""
    for fold, scores, of_left_out in evidence.scores_by_fold(documents):
        truth = examples.class_indices[fold.left_out]
        yield _fold(of_left_out, truth, scores)


def folds_in_pile(
    model: PileModel, examples: Examples, pile: DocumentFeatures
) -> Iterator[ConformalFold]:
    """Judge documents together with held-out examples among them."""
    folds = zip(
        model.alone.scores_by_fold(pile),
        model.centred.scores_by_fold(pile),
        strict=True,
    )
    for by_alone, (fold, *by_centred) in folds:
        left_out = examples.features.take(fold.left_out)
        everything = DocumentFeatures.concat([pile, left_out])
        alone = np.stack([np.vstack(by_alone[1:]), np.vstack(by_centred)])
        learned = PileModel.trusting(
            model.alone,
            model.centred,
            examples.take(fold.kept),
            everything,
            alone,
            model.weights,
        )
        among = learned.log_probabilities(everything, alone)
        truth = examples.class_indices[fold.left_out]
        yield _fold(among[len(pile) :], truth, among[: len(pile)])


def _fold(
    held_out: Float[np.ndarray, "held_out class"],
    truth: Int[np.ndarray, " held_out"],
    documents: Scores,
) -> ConformalFold:
    surprises = surprise(held_out)[np.arange(len(truth)), truth]
    return ConformalFold(surprises, surprise(documents))
