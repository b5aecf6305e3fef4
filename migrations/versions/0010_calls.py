"""Which step called a run, looked up by its token; and which step heard an event."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CALLED = sa.text("parent_run_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("run", sa.Column("parent_node", sa.String(), nullable=True))
    op.add_column("run", sa.Column("parent_iteration", sa.String(), nullable=True))
    op.add_column(
        "awaited_event", sa.Column("node_id", sa.String(), nullable=False, server_default="")
    )
    _index_calls("workspace_id", "parent_run_id", "parent_token")


def downgrade() -> None:
    _index_calls("workspace_id", "parent_run_id")
    op.drop_column("awaited_event", "node_id")
    op.drop_column("run", "parent_iteration")
    op.drop_column("run", "parent_node")


def _index_calls(*columns: str) -> None:
    op.drop_index("run_called_by", "run")
    op.create_index(
        "run_called_by", "run", list(columns), sqlite_where=_CALLED, postgresql_where=_CALLED
    )
