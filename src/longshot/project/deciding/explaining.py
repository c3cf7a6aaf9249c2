"""The passages that decided: for these, examples and documents are read as texts."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from longshot.classify import LongshotClassifier
from longshot.project import browsing
from longshot.project.database import Database
from longshot.project.deciding.decisions import decision_of
from longshot.project.deciding.pile import Pile
from longshot.project.deciding.state import ClassifierMaker, State
from longshot.project.records import Explained, StoredDocument
from longshot.records import Evidence, Passage


@dataclass(slots=True)
class Explainer:
    """Explains decisions by a classifier that knows the examples' texts.

    Attributes
    ----------
    database
        The project's.
    make_classifier
        Gives one that has learned nothing yet.
    """

    database: Database
    make_classifier: ClassifierMaker
    _fitted: tuple[str, LongshotClassifier] | None = field(default=None, init=False)

    def evidence(
        self, pile: Pile, state: State, stored: StoredDocument, label: str | None
    ) -> Evidence | None:
        """Give the passages that speak for a label; for the decided one by default."""
        if state.n_labels < 2 or stored.unreadable is not None:
            return None
        classifier = self._classifier(pile, state)
        if label is None:
            with self.database.reading() as connection:
                decision = decision_of(connection, stored.number, stored.id)
            label = None if decision is None else decision.label
        known = classifier.classes_.tolist()
        # What is ignored is blank here, so that places stay those of the text.
        text = pile.boilerplate.blanked(stored.text)
        found: Evidence = classifier.explain(text, label if label in known else None)
        return found

    def passages(
        self, pile: Pile, state: State, document_ids: Collection[str]
    ) -> dict[str, Passage]:
        """Find the passage that spoke most for the label of each decision."""
        found: dict[str, Passage] = {}
        for document_id in pile.known_ids.intersection(document_ids):
            with self.database.reading() as connection:
                stored = browsing.stored_document(connection, document_id)
                decision = decision_of(connection, stored.number, stored.id)
            if decision is None or decision.label is None:
                continue
            evidence = self.evidence(pile, state, stored, decision.label)
            if evidence is not None:
                found[document_id] = evidence.passage
        return found

    def explained(self, pile: Pile, state: State) -> Explained:
        """Give the evidence and vector of every document that can be decided."""
        vectors = dict(zip(pile.ids, pile.features.vectors, strict=True))
        if state.n_labels < 2:
            return Explained(evidence={}, vectors=vectors)
        classifier = self._classifier(pile, state)
        with self.database.reading() as connection:
            read = [
                replace(one, text=pile.boilerplate.blanked(one.text))
                for one in browsing.read_back(connection, pile.numbers.tolist())
            ]
            decided = classifier.classify(read, on_set_aside=lambda _: None)
        evidence = {
            one.document_id: one.evidence for one in decided if one.evidence is not None
        }
        return Explained(evidence=evidence, vectors=vectors)

    def _classifier(self, pile: Pile, state: State) -> LongshotClassifier:
        """Learn from the examples' texts, once for each state."""
        if self._fitted is not None and self._fitted[0] == state.id:
            return self._fitted[1]
        rows = state.example_rows.tolist()
        label_of = {
            pile.ids[row]: label
            for row, label in zip(rows, state.example_labels, strict=True)
        }
        with self.database.reading() as connection:
            numbers = sorted(pile.numbers[rows].tolist())
            read = list(browsing.read_back(connection, numbers))
        classifier = self.make_classifier()
        classifier.fit(
            [pile.boilerplate.without(one.text) for one in read],
            [label_of[one.id] for one in read],
            state.descriptions or None,
            ids=[one.id for one in read],
        )
        phrased = classifier.counting_phrases(state.speaks_for, state.speaks_against)
        self._fitted = state.id, phrased
        return phrased
