"""The command line: one module per command, which parses, calls and prints."""

from longshot.cli.app import main

__all__ = ["main"]
