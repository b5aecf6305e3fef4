"""What runs ask of people: approvals and tasks, who is asked, and the letters that ask."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_LINKED = sa.text("secret_hash IS NOT NULL")
_UNSENT = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    _approval()
    _approver()
    op.create_table(
        "task_item",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        _of_approval(),
        sa.PrimaryKeyConstraint("workspace_id", "approval_id", "number"),
    )
    op.create_table(
        "letter",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("approval_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        _of_approval(),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
    )
    op.create_index("letter_of", "letter", ["workspace_id", "approval_id"])
    op.create_index(
        "letter_due", "letter", ["due_at"], sqlite_where=_UNSENT, postgresql_where=_UNSENT
    )


def _approval() -> None:
    op.create_table(
        "approval",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.String(), nullable=False),
        sa.Column("iteration", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("escalate_at", sa.BigInteger(), nullable=True),
        sa.Column("shown_due_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id", "run_id"], ["run.workspace_id", "run.id"]),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
    )
    op.create_index(
        "approval_once", "approval", ["workspace_id", "run_id", "token_id"], unique=True
    )
    op.create_index("approval_newest", "approval", ["workspace_id", "status", "id"])


def _approver() -> None:
    op.create_table(
        "approver",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("via", sa.String(), nullable=True),
        _of_approval(),
        sa.PrimaryKeyConstraint("workspace_id", "approval_id", "number"),
    )
    op.create_index("approver_address", "approver", ["workspace_id", "address", "approval_id"])
    op.create_index(
        "approver_secret",
        "approver",
        ["secret_hash"],
        unique=True,
        sqlite_where=_LINKED,
        postgresql_where=_LINKED,
    )


def _of_approval() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", "approval_id"],
        ["approval.workspace_id", "approval.id"],
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in ("letter", "task_item", "approver", "approval"):
        op.drop_table(table)
