"""Who is let in: API keys, and what is checked before any route sees a request."""

from longshot.server.access.guard import Guard
from longshot.server.access.keys import Key, KeyFile, Rights

__all__ = ["Guard", "Key", "KeyFile", "Rights"]
