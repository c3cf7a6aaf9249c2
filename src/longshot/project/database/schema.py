"""The tables of a project.

What people did stands in ``entries``, which only grows. ``documents`` repeats of it
what a list has to show at once: the state and label that the log comes to. Vectors are
in no table: they can be computed again.

A change here needs a migration in ``migrations/versions``; a test compares the two.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)

# SQLite counts up by itself only where the type is plainly INTEGER.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

settings = Table(
    "settings",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)

entries = Table(
    "entries",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", String, nullable=False),
    Column("why", Text, nullable=False),
    Column("label", Text),
    Column("undoes", _NUMBER, ForeignKey("entries.number"), unique=True),
    Column("details", Text, nullable=False),  # JSON
    Index(None, "kind", "number"),
    Index(None, "who", "number"),
    sqlite_autoincrement=True,
)

documents = Table(
    "documents",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("notes", Text, nullable=False),  # JSON
    Column("pages", Text, nullable=False),  # JSON
    Column("text_share", Float, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("n_characters", Integer, nullable=False),
    Column("added_at", String, nullable=False),
    Column("added_by", String, nullable=False),
    Column("unreadable", Text),
    Column("is_removed", Boolean, nullable=False, server_default=false()),
    Column("state", String, nullable=False, server_default="open"),
    Column("label", Text),
    Column("labelled_by", String),
    Column("label_entry", _NUMBER, ForeignKey("entries.number")),
    Index(None, "is_removed", "state", "label"),
    Index(None, "content_hash"),
    sqlite_autoincrement=True,
)
# The id of a document that was removed is free again.
Index(
    "uq_documents_id",
    documents.c.id,
    unique=True,
    sqlite_where=text("NOT is_removed"),
    postgresql_where=text("NOT is_removed"),
)

# Beside the documents, so that a list of them need not step over their texts.
texts = Table(
    "texts",
    metadata,
    Column("document", _NUMBER, ForeignKey("documents.number"), primary_key=True),
    Column("text", Text, nullable=False),
)

entry_documents = Table(
    "entry_documents",
    metadata,
    Column("entry", _NUMBER, ForeignKey("entries.number"), primary_key=True),
    Column("document", _NUMBER, ForeignKey("documents.number"), primary_key=True),
    Index(None, "document", "entry"),
)

opinions = Table(
    "opinions",
    metadata,
    Column("document", _NUMBER, ForeignKey("documents.number"), primary_key=True),
    Column("who", String, primary_key=True),
    Column("label", Text),
    Column("entry", _NUMBER, ForeignKey("entries.number"), nullable=False),
)

labels = Table(
    "labels",
    metadata,
    Column("name", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("description", Text),
    Column("speaks_for", Text, nullable=False),  # JSON
    Column("speaks_against", Text, nullable=False),  # JSON
)

states = Table(
    "states",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("first_decided_at", String, nullable=False),
    Column("last_entry", _NUMBER, nullable=False),
    Column("n_documents", Integer, nullable=False),
    Column("n_examples", Integer, nullable=False),
    Column("classes", Text, nullable=False),  # JSON
    Column("details", Text, nullable=False),  # JSON
)

decisions = Table(
    "decisions",
    metadata,
    Column("document", _NUMBER, ForeignKey("documents.number"), primary_key=True),
    Column("state", String(64), ForeignKey("states.id"), nullable=False),
    Column("label", Text),
    Column("confidence", Float, nullable=False),
    Column("probabilities", LargeBinary, nullable=False),  # float32, of the state's
    Column("n_tokens", Integer, nullable=False),
    Column("n_windows", Integer, nullable=False),
    Column("coverage", Float, nullable=False),
    Column("n_unknown", Integer, nullable=False),
    Column("new_class", Integer),
    Index(None, "confidence", "document"),
    Index(None, "label", "document"),
)

audits = Table(
    "audits",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("who", String, nullable=False),
    Column("started_at", String, nullable=False),
    Column("state", String(64), ForeignKey("states.id"), nullable=False),
    Column("level", Float, nullable=False),
    Column("target", Float),
    Column("sample", Text, nullable=False),  # JSON
    Column("population", Text, nullable=False),  # JSON: numbers, ids, labels, sureness
    sqlite_autoincrement=True,
)

set_aside = Table(
    "set_aside",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", String, nullable=False),
    sqlite_autoincrement=True,
)
