"""What we keep about workspaces and the people and programs that may enter them."""

from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

_KEPT_DAYS = {"server_default": "90"}


class Role(StrEnum):
    """What a person or a token may do; each role may do what the ones before it may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"
    OWNER = "owner"

    def covers(self, needed: "Role") -> bool:
        """Whether this role may do what `needed` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


class Workspace(SQLModel, table=True):
    """One shop's separate world.

    `keep_*_days` is how long what is over is kept, 0 for ever. `swept_at` is when a worker last
    began to take away what is older.
    """

    id: int = Field(primary_key=True)
    name: str
    timezone: str = "UTC"
    currency: str = "EUR"
    locale: str = "en"
    created_at: int = Field(sa_type=BigInteger)
    keep_runs_days: int = Field(default=90, sa_column_kwargs=_KEPT_DAYS)
    keep_events_days: int = Field(default=90, sa_column_kwargs=_KEPT_DAYS)
    keep_outbox_days: int = Field(default=90, sa_column_kwargs=_KEPT_DAYS)
    swept_at: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class Person(SQLModel, table=True):
    """Someone who signs in. `password_hash` is an argon2id string, or None before the first one."""

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        Index("person_email", "email", unique=True),
    )

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    email: str | None = None
    name: str = ""
    role: str = Role.OWNER.value
    password_hash: str | None = None
    created_at: int = Field(sa_type=BigInteger)


class Session(SQLModel, table=True):
    """A signed-in browser, known by the SHA-256 of its cookie.

    `by_link` marks one that began with a login link: for a while it may set a new password
    without the forgotten one.
    """

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "person_id"], ["person.workspace_id", "person.id"]),
        Index("session_secret", "secret_hash", unique=True),
    )

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    person_id: str
    secret_hash: str
    csrf: str
    by_link: bool = False
    created_at: int = Field(sa_type=BigInteger)
    last_seen_at: int = Field(sa_type=BigInteger)
    expires_at: int = Field(sa_type=BigInteger)


class LoginLink(SQLModel, table=True):
    """A link that signs a person in once, known by the SHA-256 of its token."""

    __tablename__ = "login_link"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "person_id"], ["person.workspace_id", "person.id"]),
        Index("login_link_secret", "secret_hash", unique=True),
    )

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    person_id: str
    secret_hash: str
    created_at: int = Field(sa_type=BigInteger)
    expires_at: int = Field(sa_type=BigInteger)
    used_at: int | None = Field(default=None, sa_type=BigInteger)


class ApiToken(SQLModel, table=True):
    """A program's way in, known by the SHA-256 of its token."""

    __tablename__ = "api_token"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        Index("api_token_secret", "secret_hash", unique=True),
    )

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str
    role: str = Role.EDITOR.value
    secret_hash: str
    created_at: int = Field(sa_type=BigInteger)
    last_used_at: int | None = Field(default=None, sa_type=BigInteger)
    revoked_at: int | None = Field(default=None, sa_type=BigInteger)


class LoginThrottle(SQLModel, table=True):
    """Failed sign-ins per e-mail address or network address; it exists before any workspace."""

    __tablename__ = "login_throttle"

    key: str = Field(primary_key=True)
    failures: int = 0
    blocked_until: int = Field(default=0, sa_type=BigInteger)
    updated_at: int = Field(sa_type=BigInteger)
