"""How good is it here: measured on one's own labelled documents, and how sure that is.

Examples
--------
>>> import numpy as np
>>> from longshot.evaluation import Settings, evaluate
>>> def coin(train_rows, train_labels, test_rows):
...     return np.full((len(test_rows), 2), 0.5)
>>> found = evaluate(["heads", "tails"] * 10, {"coin": coin},
...     settings=Settings(shots=(1, 2), n_splits=5))
>>> found.points[0].accuracy.value
0.5
"""

from longshot.evaluation.learners import standard_learners
from longshot.evaluation.protocol import Learner
from longshot.evaluation.results import Evaluation, Settings
from longshot.evaluation.run import evaluate

__all__ = ["Evaluation", "Learner", "Settings", "evaluate", "standard_learners"]
