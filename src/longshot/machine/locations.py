"""Where longshot keeps what it can make again, and finds what comes with it.

One folder holds vectors, and models that were fetched or converted: the operating
system's place for caches, or the one that ``LONGSHOT_CACHE`` names. Deleting it costs
time and nothing else. Another one holds what a server has under way: the operating
system's place for states, or the one that ``LONGSHOT_STATE`` names.
"""

import os
import sys
from pathlib import Path

_NAME = "longshot"

CACHE_VARIABLE = "LONGSHOT_CACHE"
STATE_VARIABLE = "LONGSHOT_STATE"


def cache_folder() -> Path:
    """Give the folder, which need not exist yet."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else _place_for_caches()


def state_folder() -> Path:
    """Give the folder of what a server has under way; it need not exist yet."""
    named = os.environ.get(STATE_VARIABLE)
    return Path(named) if named else _place_for_states()


def projects_folder() -> Path:
    """Give where what was read for projects lies, a folder for each."""
    return cache_folder() / "projects"


def languages_folder() -> Path:
    """Give where the model that tells languages lies unpacked."""
    return cache_folder() / "languages"


def example_folder() -> Path | None:
    """Find the bundled example; in a checkout it lies beside the package's source."""
    package = Path(__file__).parents[1]
    places = (package / "example", package.parents[1] / "examples")
    return next((place for place in places if (place / "labelled").is_dir()), None)


def _place_for_caches() -> Path:
    if sys.platform == "win32":
        return _on_windows() / "Cache"
    on_mac = sys.platform == "darwin"
    return _named("XDG_CACHE_HOME", "Library/Caches" if on_mac else ".cache")


def _place_for_states() -> Path:
    if sys.platform == "win32":
        return _on_windows()
    on_mac = sys.platform == "darwin"
    below_home = "Library/Application Support" if on_mac else ".local/state"
    return _named("XDG_STATE_HOME", below_home)


def _on_windows() -> Path:
    """Give a program's folder in that of its maker, who is called as it is."""
    local = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    return Path(local) / _NAME / _NAME


def _named(variable: str, below_home: str) -> Path:
    """Follow the XDG base directory specification, on macOS where it is asked for."""
    named = os.environ.get(variable, "").strip()
    return (Path(named) if named else Path.home() / below_home) / _NAME
