"""Waits for events, and the way from a called run to its caller."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_UNHEARD = sa.text("event_id IS NULL")
_CALLED = sa.text("parent_run_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "awaited_event",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.Integer(), nullable=False),
        sa.Column("event_type", sa.String(), nullable=False),
        sa.Column("paths", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("armed_at", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "run_id"],
            ["run.workspace_id", "run.id"],
        ),
        sa.PrimaryKeyConstraint("workspace_id", "run_id", "token_id", "way"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "awaited_event_unheard",
        "awaited_event",
        ["workspace_id", "event_type", "paths", "key"],
        sqlite_where=_UNHEARD,
        postgresql_where=_UNHEARD,
    )
    op.create_index(
        "run_called_by",
        "run",
        ["workspace_id", "parent_run_id"],
        sqlite_where=_CALLED,
        postgresql_where=_CALLED,
    )


def downgrade() -> None:
    op.drop_index("run_called_by", "run")
    op.drop_table("awaited_event")
