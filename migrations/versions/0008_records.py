"""The shop's own tables, and counters that roll on with time."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_table",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("columns", sa.String(), nullable=False),
        sa.Column("key_column", sa.String(), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
    )
    op.create_index("record_table_name", "record_table", ["workspace_id", "name_key"], unique=True)
    op.create_table(
        "record_row",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("cells", sa.String(), nullable=False),
        sa.Column("searchable", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "table_id"], ["record_table.workspace_id", "record_table.id"]
        ),
        sa.PrimaryKeyConstraint("workspace_id", "table_id", "id"),
    )
    op.create_index(
        "record_row_key", "record_row", ["workspace_id", "table_id", "key"], unique=True
    )
    op.create_table(
        "counter",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("window_ms", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("workspace_id", "name", "key"),
    )
    op.create_table(
        "counter_entry",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "name", "key"],
            ["counter.workspace_id", "counter.name", "counter.key"],
        ),
        sa.PrimaryKeyConstraint("workspace_id", "name", "key", "id"),
    )
    op.create_index(
        "counter_entry_time", "counter_entry", ["workspace_id", "name", "key", "counted_at"]
    )


def downgrade() -> None:
    for name in ("counter_entry", "counter", "record_row", "record_table"):
        op.drop_table(name)
