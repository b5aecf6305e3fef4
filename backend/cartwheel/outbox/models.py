"""What the sandbox would have delivered."""

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, false
from sqlmodel import Field, SQLModel


class OutboxMessage(SQLModel, table=True):
    """A message that went to the sandbox. `id` is the effect's key: one act stands here once.

    One that `is_test` belongs to no run: somebody had it sent to themselves, and it did leave.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "run_id"], ["run.workspace_id", "run.id"]),
        Index("outbox_newest", "workspace_id", "created_at", "id"),
        Index("outbox_run", "workspace_id", "run_id"),
    )

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    channel: str
    to: str
    subject: str | None = None
    text: str
    html: str | None = None
    run_id: str | None = None
    node_id: str
    iteration: str = ""
    workflow_id: str
    created_at: int = Field(sa_type=BigInteger)
    is_test: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
