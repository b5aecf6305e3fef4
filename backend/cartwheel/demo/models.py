"""What we keep about demo shops."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from cartwheel.columns import JsonText


class DemoShop(SQLModel, table=True):
    """A workspace's demo shop, whether it is open, and all that it remembers.

    `moment` rises with everything that happens and is the compare-and-set of whoever plays on:
    several workers may try, and one moves the shop. `next_at` is when the next thing happens.
    `told_on` and `told` count the events of one day (UTC). `changed_at` is when it was opened.
    """

    __tablename__ = "demo_shop"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),)

    workspace_id: int = Field(primary_key=True)
    is_open: bool = False
    per_minute: int
    next_at: int = Field(sa_type=BigInteger)
    moment: int = 0
    kept: dict[str, Any] = Field(sa_type=JsonText)
    told_on: str = ""
    told: int = 0
    changed_at: int = Field(sa_type=BigInteger)
