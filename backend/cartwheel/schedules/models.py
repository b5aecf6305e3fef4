"""What we keep about schedules: when each live one is due next."""

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel


class Schedule(SQLModel, table=True):
    """The next due time of one live version that starts by the calendar.

    `shop_timezone` is the workspace's zone with which `next_at` was found; `next_at` is NULL when
    no time will come any more.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "workflow_id", "version"],
            [
                "workflow_version.workspace_id",
                "workflow_version.workflow_id",
                "workflow_version.number",
            ],
        ),
        Index(
            "schedule_due", "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )  # fmt: skip

    workspace_id: int = Field(primary_key=True)
    workflow_id: str = Field(primary_key=True)
    version: int
    shop_timezone: str
    live_from: int = Field(sa_type=BigInteger)
    next_at: int | None = Field(default=None, sa_type=BigInteger)
