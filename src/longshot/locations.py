"""Where longshot keeps what it can make again, and finds what comes with it.

One folder holds vectors, and models that were fetched or converted: the operating
system's place for caches, or the one that ``LONGSHOT_CACHE`` names. Deleting it costs
time and nothing else. Another one holds what a server has under way: the operating
system's place for states, or the one that ``LONGSHOT_STATE`` names.
"""

import os
from pathlib import Path

from platformdirs import user_cache_path, user_state_path

CACHE_VARIABLE = "LONGSHOT_CACHE"
STATE_VARIABLE = "LONGSHOT_STATE"


def cache_folder() -> Path:
    """Give the folder, which need not exist yet."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else user_cache_path("longshot")


def state_folder() -> Path:
    """Give the folder of what a server has under way; it need not exist yet."""
    named = os.environ.get(STATE_VARIABLE)
    return Path(named) if named else user_state_path("longshot")


def projects_folder() -> Path:
    """Give where what was read for projects lies, a folder for each."""
    return cache_folder() / "projects"


def languages_folder() -> Path:
    """Give where the model that tells languages lies unpacked."""
    return cache_folder() / "languages"


def example_folder() -> Path | None:
    """Find the bundled example; in a checkout it lies beside the package's source."""
    package = Path(__file__).parent
    places = (package / "example", package.parents[1] / "examples")
    return next((place for place in places if (place / "labelled").is_dir()), None)
