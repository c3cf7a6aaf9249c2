"""``longshot classify``: what may be asked of it, and how it gives what it found.

``command`` reads and decides; ``options`` hold what was asked; ``rows``, ``printing``,
``findings`` and ``report`` each give one part of the outcome.
"""

from longshot.cli.classify.command import classify

__all__ = ["classify"]
