"""The demo shop, the checklist of first steps, labels of workflows, and failures found quickly."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FAILED = sa.text("status IN ('failed', 'quarantined')")


def upgrade() -> None:
    op.create_table(
        "demo_shop",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("moment", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("told_on", sa.String(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("workspace_id"),
    )
    op.create_table(
        "checklist",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("tested_at", sa.BigInteger(), nullable=True),
        sa.Column("dismissed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("workspace_id"),
    )
    op.add_column(
        "workflow", sa.Column("labels", sa.Text(), nullable=False, server_default=sa.text("'[]'"))
    )
    op.create_index(
        "run_failed",
        "run",
        ["workspace_id", "workflow_id", "id"],
        sqlite_where=_FAILED,
        postgresql_where=_FAILED,
    )
