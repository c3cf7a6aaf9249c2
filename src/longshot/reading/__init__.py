"""Files, folders and tables become documents.

Enters: a path, or ``-`` for jsonl on standard input. Leaves: :class:`Document` or
:class:`Example`, one at a time and in a fixed order, so that a table larger than memory
can be read. What cannot be read is named and set aside; the rest goes on.

The rooms in reading order: ``sources`` are the entrances, for documents and for
examples; ``formats`` reads one file into one document; ``tables`` reads one document
per row. What they share: ``content`` is what a reader gives, ``kinds`` tells what a
file is, ``limits`` how much one document may unpack to.
"""

from longshot.reading.sources import (
    read_documents,
    read_examples,
    read_labelled_documents,
)

__all__ = ["read_documents", "read_examples", "read_labelled_documents"]
