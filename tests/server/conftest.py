"""A server's app around a real encoder of a few lines."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from longshot.server import ServerSettings
from longshot.server.app import make_app
from tests.fakes import FakeEncoder

ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture
def settings(tmp_path: Path) -> ServerSettings:
    return ServerSettings(state=tmp_path / "state", cache=False)


@pytest.fixture
def app(settings: ServerSettings) -> FastAPI:
    return make_app(settings, encoder=FakeEncoder())


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=ADDRESS) as client:
        yield client
