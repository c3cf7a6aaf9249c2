"""Runs every measurement, one after another: python -m benchmarks [OPTIONS]."""

import subprocess
import sys

MEASUREMENTS = (
    "speed.reference",
    "speed",
    "speed.memory",
    "accuracy",
    "learning.optimiser",
    "learning.scale",
    "certainty.unknown",
    "certainty.conformal",
    "certainty.new_classes",
    "labels.multilabel",
    "labels.tree",
    "certainty.adaptive",
    "certainty.evidence",
    "labels.suggest",
    "contextuality",
    "serving.report",
    "serving.server",
)


def main() -> None:
    """Run each measurement in a process of its own."""
    for name in MEASUREMENTS:
        print(f"\n## benchmarks.{name}\n", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)


if __name__ == "__main__":
    main()
