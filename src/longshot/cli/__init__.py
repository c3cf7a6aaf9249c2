"""The command line: one module per command, which parses, calls and prints."""

import gc
import sys

__all__ = ["main"]

_OBJECTS_OF_A_START = 200_000
"""More than a start makes (130,000 to 150,000), none of which is garbage: to collect
them three times took a twentieth of it."""


def main() -> None:
    """Run the command line."""
    # OpenVINO imports its converters, too, which takes a tenth of a second, and goes on
    # where that fails. What converts models here is a process of its own.
    sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]
    gc.set_threshold(_OBJECTS_OF_A_START)
    from longshot.cli.app import app

    try:
        app()
    finally:
        # Python looks for garbage among all that is left before it ends, which took a
        # seventh of a start; all of it ends with the process.
        gc.freeze()
