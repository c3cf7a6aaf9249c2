from collections.abc import Iterator
from pathlib import Path

import pytest

from longshot.embedder import DocumentEmbedder
from longshot.project import Project
from longshot.recipe import Recipe
from longshot.records import Document
from tests.fakes import FakeEncoder

TEXTS = {
    "rent-1": "The tenant pays the rent to the landlord every month.",
    "rent-2": "The landlord may raise the rent of the tenant once a year.",
    "rent-3": "Rent is due on the first; the tenant pays the landlord.",
    "leak-1": "The surveyor found that the roof leaks above the boiler.",
    "leak-2": "The boiler leaks, and the surveyor saw rust on the roof.",
    "leak-3": "Rust on the boiler; the roof was sound, the surveyor says.",
}
DOCUMENTS = [Document(id=id_, text=text) for id_, text in TEXTS.items()]


@pytest.fixture
def embedder() -> DocumentEmbedder:
    return DocumentEmbedder(Recipe(), encoder=FakeEncoder())


@pytest.fixture
def project(tmp_path: Path, embedder: DocumentEmbedder) -> Iterator[Project]:
    """Give a project of six documents that carry no label yet."""
    folder = tmp_path / "letters"
    with Project.create(folder, who="ada", embedder=embedder) as project:
        project.add(DOCUMENTS)
        yield project


def reopened(project: Project, who: str = "ada") -> Project:
    assert project.place is not None
    return Project.open(project.place, who=who, embedder=project.embedder)
