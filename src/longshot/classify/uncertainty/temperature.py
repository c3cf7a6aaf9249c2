"""From similarities to confidence.

Cosines of document vectors lie close together (0.85 and 0.88, say), so that they say
little by themselves. A softmax turns them into confidence; its temperature is what
makes the examples, each judged by the others, most likely, held by a prior where they
are few.
"""

import numpy as np
from jaxtyping import Float, Int

from longshot.probabilities import log_softmax, softmax

PRIOR_TEMPERATURE = 0.03
"""The temperature where no class has two examples."""

PRIOR_SPREAD = 1.0
"""Standard deviation of the prior, on the natural logarithm of the temperature."""


def fit_temperature(
    similarities: Float[np.ndarray, "held_out class"],
    class_indices: Int[np.ndarray, " held_out"],
) -> float:
    """Find the temperature of the softmax over class similarities.

    The maximum a posteriori estimate under a log-normal prior (temperature scaling, as
    in Guo et al. 2017, on leave-one-out similarities).

    Parameters
    ----------
    similarities
        Of each held-out example to each class; may be empty.
    class_indices
        Their true classes.
    """
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(class_indices))

    def loss(log_temperature: float) -> float:
        log_likelihoods = log_softmax(similarities / np.exp(log_temperature), axis=1)
        surprise = -log_likelihoods[rows, class_indices].sum()
        deviation = (log_temperature - np.log(PRIOR_TEMPERATURE)) / PRIOR_SPREAD
        return float(surprise + deviation**2 / 2)

    bounds = (np.log(1e-3), np.log(10.0))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))


def confidences(
    similarities: Float[np.ndarray, "document class"], temperature: float
) -> Float[np.ndarray, "document class"]:
    """Turn similarities into confidences that add up to 1 for each document."""
    return np.asarray(softmax(similarities / temperature, axis=1))
