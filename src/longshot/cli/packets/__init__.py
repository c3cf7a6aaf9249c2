"""``longshot split``, and ``longshot classify --sections``: sections of files.

``command`` is what people type; ``run`` takes files apart and gives what it found.
"""

from longshot.cli.packets.command import split

__all__ = ["split"]
