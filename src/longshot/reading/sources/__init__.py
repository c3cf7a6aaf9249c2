"""The entrances: what a person names becomes documents or examples.

``documents`` takes a file, a folder (``folders``) or a table; ``labelled`` takes
examples with a label, ``several`` with any number of them, ``references`` those that
name documents of the pile, or ``sections`` of them; ``descriptions`` takes names of
labels. ``admission`` decides what goes on, and what is set aside.
"""

from longshot.reading.sources.documents import existing, read_documents
from longshot.reading.sources.labelled import read_examples
from longshot.reading.sources.several import read_labelled_documents

__all__ = ["existing", "read_documents", "read_examples", "read_labelled_documents"]
