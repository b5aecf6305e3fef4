"""When schedules are due next."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COMING = sa.text("next_at IS NOT NULL")
_LIVE = sa.text("live_until IS NULL")


def upgrade() -> None:
    op.create_table(
        "schedule",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shop_timezone", sa.String(), nullable=False),
        sa.Column("live_from", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "workflow_id", "version"],
            [
                "workflow_version.workspace_id",
                "workflow_version.workflow_id",
                "workflow_version.number",
            ],
        ),
        sa.PrimaryKeyConstraint("workspace_id", "workflow_id"),
    )
    op.create_index(
        "schedule_due", "schedule", ["next_at"], sqlite_where=_COMING, postgresql_where=_COMING
    )
    op.create_index(
        "activation_live",
        "activation",
        ["event_type"],
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )


def downgrade() -> None:
    op.drop_index("activation_live", "activation")
    op.drop_table("schedule")
