"""SetFit on the same splits and weights, in an environment of its own.

Run: make bench-setfit
     python -m benchmarks.learning.setfit [--data FOLDER] [--sets movie] [--shots 8]
     [--splits 1] [--python .venv-setfit/bin/python]

SetFit trains the encoder itself, and takes from a minute (two classes) to hours (150)
for each split. Figures are added to benchmarks/learning/setfit.json, from which the
tables and the picture of benchmarks.accuracy take them; a split that stands there is
left out.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.accuracy.results import Result
from benchmarks.data.corpora import DEFAULT_FOLDER, Corpus, read_corpus
from benchmarks.data.features import measurable
from benchmarks.data.splits import Split, class_indices, draw
from benchmarks.learning import setfit_peer
from benchmarks.output.tables import print_header, print_row
from longshot.encoders.minilm import minilm_folder
from longshot.evaluation.measures import accuracy, calibration_error, judge

FOUND = Path(__file__).with_name("setfit.json")
SETFIT_PYTHON = Path(".venv-setfit/bin/python")
WAY = "setfit"


def main() -> None:
    """Measure what does not stand in the file yet, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--sets", nargs="+", default=["movie"])
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--shots", type=int, nargs="+", default=[8])
    parser.add_argument("--splits", type=int, default=1)
    parser.add_argument("--python", type=Path, default=SETFIT_PYTHON)
    parser.add_argument("--found", type=Path, default=FOUND)
    options = parser.parse_args()
    if not options.python.exists():
        raise SystemExit(f"there is no {options.python}. Run: make bench-setfit")
    print_header("data set", "shots", "split", "accuracy", "seconds")
    for name in options.sets:
        corpus = measurable(read_corpus(name, options.data, options.labels))
        for seed in range(options.splits):
            for shots in options.shots:
                _measure(corpus, draw(corpus, shots, seed), options)


def known_results(found: Path) -> list[Result]:
    """Give what stands in the file; what was not kept is nan or zero."""
    return [
        Result(
            set_name=one["set_name"],
            shots=one["shots"],
            seed=-1 if one["seed"] is None else one["seed"],
            way=WAY,
            accuracy=one["accuracy"],
            calibration_error=one.get("calibration_error", float("nan")),
            seconds=one["seconds"],
            n_examples=one.get("n_examples", 0),
            n_judged=one.get("n_judged", 0),
        )
        for one in json.loads(found.read_text(encoding="utf-8"))["results"]
    ]


def _measure(corpus: Corpus, split: Split, options: argparse.Namespace) -> None:
    key = (corpus.name, split.shots, split.seed, WAY)
    if key in {one.key for one in known_results(options.found)}:
        return
    _, classes = class_indices(corpus)
    answer = _ask(
        options.python,
        {
            "model": str(minilm_folder()),
            "texts": [corpus.texts[row] for row in split.examples],
            "labels": classes[split.examples].tolist(),
            "judged": [corpus.texts[row] for row in split.judged],
        },
    )
    judged = judge(
        split.judged, classes[split.judged], np.array(answer["probabilities"])
    )
    figures = {
        "set_name": corpus.name,
        "shots": split.shots,
        "seed": split.seed,
        "accuracy": round(float(accuracy(judged)[0]), 4),
        "calibration_error": round(float(calibration_error(judged)[0]), 4),
        "seconds": round(answer["seconds"], 1),
        "n_examples": len(split.examples),
        "n_judged": len(split.judged),
    }
    _keep(options.found, figures)
    told = f"{figures['accuracy']:.1%}", f"{figures['seconds']:.0f}"
    print_row(corpus.name, split.shots, split.seed, *told)


def _ask(python: Path, task: dict[str, object]) -> dict[str, Any]:
    """Let the other environment learn and judge; its log goes to standard error."""
    offline = os.environ | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    found = subprocess.run(
        [str(python.absolute()), "-P", setfit_peer.__file__],
        input=json.dumps(task),
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
        check=False,
        env=offline,
    )
    if found.returncode:
        raise SystemExit("SetFit did not finish; what it said stands above")
    return dict(json.loads(found.stdout))


def _keep(path: Path, figures: dict[str, object]) -> None:
    """Add a line to the file, which stays readable line by line."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    lines: Sequence[str] = [json.dumps(one) for one in [*kept["results"], figures]]
    body = ",\n    ".join(lines)
    text = (
        f'{{\n  "how": {json.dumps(kept["how"])},\n  "results": [\n    {body}\n  ]\n}}'
    )
    beside = path.with_name(path.name + ".new")
    beside.write_text(text + "\n", encoding="utf-8")
    os.replace(beside, path)


if __name__ == "__main__":
    main()
