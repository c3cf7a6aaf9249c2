"""Object storage: an S3 server on loopback, where moto is installed."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.cluster.storage import BUCKET, served_bucket
from longshot import DocumentEmbedder
from longshot.scale import embed_files
from longshot.scale.place import Place
from tests.scale.conftest import documents_of, write_parquet

pytestmark = pytest.mark.skipif(
    find_spec("moto") is None, reason="moto, an S3 server, is not installed"
)

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
    """Serve an empty bucket; give what ends addresses on it."""
    with served_bucket() as query:
        yield query


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
