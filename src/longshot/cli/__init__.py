"""The command line: one module per command, which parses, calls and prints."""

import gc
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    # OpenVINO imports its converters, too, which takes a tenth of a second, and goes on
    # where that fails. What converts models here is a process of its own.
    sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]
    gc.set_threshold(50_000)  # importing makes garbage of nothing: a twentieth of it
    from longshot.cli.app import app

    app()
