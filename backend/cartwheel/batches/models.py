"""What we keep of a start by the batch."""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from cartwheel.columns import JsonText

_GOING_ON = "status = 'running'"


class BatchStatus(StrEnum):
    """Where a batch is. The last two are ends."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"


class Batch(SQLModel, table=True):
    """Records that a workflow is started on, one after another, the newest first.

    `wanted` is a `Wanted`. `cursor` is the id of the event that was looked at last: whoever goes on
    goes on below it. `reason` says why it paused by itself.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "workflow_id"], ["workflow.workspace_id", "workflow.id"]
        ),
        Index("batch_newest", "workspace_id", "workflow_id", "id"),
        Index(
            "batch_going_on", "looked_at",
            sqlite_where=text(_GOING_ON), postgresql_where=text(_GOING_ON),
        ),
    )  # fmt: skip

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    workflow_id: str
    status: str = BatchStatus.RUNNING.value
    reason: str | None = None
    wanted: dict[str, Any] = Field(sa_type=JsonText)
    cursor: str
    total: int
    started: int = 0
    created_at: int = Field(sa_type=BigInteger)
    looked_at: int = Field(default=0, sa_type=BigInteger)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
