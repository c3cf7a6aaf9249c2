"""Which passage of a document spoke for a label, and which example it matched."""

import numpy as np
from jaxtyping import Float

from longshot.classify.labels.support import SupportSet
from longshot.pooling import window_weights
from longshot.recipe import WindowPooling
from longshot.records import Evidence, Passage, Vectors
from longshot.similarity import EPSILON


def explain_label(
    support: SupportSet,
    reference: Float[np.ndarray, " dim"],
    text: str,
    vectors: Vectors,
    class_index: int,
    window_pooling: WindowPooling,
) -> Evidence:
    """Find the window that spoke most for a class, and the example window it matched.

    Parameters
    ----------
    support
        The examples.
    reference
        The vector of the class that the document was compared with.
    text, vectors
        The document.
    class_index
        The class, as an index into the support set's classes.
    window_pooling
        The recipe's: how windows weigh in the document's vector.
    """
    counts = np.array([window.n_tokens for window in vectors.windows])
    weights = window_weights(counts, window_pooling)
    shares = contributions(vectors.window_vectors, weights, reference)
    # The share of a window grows with its length; the telling one says most per token.
    telling = int((shares / weights).argmax())
    window = vectors.windows[telling]
    passage = Passage(
        start=window.start,
        end=window.end,
        text=text[window.start : window.end],
        contribution=float(shares[telling]),
    )
    return Evidence(
        label=str(support.classes[class_index]),
        passage=passage,
        window=window,
        text=passage.text,
        contribution=passage.contribution,
        score=float(shares.sum()),
        contributions=tuple(shares.tolist()),
        supporting=(passage,),
        match=support.closest(class_index, vectors.window_vectors[telling]),
    )


def contributions(
    windows: Float[np.ndarray, "window dim"],
    weights: Float[np.ndarray, " window"],
    reference: Float[np.ndarray, " dim"],
) -> Float[np.ndarray, " window"]:
    """Split the cosine of a document and a reference into its windows' shares.

    Parameters
    ----------
    windows, weights
        The document's windows, and their weights in its vector.
    reference
        What the document is compared with.

    Returns
    -------
    ndarray
        One share per window, negative where a window speaks against; they add up to the
        cosine.

    Examples
    --------
    >>> windows = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> contributions(windows, np.array([0.5, 0.5]), np.array([2.0, 0.0])).tolist()
    [0.7071067811865475, 0.0]
    """
    wide = windows.astype(np.float64)
    target = reference.astype(np.float64)
    document = weights @ wide
    lengths = np.linalg.norm([document, target], axis=1)
    scale = float(np.maximum(lengths, EPSILON).prod())
    return np.asarray(weights * (wide @ target) / scale)
