"""Another model's decisions, with the phrases counted that speak for labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from jaxtyping import Int
from numpy import ndarray

from longshot.classify.combination.pile import PileModel
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.labels.support import SupportSet
from longshot.classify.models.base import Decision, Model, PValues
from longshot.classify.models.pile_in_parts import AmongPile
from longshot.classify.models.views import ViewsModel
from longshot.classify.scorers.phrases import PhraseScorer
from longshot.errors import SettingError


@dataclass(frozen=True, slots=True, eq=False)
class PhrasedModel:
    """Counts phrases beside what a model decides; what fits no label still fits none.

    Attributes
    ----------
    model, phrases
        What decides, and what counts.
    """

    model: ViewsModel | AmongPile
    phrases: PhraseScorer

    @classmethod
    def counting(
        cls,
        model: Model,
        speaks_for: Mapping[str, Sequence[str]],
        speaks_against: Mapping[str, Sequence[str]],
    ) -> "PhrasedModel | None":
        """Learn from a model's examples what phrases count; None where there are none.

        Raises
        ------
        SettingError
            If the model decides otherwise than by views.
        """
        support = model.support
        phrases = PhraseScorer.of(support.classes.tolist(), speaks_for, speaks_against)
        if phrases is None:
            return None
        if not isinstance(model, ViewsModel):
            raise SettingError(
                "phrases must be for documents with one label each, and for the head "
                "views; these are for others. Leave them out."
            )
        return cls(model, phrases.fitted(support.features, support.class_indices))

    @property
    def support(self) -> SupportSet:
        """The examples, and the classes."""
        return self.model.support

    def decide(self, documents: DocumentFeatures, *, pile: bool) -> Decision:
        """Decide about documents: together, or about each by itself."""
        found = self.model.decide(documents, pile=pile)
        return replace(
            found,
            probabilities=self.phrases.added_to(found.probabilities, documents),
            report=(*found.report, self._line),
        )

    def lines(self) -> tuple[str, ...]:
        """Tell what was learned, in lines for people."""
        return (*self.model.lines(), self._line)

    @property
    def _line(self) -> str:
        return f"phrases: weight {self.phrases.weight:.2f}"

    def p_values(self, documents: DocumentFeatures, *, pile: bool) -> PValues:
        """Tell how many of the known documents are no more familiar than each."""
        return self.model.p_values(documents, pile=pile)

    def new_clusters(
        self, pile: DocumentFeatures, p_values: PValues
    ) -> list[Int[ndarray, " member"]]:
        """Find clusters of the pile that no known class claims."""
        return self.model.new_clusters(pile, p_values)


def views_below(model: Model) -> ViewsModel | None:
    """Give the model of views, below phrases that count, too; None for another one."""
    below = model.model if isinstance(model, PhrasedModel) else model
    return below if isinstance(below, ViewsModel) else None


def among_pile(model: Model, pile: PileModel) -> AmongPile | PhrasedModel:
    """Give a model by views that judges each document as one of a pile."""
    views = views_below(model)
    assert views is not None
    among = AmongPile(views, pile)
    return replace(model, model=among) if isinstance(model, PhrasedModel) else among
