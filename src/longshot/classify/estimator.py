"""The estimator: few labelled documents in; labels, confidence, evidence out."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from longshot.classify.conformal import check_confidence
from longshot.classify.deciding import (
    Decider,
    Probabilities,
    Verdict,
    predicted,
)
from longshot.classify.examples import Labels, Texts, check_texts, embed_examples
from longshot.classify.heads import Head, check_head
from longshot.classify.learning import Learner
from longshot.classify.names import Descriptions, described
from longshot.classify.offering import offered
from longshot.classify.reading_pile import PileReader, ReadPile
from longshot.classify.readings import Readings
from longshot.classify.storage import check_fingerprint, load_examples, save_support
from longshot.classify.support import Label, SupportSet
from longshot.embedder import DocumentEmbedder, as_documents
from longshot.errors import ExamplesError, SettingError
from longshot.recipe import Recipe
from longshot.records import (
    Document,
    Evidence,
    NewClass,
    OnSetAside,
    OnWindow,
    Prediction,
)

_BLOCK_DOCUMENTS = 256


class LongshotClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classifies documents of any length from a few labelled ones, or from names.

    A scikit-learn estimator over texts. What it learns is a pure function of the set of
    examples: their order never matters, and adding or removing one is immediate.

    Parameters
    ----------
    head
        ``views``: examples and names are compared with each document in several views
        of it, weighed by what the examples tell about them. The article's decisions:
        ``nearest``, the label of the closest example by cosine; ``prototype``, the
        label of the closest class mean.
    names
        Whether the labels' names are read, where they are no numbers (``views`` only).
    unknown
        The share of documents with a known label that one is ready to lose so that
        others are told apart: those get None, "none of these". Off by default.
    embedder
        What turns a text into vectors; the article's recipe on the bundled model by
        default.

    Attributes
    ----------
    classes_
        The labels, sorted.
    support_
        The examples with their vectors.
    example_ids_
        The examples' ids, to remove them by.

    Examples
    --------
    >>> classifier = LongshotClassifier().fit(
    ...     ["The tenant pays the rent monthly.", "The boiler was found to leak."],
    ...     ["lease", "report"],
    ... )
    >>> classifier.predict(["The landlord may end this tenancy."]).tolist()
    ['lease']

    From names alone:

    >>> classifier = LongshotClassifier().fit([], [], descriptions=["lease", "recipe"])
    >>> classifier.predict(["Fry the onions until they are soft."]).tolist()
    ['recipe']
    """

    def __init__(
        self,
        *,
        head: Head = "views",
        names: bool = True,
        unknown: float | None = None,
        embedder: DocumentEmbedder | None = None,
    ) -> None:
        self.head = head
        self.names = names
        self.unknown = unknown
        self.embedder = embedder

    # --- learning ---------------------------------------------------------------------

    def fit(
        self,
        texts: Texts,
        labels: Labels,
        descriptions: Descriptions | None = None,
        *,
        ids: Sequence[str] | None = None,
    ) -> "LongshotClassifier":
        """Learn from labelled texts, from the labels' names, or from both.

        Parameters
        ----------
        texts, labels
            One label for each text; there may be none where names are described.
        descriptions
            Label names, or a dict of name and description (None where the name says
            all). Labels that no text shows are decided by name.
        ids
            Names to remove examples by; made from text and label by default, in which
            case the same text under the same label counts once.

        Raises
        ------
        ExamplesError
            If texts, labels and descriptions do not make a labelled set of at least two
            labels.
        EmptyDocumentError
            If a text holds no token.
        """
        check_head(self.head)
        _check_unknown(self.unknown)
        self._embedder = self.embedder or DocumentEmbedder()
        self._descriptions = described(descriptions)
        examples = embed_examples(self._embedder, texts, labels, ids)
        self._learn(SupportSet(examples, self._descriptions))
        return self

    def add(
        self,
        texts: Texts,
        labels: Labels,
        ids: Sequence[str] | None = None,
    ) -> "LongshotClassifier":
        """Add examples, of known labels or new ones; they take effect at once.

        Raises
        ------
        ExamplesError
            If an id is taken, or texts and labels do not fit together.
        """
        check_is_fitted(self)
        examples = embed_examples(
            self._embedder, texts, labels, ids, taken=self.example_ids_
        )
        self._learn(self.support_.with_added(examples))
        return self

    def remove(self, ids: Collection[str]) -> "LongshotClassifier":
        """Remove examples; a label without examples is gone unless it was described.

        Raises
        ------
        ExamplesError
            If an id is not an example's, or fewer than two labels would be left.
        """
        check_is_fitted(self)
        self._learn(self.support_.without(ids))
        return self

    def _learn(self, support: SupportSet) -> None:
        learner = Learner(self._embedder, check_head(self.head), self.names)
        self._choices: tuple[str, ...] = ()
        self._new_classes: tuple[NewClass, ...] = ()
        self._decider: Decider = learner.learned(support, self._descriptions)
        self.classes_ = support.classes

    @property
    def support_(self) -> SupportSet:
        """The examples with their vectors."""
        return self._decider.support

    @property
    def example_ids_(self) -> tuple[str, ...]:
        """The examples' ids."""
        return tuple(example.id for example in self.support_.examples)

    def explain_fit(self) -> tuple[str, ...]:
        """Tell what was learned and chosen, and why, in lines for people.

        After :meth:`classify`, what was chosen for those documents: how far their shape
        was trusted, too.
        """
        check_is_fitted(self)
        return self._choices or self._decider.choices()

    # --- deciding ---------------------------------------------------------------------

    def predict(self, texts: Texts) -> np.ndarray:
        """Give the label of each text, judged by itself; None for "none of these".

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        """
        return self._labels(texts, pile=False)

    def predict_proba(self, texts: Texts) -> Float[np.ndarray, "document class"]:
        """Give the confidence in each of ``classes_`` for each text, judged by itself.

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        """
        return self._probabilities(texts, pile=False)

    def predict_pile(self, texts: Texts) -> np.ndarray:
        """Give the label of each text, all judged together; None for "none of these".

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        """
        return self._labels(texts, pile=True)

    def predict_proba_pile(self, texts: Texts) -> Float[np.ndarray, "document class"]:
        """Give the confidence in each of ``classes_`` for each text, judged together.

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        """
        return self._probabilities(texts, pile=True)

    def predict_set(
        self, texts: Texts, *, confidence: float = 0.9, pile: bool = False
    ) -> list[tuple[Label, ...]]:
        """Give for each text the labels that hold the true one so often.

        Cross-conformal sets: where examples and texts are drawn alike, they hold the
        true label in a share `confidence` on the mean. A set is empty where no label
        fits as well as examples fit theirs, and holds all labels where fewer than
        :func:`~longshot.classify.conformal.n_needed` examples can be held out.

        Parameters
        ----------
        texts
            What to judge.
        confidence
            How often a set is to hold the true label; between 0 and 1.
        pile
            Whether they are judged together, or each by itself.

        Returns
        -------
        list of tuple
            The labels of each text, in the order of ``classes_``.

        Raises
        ------
        SettingError
            If the confidence is no share between 0 and 1.
        EmptyDocumentError
            If a text holds no token.

        Examples
        --------
        >>> texts = ["rent is due", "the roof leaks"]
        >>> classifier = LongshotClassifier().fit(texts, ["lease", "report"])
        >>> classifier.predict_set(["rent"])  # too few examples to leave any out
        [('lease', 'report')]
        """
        check_confidence(confidence)
        return [
            tuple(self.classes_[row].tolist())
            for block in self._read(texts, pile=pile)
            for row in self._verdict(block.readings, pile)
            .label_p_values()
            .is_in_set(confidence)
        ]

    def classify(
        self,
        documents: Iterable[str | Document],
        *,
        pile: bool = True,
        evidence: bool = True,
        confidence: float | None = None,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
    ) -> list[Prediction]:
        """Decide for documents of any length, with confidence and evidence.

        Parameters
        ----------
        documents
            Documents, or plain texts (whose ids are then their numbers from 0).
        pile
            Whether they are judged together, or each by itself.
        evidence
            Whether the passage that decided is wanted.
        confidence
            How often each document's set of labels is to hold the true one; no sets
            by default. See :meth:`predict_set`.
        on_set_aside, on_window
            As in :meth:`DocumentEmbedder.vectors`.

        Returns
        -------
        list of Prediction
            In the order of the documents, without those that were set aside.

        Raises
        ------
        EmptyDocumentError
            If a document holds no token and `on_set_aside` is None.
        """
        check_is_fitted(self)
        if confidence is not None:
            check_confidence(confidence)
        reader = PileReader(
            embedder=self._embedder, on_set_aside=on_set_aside, on_window=on_window
        )
        blocks = reader.read(
            as_documents(documents), None if pile else _BLOCK_DOCUMENTS
        )
        decide = self._decider.for_pile if pile else self._decider.one_by_one
        return [
            prediction
            for block in blocks
            for prediction in self._predictions(
                block, decide, evidence, confidence, pile
            )
        ]

    def explain(self, text: str, label: Label | None = None) -> Evidence:
        """Give the passage that spoke most for a label, judged by itself.

        Parameters
        ----------
        text
            The document.
        label
            One of ``classes_``; the label that it gets, by default.

        Raises
        ------
        EmptyDocumentError
            If the text holds no token.
        ExamplesError
            If there is no such label.
        """
        check_is_fitted(self)
        documents = as_documents(check_texts([text]))
        (block,) = PileReader(embedder=self._embedder).read(documents)
        verdict = self._decider.one_by_one(block.readings)
        best = int(verdict.probabilities[0].argmax())
        index = best if label is None else _index_of(label, self.classes_)
        return verdict.explain(0, text, block.shelf[0], index)

    def _read(self, texts: Texts, *, pile: bool) -> Iterator[ReadPile]:
        """Read texts in one pile, or block by block."""
        check_is_fitted(self)
        documents = as_documents(check_texts(texts))
        n_together = None if pile else _BLOCK_DOCUMENTS
        yield from PileReader(embedder=self._embedder).read(documents, n_together)

    def _verdict(self, readings: Readings, pile: bool) -> Verdict:
        decide = self._decider.for_pile if pile else self._decider.one_by_one
        return decide(readings)

    def _judged(
        self, texts: Texts, *, pile: bool
    ) -> Iterator[tuple[Readings, Probabilities]]:
        """Read texts in one pile, or block by block, and judge them."""
        for block in self._read(texts, pile=pile):
            readings = block.readings
            if pile:
                yield readings, self._decider.for_pile(readings).probabilities
            else:
                yield readings, self._decider.probabilities(readings)

    def _probabilities(self, texts: Texts, *, pile: bool) -> Probabilities:
        rows = [probabilities for _, probabilities in self._judged(texts, pile=pile)]
        return np.vstack([np.empty((0, len(self.classes_))), *rows])

    def _labels(self, texts: Texts, *, pile: bool) -> np.ndarray:
        blocks = [
            self._best_labels(*judged) for judged in self._judged(texts, pile=pile)
        ]
        return np.concatenate([self.classes_[:0], *blocks])

    def _best_labels(
        self, readings: Readings, probabilities: Probabilities
    ) -> np.ndarray:
        labels = self.classes_[probabilities.argmax(axis=1)]
        if self.unknown is None:
            return np.asarray(labels)
        labels = labels.astype(object)
        labels[self._decider.p_values(readings, self.unknown) <= self.unknown] = None
        return np.asarray(labels)

    def _predictions(
        self,
        block: ReadPile,
        decide: Callable[[Readings], Verdict],
        evidence: bool,
        confidence: float | None,
        pile: bool,
    ) -> Iterator[Prediction]:
        verdict = decide(block.readings)
        sets: Sequence[np.ndarray | None] = [None] * len(block)
        if confidence is not None:
            sets = list(verdict.label_p_values().is_in_set(confidence))
        self._choices = verdict.choices
        p_values = np.ones(len(block))
        if self.unknown is not None:
            p_values = self._decider.p_values(block.readings, self.unknown)
        new_class = self._offer(block, p_values, pile)
        documents = zip(
            block.shelf, block.texts, verdict.probabilities, p_values, strict=True
        )
        for number, (vectors, text, row, p_value) in enumerate(documents):
            best = int(row.argmax())
            passage = None
            if evidence:
                passage = verdict.explain(number, text, vectors, best)
            none_fits = self.unknown is not None and p_value <= self.unknown
            yield predicted(
                vectors,
                row,
                self.classes_,
                passage,
                p_value=float(p_value) if none_fits else None,
                is_in_set=sets[number],
                new_class=new_class[number],
            )

    def _offer(
        self, block: ReadPile, p_values: np.ndarray, pile: bool
    ) -> list[int] | list[None]:
        """Look for new classes, and give each document the number of its own."""
        self._new_classes = ()
        if self.unknown is None or not pile:
            return [None] * len(block)
        clusters = self._decider.new_clusters(block.readings, p_values)
        ids = [vectors.document_id for vectors in block.shelf]
        self._new_classes = offered(clusters, ids, block.texts)
        numbers = [0] * len(block)
        for number, members in enumerate(clusters, start=1):
            for row in members:
                numbers[row] = number
        return numbers

    def new_classes(self) -> tuple[NewClass, ...]:
        """Offer clusters of the pile that no known class claims, the largest first.

        Of the documents that :meth:`classify` was last called with, judged together
        with ``unknown`` on; none otherwise.
        """
        check_is_fitted(self)
        return self._new_classes

    # --- keeping ----------------------------------------------------------------------

    def save(self, folder: str | Path) -> None:
        """Write the fitted classifier to a folder: safetensors and JSON.

        Raises
        ------
        OutputError
            If the folder holds something else, or cannot be written.
        """
        check_is_fitted(self)
        settings = {
            "head": self.head,
            "names": self.names,
            "unknown": self.unknown,
            "descriptions": list(self._descriptions.items()),
            "recipe": self._embedder.recipe.to_dict(),
            "fingerprint": self._embedder.fingerprint,
        }
        save_support(Path(folder), self.support_, settings)

    @classmethod
    def load(
        cls, folder: str | Path, *, embedder: DocumentEmbedder | None = None
    ) -> "LongshotClassifier":
        """Read a classifier that :meth:`save` wrote; it decides bit by bit the same.

        Parameters
        ----------
        folder
            Where it was saved.
        embedder
            One under the same recipe; made from the saved recipe by default.

        Raises
        ------
        SavedClassifierError
            If it was written by another version, or under another recipe or model.
        """
        examples, settings = load_examples(Path(folder))
        embedder = embedder or DocumentEmbedder(Recipe.from_dict(settings["recipe"]))
        check_fingerprint(Path(folder), settings, embedder.fingerprint)
        classifier = cls(
            head=settings["head"],
            names=settings["names"],
            unknown=settings["unknown"],
            embedder=embedder,
        )
        classifier._embedder = embedder
        classifier._descriptions = dict(map(tuple, settings["descriptions"]))
        classifier._learn(SupportSet(examples, classifier._descriptions))
        return classifier

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_decider")

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


def _check_unknown(share: float | None) -> None:
    if share is not None and not 0 < share < 1:
        raise SettingError(
            "unknown must be a share between 0 and 1: of the known documents, what one "
            f"is ready to lose; got {share}. Give, for instance, 0.05."
        )


def _index_of(label: Label, classes: np.ndarray) -> int:
    known = classes.tolist()
    if label not in known:
        shown = ", ".join(map(str, known))
        raise ExamplesError(
            f"label must be one of {shown}; got {label}. Name one of these."
        )
    return int(known.index(label))
