"""Files, folders and tables become documents.

Enters: a path, or ``-`` for jsonl on standard input. Leaves: :class:`Document` or
:class:`Example`, one at a time and in a fixed order, so that a table larger than memory
can be read. What cannot be read is named and set aside; the rest goes on.

The modules in reading order: ``sources`` and ``labelled`` are the two entrances;
``files`` reads one file into one document (``text``, ``html``, ``pdf``, ``docx``);
``tables`` reads one document per row (``delimited``, ``jsonl``, ``parquet``);
``references`` takes a table of ids and labels for examples of the pile.
"""

from longshot.reading.labelled import read_examples
from longshot.reading.several import read_labelled_documents
from longshot.reading.sources import read_documents

__all__ = ["read_documents", "read_examples", "read_labelled_documents"]
