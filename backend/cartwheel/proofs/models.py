"""What we keep of people's own addresses, and of what is sent to them."""

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

_UNSENT = text("due_at IS NOT NULL")


def _of_person() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workspace_id", "person_id"],
        ["person.workspace_id", "person.id"],
        ondelete="CASCADE",
    )


class OwnAddress(SQLModel, table=True):
    """Where a person can be reached: `kind` is `email` or `phone`.

    It counts once `verified_at` (ms) is set. `code_id` is the dispatch that carries the code under
    way, from which the code itself is made anew; `code_tries` are the guesses at it.
    """

    __tablename__ = "own_address"
    __table_args__ = (_of_person(),)

    workspace_id: int = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    address: str
    verified_at: int | None = Field(default=None, sa_type=BigInteger)
    code_id: str | None = None
    code_expires_at: int = Field(default=0, sa_type=BigInteger)
    code_tries: int = 0


class Dispatch(SQLModel, table=True):
    """One message to a person of the workspace: a `code`, a `proof` of a step's message, or a
    `notice` of a trouble.

    `config` are the step's settings as they were filled in. Who receives it stands in no column
    until it leaves: it is the person's own address of `address_kind` at that moment, and then `to`.
    `due_at` (ms) is NULL once it needs no more sending.
    """

    __table_args__ = (
        _of_person(),
        Index("dispatch_due", "due_at", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
        Index("dispatch_of", "workspace_id", "person_id", "created_at"),
    )

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    person_id: str
    kind: str
    address_kind: str
    workflow_id: str | None = None
    node_id: str = ""
    node_type: str
    connection_id: str
    config: str
    status: str = "due"
    to: str | None = None
    error: str | None = None
    attempts: int = 0
    created_at: int = Field(sa_type=BigInteger)
    due_at: int | None = Field(default=None, sa_type=BigInteger)
    lease_until: int | None = Field(default=None, sa_type=BigInteger)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
