import numpy as np
import pytest

from longshot.evaluation import Evaluation, Settings, evaluate
from longshot.evaluation.learners import LogisticLearner
from tests.evaluation.learners import NearestMean

EVIL = "<script>alert(1)</script>$x$"


@pytest.fixture(scope="session")
def found() -> Evaluation:
    """Give an evaluation whose labels would act if they were not escaped."""
    classes = np.repeat([0, 1, 2], 12)
    points = np.random.default_rng(0).normal(size=(36, 5)) + np.eye(5)[classes]
    return evaluate(
        [(EVIL, "b" * 80, "c")[c] for c in classes],
        {
            "longshot": NearestMean(documents=points),
            f"other {EVIL}": LogisticLearner(documents=points),
        },
        settings=Settings(shots=(1, 2, 4), n_splits=3, n_resamples=10),
    )
