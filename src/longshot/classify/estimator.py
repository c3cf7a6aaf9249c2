"""The estimator: few labelled documents in; labels, confidence, evidence out."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import get_args

import numpy as np
from jaxtyping import Float
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from longshot.classify.confidence import confidences, fit_temperature
from longshot.classify.examples import Labels, Texts, check_texts, embed_examples
from longshot.classify.explaining import explain_label
from longshot.classify.heads import (
    Head,
    class_similarities,
    leave_one_out_similarities,
)
from longshot.classify.storage import load_support, save_support
from longshot.classify.support import SupportSet
from longshot.embedder import DocumentEmbedder, as_documents
from longshot.errors import SavedClassifierError, SettingError
from longshot.recipe import Recipe
from longshot.records import (
    Document,
    Evidence,
    OnSetAside,
    OnWindow,
    Prediction,
    Vectors,
)


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
        _check_head(self.head)
        self._embedder = self.embedder or DocumentEmbedder()
        self._learn(SupportSet(embed_examples(self._embedder, texts, labels, ids)))
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
        self._learn(self._support.with_added(examples))
        return self

    def remove(self, ids: Collection[str]) -> "LongshotClassifier":
        """Remove examples; a label without examples is gone.

        Raises
        ------
        ExamplesError
            If an id is not an example's, or fewer than two labels would be left.
        """
        check_is_fitted(self)
        self._learn(self._support.without(ids))
        return self

    def _learn(self, support: SupportSet) -> None:
        similarities, held_out = leave_one_out_similarities(
            self.head, support.documents, support.class_indices
        )
        self._support = support
        self.classes_ = support.classes
        self.temperature_ = fit_temperature(similarities, held_out)

    @property
    def example_ids_(self) -> tuple[str, ...]:
        """The examples' ids."""
        return tuple(example.id for example in self._support.examples)

    # --- deciding ---------------------------------------------------------------------

    def predict(self, texts: Texts) -> np.ndarray:
        """Give the label of each text.

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        """
        best = self._similarities(texts).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def predict_proba(self, texts: Texts) -> Float[np.ndarray, "document class"]:
        """Give the confidence in each of ``classes_`` for each text.

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        """
        return confidences(self._similarities(texts), self.temperature_)

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
        under_way: deque[Document] = deque()
        vectors = self._embedder.vectors(
            _remembered(documents, under_way),
            on_set_aside=on_set_aside,
            on_window=on_window,
        )
        return [self._decide(_text_of(v, under_way), v, evidence) for v in vectors]

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

    def _similarities(self, texts: Texts) -> Float[np.ndarray, "document class"]:
        check_is_fitted(self)
        documents = self._embedder.embed(check_texts(texts))
        return self._class_similarities(documents)

    def _class_similarities(
        self, documents: Float[np.ndarray, "document dim"]
    ) -> Float[np.ndarray, "document class"]:
        return class_similarities(
            self.head, documents, self._support.documents, self._support.class_indices
        )

    def _decide(self, text: str, vectors: Vectors, evidence: bool) -> Prediction:
        similarities = self._class_similarities(vectors.document[None])
        sure = confidences(similarities, self.temperature_)[0]
        order = similarities[0].argsort(kind="stable")[::-1]
        ranked = [(str(self.classes_[i]), float(sure[i])) for i in order]
        return Prediction(
            document_id=vectors.document_id,
            label=ranked[0][0],
            confidence=ranked[0][1],
            alternatives=tuple(ranked[1:]),
            evidence=explain_label(
                self._support,
                self.head,
                text,
                vectors,
                int(order[0]),
                self._embedder.recipe.window_pooling,
            )
            if evidence
            else None,
            n_tokens=vectors.n_tokens,
            n_windows=len(vectors.windows),
            coverage=vectors.coverage,
        )

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
            "recipe": self._embedder.recipe.to_dict(),
            "fingerprint": self._embedder.fingerprint,
        }
        save_support(Path(folder), self._support, settings)

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
        if embedder.fingerprint != settings["fingerprint"]:
            raise SavedClassifierError(
                "a saved classifier must be used under the recipe and model that made "
                f"it; {folder} was made under another. Fit it again, or load it with "
                "the model that it names."
            )
        _check_head(settings["head"])
        classifier = cls(head=settings["head"], embedder=embedder)
        classifier._embedder = embedder
        classifier._learn(support)
        return classifier

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_support")

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


def _remembered(
    documents: Iterable[str | Document], under_way: deque[Document]
) -> Iterator[Document]:
    """Keep each document until it is decided."""
    for document in as_documents(documents):
        under_way.append(document)
        yield document


def _text_of(vectors: Vectors, under_way: deque[Document]) -> str:
    """Take the text of a document that is done; those before it were set aside."""
    while (document := under_way.popleft()).id != vectors.document_id:
        pass
    return document.text


def _check_head(head: str) -> None:
    if head not in get_args(Head):
        raise SettingError(
            f"head must be one of {', '.join(get_args(Head))}; got {head}. "
            "Change --head."
        )
