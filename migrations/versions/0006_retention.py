"""How long a workspace keeps what is over, and when it was last swept."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_HEARD = sa.text("event_id IS NOT NULL")
_DAYS = ("keep_runs_days", "keep_events_days", "keep_outbox_days")


def upgrade() -> None:
    for name in _DAYS:
        op.add_column(
            "workspace", sa.Column(name, sa.Integer(), nullable=False, server_default="90")
        )
    op.add_column(
        "workspace", sa.Column("swept_at", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.create_index("outbox_run", "outbox_message", ["workspace_id", "run_id"])
    op.create_index(
        "awaited_event_heard",
        "awaited_event",
        ["workspace_id", "event_id"],
        sqlite_where=_HEARD,
        postgresql_where=_HEARD,
    )


def downgrade() -> None:
    op.drop_index("awaited_event_heard", "awaited_event")
    op.drop_index("outbox_run", "outbox_message")
    for name in (*_DAYS, "swept_at"):
        op.drop_column("workspace", name)
