"""One file becomes one document's content: a small module per kind.

``files`` finds the reader for a file; each reader takes a path, and gives a
:class:`~longshot.reading.content.Content` or raises
:class:`~longshot.reading.content.Unreadable`. ``text`` tells encodings; ``subtitles``,
``notebook`` and ``picture`` read one kind each. ``markup`` reads pages and XML,
``office`` what office programs write, ``pdf`` the pages of a PDF.
"""
