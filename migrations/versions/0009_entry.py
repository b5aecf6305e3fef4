"""Who may start a workflow when, what came of it step by step, and starts by the batch."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WAITING_FOR_ITS_TURN = sa.text("waits_since IS NOT NULL")
_WAITING = sa.text("status = 'waiting'")
_GOING_ON = sa.text("status = 'running'")


def upgrade() -> None:
    op.add_column(
        "activation", sa.Column("gated", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_index(
        "run_waiting",
        "run",
        ["workspace_id", "workflow_id", "id"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    _turns()
    _counts()
    _batches()


def _turns() -> None:
    op.create_table(
        "run_entry",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("arrival", sa.String(), nullable=False),
        sa.Column("waits_since", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id", "run_id"], ["run.workspace_id", "run.id"]),
        sa.PrimaryKeyConstraint("workspace_id", "run_id"),
    )
    op.create_index(
        "run_entry_waiting",
        "run_entry",
        ["workspace_id", "workflow_id", "key", "arrival"],
        sqlite_where=_WAITING_FOR_ITS_TURN,
        postgresql_where=_WAITING_FOR_ITS_TURN,
    )
    op.create_table(
        "entry_slot",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id", "run_id"], ["run.workspace_id", "run.id"]),
        sa.PrimaryKeyConstraint("workspace_id", "workflow_id", "key", "slot"),
    )
    op.create_index("entry_slot_run", "entry_slot", ["workspace_id", "run_id"])


def _counts() -> None:
    op.create_table(
        "entry_count",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("came_in", sa.Integer(), nullable=False),
        sa.Column("kept_out", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "workflow_id"], ["workflow.workspace_id", "workflow.id"]
        ),
        sa.PrimaryKeyConstraint("workspace_id", "workflow_id", "day"),
    )
    op.create_table(
        "step_tally",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("node_id", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "workflow_id"], ["workflow.workspace_id", "workflow.id"]
        ),
        sa.PrimaryKeyConstraint("workspace_id", "workflow_id", "hour", "node_id"),
        sqlite_with_rowid=False,
    )


def _batches() -> None:
    op.create_table(
        "batch",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "workflow_id"], ["workflow.workspace_id", "workflow.id"]
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
    )
    op.create_index("batch_newest", "batch", ["workspace_id", "workflow_id", "id"])
    op.create_index(
        "batch_going_on",
        "batch",
        ["looked_at"],
        sqlite_where=_GOING_ON,
        postgresql_where=_GOING_ON,
    )


def downgrade() -> None:
    for table in ("batch", "step_tally", "entry_count", "entry_slot", "run_entry"):
        op.drop_table(table)
    op.drop_index("run_waiting", "run")
    op.drop_column("activation", "gated")
