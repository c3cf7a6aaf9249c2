"""Object storage: an S3 server on loopback, where moto is installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from longshot import DocumentEmbedder
from longshot.scale import embed_files
from longshot.scale.place import Place
from tests.scale.conftest import documents_of, write_parquet


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Start a server, and give what follows an address in its bucket."""
    server_module = pytest.importorskip("moto.server", reason="moto is not installed")
    server = server_module.ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "any")
    query = f"?scheme=http&endpoint_override={host}:{port}&region=us-east-1"
    query += "&allow_bucket_creation=true"
    Place(f"s3://bucket{query}").files.create_dir("bucket")
    yield query
    server.stop()


@pytest.mark.filterwarnings("ignore")  # moto's and Ray's own
@pytest.mark.usefixtures("cluster")
def test_a_pile_and_its_results_may_lie_in_object_storage(
    tmp_path: Path, embedder: DocumentEmbedder, bucket: str
) -> None:
    pile = write_parquet(tmp_path / "a.parquet", documents_of(12))
    Place(f"s3://bucket{bucket}").write("pile/a.parquet", pile.read_bytes())
    Place(f"s3://bucket{bucket}").write("pile/b.txt", b"a lease")
    address = f"s3://bucket/out{bucket}"

    embed_files(f"s3://bucket/pile/*.parquet{bucket}", address, embedder)

    out = Place(address)
    assert out.has("manifest.json")
    assert out.names("work") == []
    assert len(out.names("vectors")) == len(out.names("manifest/vectors"))


@pytest.mark.filterwarnings("ignore")
def test_an_upload_that_is_not_finished_leaves_nothing(bucket: str) -> None:
    place = Place(f"s3://bucket{bucket}")
    stream = place.files.open_output_stream("bucket/labels/a.parquet")
    stream.write(b"PAR1" * 4_000_000)  # more than one piece of an upload
    assert place.names("labels") == []
    del stream
    place.write("labels/a.parquet", b"whole")
    assert place.read("labels/a.parquet") == b"whole"
