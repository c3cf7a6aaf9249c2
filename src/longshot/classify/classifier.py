"""The classifier: few labelled documents in; labels, confidence, evidence out.

:class:`LongshotClassifier` makes it an estimator of scikit-learn's. The command line
takes it as it is: importing scikit-learn takes longer than labelling a document.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import numpy as np
from jaxtyping import Float

from longshot.classify.combination.pile import PileModel
from longshot.classify.deciding import ClassifiedFeatures, Decider
from longshot.classify.early_stopping.reading import BlockReader, OnVectors
from longshot.classify.early_stopping.stopping import (
    Extent,
    StoppingRule,
)
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.extraction import FeatureExtractor, Layout, TextFeatures
from longshot.classify.labels.label_lists import Label
from longshot.classify.labels.parsing import (
    AnyLabels,
    Texts,
    check_texts,
    grown,
    support_of_features,
    support_of_texts,
)
from longshot.classify.labels.support import SupportSet
from longshot.classify.models.base import Model
from longshot.classify.models.fitting import Head, ModelFitter, check_names_model
from longshot.classify.models.phrased import PhrasedModel, among_pile, views_below
from longshot.classify.models.pile_in_parts import PileInParts
from longshot.classify.models.several_labels import SeveralLabelsModel
from longshot.classify.persistence import SavedClassifier
from longshot.classify.scorers.names import Descriptions, described
from longshot.classify.uncertainty.novelty import check_unknown
from longshot.embedder import DocumentEmbedder, as_documents
from longshot.encoders import load_entailment
from longshot.progress import shown_passes, shown_progress
from longshot.recipe import Recipe, check_choice
from longshot.records import (
    Classified,
    Document,
    Evidence,
    OnSetAside,
    OnWindow,
    Prediction,
    Vectors,
)

if TYPE_CHECKING:
    from longshot.classify.features.entailment import LabelHypotheses, OnPass
    from longshot.encoders.transformers.entailment import EntailmentModel

Fitted = TypeVar("Fitted", bound="Classifier")


class Classifier:
    """Classifies documents of any length from a few labelled ones, or from names.

    What :class:`LongshotClassifier` describes, without what scikit-learn asks for.
    """

    on_pass: "OnPass | None" = None
    """Told how far `names_model` is, in the place of a bar."""

    def __init__(
        self,
        model: str = "minilm",
        *,
        head: Head = "views",
        names: bool = True,
        names_model: str | None = None,
        unknown: float | None = None,
        read: Extent = "all",
        verbose: bool | None = None,
        embedder: DocumentEmbedder | None = None,
    ) -> None:
        self.model = model
        self.head = head
        self.names = names
        self.names_model = names_model
        self.unknown = unknown
        self.read = read
        self.verbose = verbose
        self.embedder = embedder

    # --- learning ---------------------------------------------------------------------

    def fit(
        self: Fitted,
        texts: Texts,
        labels: AnyLabels,
        descriptions: Descriptions | None = None,
        *,
        ids: Sequence[str] | None = None,
        on_window: OnWindow | None = None,
    ) -> Fitted:
        """Learn from labelled texts, from the labels' names, or from both.

        Parameters
        ----------
        texts, labels
            One label for each text; there may be no text where names are described.
            Where documents may have several labels, a list of them for each text (it
            may be empty), or scikit-learn's matrix of indicators. Labels may be paths
            (``finance/tax``).
        descriptions
            Label names, or a dict of name and description (None where the name says
            all). Labels that no text shows are decided by name.
        ids
            Names to remove examples by; made from text and label by default, in which
            case the same text under the same label counts once.
        on_window
            As in :meth:`DocumentEmbedder.vectors`; no bar is drawn then.

        Raises
        ------
        ExamplesError
            If texts, labels and descriptions do not make a labelled set of at least two
            labels, or the examples are too few for `unknown`.
        SettingError
            If a setting is not what it may be, or the model cannot do what it asks.
        EmptyDocumentError
            If a text holds no token.
        """
        named = self._begin(descriptions)
        with self._progress("reading examples", texts, on_window) as told:
            support = support_of_texts(
                self._embedder, texts, labels, ids, named, on_window=told
            )
        return self._learn(support, named)

    def fit_features(
        self: Fitted,
        features: DocumentFeatures,
        labels: AnyLabels,
        descriptions: Descriptions | None = None,
    ) -> Fitted:
        """Learn from what :meth:`features` gave of texts; as :meth:`fit` of the texts.

        Their passages are not known, so that there is no evidence.

        Raises
        ------
        ExamplesError, SettingError
            As :meth:`fit`.
        """
        named = self._begin(descriptions)
        return self._learn(support_of_features(features, labels, named), named)

    def add(
        self: Fitted,
        texts: Texts,
        labels: AnyLabels,
        ids: Sequence[str] | None = None,
    ) -> Fitted:
        """Add examples, of known labels or new ones; they take effect at once.

        Raises
        ------
        ExamplesError
            If an id is taken, or texts and labels do not fit together.
        """
        self._check_fitted()
        with self._progress("reading examples", texts) as told:
            support = grown(
                self.support_, self._embedder, texts, labels, ids, on_window=told
            )
        return self._learn(support, self._descriptions)

    def remove(self: Fitted, ids: Collection[str]) -> Fitted:
        """Remove examples; a label without examples is gone unless it was described.

        Parameters
        ----------
        ids
            What each is known by: its id, or its text.

        Raises
        ------
        ExamplesError
            If one is neither an example's id nor its text, or fewer than two labels
            would be left.
        """
        self._check_fitted()
        return self._learn(self.support_.without(ids), self._descriptions)

    def _progress(
        self,
        what: str,
        texts: Iterable[str | Document],
        on_window: OnWindow | None = None,
    ) -> AbstractContextManager[OnWindow | None]:
        """Tell the caller how far reading is, or draw a bar."""
        if on_window is not None:
            return nullcontext(on_window)
        return shown_progress(what, texts, verbose=self.verbose)

    def _begin(self, descriptions: Descriptions | None) -> dict[Label, str | None]:
        """Check the settings, and make ready what reads texts."""
        check_choice("head", self.head, get_args(Head))
        check_unknown(self.unknown)
        check_choice("read", self.read, get_args(Extent))
        check_names_model(
            self.names_model, head=self.head, names=self.names, read=self.read
        )
        self._texts = self._text_features()
        self._names_model = self._entailment_model()
        return described(descriptions)

    def _entailment_model(self) -> "EntailmentModel | None":
        """Find what is asked about names; its weights are not loaded yet."""
        if self.names_model is None:
            return None
        before: EntailmentModel | None = getattr(self, "_names_model", None)
        if before is not None and before.name == self.names_model:
            return before
        return load_entailment(self.names_model)

    def _text_features(self) -> TextFeatures:
        """Give what reads names; it remembers those that it read before."""
        before: TextFeatures | None = getattr(self, "_texts", None)
        if before is not None and self._reads_by(before.embedder):
            return before
        recipe = Recipe(model=self.model)
        return TextFeatures(self.embedder or DocumentEmbedder(recipe))

    def _reads_by(self, embedder: DocumentEmbedder) -> bool:
        if self.embedder is not None:
            return embedder is self.embedder
        return embedder.recipe == Recipe(model=self.model)

    def _learn(
        self: Fitted, support: SupportSet, descriptions: dict[Label, str | None]
    ) -> Fitted:
        fitter = self._fitter()
        hypotheses = fitter.hypotheses(support.classes, descriptions)
        self._model: Model = fitter.fit(support, descriptions, hypotheses)
        self._hypotheses = hypotheses
        self._rule: StoppingRule | None = fitter.rule(self._model)
        self._descriptions = descriptions
        self.classes_ = support.classes
        return self

    @property
    def _on_pass(self) -> "OnPass | None":
        asking = f"asking {self.names_model}"
        return self.on_pass or shown_passes(asking, verbose=self.verbose)

    @property
    def _asking(self) -> "LabelHypotheses | None":
        """What is asked of documents, and who is told of it; None where nothing is."""
        asked = self._hypotheses
        return None if asked is None else replace(asked, on_pass=self._on_pass)

    def _fitter(self) -> ModelFitter:
        return ModelFitter(
            texts=self._texts,
            head=self.head,
            names=self.names,
            unknown=self.unknown,
            read=self.read,
            names_model=self._names_model,
            on_pass=self._on_pass,
        )

    @property
    def support_(self) -> SupportSet:
        """The examples with their features."""
        return self._model.support

    @property
    def threshold_(self) -> float | None:
        """The probability from which on a label applies, where there may be several."""
        model = self._model
        return model.threshold if isinstance(model, SeveralLabelsModel) else None

    @property
    def example_ids_(self) -> tuple[str, ...]:
        """The examples' ids."""
        return tuple(example.id for example in self.support_.examples)

    @property
    def embedder_(self) -> DocumentEmbedder:
        """What texts are read with."""
        return self._embedder

    @property
    def name_features_(self) -> DocumentFeatures | None:
        """The features of the labels' names; None where they say nothing."""
        self._check_fitted()
        views = views_below(self._model)
        return None if views is None else views.names

    def explain_fit(self) -> tuple[str, ...]:
        """Tell what was learned from the examples and names, in lines for people."""
        return self._decider(pile=False).report()

    def _check_fitted(self) -> None:
        """Refuse to decide before anything was learned, as scikit-learn does."""
        if not hasattr(self, "_model"):
            from sklearn.exceptions import NotFittedError

            raise NotFittedError(
                f"This {type(self).__name__} instance is not fitted yet. Call 'fit' "
                "with appropriate arguments before using this estimator."
            )

    @property
    def descriptions_(self) -> dict[Label, str | None]:
        """What was said of the labels."""
        return dict(self._descriptions)

    @property
    def _embedder(self) -> DocumentEmbedder:
        return self._texts.embedder

    def with_embedder(self: Fitted, embedder: DocumentEmbedder) -> Fitted:
        """Give the same fitted classifier, reading by another embedder.

        Parameters
        ----------
        embedder
            One under the same recipe: with another engine, or another cache.
        """
        self._check_fitted()
        other = copy(self)
        other.embedder, other._texts = embedder, TextFeatures(embedder)
        if other._hypotheses is not None:
            other._hypotheses = replace(other._hypotheses, cache=embedder.cache)
        return other

    def counting_phrases(
        self: Fitted,
        speaks_for: Mapping[str, Sequence[str]],
        speaks_against: Mapping[str, Sequence[str]],
    ) -> Fitted:
        """Give a classifier that counts words and phrases in documents, too.

        How much they count is learned from the examples. It decides alone: what is
        added, removed or saved later knows nothing of them.

        Parameters
        ----------
        speaks_for, speaks_against
            Phrases by label. One counts where all of its words stand in a document, in
            any order; the commonest English words are left out of it.

        Raises
        ------
        SettingError
            If documents may have several labels, or the head is the article's.

        Examples
        --------
        >>> from longshot import LongshotClassifier
        >>> classifier = LongshotClassifier().fit([], [], ["lease", "report"])
        >>> told = classifier.counting_phrases({"report": ["second floor"]}, {})
        >>> texts = ["The tenant of the second floor."]
        >>> before, now = (one.predict_proba(texts)[0, 1] for one in (classifier, told))
        >>> bool(now > before)
        True
        """
        self._check_fitted()
        counting = PhrasedModel.counting(self._model, speaks_for, speaks_against)
        return self if counting is None else self._with(counting)

    @property
    def pile_in_parts(self) -> PileInParts | None:
        """What learns from a pile that no memory holds; None if no pile is used."""
        self._check_fitted()
        views = views_below(self._model)
        return None if views is None else PileInParts(views)

    def among(self: Fitted, pile: PileModel) -> Fitted:
        """Give a classifier that judges each document as one of a pile.

        Parameters
        ----------
        pile
            What was learned from the pile, as :attr:`pile_in_parts` gives it.
        """
        return self._with(among_pile(self._model, pile))

    def _with(self: Fitted, model: Model) -> Fitted:
        other = copy(self)
        other._model = model
        return other

    def _decider(
        self,
        *,
        pile: bool,
        confidence: float | None = None,
        level: int | None = None,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
        on_vectors: OnVectors | None = None,
    ) -> Decider:
        self._check_fitted()
        reader = BlockReader(
            embedder=self._embedder,
            rule=self._rule,
            on_set_aside=on_set_aside,
            on_window=on_window,
            on_vectors=on_vectors,
            hypotheses=self._asking,
        )
        return Decider(
            reader=reader,
            model=self._model,
            unknown=self.unknown,
            pile=pile,
            confidence=confidence,
            level=level,
        )

    # --- deciding ---------------------------------------------------------------------

    def classes_at(self, level: int) -> np.ndarray:
        """Give what the labels are down to a level, where they are paths.

        A level is how many parts of a path: 1 gives ``finance`` of ``finance/tax``.

        Raises
        ------
        SettingError
            If the labels are no paths, or there is no such level.

        Examples
        --------
        >>> from longshot import LongshotClassifier
        >>> labels = ["finance/tax", "finance/audit", "law"]
        >>> classifier = LongshotClassifier().fit([], [], descriptions=labels)
        >>> classifier.classes_at(1).tolist()
        ['finance', 'law']
        """
        return self._decider(pile=False, level=level).wanted.classes

    def predict(self, texts: Texts, *, level: int | None = None) -> Any:
        """Give the label of each text, judged by itself; None for "none of these".

        A text without a token has no label either; how many these are is a warning.

        Parameters
        ----------
        texts
            The documents.
        level
            Where labels are paths, how many of their parts are wanted; all by default.

        Returns
        -------
        ndarray or csr_matrix
            One label for each text. Where documents may have several, what was given
            to :meth:`fit`: a tuple of labels for each text, or a matrix of indicators.

        Raises
        ------
        ExamplesError
            If they are no sequence of strings.
        SettingError
            If there is no such level.
        """
        with self._progress("predicting", texts) as told:
            return self._decider(pile=False, level=level, on_window=told).labels(texts)

    def predict_proba(
        self, texts: Texts, *, level: int | None = None
    ) -> Float[np.ndarray, "document class"]:
        """Give the confidence in each of ``classes_`` for each text, judged by itself.

        With a `level`, in each of :meth:`classes_at`: the sum of what lies below it.
        Where documents may have several labels, the probability that each applies.
        Of a text without a token nothing is known: all labels are alike. Errors are
        those of :meth:`predict`.
        """
        with self._progress("predicting", texts) as told:
            decider = self._decider(pile=False, level=level, on_window=told)
            return decider.probabilities(texts)

    def predict_pile(self, texts: Texts, *, level: int | None = None) -> Any:
        """Give the label of each text, all judged together; None for "none of these".

        As :meth:`predict`. Where documents may have several labels it gives the same:
        the pile's shape is not used then.
        """
        with self._progress("predicting", texts) as told:
            return self._decider(pile=True, level=level, on_window=told).labels(texts)

    def predict_proba_pile(
        self, texts: Texts, *, level: int | None = None
    ) -> Float[np.ndarray, "document class"]:
        """Give the confidence in each class for each text, all judged together."""
        with self._progress("predicting", texts) as told:
            decider = self._decider(pile=True, level=level, on_window=told)
            return decider.probabilities(texts)

    def predict_set(
        self, texts: Texts, *, confidence: float = 0.9, pile: bool = False
    ) -> list[tuple[Label, ...]]:
        """Give for each text the labels that hold the true one so often.

        Cross-conformal sets: where examples and texts are drawn alike, they hold the
        true label in a share `confidence` on average. A set is empty where no label
        fits as well as examples fit theirs, and holds all labels where fewer than
        :func:`~longshot.classify.n_needed` examples can be held out.

        Raises
        ------
        SettingError
            If the confidence is no share between 0 and 1, or documents may have
            several labels.

        Examples
        --------
        >>> from longshot import LongshotClassifier
        >>> texts = ["rent is due", "the roof leaks"]
        >>> classifier = LongshotClassifier().fit(texts, ["lease", "report"])
        >>> classifier.predict_set(["rent"])  # too few examples to leave any out
        [('lease', 'report')]
        """
        with self._progress("predicting", texts) as told:
            return self._decider(pile=pile, on_window=told).sets(texts, confidence)

    def classify(
        self,
        documents: Iterable[str | Document],
        *,
        pile: bool = True,
        evidence: bool = True,
        confidence: float | None = None,
        level: int | None = None,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
        on_vectors: OnVectors | None = None,
    ) -> Classified:
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
        level
            Where labels are paths, how many of their parts are wanted; all by default.
        on_set_aside, on_window
            As in :meth:`DocumentEmbedder.vectors`.
        on_vectors
            Told of the vectors of each document, as far as it was read.

        Returns
        -------
        Classified
            The predictions, in the order of the documents and without those that were
            set aside; new classes; and what was learned, in lines for people.

        Raises
        ------
        EmptyDocumentError
            If a document holds no token and `on_set_aside` is None.
        SettingError
            If there is no such level.
        """
        with self._progress("classifying", documents, on_window) as told:
            decider = self._decider(
                pile=pile,
                confidence=confidence,
                level=level,
                on_set_aside=on_set_aside,
                on_window=told,
                on_vectors=on_vectors,
            )
            return decider.classified(documents, evidence=evidence)

    def classify_vectors(
        self,
        documents: Iterable[tuple[Vectors, str]],
        *,
        pile: bool = True,
        evidence: bool = True,
        confidence: float | None = None,
        level: int | None = None,
    ) -> Classified:
        """Decide about documents that :attr:`embedder_` has read: no model runs again.

        Parameters
        ----------
        documents
            The vectors of each document, and its text.
        pile, evidence, confidence, level
            As of :meth:`classify`; so are the errors.
        """
        decider = self._decider(pile=pile, confidence=confidence, level=level)
        return decider.classified_vectors(documents, evidence=evidence)

    def classify_stream(
        self,
        documents: Iterable[str | Document],
        *,
        evidence: bool = True,
        confidence: float | None = None,
        level: int | None = None,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
        on_vectors: OnVectors | None = None,
    ) -> Iterator[Prediction]:
        """Decide about any number of documents, each by itself, as they are read.

        Memory holds some documents at a time, however many there are. The decisions are
        those of :meth:`classify` without the pile; so are the parameters and errors.
        """
        decider = self._decider(
            pile=False,
            confidence=confidence,
            level=level,
            on_set_aside=on_set_aside,
            on_window=on_window,
            on_vectors=on_vectors,
        )
        return decider.stream(documents, evidence=evidence)

    def explain(self, text: str, label: Label | None = None) -> Evidence:
        """Give the passage that contributed most to a label, judged by itself.

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
            If there is no such label, or the examples were given as features.
        """
        return self._decider(pile=False).explain(text, label)

    # --- from features ----------------------------------------------------------------

    def features(
        self,
        documents: Iterable[str | Document],
        *,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
    ) -> DocumentFeatures:
        """Give what deciding needs of documents: arrays, without their texts.

        They can be kept, sent elsewhere, and decided about many times. A classifier
        that learned nothing yet gives them, too, but cannot ask `names_model`.

        The parameters and errors are those of :meth:`classify`.
        """
        if not hasattr(self, "_model"):
            self._texts = self._text_features()  # loads a model once
        embedder = self._texts.embedder
        reader = BlockReader(
            embedder=embedder,
            on_set_aside=on_set_aside,
            on_window=on_window,
            hypotheses=self._asking if hasattr(self, "_model") else None,
        )
        for block in reader.read(as_documents(documents), together=True):
            return block.features
        return FeatureExtractor(Layout.of(embedder)).features()

    def with_names_asked(
        self, features: DocumentFeatures, texts: Texts, labels: Descriptions
    ) -> DocumentFeatures:
        """Give features with what `names_model` says of labels.

        That is what :meth:`fit_features` and what follows need of it, since features
        are made before anything is known of labels.

        Parameters
        ----------
        features, texts
            Of documents, and their texts.
        labels
            Label names, or a dict of name and description, as of :meth:`fit`.

        Raises
        ------
        SettingError, ExamplesError
            As :meth:`fit`.
        """
        named = self._begin(labels)
        classes = np.unique(np.array(list(named)))
        hypotheses = self._fitter().hypotheses(classes, named)
        if hypotheses is None:
            return features
        return hypotheses.asked(features, check_texts(texts))

    def predict_proba_features(
        self, features: DocumentFeatures, *, pile: bool = True, level: int | None = None
    ) -> Float[np.ndarray, "document class"]:
        """Give the confidence in each of ``classes_`` for documents, by their features.

        The parameters are those of :meth:`classify_features`.
        """
        decider = self._decider(pile=pile, level=level)
        found, _ = decider.decide(self._whole(features))
        return found.probabilities

    def classify_features(
        self,
        features: DocumentFeatures,
        *,
        pile: bool = True,
        confidence: float | None = None,
        level: int | None = None,
    ) -> ClassifiedFeatures:
        """Decide about documents by their features, as :meth:`classify` by their texts.

        The parameters and errors are those of :meth:`classify`.
        """
        decider = self._decider(pile=pile, confidence=confidence, level=level)
        found, _ = decider.decide(self._whole(features), find_new=True)
        return found

    def _whole(self, features: DocumentFeatures) -> DocumentFeatures:
        """Hold features against what `names_model` was asked."""
        if self._hypotheses is None:
            return features
        return self._hypotheses.asked(features, [None] * len(features))

    # --- saving -----------------------------------------------------------------------

    def save(self, folder: str | Path) -> None:
        """Write the fitted classifier to a folder: safetensors and JSON.

        Raises
        ------
        OutputError
            If the folder holds something else, or cannot be written.
        """
        self._check_fitted()
        names = ["model", "head", "names", "unknown", "read"]
        if self.names_model is not None:  # earlier versions do not know it
            names.append("names_model")
        asked = self._names_model
        SavedClassifier(
            parameters={name: getattr(self, name) for name in names},
            names_fingerprint=None if asked is None else asked.fingerprint,
            embedder=self._embedder,
            descriptions=self._descriptions,
            support=self.support_,
        ).save(Path(folder))

    @classmethod
    def load(
        cls: type[Fitted],
        folder: str | Path,
        *,
        embedder: DocumentEmbedder | None = None,
    ) -> Fitted:
        """Read a classifier that :meth:`save` wrote; it decides bit by bit the same.

        The embedder is made from the saved recipe unless one under the same is given.

        Raises
        ------
        SavedClassifierError
            If it was written by another version, or under another recipe or model.
        ModelNotFoundError
            If the model that it asks about names is not here.
        """
        saved = SavedClassifier.load(Path(folder), embedder)
        classifier = cls(**saved.parameters, embedder=saved.embedder)
        classifier._texts = classifier._text_features()
        classifier._names_model = classifier._entailment_model()
        saved.check_names_model(classifier._names_model)
        return classifier._learn(saved.support, saved.descriptions)
