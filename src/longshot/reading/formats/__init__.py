"""One file becomes one document's content: a small module per kind.

``files`` finds the reader for a file; each reader takes a path, and gives a
:class:`~longshot.reading.content.Content` or raises
:class:`~longshot.reading.content.Unreadable`. ``text`` tells encodings, ``html`` takes
the main text of a page, ``pdf`` (with ``pdf_streams``, which finds bombs) reads pages,
``docx`` paragraphs and tables.
"""
