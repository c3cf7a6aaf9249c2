"""The command line: one module per command, which parses, calls and prints."""

import gc
import os
import sys

__all__ = ["main"]

_OBJECTS_OF_A_START = 200_000
"""More than a start makes (145,000), none of which is garbage: to go through them three
times took a twenty-fifth of it."""

_SPINNING = "20"
"""For how many cycles (2 to the power of it) OpenBLAS's idle threads spin, then sleep.

Its own choice, 26, is a fiftieth of a second after NumPy's import and each product: a
twelfth of a start's processor time, taken from threads that import and compile. With 20
products of all sizes take as long.
"""


def main() -> None:
    """Run the command line."""
    # OpenVINO imports its converters, too, which takes a tenth of a second, and goes on
    # where that fails. What converts models here is a process of its own.
    sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", _SPINNING)
    gc.set_threshold(_OBJECTS_OF_A_START)
    from longshot.cli.app import app

    try:
        app()
    finally:
        # Python looks for garbage among all that is left before it ends, which took a
        # tenth of a start; all of it ends with the process.
        gc.freeze()
