"""Deciding from few labels.

Documents become :class:`DocumentFeatures` once (``features/``); scorers give each class
a score (``scorers/``), a combination of them a probability (``combination/``); how far
that is to be trusted, which passages spoke for it and how far to read stand in
``uncertainty/``, ``evidence/`` and ``early_stopping/``. A model (``models/``) puts them
together, and :class:`LongshotClassifier` is what people meet.
"""

from typing import TYPE_CHECKING, Any

from longshot.classify.classifier import Classifier
from longshot.classify.deciding import ClassifiedFeatures
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.extraction import Layout, background_texts, extract
from longshot.classify.labels.label_lists import Label
from longshot.classify.labels.tree import LabelTree
from longshot.classify.models.article import PRIOR_TEMPERATURE, confidences
from longshot.classify.models.fitting import Head
from longshot.classify.scorers.names import name_texts, read_names, readable
from longshot.classify.uncertainty.conformal import check_confidence, n_needed
from longshot.classify.uncertainty.novelty import check_unknown

if TYPE_CHECKING:
    from longshot.classify.estimator import LongshotClassifier

__all__ = [
    "PRIOR_TEMPERATURE",
    "ClassifiedFeatures",
    "Classifier",
    "DocumentFeatures",
    "Head",
    "Label",
    "LabelTree",
    "Layout",
    "LongshotClassifier",
    "background_texts",
    "check_confidence",
    "check_unknown",
    "confidences",
    "extract",
    "n_needed",
    "name_texts",
    "read_names",
    "readable",
]


def __getattr__(name: str) -> Any:
    """Import the estimator, and scikit-learn with it, where it is asked for."""
    if name == "LongshotClassifier":
        from longshot.classify.estimator import LongshotClassifier

        return LongshotClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
