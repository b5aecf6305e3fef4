"""What we keep about a merchant's accounts at other companies."""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from cartwheel.columns import JsonText

_REFUSED = text("refused_at IS NOT NULL")


class ConnectionStatus(StrEnum):
    """What the last test or use of a connection told."""

    UNTESTED = "untested"
    OK = "ok"
    BROKEN = "broken"


class Connection(SQLModel, table=True):
    """A named account at an app. `settings` is its public part; secrets stand apart, encrypted.

    `hook_key` is the unguessable part of the address where this app's webhooks arrive.
    `is_default` marks the connection that steps of its channel use when they choose none.
    `refused_at` is set while its app does not accept it: then runs that need it wait. A test that
    failed sets only `status`, because some connections work that cannot be tested.
    """

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        Index("connection_hook", "hook_key", unique=True),
        Index("connection_refused", "refused_at", sqlite_where=_REFUSED, postgresql_where=_REFUSED),
    )

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    app: str
    name: str
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=JsonText)
    status: str = ConnectionStatus.UNTESTED.value
    error: str | None = None
    checked_at: int | None = Field(default=None, sa_type=BigInteger)
    refused_at: int | None = Field(default=None, sa_type=BigInteger)
    hook_key: str | None = None
    is_default: bool = False
    created_at: int = Field(sa_type=BigInteger)
    updated_at: int = Field(sa_type=BigInteger)
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)


class ConnectionSecret(SQLModel, table=True):
    """One encrypted field. Workspace, connection and field are bound into the ciphertext.

    `expires_at` is set on a signing secret that was replaced and is honoured a while longer.
    """

    __tablename__ = "connection_secret"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "connection_id"], ["connection.workspace_id", "connection.id"]
        ),
    )

    workspace_id: int = Field(primary_key=True)
    connection_id: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    key_id: str
    ciphertext: bytes = Field(sa_type=LargeBinary)
    created_at: int = Field(sa_type=BigInteger)
    expires_at: int | None = Field(default=None, sa_type=BigInteger)
