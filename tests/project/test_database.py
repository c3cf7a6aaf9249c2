import json
import sqlite3
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from longshot.embedder import DocumentEmbedder
from longshot.errors import MissingExtraError, ProjectBusyError, ProjectError
from longshot.project import Project
from longshot.project.database import Database, migrate, migrating
from longshot.project.database.migrating import HEAD, version_of
from longshot.project.database.schema import metadata
from longshot.project.place import find, make
from longshot.records import Document
from tests.project.conftest import TEXTS, reopened

_SETTINGS = {
    "id": "0" * 32,
    "name": "old",
    "recipe": {"model": "minilm", "layers": [-4, -3, -2, -1]},
    "unknown": None,
    "made_at": "2026-01-01T00:00:00.000000+00:00",
}


def first_version(database: Database) -> None:
    """Make a project as the first version did: a document with a label."""
    migrate(database, target="0001")
    with database.writing() as connection:
        for name, value in _SETTINGS.items():
            connection.execute(
                text("INSERT INTO settings (name, value) VALUES (:name, :value)"),
                {"name": name, "value": json.dumps(value)},
            )
        for statement in (
            "INSERT INTO entries (kind, who, at, why, details) "
            "VALUES ('add', 'ada', '2026', '', '{}')",
            "INSERT INTO entries (kind, who, at, why, label, details) "
            "VALUES ('label', 'ada', '2026', '', 'lease', '{}')",
            "INSERT INTO documents (id, source, notes, pages, text_share, "
            "content_hash, n_characters, added_at, added_by, state, label, "
            "labelled_by, label_entry) VALUES ('a', '', '[]', '[]', 1, 'h', 4, "
            "'2026', 'ada', 'labelled', 'lease', 'ada', 2)",
            "INSERT INTO texts (document, text) VALUES (1, 'Rent')",
            "INSERT INTO entry_documents (entry, document) VALUES (1, 1), (2, 1)",
        ):
            connection.execute(text(statement))


@pytest.fixture
def old(tmp_path: Path, database: str | None) -> Path:
    """Give the folder of a project of the first version, on each database."""
    place = make(tmp_path / "old", database)
    opened = Database(place.url, name=place.name)
    if database is not None:  # its address has no password here, as in the folder
        assert find(tmp_path / "old").url == place.url
    first_version(opened)
    opened.close()
    return tmp_path / "old"


def test_an_older_project_is_brought_up_to_date(
    old: Path, embedder: DocumentEmbedder
) -> None:
    with Project.open(old, embedder=embedder) as project:
        assert project.migrated_copy is not None
        assert [one.label for one in project.examples()] == ["lease"]
        assert project.document("a").text == "Rent"
        assert project.audits.latest() is None  # a table of the new version
    with Project.open(old, embedder=embedder) as project:
        assert project.migrated_copy is None


def test_its_copy_is_kept_as_it_was(tmp_path: Path, embedder: DocumentEmbedder) -> None:
    place = make(tmp_path / "old", None)
    first_version(Database(place.url, name="old"))
    with Project.open(tmp_path / "old", embedder=embedder) as project:
        copy = project.migrated_copy
    assert copy == str(tmp_path / "old" / "project-before-migration-0001.sqlite")
    kept = Database(f"sqlite:///{copy}", name="copy")
    with kept.reading() as connection:
        assert version_of(connection) == "0001"
        assert connection.execute(text("SELECT id FROM documents")).scalar() == "a"


def test_a_migration_that_fails_leaves_the_project_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = migrating._upgrade

    def half(connection: object, target: str) -> None:
        upgrade(connection, target)  # type: ignore[arg-type]
        raise ProjectError("stopped in the middle")

    monkeypatch.setattr(migrating, "_upgrade", half)
    with pytest.raises(ProjectError, match="in the middle"):
        Project.open(old)
    database = Database(find(old).url, name="old")
    with database.reading() as connection:
        assert version_of(connection) == "0001"
        assert not inspect(connection).has_table("audits")
    database.close()


def test_a_newer_project_is_told(project: Project) -> None:
    with project._database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ProjectError, match="newer one"):
        reopened(project)


def test_the_tables_are_those_of_the_migrations(project: Project) -> None:
    with project._database.reading() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_known_by_name() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrating._MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_file_is_kept_safe(project: Project) -> None:
    if not project._database.is_sqlite:
        pytest.skip("a setting of SQLite")
    with project._database.reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


def test_who_must_wait_too_long_is_told_for_what(project: Project) -> None:
    assert project.place is not None
    with (
        Project.open(project.place, wait_s=0.2) as other,
        project._database.writing(),
        pytest.raises(ProjectBusyError, match="another process has been writing"),
    ):
        other.label(["rent-1"], "lease")
    with Project.open(project.place) as other:
        other.label(["rent-1"], "lease")


def test_reading_waits_for_nobody(project: Project) -> None:
    assert project.place is not None
    with (
        Project.open(project.place, wait_s=0.2) as other,
        project._database.writing(),
    ):
        assert other.status().n_documents == 6


def test_many_write_at_once_and_nothing_is_lost(project: Project) -> None:
    assert project.place is not None
    place = project.place

    def work(who: str) -> None:
        with Project.open(place, who=who) as own:
            for number in range(5):
                own.add([Document(id=f"{who}-{number}", text=f"{who} {number}")])
                own.label([f"{who}-{number}", "rent-1"], who)

    threads = [threading.Thread(target=work, args=(who,)) for who in "abcd"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert project.status().n_documents == len(TEXTS) + 20
    assert len(project.history(100)) == 1 + 40
    (conflict,) = project.conflicts()
    assert {one.who for one in conflict.opinions} == set("abcd")
    last = max(conflict.opinions, key=lambda one: one.entry)
    assert project.document("rent-1").label == last.label


def _break_off(connection: Connection) -> None:
    connection.execute(text("UPDATE documents SET label = 'x'"))
    connection.execute(text("INSERT INTO texts (document, text) VALUES (77, '')"))


def test_a_write_that_fails_changes_nothing(project: Project) -> None:
    n_entries = project.status().n_entries
    with pytest.raises(ProjectError), project._database.writing() as connection:
        _break_off(connection)
    assert project.document("rent-1").label is None
    assert project.status().n_entries == n_entries


def test_what_keeps_no_project_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="SQLite or PostgreSQL"):
        Project.create(tmp_path / "p", database="mysql://host/name")
    with pytest.raises(ProjectError, match="--database must be an address"):
        Project.create(tmp_path / "q", database="no address")
    with pytest.raises(MissingExtraError, match=r"longshot\[postgresql\]"):
        Database("postgresql+pg8000://host/name", name="p")


def test_a_password_is_not_written_down(tmp_path: Path) -> None:
    place = make(tmp_path / "p", "postgresql+psycopg://ada:secret@host/name")
    assert "secret" in place.url
    assert "secret" not in (tmp_path / "p" / "project.json").read_text()
    assert find(tmp_path / "p").url == "postgresql+psycopg://ada@host/name"


def test_a_server_that_is_away_is_told_in_a_line(tmp_path: Path) -> None:
    address = f"postgresql+psycopg://ada:secret@/name?host={tmp_path}"
    with pytest.raises(ProjectError) as caught:
        Project.open(address)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_database_holds_one_project(tmp_path: Path, postgres_database: str) -> None:
    Project.create(tmp_path / "one", database=postgres_database).close()
    with pytest.raises(ProjectError, match="leads to a project"):
        Project.create(tmp_path / "two", database=postgres_database)
    with Project.open(postgres_database) as project:
        assert project.name == "one"
        assert project.place is None


def test_the_file_is_one_that_other_tools_read(project: Project) -> None:
    if project._database.file is None:
        pytest.skip("of SQLite")
    with sqlite3.connect(project._database.file) as connection:
        (n,) = connection.execute("SELECT count(*) FROM documents").fetchone()
    connection.close()
    assert n == 6
