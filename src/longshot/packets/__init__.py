"""Packets: one file that holds several documents becomes a map of its sections.

Enters: a document, as reading gives it, and a fitted classifier. Leaves: its sections,
each with its pages or characters, its label, how sure both are, and the evidence. They
cover the whole file.

The modules in reading order: ``units`` cuts a file where documents may begin, at pages
or at ``passages``; ``headings``, ``furniture``, ``change_points`` and ``cues`` tell
what speaks for a beginning, and ``lengths`` how long documents are; ``weights`` what
that is worth; ``chain`` decides about boundaries and labels together; ``vectors`` puts
units together again; ``splitter`` is the whole of it.
"""

from longshot.packets.splitter import Packets, split
from longshot.packets.units import UnitKind

__all__ = ["Packets", "UnitKind", "split"]
