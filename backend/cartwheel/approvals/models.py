"""What we keep of what runs ask of people. The run's own commit writes these rows when a step
begins to wait (`runs/asking.py`)."""

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

_LINKED = text("secret_hash IS NOT NULL")
_UNSENT = text("due_at IS NOT NULL")


def _of_approval() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workspace_id", "approval_id"],
        ["approval.workspace_id", "approval.id"],
        ondelete="CASCADE",
    )


class Approval(SQLModel, table=True):
    """One decision or task that a waiting token asks of people; `kind` says which.

    `due_at` is when the wait ends by itself; `escalate_at` when other people are asked too.
    `shown_due_at` is the date a person reads, NULL where none was set. `channel` is where in Slack
    it is asked too. `status` is `open` until
    somebody's answer, the time or the run's end changes it, once.
    """

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "run_id"], ["run.workspace_id", "run.id"]),
        Index("approval_once", "workspace_id", "run_id", "token_id", unique=True),
        Index("approval_newest", "workspace_id", "status", "id"),
    )

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    kind: str
    run_id: str
    token_id: int
    node_id: str
    iteration: str = ""
    title: str
    text: str = ""
    rule: str
    needed: int = 1
    connection_id: str | None = None
    channel: str | None = None
    status: str = "open"
    created_at: int = Field(sa_type=BigInteger)
    escalate_at: int | None = Field(default=None, sa_type=BigInteger)
    shown_due_at: int | None = Field(default=None, sa_type=BigInteger)
    due_at: int = Field(sa_type=BigInteger)
    closed_at: int | None = Field(default=None, sa_type=BigInteger)


class Approver(SQLModel, table=True):
    """One person who is asked: an e-mail address, or `owner`.

    One who is `escalated` is asked only from `escalate_at` on. `secret_hash` is the SHA-256 of the
    token in this person's link, from when it leaves. `decided_by` is who answered in their place.
    """

    __table_args__ = (
        _of_approval(),
        Index("approver_address", "workspace_id", "address", "approval_id"),
        Index(
            "approver_secret", "secret_hash", unique=True,
            sqlite_where=_LINKED, postgresql_where=_LINKED,
        ),
    )  # fmt: skip

    workspace_id: int = Field(primary_key=True)
    approval_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    address: str
    escalated: bool = False
    secret_hash: str | None = None
    decision: str | None = None
    comment: str | None = None
    decided_at: int | None = Field(default=None, sa_type=BigInteger)
    decided_by: str | None = None
    via: str | None = None


class TaskItem(SQLModel, table=True):
    """One line of a task's checklist."""

    __tablename__ = "task_item"
    __table_args__ = (_of_approval(),)

    workspace_id: int = Field(primary_key=True)
    approval_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    text: str
    done_at: int | None = Field(default=None, sa_type=BigInteger)
    done_by: str | None = None


class Letter(SQLModel, table=True):
    """One message that asks or reminds; `id` is its effect's key.

    `due_at` is NULL once it needs no more sending (it was sent, refused, or is not wanted any
    more), and until it is the turn of the one it is for, whom `number` names. `message` is where a
    message in Slack stands, `channel ts` as Slack told.
    """

    __table_args__ = (
        _of_approval(),
        Index("letter_of", "workspace_id", "approval_id"),
        Index("letter_due", "due_at", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
    )

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    approval_id: str
    number: int
    kind: str
    due_at: int | None = Field(default=None, sa_type=BigInteger)
    lease_until: int | None = Field(default=None, sa_type=BigInteger)
    attempts: int = 0
    sent_at: int | None = Field(default=None, sa_type=BigInteger)
    message: str | None = None
    error: str | None = None
