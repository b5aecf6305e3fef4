"""Who hears of failures, what they were told, and the way to the newest failures."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_FAILED = sa.text("status IN ('failed', 'quarantined')")
_REFUSED = sa.text("refused_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "notice_setting",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("workspace_id"),
    )
    op.create_table(
        "notice_reader",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("wants", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.id"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "person_id"),
    )
    op.create_table(
        "told_trouble",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "subject_id"),
    )
    op.create_index(
        "run_failed_at", "run", ["finished_at", "workspace_id", "workflow_id", "id", "status"],
        sqlite_where=_FAILED, postgresql_where=_FAILED,
    )  # fmt: skip
    op.create_index(
        "connection_refused", "connection", ["refused_at"],
        sqlite_where=_REFUSED, postgresql_where=_REFUSED,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("connection_refused", table_name="connection")
    op.drop_index("run_failed_at", table_name="run")
    op.drop_table("told_trouble")
    op.drop_table("notice_reader")
    op.drop_table("notice_setting")
