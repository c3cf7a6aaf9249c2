"""From examples and descriptions to what decides."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from longshot.classify.combination.knowledge import Knowledge, background_texts
from longshot.classify.combination.several_examples import SeveralExamples
from longshot.classify.combination.several_judge import SeveralJudge
from longshot.classify.early_stopping.stopping import FEWEST_EXAMPLES, StoppingRule
from longshot.classify.features.document_features import Readings, read_all
from longshot.classify.features.extraction import layout_of, read_texts
from longshot.classify.labels.several_support import SeveralSupportSet
from longshot.classify.labels.support import Label, SupportSet
from longshot.classify.models.article import ArticleDecider
from longshot.classify.models.base import Decider
from longshot.classify.models.heads import Head
from longshot.classify.models.several_labels import SeveralDecider
from longshot.classify.models.views import ViewsDecider
from longshot.classify.scorers.example_scoring import Examples
from longshot.classify.scorers.names import name_texts
from longshot.embedder import DocumentEmbedder
from longshot.errors import ExamplesError, LongshotWarning, SettingError


@dataclass(frozen=True, slots=True)
class Learner:
    """How a support set becomes a decider.

    Attributes
    ----------
    embedder
        What reads names.
    head
        How documents are compared with examples.
    names
        Whether the labels' names are read.
    """

    embedder: DocumentEmbedder
    head: Head
    names: bool

    def learned(
        self, support: SupportSet, descriptions: Mapping[Label, str | None]
    ) -> Decider:
        """Learn from a support set and what is said of its labels.

        Raises
        ------
        ExamplesError
            If a label has neither an example nor a name that may be read.
        """
        if isinstance(support, SeveralSupportSet):
            return self._several(support, descriptions)
        if self.head != "views":
            pooling = self.embedder.recipe.window_pooling
            return ArticleDecider.learned(support, self.head, pooling)
        names = self._names(support, descriptions)
        if names is None:
            _check_shown(support)
        examples = Examples(
            self._readings_of(support), support.class_indices, len(support.classes)
        )
        background = None
        if len(support.shown) < 2:
            background = read_texts(self.embedder, background_texts())
        knowledge = Knowledge(examples=examples, names=names, background=background)
        layout = layout_of(self.embedder)
        return ViewsDecider(support=support, knowledge=knowledge, layout=layout)

    def _several(
        self, support: SeveralSupportSet, descriptions: Mapping[Label, str | None]
    ) -> Decider:
        if self.head != "views":
            raise SettingError(
                "head must be views where documents may have several labels; got "
                f"{self.head}. Leave it out."
            )
        names = self._names(support, descriptions)
        if names is None and support.form == "lists":
            _check_shown(support)
        examples = SeveralExamples(self._readings_of(support), support.members)
        return SeveralDecider(
            support=support,
            judge=SeveralJudge.fit(examples, names),
            layout=layout_of(self.embedder),
        )

    def _names(
        self, support: SupportSet, descriptions: Mapping[Label, str | None]
    ) -> Readings | None:
        """Read the labels' names; None where they say nothing, or are not wanted."""
        texts = name_texts(support.classes, descriptions) if self.names else None
        return read_texts(self.embedder, texts) if texts else None

    def _readings_of(self, support: SupportSet) -> Readings:
        pairs = [(one.vectors, one.text) for one in support.examples]
        return read_all(pairs, layout_of(self.embedder), self.embedder.encoder.dim)


def learned_rule(decider: Decider) -> StoppingRule:
    """Learn how far documents are to be read, and say so where that is all of them.

    Raises
    ------
    SettingError
        If the decider reads every document whole.
    """
    rule = decider.stopping_rule()
    if not rule.shifts:
        warnings.warn(
            f"read=adaptive must have {FEWEST_EXAMPLES} examples that are longer than "
            "a window, to tell what the rest of a document does; there are not as many."
            " Every document is read whole.",
            LongshotWarning,
            stacklevel=3,
        )
    return rule


def _check_shown(support: SupportSet) -> None:
    if without := sorted(set(support.classes) - set(support.shown)):
        raise ExamplesError(
            f"a label without examples must have a name that may be read; {without[0]} "
            "has none. Add an example or a description."
        )
