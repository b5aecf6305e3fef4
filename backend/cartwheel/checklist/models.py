"""What we keep about first steps: only what cannot be seen from what happened."""

from sqlalchemy import BigInteger, ForeignKeyConstraint
from sqlmodel import Field, SQLModel


class Checklist(SQLModel, table=True):
    """When somebody first tried a workflow out (a test run leaves no other trace), and when the
    list was put away; both in milliseconds."""

    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),)

    workspace_id: int = Field(primary_key=True)
    tested_at: int | None = Field(default=None, sa_type=BigInteger)
    dismissed_at: int | None = Field(default=None, sa_type=BigInteger)
