"""What a version is called, and drafts that were set aside when a version was restored."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workflow_version", sa.Column("name", sa.String(), nullable=True))
    op.add_column(
        "workflow_version",
        sa.Column("kept", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )


def downgrade() -> None:
    op.drop_column("workflow_version", "kept")
    op.drop_column("workflow_version", "name")
