"""What we keep of troubles that were told, and of who wants to be told."""

from sqlalchemy import BigInteger, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

USUAL_FAILURES = 3


class NoticeSetting(SQLModel, table=True):
    """A workspace's rule: how many runs of a workflow fail within an hour before somebody is told
    (0: nobody ever is), and when somebody was last told. No row: the usual, and never."""

    __tablename__ = "notice_setting"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),)

    workspace_id: int = Field(primary_key=True)
    failures: int = USUAL_FAILURES
    told_at: int = Field(default=0, sa_type=BigInteger)


class NoticeReader(SQLModel, table=True):
    """Whether a person wants the letters, and in which language (None: the shop's). No row: owners
    do, others do not."""

    __tablename__ = "notice_reader"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.id"],
            ondelete="CASCADE",
        ),
    )

    workspace_id: int = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    wants: bool
    language: str | None = None


class ToldTrouble(SQLModel, table=True):
    """A workflow that fails or a connection that is refused, as it was told. Times in ms.

    `kind` is `workflow` or `connection`, `subject_id` its id. `began_at` is the first letter of
    this spell, `told_at` the last one, `seen_at` when the limit was last found to be passed.
    """

    __tablename__ = "told_trouble"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),)

    workspace_id: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    subject_id: str = Field(primary_key=True)
    began_at: int = Field(sa_type=BigInteger)
    told_at: int = Field(sa_type=BigInteger)
    seen_at: int = Field(sa_type=BigInteger)
