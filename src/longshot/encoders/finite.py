"""What every engine checks of the numbers that a model gave."""

import numpy as np

from longshot.errors import ModelOutputError


def finite(values: np.ndarray, name: str) -> np.ndarray:
    """Give the values back if all of them are numbers.

    Raises
    ------
    ModelOutputError
        If one is NaN or infinite; `name` is the model's.
    """
    if not np.isfinite(values).all():
        raise ModelOutputError(
            f"a model must give finite numbers; {name} gave NaN or infinity. "
            "Its weights are damaged: fetch the model again."
        )
    return values
