"""The model that is served, by the names that requests may call it."""

from longshot.server.errors import Refused
from longshot.server.shared import Shared


def check_model(shared: Shared, name: str | None) -> None:
    """Hold the model that a request names against the one that is served.

    Another one's vectors would look alike and mean something else.

    Raises
    ------
    Refused
        If it is another one.
    """
    served = shared.settings.model
    if name not in (None, served):
        raise Refused(
            404,
            "model_not_found",
            f"model must be the one that is served, {served}; got {name}. "
            "Name that one.",
        )
