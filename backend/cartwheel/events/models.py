"""What we keep about things that happened in the world."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from cartwheel.columns import JsonText


class Event(SQLModel, table=True):
    """Something that happened, stored once.

    `source` is `shopify`, `woocommerce`, `standard`, `api`, `manual`, `demo`; `source_id` is the
    connection it came through ("" for the API). `external_id` is the sender's own id and makes the
    delivery idempotent; so does `fingerprint` where that id is not signed. `data` is normalised;
    `raw` holds the very bytes that were signed.
    `routed_at` is NULL until a worker has turned the event into runs: that is the outbox.
    `root_id` and `depth` tell which event set this one off, through how many workflows.
    `duplicate_of` marks a delivery that reused an id with another body: kept, never run.
    `only_workflow_id` limits routing to one workflow (a run started by hand).
    """

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        Index(
            "event_external", "workspace_id", "source", "source_id", "external_id", unique=True,
            sqlite_where=text("external_id IS NOT NULL"),
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index(
            "event_fingerprint", "workspace_id", "source_id", "fingerprint", unique=True,
            sqlite_where=text("fingerprint IS NOT NULL"),
            postgresql_where=text("fingerprint IS NOT NULL"),
        ),
        Index(
            "event_unrouted", "received_at",
            sqlite_where=text("routed_at IS NULL"), postgresql_where=text("routed_at IS NULL"),
        ),
    )  # fmt: skip

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    type: str
    source: str
    source_id: str = ""
    external_id: str | None = None
    body_hash: str = ""
    fingerprint: str | None = None
    label: str | None = None
    contact: str | None = None
    data: dict[str, Any] = Field(sa_type=JsonText)
    raw: bytes | None = Field(default=None, sa_type=LargeBinary)
    received_at: int = Field(sa_type=BigInteger)
    routed_at: int | None = Field(default=None, sa_type=BigInteger)
    only_workflow_id: str | None = None
    replay_of: str | None = None
    duplicate_of: str | None = None
    root_id: str | None = None
    depth: int = 0
