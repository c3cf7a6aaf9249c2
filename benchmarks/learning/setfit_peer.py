"""SetFit learns from examples and judges documents: JSON in, JSON out.

This file is run by the Python of SetFit's own environment (`make bench-setfit`), which
has no longshot; :mod:`benchmarks.learning.setfit` starts it. SetFit's defaults
are not touched.
"""

import json
import os
import sys
import tempfile
import time
from typing import Any


def main() -> None:
    """Read the task, train, judge, and write the probabilities."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever the libraries print is no answer
    task = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # where it leaves its checkpoints
        started = time.perf_counter()
        probabilities = learn_and_judge(task)
        seconds = time.perf_counter() - started
        os.chdir("/")
    json.dump({"probabilities": probabilities, "seconds": seconds}, answers)
    answers.close()


def learn_and_judge(task: dict[str, Any]) -> list[list[float]]:
    """Give each document's probability of each class."""
    from datasets import Dataset
    from setfit import SetFitModel, Trainer

    model = SetFitModel.from_pretrained(task["model"])
    examples = Dataset.from_dict({"text": task["texts"], "label": task["labels"]})
    Trainer(model=model, train_dataset=examples).train()
    probabilities: list[list[float]] = model.predict_proba(
        task["judged"], as_numpy=True
    ).tolist()
    return probabilities


if __name__ == "__main__":
    main()
