"""The estimator: few labelled documents in; labels, confidence, evidence out."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from longshot.classify.deciding import Decider, TextsUnderWay
from longshot.classify.examples import Labels, Texts, check_texts, embed_examples
from longshot.classify.heads import Head, check_head
from longshot.classify.storage import check_fingerprint, load_support, save_support
from longshot.classify.support import SupportSet
from longshot.embedder import DocumentEmbedder, as_documents
from longshot.recipe import Recipe
from longshot.records import Document, Evidence, OnSetAside, OnWindow, Prediction


class LongshotClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classifies documents of any length from a few labelled ones.

    A scikit-learn estimator over texts. What it learns is a pure function of the set of
    examples: their order never matters, and adding or removing one is immediate.

    Parameters
    ----------
    head
        ``nearest``: the label of the closest example by cosine (the article's
        decision); ``prototype``: the label of the closest class mean.
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
    temperature_
        Of the softmax that turns similarities into confidence.

    Examples
    --------
    >>> classifier = LongshotClassifier().fit(
    ...     ["The tenant pays the rent monthly.", "The boiler was found to leak."],
    ...     ["lease", "report"],
    ... )
    >>> classifier.predict(["The landlord may end this tenancy."]).tolist()
    ['lease']
    """

    def __init__(
        self, *, head: Head = "prototype", embedder: DocumentEmbedder | None = None
    ) -> None:
        self.head = head
        self.embedder = embedder

    # --- learning ---------------------------------------------------------------------

    def fit(
        self,
        texts: Texts,
        labels: Labels,
        ids: Sequence[str] | None = None,
    ) -> "LongshotClassifier":
        """Learn from labelled texts.

        Parameters
        ----------
        texts, labels
            One label for each text; at least two different labels.
        ids
            Names to remove examples by; made from text and label by default, in which
            case the same text under the same label counts once.

        Raises
        ------
        ExamplesError
            If texts and labels do not make a labelled set.
        EmptyDocumentError
            If a text holds no token.
        """
        check_head(self.head)
        self._embedder = self.embedder or DocumentEmbedder()
        examples = embed_examples(self._embedder, texts, labels, ids)
        self._learn(SupportSet(examples), self.head)
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
        self._learn(self.support_.with_added(examples), self._decider.head)
        return self

    def remove(self, ids: Collection[str]) -> "LongshotClassifier":
        """Remove examples; a label without examples is gone.

        Raises
        ------
        ExamplesError
            If an id is not an example's, or fewer than two labels would be left.
        """
        check_is_fitted(self)
        self._learn(self.support_.without(ids), self._decider.head)
        return self

    def _learn(self, support: SupportSet, head: Head) -> None:
        pooling = self._embedder.recipe.window_pooling
        self._decider = Decider.learned(support, head, pooling)
        self.classes_ = support.classes
        self.temperature_ = self._decider.temperature

    @property
    def support_(self) -> SupportSet:
        """The examples with their vectors."""
        return self._decider.support

    @property
    def example_ids_(self) -> tuple[str, ...]:
        """The examples' ids."""
        return tuple(example.id for example in self.support_.examples)

    # --- deciding ---------------------------------------------------------------------

    def predict(self, texts: Texts) -> np.ndarray:
        """Give the label of each text.

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        """
        documents = self._embed(texts)
        best = self._decider.similarities(documents).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def predict_proba(self, texts: Texts) -> Float[np.ndarray, "document class"]:
        """Give the confidence in each of ``classes_`` for each text.

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        """
        documents = self._embed(texts)
        return self._decider.confidences(documents)

    def classify(
        self,
        documents: Iterable[str | Document],
        *,
        evidence: bool = True,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
    ) -> list[Prediction]:
        """Decide for documents of any length, with confidence and evidence.

        Parameters
        ----------
        documents
            Documents, or plain texts (whose ids are then their numbers from 0).
        evidence
            Whether the passage that decided is wanted.
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
        texts = TextsUnderWay()
        vectors = self._embedder.vectors(
            texts.noting(as_documents(documents)),
            on_set_aside=on_set_aside,
            on_window=on_window,
        )
        return [
            self._decider.decide(texts.text_of(one), one, evidence=evidence)
            for one in vectors
        ]

    def explain(self, text: str) -> Evidence:
        """Give the passage that decided, and the example's passage that it matched.

        Raises
        ------
        EmptyDocumentError
            If the text holds no token.
        """
        (prediction,) = self.classify([text])
        assert prediction.evidence is not None
        return prediction.evidence

    def _embed(self, texts: Texts) -> Float[np.ndarray, "document dim"]:
        check_is_fitted(self)
        return self._embedder.embed(check_texts(texts))

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
            "head": self._decider.head,
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
        support, settings = load_support(Path(folder))
        embedder = embedder or DocumentEmbedder(Recipe.from_dict(settings["recipe"]))
        check_fingerprint(Path(folder), settings, embedder.fingerprint)
        classifier = cls(head=settings["head"], embedder=embedder)
        classifier._embedder = embedder
        classifier._learn(support, check_head(settings["head"]))
        return classifier

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_decider")

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags
