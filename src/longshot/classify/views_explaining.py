"""Which passage of a document spoke for a label, and which example it matched.

The score of a class is the weighed sum of its features, as far as it lies above the
mean over the classes. Each feature is a sum over windows: a regression on the mean of
windows is linear in them, what is read off the head and the title belongs to the first
windows, a word belongs to the windows that hold it, and what a name finds in the spans
is shared among them by how much each was attended to. So the score is a sum too.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from longshot.classify.example_scoring import ExampleScorer
from longshot.classify.judge import Judge
from longshot.classify.lexical import count_words
from longshot.classify.matching import closest_example
from longshot.classify.names import SHARPNESS, NameScorer
from longshot.classify.readings import (
    HEAD_SPANS,
    Layout,
    Readings,
    span_tokens,
    span_vectors,
)
from longshot.classify.reference import Reference
from longshot.classify.support import SupportSet
from longshot.classify.views import LAYER_WEIGHTS, lexical_view
from longshot.classify.weighing import Feature
from longshot.pooling import window_weights
from longshot.records import Evidence, Vectors
from longshot.similarity import EPSILON

PerWindow = Float[np.ndarray, "window class"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class JudgedDocument:
    """A document that was judged, with all that tells why.

    Attributes
    ----------
    vectors, text
        The document.
    reading
        It alone, as the views read it.
    scores
        The score of each class.
    layout
        How vectors are read.
    """

    vectors: Vectors
    text: str
    reading: Readings
    scores: Float[np.ndarray, " class"]
    layout: Layout

    @property
    def window_texts(self) -> list[str]:
        """The texts of its windows."""
        return [self.text[one.start : one.end] for one in self.vectors.windows]

    @property
    def weights(self) -> Float[np.ndarray, " window"]:
        """How the windows weigh in the document."""
        counts = np.array([window.n_tokens for window in self.vectors.windows])
        return window_weights(counts, self.layout.window_pooling)

    @property
    def window_of_span(self) -> Int[np.ndarray, " span"]:
        """The window that each span stands in; windows stand for spans without any."""
        if not len(self.vectors.span_vectors):
            return np.arange(len(self.vectors.windows))
        counts = [len(window.spans) for window in self.vectors.windows]
        return np.repeat(np.arange(len(self.vectors.windows)), counts)


def explain_class(
    support: SupportSet, judge: Judge, document: JudgedDocument, class_index: int
) -> Evidence:
    """Find the window that spoke most for a class, and the example window it matched.

    Parameters
    ----------
    support, judge
        The examples, and what was learned from them.
    document
        The document.
    class_index
        The class, as an index into the support set's classes.
    """
    shares = window_contributions(judge, document)[:, class_index]
    telling = int(shares.argmax())
    vectors = document.vectors
    window = vectors.windows[telling]
    match = closest_example(support, class_index, vectors.window_vectors[telling])
    return Evidence(
        label=str(support.classes[class_index]),
        window=window,
        text=document.text[window.start : window.end],
        contribution=float(shares[telling]),
        match=match,
    )


def window_contributions(judge: Judge, document: JudgedDocument) -> PerWindow:
    """Split the score of every class into what each window adds to it.

    Returns
    -------
    ndarray
        For each window and class; over the windows they add up to the class's score
        less the mean score of all classes.
    """
    if len(document.vectors.windows) == 1:
        shares = document.scores[None]
    else:
        features = zip(judge.weights, judge.features, strict=True)
        parts = [w * _of_feature(judge, one, document) for w, one in features]
        shares = np.sum(parts, axis=0)
        # Where a feature was kept from ruling a class out, all windows bear it.
        rest = document.scores - shares.sum(axis=0)
        shares = shares + document.weights[:, None] * rest
    return np.asarray(shares - shares.mean(axis=1, keepdims=True))


def _of_feature(judge: Judge, feature: Feature, document: JudgedDocument) -> PerWindow:
    if feature.view == "spans":
        assert judge.names is not None
        return _of_spans(judge.names, document)
    if feature.view == "body":
        return _of_body(*_body_directions(judge, feature), judge.reference, document)
    if feature.kind == "examples" and feature.view == "words":
        return _of_words(judge.scorers["words"], document)
    scores = judge.feature_scores(feature, document.reading)
    return np.asarray(_of_head(feature, document)[:, None] * scores)


def _of_head(
    feature: Feature, document: JudgedDocument
) -> Float[np.ndarray, " window"]:
    """Share the head or the title among the windows that its spans stand in."""
    window_of_span = document.window_of_span
    n_spans = HEAD_SPANS if feature.view == "head" else 1
    tokens = span_tokens(document.vectors)[:n_spans]
    shares = np.zeros(len(document.vectors.windows))
    np.add.at(shares, window_of_span[:n_spans], tokens / tokens.sum())
    return shares


def _body_directions(
    judge: Judge, feature: Feature
) -> tuple[Float[np.ndarray, "dim class"], Float[np.ndarray, " class"]]:
    """Give what the body is multiplied by, and what is added."""
    if feature.kind == "names":
        assert judge.names is not None
        directions = judge.names.gain * SHARPNESS * judge.names.body.T
        return directions, np.zeros(directions.shape[1])
    regression = judge.scorers["body"].regression
    assert regression is not None
    return regression.coefficients, regression.intercepts


def _of_body(
    directions: Float[np.ndarray, "dim class"],
    intercepts: Float[np.ndarray, " class"],
    reference: Reference,
    document: JudgedDocument,
) -> PerWindow:
    """Split a score that is linear in the document's mean: so it is in the windows."""
    centres = reference.layers
    windows = document.vectors.layer_means[:, document.layout.order] - centres
    lengths = np.linalg.norm(document.reading.layers[0] - centres, axis=1)
    weights = np.array(LAYER_WEIGHTS[: len(centres)])
    scales = weights / np.maximum(lengths, EPSILON) / np.linalg.norm(weights)
    rows = (windows * scales[:, None]).reshape(len(windows), -1)
    return np.asarray(document.weights[:, None] * (rows @ directions + intercepts))


def _of_words(scorer: ExampleScorer, document: JudgedDocument) -> PerWindow:
    """Split the regression on words by the windows that hold them."""
    assert scorer.regression is not None
    assert scorer.row_space is not None
    of_document = lexical_view("words", document.reading, scorer.reference)
    counts = count_words(document.window_texts)
    held = np.maximum(np.asarray(counts.sum(axis=0)).ravel(), 1.0)
    shares = sparse.csr_matrix(counts @ sparse.diags(1 / held))
    per_window = shares.multiply(of_document).tocsr()
    coefficients = scorer.regression.coefficients
    scores = scorer.row_space.coordinates(per_window) @ coefficients
    rest = scorer.row_space.coordinates(of_document) @ coefficients - scores.sum(axis=0)
    rest = rest + scorer.regression.intercepts  # and words across a border
    return np.asarray(scores + document.weights[:, None] * rest)


def _of_spans(names: NameScorer, document: JudgedDocument) -> PerWindow:
    """Share what the names found: evenly the mean, by attention what lies above it."""
    spans = span_vectors(document.vectors, int(document.layout.order[0]))
    cosines = SHARPNESS * names.span_cosines(spans)
    attention = np.exp(cosines - cosines.max(axis=0))
    attention /= attention.sum(axis=0)
    score = names.scores("spans", document.reading)[0]
    mean = names.gain * cosines.mean(axis=0)
    shares = names.gain * cosines / len(cosines) + attention * (score - mean)
    per_window = np.zeros((len(document.vectors.windows), shares.shape[1]))
    np.add.at(per_window, document.window_of_span, shares)
    return per_window
