"""Object storage: an S3 server on loopback, where moto is installed."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from longshot import DocumentEmbedder
from longshot.scale import embed_files
from longshot.scale.place import Place
from tests.scale.conftest import documents_of, write_parquet

pytestmark = pytest.mark.skipif(
    find_spec("moto") is None, reason="moto, an S3 server, is not installed"
)
BUCKET = "s3://any:any@bucket"
"""With its keys: workers that are there already do not see this process's variables."""

_PATIENCE_S = 60

_HALF_AN_UPLOAD = """
import sys, time
from longshot.scale.place import Place
place = Place(sys.argv[1])
stream = place.files.open_output_stream("bucket/labels/a.parquet")
stream.write(b"PAR1" * 4_000_000)  # more than one piece of an upload
print("half", flush=True)
time.sleep(600)
"""


@pytest.fixture
def query() -> Iterator[str]:
    """Start a server in a process of its own; give what ends addresses on it."""
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


@pytest.mark.filterwarnings("ignore")  # Ray's own
@pytest.mark.usefixtures("cluster")
def test_a_pile_and_its_results_may_lie_in_object_storage(
    tmp_path: Path, embedder: DocumentEmbedder, query: str
) -> None:
    pile = write_parquet(tmp_path / "a.parquet", documents_of(12))
    Place(f"{BUCKET}{query}").write("pile/a.parquet", pile.read_bytes())
    Place(f"{BUCKET}{query}").write("pile/b.txt", b"a lease")
    address = f"{BUCKET}/out{query}"

    told = embed_files(f"{BUCKET}/pile/*.parquet{query}", address, embedder)

    out = Place(address)
    assert told.n_documents == 12
    assert out.has("manifest.json")
    assert out.names("work") == []
    assert len(out.names("vectors")) == len(out.names("manifest/vectors"))


def test_an_upload_that_is_killed_leaves_nothing(query: str) -> None:
    place = Place(f"{BUCKET}{query}")
    writer = subprocess.Popen(
        [sys.executable, "-c", _HALF_AN_UPLOAD, place.address],
        stdout=subprocess.PIPE,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"half\n"
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    assert place.names("labels") == []
    place.write("labels/a.parquet", b"whole")
    assert place.read("labels/a.parquet") == b"whole"
