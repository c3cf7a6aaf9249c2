import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from longshot.embedder import DocumentEmbedder
from longshot.project import Project
from longshot.recipe import Recipe
from longshot.records import Document
from tests.fakes import FakeEncoder
from tests.postgres import missing_reason, server

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


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Give the address of a server of our own; skip where there can be none."""
    if reason := missing_reason():
        pytest.skip(reason)
    with server() as address:
        yield address


@pytest.fixture
def postgres_database(postgres: str) -> Iterator[str]:
    """Give the address of an empty database."""
    yield from new_database(postgres)


def new_database(address: str) -> Iterator[str]:
    """Make a database, and drop it in the end."""
    name = f"test_{uuid.uuid4().hex}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(address).set(database=name).render_as_string()
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str | None:
    """Give where a project is kept: None stands for its file."""
    if request.param == "sqlite":
        return None
    found: str = request.getfixturevalue("postgres_database")
    return found


@pytest.fixture
def project(
    tmp_path: Path, embedder: DocumentEmbedder, database: str | None
) -> Iterator[Project]:
    """Give a project of six documents that carry no label yet, on each database."""
    folder = tmp_path / "letters"
    made = Project.create(folder, who="ada", embedder=embedder, database=database)
    with made as project:
        project.add(DOCUMENTS)
        yield project


def reopened(project: Project, who: str = "ada") -> Project:
    assert project.place is not None
    return Project.open(project.place, who=who, embedder=project.embedder)
