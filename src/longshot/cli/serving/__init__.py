"""``longshot serve`` and the keys of a server."""

from longshot.cli.serving import keys, serve

__all__ = ["keys", "serve"]
