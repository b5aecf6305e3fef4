"""Where in Slack an approval is asked too, and which message asks there."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("approval", sa.Column("channel", sa.String(), nullable=True))
    op.add_column("letter", sa.Column("message", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("letter", "message")
    op.drop_column("approval", "channel")
