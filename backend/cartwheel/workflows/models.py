"""What we keep about workflows: the draft, its published versions and when each was live."""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from cartwheel.columns import JsonText


class WorkflowState(StrEnum):
    """Whether events start runs of a workflow."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"


class Workflow(SQLModel, table=True):
    """A workflow and its draft. `revision` rises with every saved draft."""

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        Index("workflow_updated", "workspace_id", "updated_at"),
    )

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str
    state: str = WorkflowState.DRAFT.value
    draft: dict[str, Any] = Field(sa_type=JsonText)
    labels: list[str] = Field(default_factory=list, sa_type=JsonText)
    revision: int = 1
    active_version: int | None = None
    created_at: int = Field(sa_type=BigInteger)
    updated_at: int = Field(sa_type=BigInteger)
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)


class WorkflowVersion(SQLModel, table=True):
    """A published graph, or a draft that was set aside; the graph never changes.

    `kept` is 1 for a draft that a restored version took the place of: it was never live.
    """

    __tablename__ = "workflow_version"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "workflow_id"], ["workflow.workspace_id", "workflow.id"]
        ),
    )

    workspace_id: int = Field(primary_key=True)
    workflow_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    graph: dict[str, Any] = Field(sa_type=JsonText)
    created_at: int = Field(sa_type=BigInteger)
    created_by: str | None = None
    name: str | None = None
    kept: int = 0


class Activation(SQLModel, table=True):
    """A time during which one version received events of one type. Routing reads only this.

    `event_type` is the normalised type that the version's trigger listens for; times are inclusive
    of `live_from` and exclusive of `live_until`. `gated` is 1 where the version has a filter at its
    trigger or a rule of entry: routing looks into the graph of no other one.
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
        Index("activation_event_type", "workspace_id", "event_type", "live_from"),
        Index(
            "activation_live",
            "event_type",
            sqlite_where=text("live_until IS NULL"),
            postgresql_where=text("live_until IS NULL"),
        ),
    )

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    workflow_id: str
    version: int
    event_type: str
    live_from: int = Field(sa_type=BigInteger)
    live_until: int | None = Field(default=None, sa_type=BigInteger)
    gated: int = 0
