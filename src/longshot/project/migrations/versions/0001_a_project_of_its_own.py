"""a project of its own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables a step on."""
    op.create_table(
        "entries",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("undoes", _NUMBER, nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["undoes"], ["entries.number"], name="fk_entries_undoes"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_entries"),
        sa.UniqueConstraint("undoes", name="uq_entries_undoes"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_entries_kind_number", ["kind", "number"], unique=False
        )
        batch_op.create_index("ix_entries_who_number", ["who", "number"], unique=False)

    op.create_table(
        "labels",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("speaks_for", sa.Text(), nullable=False),
        sa.Column("speaks_against", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_labels"),
    )
    op.create_table(
        "set_aside",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_set_aside"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
    op.create_table(
        "states",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("first_decided_at", sa.String(), nullable=False),
        sa.Column("last_entry", _NUMBER, nullable=False),
        sa.Column("n_documents", sa.Integer(), nullable=False),
        sa.Column("n_examples", sa.Integer(), nullable=False),
        sa.Column("classes", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_states"),
    )
    op.create_table(
        "documents",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("pages", sa.Text(), nullable=False),
        sa.Column("text_share", sa.Float(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("n_characters", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.String(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("unreadable", sa.Text(), nullable=True),
        sa.Column(
            "is_removed", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("labelled_by", sa.String(), nullable=True),
        sa.Column("label_entry", _NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["label_entry"], ["entries.number"], name="fk_documents_label_entry"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_documents"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(
            "ix_documents_is_removed_state_label",
            ["is_removed", "state", "label"],
            unique=False,
        )
        batch_op.create_index(
            "ix_documents_content_hash", ["content_hash"], unique=False
        )
        batch_op.create_index(
            "uq_documents_id",
            ["id"],
            unique=True,
            sqlite_where=sa.text("NOT is_removed"),
            postgresql_where=sa.text("NOT is_removed"),
        )

    op.create_table(
        "decisions",
        sa.Column("document", _NUMBER, nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("probabilities", sa.LargeBinary(), nullable=False),
        sa.Column("n_tokens", sa.Integer(), nullable=False),
        sa.Column("n_windows", sa.Integer(), nullable=False),
        sa.Column("coverage", sa.Float(), nullable=False),
        sa.Column("n_unknown", sa.Integer(), nullable=False),
        sa.Column("new_class", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document"], ["documents.number"], name="fk_decisions_document"
        ),
        sa.ForeignKeyConstraint(["state"], ["states.id"], name="fk_decisions_state"),
        sa.PrimaryKeyConstraint("document", name="pk_decisions"),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_decisions_confidence_document", ["confidence", "document"], unique=False
        )
        batch_op.create_index(
            "ix_decisions_label_document", ["label", "document"], unique=False
        )

    op.create_table(
        "entry_documents",
        sa.Column("entry", _NUMBER, nullable=False),
        sa.Column("document", _NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["documents.number"], name="fk_entry_documents_document"
        ),
        sa.ForeignKeyConstraint(
            ["entry"], ["entries.number"], name="fk_entry_documents_entry"
        ),
        sa.PrimaryKeyConstraint("entry", "document", name="pk_entry_documents"),
    )
    with op.batch_alter_table("entry_documents", schema=None) as batch_op:
        batch_op.create_index(
            "ix_entry_documents_document_entry", ["document", "entry"], unique=False
        )

    op.create_table(
        "opinions",
        sa.Column("document", _NUMBER, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("entry", _NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["documents.number"], name="fk_opinions_document"
        ),
        sa.ForeignKeyConstraint(
            ["entry"], ["entries.number"], name="fk_opinions_entry"
        ),
        sa.PrimaryKeyConstraint("document", "who", name="pk_opinions"),
    )
    op.create_table(
        "texts",
        sa.Column("document", _NUMBER, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["documents.number"], name="fk_texts_document"
        ),
        sa.PrimaryKeyConstraint("document", name="pk_texts"),
    )
