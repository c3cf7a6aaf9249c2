"""The classifier as an estimator of scikit-learn's: its parameters, score and tags."""

from typing import Any

from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags

from longshot.classify.classifier import Classifier
from longshot.classify.labels.label_lists import score_of
from longshot.classify.labels.parsing import AnyLabels, Texts
from longshot.embedder import DocumentEmbedder
from longshot.recipe import Recipe


class LongshotClassifier(ClassifierMixin, Classifier, BaseEstimator):  # type: ignore[misc]
    """Classifies documents of any length from a few labelled ones, or from names.

    A scikit-learn estimator over texts. What it learns is a pure function of the set of
    examples: their order never matters, and adding or removing one is immediate.

    Parameters
    ----------
    model
        What reads the texts, under the article's recipe: ``minilm``, the bundled model,
        an id on the Hugging Face hub, or a folder.
    head
        ``views``: examples and names are compared with each document in several views
        of it, weighed by what the examples tell about them. The article's decisions:
        ``nearest``, the label of the closest example by cosine; ``prototype``, the
        label of the closest class mean.
    names
        Whether the labels' names are read, where they are no numbers (``views`` only).
    names_model
        A model of natural-language inference that is asked about each label's name, as
        one more source of evidence: an id on the Hugging Face hub, or a folder. For
        opinions and other classes of tone, which vectors hardly tell from names. It
        reads every document once for each label. None by default.
    unknown
        The false-rejection rate: which share of the documents that do fit a label may
        be rejected by mistake. Rejected documents get None, "none of these". Off by
        default.
    read
        How far documents are read: ``all`` of them, or ``adaptive``: each until reading
        on could hardly change its label (``views`` only). The share that was read is
        reported as coverage. Examples are always read whole.
    verbose
        Whether a progress bar is shown; None shows one in notebooks and on terminals.
    embedder
        What turns a text into vectors, in the place of `model`: another recipe, engine
        or cache. Its settings can be searched: ``embedder__model``,
        ``embedder__layers``.

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

    def set_params(self, **params: Any) -> "LongshotClassifier":
        """Set parameters, those of the embedder as ``embedder__model``.

        An embedder never changes, since a fitted classifier may rest on it: it is
        replaced by one with the settings that are wanted.

        Raises
        ------
        ValueError
            If there is no such parameter.
        """
        prefix = "embedder__"
        changes = {
            name.removeprefix(prefix): params.pop(name)
            for name in list(params)
            if name.startswith(prefix)
        }
        super().set_params(**params)
        if changes:
            embedder = self.embedder or DocumentEmbedder(Recipe(model=self.model))
            self.embedder = embedder.with_params(**changes)
        return self

    def score(
        self, texts: Texts, labels: AnyLabels, sample_weight: Any = None
    ) -> float:
        """Give the share of texts whose label, or all of whose labels, are right."""
        return score_of(labels, self.predict(texts), sample_weight)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_model")

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.classifier_tags.multi_label = True
        return tags
