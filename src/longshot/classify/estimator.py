"""The estimator: few labelled documents in; labels, confidence, evidence out."""

from collections.abc import Collection, Sequence
from pathlib import Path

from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from longshot.classify.early_stopping.stopping import (
    Reading,
    StoppingRule,
    check_reading,
)
from longshot.classify.keeping import Kept
from longshot.classify.labels.examples import AnyLabels, Texts
from longshot.classify.labels.parsing import grown, support_set
from longshot.classify.labels.support import SupportSet
from longshot.classify.models.base import Decider
from longshot.classify.models.heads import Head, check_head
from longshot.classify.models.judging import Judging
from longshot.classify.models.learning import Learner, learned_rule
from longshot.classify.models.several_labels import SeveralDecider
from longshot.classify.predicting import Predicting
from longshot.classify.scorers.names import Descriptions, described
from longshot.classify.uncertainty.novelty import check_one_label, check_unknown
from longshot.embedder import DocumentEmbedder
from longshot.records import NewClass


class LongshotClassifier(Predicting, ClassifierMixin, BaseEstimator):  # type: ignore[misc]
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
    read
        How far documents are read: ``all`` of them, or ``adaptive``: each until reading
        on could hardly make its label likelier (``views`` only). What was read is told
        as coverage. Examples are always read whole.
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
    threshold_
        Where documents may have several labels, the probability from which on one
        applies; else None.

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
        read: Reading = "all",
        embedder: DocumentEmbedder | None = None,
    ) -> None:
        self.head = head
        self.names = names
        self.unknown = unknown
        self.read = read
        self.embedder = embedder

    # --- learning ---------------------------------------------------------------------

    def fit(
        self,
        texts: Texts,
        labels: AnyLabels,
        descriptions: Descriptions | None = None,
        *,
        ids: Sequence[str] | None = None,
    ) -> "LongshotClassifier":
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

        Raises
        ------
        ExamplesError
            If texts, labels and descriptions do not make a labelled set of at least two
            labels.
        EmptyDocumentError
            If a text holds no token.
        """
        check_head(self.head)
        check_unknown(self.unknown)
        check_reading(self.read)
        self._embedder = self.embedder or DocumentEmbedder()
        self._descriptions = described(descriptions)
        named = self._descriptions
        self._learn(support_set(self._embedder, texts, labels, ids, named))
        return self

    def add(
        self,
        texts: Texts,
        labels: AnyLabels,
        ids: Sequence[str] | None = None,
    ) -> "LongshotClassifier":
        """Add examples, of known labels or new ones; they take effect at once.

        Raises
        ------
        ExamplesError
            If an id is taken, or texts and labels do not fit together.
        """
        check_is_fitted(self)
        self._learn(grown(self.support_, self._embedder, texts, labels, ids))
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
        check_one_label(self.unknown, support)
        learner = Learner(self._embedder, check_head(self.head), self.names)
        self._choices: tuple[str, ...] = ()
        self._rule: StoppingRule | None = None
        self._new_classes: tuple[NewClass, ...] = ()
        self._decider: Decider = learner.learned(support, self._descriptions)
        self.classes_ = support.classes

    @property
    def support_(self) -> SupportSet:
        """The examples with their vectors."""
        return self._decider.support

    @property
    def threshold_(self) -> float | None:
        """The probability from which on a label applies, where there may be several."""
        if isinstance(self._decider, SeveralDecider):
            return self._decider.judge.threshold
        return None

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
        lines = self._choices or self._decider.choices()
        return (*lines, *(self._rule.lines() if self._rule else ()))

    def _judging(self, level: int | None = None) -> Judging:
        check_is_fitted(self)
        if check_reading(self.read) == "adaptive":
            self._rule = self._rule or learned_rule(self._decider)
        return Judging(
            embedder=self._embedder,
            decider=self._decider,
            unknown=self.unknown,
            level=level,
            rule=self._rule if self._rule and self._rule.shifts else None,
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
        parameters = {**self.get_params(deep=False), "embedder": self._embedder}
        kept = Kept(
            parameters=parameters,
            descriptions=self._descriptions,
            support=self.support_,
        )
        kept.save(Path(folder))

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
        kept = Kept.load(Path(folder), embedder)
        classifier = cls(**kept.parameters)
        classifier._embedder = kept.embedder
        classifier._descriptions = kept.descriptions
        classifier._learn(kept.support)
        return classifier

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_decider")

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.classifier_tags.multi_label = True
        return tags
