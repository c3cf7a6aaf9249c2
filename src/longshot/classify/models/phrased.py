"""Another model's decisions, with the phrases counted that speak for labels."""

from dataclasses import dataclass, replace

from jaxtyping import Int
from numpy import ndarray

from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.labels.support import SupportSet
from longshot.classify.models.base import Decision, PValues
from longshot.classify.models.pile_in_parts import AmongPile
from longshot.classify.models.views import ViewsModel
from longshot.classify.scorers.phrases import PhraseScorer


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
