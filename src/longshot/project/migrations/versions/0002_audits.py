"""Audits: what was drawn, and from which labels."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables a step on."""
    op.create_table(
        "audits",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("level", sa.Float(), nullable=False),
        sa.Column("target", sa.Float(), nullable=True),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["state"], ["states.id"], name="fk_audits_state"),
        sa.PrimaryKeyConstraint("number", name="pk_audits"),
        sqlite_autoincrement=True,
    )
