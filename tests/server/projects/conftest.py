"""A served project of a few short documents, read by a real encoder of a few lines."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from longshot.embedder import DocumentEmbedder
from longshot.project import NamedLabel, Project
from longshot.recipe import Recipe
from longshot.records import Document
from longshot.server import ServerSettings
from longshot.server.app import make_app
from tests.fakes import FakeEncoder
from tests.server.conftest import ADDRESS

TEXTS = {
    "a.txt": "The tenant pays the rent on the first day of each month.",
    "b.txt": "The landlord may end this tenancy by a notice of two months.",
    "c.txt": "Fry the onions in butter until they are soft and brown.",
    "d.txt": "Whisk the eggs with sugar, and fold in the flour.",
    "e.txt": "The rent is raised once a year; the tenant is told in writing.",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Make the project, with two labels named."""
    place = tmp_path / "letters"
    embedder = DocumentEmbedder(Recipe(), encoder=FakeEncoder())
    with Project.create(place, who="Ada", embedder=embedder) as project:
        project.add(Document(id=name, text=text) for name, text in TEXTS.items())
        project.set_labels([NamedLabel(name="lease"), NamedLabel(name="recipe")])
    return place


@pytest.fixture
def served(place: Path, tmp_path: Path) -> Iterator[TestClient]:
    """Serve the project."""
    settings = ServerSettings(
        projects=(str(place),), state=tmp_path / "state", cache=False
    )
    app = make_app(settings, encoder=FakeEncoder())
    with TestClient(app, base_url=f"{ADDRESS}/v1/projects") as client:
        yield client
