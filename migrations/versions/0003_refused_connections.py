"""A connection that its app does not accept: runs that need it wait."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("connection", sa.Column("refused_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("connection", "refused_at")
