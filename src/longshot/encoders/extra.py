"""What only extras bring: PyTorch with ``transformers``, and ONNX Runtime."""

from importlib.util import find_spec

from longshot.errors import MissingExtraError

_OF_TORCH = ("torch", "transformers")
_OF_ONNX = ("onnx", "onnxruntime")


def has_torch() -> bool:
    """Tell whether ``longshot[torch]`` is installed, importing nothing of it."""
    return _are_installed(_OF_TORCH)


def has_onnx() -> bool:
    """Tell whether ``longshot[onnx]`` is installed, importing nothing of it."""
    return _are_installed(_OF_ONNX)


def require_torch(what: str) -> None:
    """Refuse what needs ``longshot[torch]`` where it is not installed.

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


def require_onnx(what: str) -> None:
    """Refuse what needs ``longshot[onnx]`` where it is not installed.

    Parameters
    ----------
    what
        What needs it, as the message begins.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    if not has_onnx():
        raise MissingExtraError(
            f"{what} must have ONNX Runtime; it is not installed. "
            "Run: pip install 'longshot[onnx]'"
        )


def _are_installed(libraries: tuple[str, ...]) -> bool:
    return all(find_spec(library) is not None for library in libraries)
