"""Files that people upload: saved, and read in a process of its own.

A file may be made to take all memory, or to take for ever, or to break a library that
reads it. ``child`` reads within limits, in a process that may be ended; ``reading``
ends it where it must, sets that file aside, and goes on with the next.
"""

from longshot.server.uploads.reading import read_files, read_import, read_uploads
from longshot.server.uploads.saving import save_upload, uploads_folder

__all__ = [
    "read_files",
    "read_import",
    "read_uploads",
    "save_upload",
    "uploads_folder",
]
