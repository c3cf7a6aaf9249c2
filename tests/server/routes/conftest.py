"""A server's app around the bundled model, loaded once for a module of tests."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from longshot import DocumentEmbedder
from longshot.server import ServerSettings
from longshot.server.app import make_app
from tests.server.conftest import ADDRESS


@pytest.fixture(scope="module")
def client(
    minilm: DocumentEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    settings = ServerSettings(state=tmp_path_factory.mktemp("state"), cache=False)
    app = make_app(settings, encoder=minilm.encoder)
    with TestClient(app, base_url=ADDRESS) as client:
        yield client
