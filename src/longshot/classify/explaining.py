"""Which passage of a document spoke for a label, and which example it matched."""

import numpy as np
from jaxtyping import Float

from longshot.classify.heads import Head, references
from longshot.classify.support import SupportExample, SupportSet
from longshot.evidence import contributions
from longshot.pooling import window_weights
from longshot.recipe import WindowPooling
from longshot.records import Evidence, Vectors
from longshot.similarity import best_matches


def explain_label(
    support: SupportSet,
    head: Head,
    text: str,
    vectors: Vectors,
    class_index: int,
    window_pooling: WindowPooling,
) -> Evidence:
    """Find the window that spoke most for a class, and the example window it matched.

    Parameters
    ----------
    support, head
        The examples, and how a document is compared with them.
    text, vectors
        The document.
    class_index
        The class, as an index into the support set's classes.
    window_pooling
        The recipe's: how windows weigh in the document's vector.
    """
    reference = references(
        head, vectors.document, support.documents, support.class_indices
    )[class_index]
    counts = np.array([window.n_tokens for window in vectors.windows])
    weights = window_weights(counts, window_pooling)
    shares = contributions(vectors.window_vectors, weights, reference)
    # The share of a window grows with its length; the telling one says most per token.
    telling = int((shares / weights).argmax())
    example, example_window, similarity = _closest_example_window(
        vectors.window_vectors[telling], _examples_of(support, class_index)
    )
    window = vectors.windows[telling]
    matched = example.vectors.windows[example_window]
    return Evidence(
        label=str(support.classes[class_index]),
        window=window,
        text=text[window.start : window.end],
        contribution=float(shares[telling]),
        example_id=example.id,
        example_window=matched,
        example_text=example.text[matched.start : matched.end],
        similarity=similarity,
    )


def _examples_of(support: SupportSet, class_index: int) -> list[SupportExample]:
    members = np.flatnonzero(support.class_indices == class_index)
    return [support.examples[i] for i in members]


def _closest_example_window(
    window: Float[np.ndarray, " dim"], examples: list[SupportExample]
) -> tuple[SupportExample, int, float]:
    matches = [
        (example, *best_matches(window[None], example.vectors.window_vectors))
        for example in examples
    ]
    example, index, similarity = max(matches, key=lambda match: float(match[2][0]))
    return example, int(index[0]), float(similarity[0])
