"""Where results go: one file each, and none that the run reads."""

from collections.abc import Mapping
from pathlib import Path

from longshot.errors import SettingError


def check_apart(
    results: Mapping[str, Path | None], sources: Mapping[str, str | Path | None]
) -> None:
    """Find out before any work whether a result would overwrite something of this run.

    Parameters
    ----------
    results
        The files to write, by the option that names each.
    sources
        What is read, by what the person names it as.

    Raises
    ------
    SettingError
        If two results share a file, or one is a file that is read.
    """
    taken = {
        _real(source): name
        for name, source in sources.items()
        if source is not None and str(source) != "-"
    }
    for name, path in results.items():
        if path is None:
            continue
        other = taken.setdefault(_real(path), name)
        if other in results and other != name:
            raise SettingError(
                f"{other} and {name} must be different files; both are {path}. Name "
                "another."
            )
        if other in sources:
            raise SettingError(
                f"{name} must not overwrite {other}; both are {path}. Name another "
                "file."
            )


def _real(path: str | Path) -> Path:
    """Give the place that a name leads to, whatever stands there."""
    return Path(path).resolve()
