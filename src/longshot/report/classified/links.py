"""Links from a page to the files beside it."""

import os
from pathlib import Path
from urllib.parse import quote


def link_to(file: Path, folder: Path) -> str:
    """Give the address of a file for a page that lies in a folder.

    It is relative, so that it still leads there when both are moved together; where
    that cannot be (another drive), it is absolute. It always begins with ``./`` or
    ``../`` or ``file:``, so that no name is taken for a scheme.

    Examples
    --------
    >>> link_to(Path("/pile/a b.pdf"), Path("/pile"))
    './a%20b.pdf'
    >>> link_to(Path("/pile/javascript:x"), Path("/reports"))
    '../pile/javascript%3Ax'
    """
    there, here = file.resolve(), folder.resolve()
    try:
        relative = os.path.relpath(there, here)
    except ValueError:  # another drive
        return there.as_uri()
    path = quote(Path(relative).as_posix().encode(errors="surrogateescape"))
    return path if path.startswith("../") else f"./{path}"
