"""Where longshot keeps what it can make again.

One folder holds converted models and vectors: the operating system's place for caches,
or the one that ``LONGSHOT_CACHE`` names. Deleting it costs time and nothing else.
"""

import os
from pathlib import Path

from platformdirs import user_cache_path

CACHE_VARIABLE = "LONGSHOT_CACHE"


def cache_folder() -> Path:
    """Give the folder, which need not exist yet."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else user_cache_path("longshot")
