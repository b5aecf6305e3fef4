"""Addresses that people have shown to be theirs, what goes there, and the outbox's test mark."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_UNSENT = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "own_address",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("verified_at", sa.BigInteger(), nullable=True),
        sa.Column("code_id", sa.String(), nullable=True),
        sa.Column("code_expires_at", sa.BigInteger(), nullable=False),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        _of_person(),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "kind"),
    )
    _dispatch()
    with op.batch_alter_table("outbox_message") as outbox:
        outbox.alter_column("run_id", existing_type=sa.String(), nullable=True)
        outbox.add_column(
            sa.Column("is_test", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def _dispatch() -> None:
    op.create_table(
        "dispatch",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address_kind", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=True),
        sa.Column("node_id", sa.String(), nullable=False),
        sa.Column("node_type", sa.String(), nullable=False),
        sa.Column("connection_id", sa.String(), nullable=False),
        sa.Column("config", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        _of_person(),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
    )
    op.create_index(
        "dispatch_due", "dispatch", ["due_at"], sqlite_where=_UNSENT, postgresql_where=_UNSENT
    )
    op.create_index("dispatch_of", "dispatch", ["workspace_id", "person_id", "created_at"])


def _of_person() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", "person_id"],
        ["person.workspace_id", "person.id"],
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.execute("DELETE FROM outbox_message WHERE run_id IS NULL")
    with op.batch_alter_table("outbox_message") as outbox:
        outbox.drop_column("is_test")
        outbox.alter_column("run_id", existing_type=sa.String(), nullable=False)
    op.drop_table("dispatch")
    op.drop_table("own_address")
