"""Decides about a project's documents, explains it, and says what to label next."""

import threading
from collections.abc import Collection
from pathlib import Path

import numpy as np
from jaxtyping import Float

from longshot.classify import DocumentFeatures, LongshotClassifier
from longshot.embedder import DocumentEmbedder
from longshot.project.browsing import stored_document
from longshot.project.database import Database
from longshot.project.deciding import decisions
from longshot.project.deciding.explaining import Explainer
from longshot.project.deciding.features import FeatureStore
from longshot.project.deciding.pile import Pile, PileReader
from longshot.project.deciding.state import State, decide, state_of
from longshot.project.deciding.suggesting import PileProbabilities, places, suggest
from longshot.project.records import Decisions, Explained, Suggestion
from longshot.records import Evidence, OnSetAside, OnWindow, Passage
from longshot.selection.names import Strategy

_FEW_LABELS = (
    "labels must be at least two before anything can be decided; there {got}. Label a "
    "document of another kind, or name the labels."
)

_PATIENCE_S = 10.0
"""For what a list can do without: longer than deciding anew, which people wait for."""


class ProjectDecider:
    """Decides from what is in memory; one thread at a time.

    Parameters
    ----------
    database
        The project's.
    embedder
        What reads documents.
    folder
        Where features are kept.
    unknown
        The share of known documents that may be rejected; None for "none of these" off.
    """

    def __init__(
        self,
        database: Database,
        embedder: DocumentEmbedder,
        folder: Path,
        *,
        unknown: float | None,
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._unknown = unknown
        self._reader = PileReader(database, FeatureStore(folder, embedder))
        self._explainer = Explainer(database, self._classifier)
        self._lock = threading.RLock()
        self._placed: tuple[DocumentFeatures, np.ndarray] | None = None
        self._latest: tuple[Pile, State] | None = None

    def n_to_encode(self) -> tuple[int, int]:
        """Count the documents that must be read before deciding, and their characters.

        Those of one text count once.
        """
        with self._lock:
            missing = self._reader.missing()
            return len(missing), sum(row.n_characters for row in missing)

    def pile(
        self,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
    ) -> Pile | None:
        """Read what was not read yet, and give the pile; None where it is empty."""
        with self._lock:
            return self._reader.pile(on_set_aside=on_set_aside, on_window=on_window)

    def classify(
        self, on_set_aside: OnSetAside | None, on_window: OnWindow | None
    ) -> Decisions:
        """Decide about every document, unless the same state has decided already."""
        with self._lock:
            pile = self.pile(on_set_aside, on_window)
            if pile is None:
                return _nothing("the project holds no document that can be read")
            state = self._state(pile)
            with self._database.reading() as connection:
                newest = decisions.current_state(connection)
            if state.n_labels < 2:
                with self._database.writing() as connection:
                    decisions.forget_all(connection)
                got = "is one" if state.n_labels else "is none"
                return _nothing(_FEW_LABELS.format(got=got))
            if newest is not None and newest.id == state.id:
                if newest.last_entry != state.last_entry:
                    with self._database.writing() as connection:
                        decisions.touch(connection, state)
                return decisions.as_before(newest)
            outcome = decide(self._classifier(), state, pile, self._text_of)
            with self._database.writing() as connection:
                return decisions.write(connection, state, pile, outcome)

    def evidence(self, document_id: str, label: str | None) -> Evidence | None:
        """Give the passages of a document that speak for a label."""
        with self._database.reading() as connection:
            stored = stored_document(connection, document_id)
        with self._lock:
            pile = self.pile()
            if pile is None:
                return None
            return self._explainer.evidence(pile, self._state(pile), stored, label)

    def passages(self, document_ids: Collection[str]) -> dict[str, Passage]:
        """Find the passages that decided, unless texts must be read before."""
        if not self._lock.acquire(timeout=_PATIENCE_S):
            return {}
        try:
            pile = self._reader.as_read()
            if pile is None:
                return {}
            return self._explainer.passages(pile, self._state(pile), document_ids)
        finally:
            self._lock.release()

    def explained(self) -> Explained:
        """Give the evidence and vector of every document that can be decided."""
        with self._lock:
            pile = self.pile()
            if pile is None:
                return Explained(evidence={}, vectors={})
            return self._explainer.explained(pile, self._state(pile))

    def suggest(self, n: int, strategy: Strategy, seed: int) -> list[Suggestion]:
        """Choose open documents to label next, the most useful first."""
        with self._lock:
            pile = self.pile()
            if pile is None:
                return []
            with self._database.reading() as connection:
                kept = decisions.probabilities_of(connection, pile.numbers.tolist())
            decided = None
            if kept is not None:
                decided = PileProbabilities(classes=kept[0], probabilities=kept[1])
            return suggest(pile, decided, n, strategy=strategy, seed=seed)

    def map(self) -> dict[str, tuple[float, float]]:
        """Place every document on a plane."""
        with self._lock:
            pile = self.pile()
            if pile is None:
                return {}
            places = self._places(pile.features).tolist()
        return {id_: (x, y) for id_, (x, y) in zip(pile.ids, places, strict=True)}

    def _places(self, features: DocumentFeatures) -> Float[np.ndarray, "document 2"]:
        """Place documents once: a label moves none of them."""
        if self._placed is None or self._placed[0] is not features:
            self._placed = features, np.round(places(features.vectors), 6)
        return self._placed[1]

    def _classifier(self) -> LongshotClassifier:
        return LongshotClassifier(
            unknown=self._unknown, verbose=False, embedder=self._embedder
        )

    def _state(self, pile: Pile) -> State:
        """Tell what decisions depend on; of one pile, once."""
        if self._latest is None or self._latest[0] is not pile:
            state = state_of(pile, self._embedder, {"unknown": self._unknown})
            self._latest = pile, state
        return self._latest[1]

    def _text_of(self, document_id: str) -> str:
        with self._database.reading() as connection:
            return stored_document(connection, document_id).text


def _nothing(reason: str) -> Decisions:
    return Decisions(
        state=None,
        n_documents=0,
        n_changed=0,
        n_relabelled=0,
        n_examples=0,
        report=(reason,),
    )
