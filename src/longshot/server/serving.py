"""A server that listens, and that finishes what it began when it is told to end.

On SIGTERM or Ctrl-C no further connection is taken; requests under way are answered,
streams of events end, and jobs stop at their next step, to go on at the next start. A
second signal ends it at once.
"""

import logging
import socket
import warnings
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI

from longshot.errors import SettingError
from longshot.server.observing import log_as_json
from longshot.server.settings import ServerSettings
from longshot.server.shared import Shared

_LOG = logging.getLogger("longshot.server")


class Server(uvicorn.Server):
    """Uvicorn, which lets streams and jobs know that the end has begun."""

    def __init__(self, config: uvicorn.Config, shared: Shared) -> None:
        super().__init__(config)
        self._shared = shared

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end."""
        self._shared.begin_to_end()
        super().handle_exit(sig, frame)


def serve(
    app: FastAPI, settings: ServerSettings, on_listening: Callable[[str], None]
) -> None:
    """Serve an app until a signal ends it.

    Parameters
    ----------
    app, settings
        What is served, and where.
    on_listening
        Told of the address once requests are taken.

    Raises
    ------
    SettingError
        If the address cannot be listened on.
    """
    log_as_json()
    logging.captureWarnings(True)
    warnings.simplefilter("default")
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        # A request may take as long as it may take, also at the end.
        timeout_graceful_shutdown=settings.most_seconds,
    )
    with _listening(settings) as listener:
        host, port = listener.getsockname()[:2]
        on_listening(
            f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        )
        Server(config, app.state.shared).run([listener])


def _listening(settings: ServerSettings) -> socket.socket:
    """Listen before the model is loaded: a port that is taken is told at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host.strip("[]"), settings.port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise SettingError(
            "host and port must be free to listen on; "
            f"{settings.host}:{settings.port} is not ({error.strerror}). "
            "Choose another --port."
        ) from error
    return listener
