"""What only the extra ``longshot[torch]`` brings: PyTorch and ``transformers``."""

from importlib.util import find_spec

from longshot.errors import MissingExtraError

_LIBRARIES = ("torch", "transformers")


def has_torch() -> bool:
    """Tell whether the extra is installed, importing nothing of it."""
    return all(find_spec(library) is not None for library in _LIBRARIES)


def require_torch(what: str) -> None:
    """Refuse what needs the extra where it is not installed.

    Parameters
    ----------
    what
        What needs it, as the message begins.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    if not has_torch():
        raise MissingExtraError(
            f"{what} must have PyTorch and transformers; they are not installed. "
            "Run: pip install 'longshot[torch]'"
        )
