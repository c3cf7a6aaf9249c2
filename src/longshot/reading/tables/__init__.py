"""A table becomes documents: one per row, whatever the kind of table.

``table`` finds the reader and makes documents of rows; ``delimited``, ``jsonl`` and
``parquet`` read them, of ``columns`` that a person names, as ``rows``, most of them
from ``streams`` that are unzipped and decoded on the way.
"""
