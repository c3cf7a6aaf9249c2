"""Runs every measurement, one after another: python -m benchmarks [OPTIONS]."""

import subprocess
import sys

MEASUREMENTS = (
    "reference",
    "speed",
    "memory",
    "accuracy",
    "optimiser",
    "scale",
    "unknown",
    "conformal",
    "new_classes",
    "multilabel",
    "tree",
    "adaptive",
    "evidence",
    "suggest",
    "contextual",
    "report",
    "server",
)


def main() -> None:
    """Run each measurement in a process of its own."""
    for name in MEASUREMENTS:
        print(f"\n## benchmarks.{name}\n", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)


if __name__ == "__main__":
    main()
