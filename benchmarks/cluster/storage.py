"""An S3 server of one's own on loopback: moto, in a process of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from longshot.scale.place import Place

BUCKET = "s3://any:any@bucket"
"""With its keys: workers that are there already do not see this process's variables."""

_PATIENCE_S = 60


@contextmanager
def served_bucket() -> Iterator[str]:
    """Serve an empty bucket; gives what ends addresses on it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    query = f"?scheme=http&endpoint_override=127.0.0.1:{port}&region=us-east-1"
    query += "&allow_bucket_creation=true"
    try:
        _wait_for(port)
        Place(f"{BUCKET}{query}").files.create_dir("bucket")
        yield query
    finally:
        server.kill()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(10 * _PATIENCE_S):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("moto's server did not start")
