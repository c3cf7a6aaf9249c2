"""What is known of the classes, and how documents are judged by it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from jaxtyping import Float

from longshot.classify.combination.judge import Judge
from longshot.classify.combination.pile import PileJudge, unevenness
from longshot.classify.combination.pile_choice import PileChoice
from longshot.classify.features.corpus_statistics import CorpusStatistics
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import ALL_VIEWS, distinct_views
from longshot.classify.scorers.example_scoring import Examples

_SHORT_SPANS = 2

MOST_SCORES = 1 << 24
"""Of documents times classes, that are held at once to learn from a pile."""

_MOST_UNEVEN = 0.75
"""Standard deviation of the classes' sizes in a pile, beside their mean."""

_BACKGROUND = Path(__file__).with_name("background.txt")


def background_texts() -> list[str]:
    """Give sentences and paragraphs of many kinds, for what documents have in common.

    They stand in where no two classes have an example.
    """
    return _BACKGROUND.read_text(encoding="utf-8").strip().split("\n\n")


@dataclass(frozen=True, kw_only=True, eq=False)
class Knowledge:
    """Examples, names, and neutral texts; what they teach is learned when first asked.

    Attributes
    ----------
    examples, names
        What is known of the classes; names are None where they say nothing.
    background
        Neutral texts; needed where the examples show fewer than two classes.
    """

    examples: Examples
    names: DocumentFeatures | None
    background: DocumentFeatures | None

    @cached_property
    def judge(self) -> Judge:
        """What is learned without a pile.

        Documents are centred on the mean of the examples, each class counting alike;
        without any, on neutral texts.
        """
        if self.examples.n_seen_classes > 1:
            typical = self.examples.features
            reference = CorpusStatistics.of(typical, self.examples.balanced_weights)
            views = distinct_views(typical)
        else:
            assert self.background is not None
            typical, views = self.background, ALL_VIEWS
            reference = CorpusStatistics.of(typical, _short_and_long(typical))
        if self.names is not None:
            reference = reference.with_titles_of(self.names)
        return Judge.fit(
            self.examples,
            self.names,
            reference=reference,
            views=views,
            typical=typical,
        )

    def judge_for(self, pile: DocumentFeatures) -> Judge:
        """Learn anew with the pile as what documents have in common.

        So that a pile of unequal classes is not centred on the largest, documents count
        by what they seem to be, each class nearly alike. Where classes are very
        unequal, that fails by what was misjudged, and examples stay the reference.
        """
        alone = np.exp(self.judge.log_probabilities(pile))
        if self.examples.n_seen_classes > 1 and unevenness(alone) > _MOST_UNEVEN:
            return self.judge
        everything = DocumentFeatures.concat([pile, self.examples.features])
        posterior = np.vstack([alone, self.examples.targets])
        return Judge.fit(
            self.examples,
            self.names,
            reference=CorpusStatistics.of(everything, _class_balanced(posterior)),
            views=distinct_views(pile),
            typical=pile,
        )

    def together(
        self, pile: DocumentFeatures
    ) -> tuple[Float[np.ndarray, "document class"], Judge, PileChoice]:
        """Judge documents together.

        What a pile has to tell is learned from some of it where it is very large, so
        that memory holds a bounded number of scores beside what is returned.

        Returns
        -------
        tuple
            The logarithm of the probability of each class for each document, what was
            learned for this pile, and how far its shape was trusted.
        """
        sample = pile.sample(max(1, MOST_SCORES // self.examples.n_classes))
        judge = self.judge_for(sample)
        alone = judge.log_probabilities(sample)
        learned = PileJudge.learned(judge, self.examples, sample, alone)
        if len(sample) == len(pile):
            found = learned.log_probabilities(pile, alone)
            return found, judge, learned.choice
        found = np.empty((len(pile), judge.n_classes), dtype=np.float32)
        for start in range(0, len(pile), len(sample) // 4 + 1):
            rows = np.arange(len(pile))[start : start + len(sample) // 4 + 1]
            block = pile.take(rows)
            alone = judge.log_probabilities(block)
            found[rows] = learned.log_probabilities(block, alone)
        return found, judge, learned.choice


def _short_and_long(documents: DocumentFeatures) -> Float[np.ndarray, " document"]:
    """Weigh documents so that short ones and long ones count alike."""
    is_long = np.array([len(spans) > _SHORT_SPANS for spans in documents.spans])
    n_long = max(int(is_long.sum()), 1)
    n_short = max(int((~is_long).sum()), 1)
    return np.asarray(np.where(is_long, 1 / n_long, 1 / n_short))


def _class_balanced(
    posterior: Float[np.ndarray, "document class"],
) -> Float[np.ndarray, " document"]:
    """Weigh documents so that each class counts nearly alike in a mean."""
    sizes = posterior.sum(axis=0)
    return np.asarray(posterior @ (1 / (sizes + max(1.0, 0.1 * sizes.mean()))))
