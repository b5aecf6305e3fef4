"""What we keep about runs: the run, its live tokens, its steps, and its acts outside."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from cartwheel.columns import JsonText

_DUE = "wake_at IS NOT NULL AND lease_until IS NULL"
_HELD = "lease_until IS NOT NULL"
_UNHEARD = "event_id IS NULL"
_HEARD = "event_id IS NOT NULL"
_CALLED = "parent_run_id IS NOT NULL"
_FAILED = "status IN ('failed', 'quarantined')"
_WAITING = "status = 'waiting'"
_WAITING_FOR_ITS_TURN = "waits_since IS NOT NULL"
"""A run stands in at most one of the two indexes, so a million waiting runs cost a look nothing."""


class Run(SQLModel, table=True):
    """One execution of one version for one event.

    `wake_at` is when a worker should look at it next (NULL: never by itself). `fence` rises with
    every claim, so that a worker that lost its lease cannot write. `crashes` counts leases that
    expired without progress. `parent_*` name the step of another run that waits for this one.
    """

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "event_id"], ["event.workspace_id", "event.id"]),
        ForeignKeyConstraint(
            ["workspace_id", "workflow_id", "version"],
            [f"workflow_version.{column}" for column in ("workspace_id", "workflow_id", "number")],
        ),
        Index("run_once", "workspace_id", "event_id", "workflow_id", "subject", unique=True),
        Index("run_newest", "workspace_id", "workflow_id", "id"),
        Index("run_contact", "workspace_id", "contact", "id"),
        Index("run_due", "wake_at", sqlite_where=text(_DUE), postgresql_where=text(_DUE)),
        Index("run_held", "lease_until", sqlite_where=text(_HELD), postgresql_where=text(_HELD)),
        Index(
            "run_called_by", "workspace_id", "parent_run_id", "parent_token",
            sqlite_where=text(_CALLED), postgresql_where=text(_CALLED),
        ),
        Index(
            "run_failed", "workspace_id", "workflow_id", "id",
            sqlite_where=text(_FAILED), postgresql_where=text(_FAILED),
        ),
        Index(
            "run_failed_at", "finished_at", "workspace_id", "workflow_id", "id", "status",
            sqlite_where=text(_FAILED), postgresql_where=text(_FAILED),
        ),
        Index(
            "run_waiting", "workspace_id", "workflow_id", "id",
            sqlite_where=text(_WAITING), postgresql_where=text(_WAITING),
        ),
    )  # fmt: skip

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    workflow_id: str
    version: int
    event_id: str
    subject: str = ""
    status: str
    label: str | None = None
    contact: str | None = None
    created_at: int = Field(sa_type=BigInteger)
    started_at: int | None = Field(default=None, sa_type=BigInteger)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
    wake_at: int | None = Field(default=None, sa_type=BigInteger)
    lease_by: str | None = None
    lease_until: int | None = Field(default=None, sa_type=BigInteger)
    fence: int = 0
    crashes: int = 0
    next_token: int = 1
    step_count: int = 0
    stop_label: str | None = None
    error: dict[str, Any] | None = Field(default=None, sa_type=JsonText)
    parent_run_id: str | None = None
    parent_token: int | None = None
    parent_node: str | None = None
    parent_iteration: str | None = None


class Token(SQLModel, table=True):
    """A place where a run stands. Rows go when the run succeeds or is cancelled.

    `state` and `wait` are the engine's; see `runs/tokens.py`.
    """

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "run_id"], ["run.workspace_id", "run.id"]),
        {"sqlite_with_rowid": False},
    )

    workspace_id: int = Field(primary_key=True)
    run_id: str = Field(primary_key=True)
    id: int = Field(primary_key=True)
    node_id: str
    iteration: str = ""
    parent: int | None = None
    via: str | None = None
    state: str
    attempt: int = 0
    round: int = 0
    wake_at: int | None = Field(default=None, sa_type=BigInteger)
    wait: Any = Field(default=None, sa_type=JsonText, nullable=True)


class Step(SQLModel, table=True):
    """One recorded execution of a node: one row per run, node and iteration."""

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "run_id"], ["run.workspace_id", "run.id"]),
        {"sqlite_with_rowid": False},
    )

    workspace_id: int = Field(primary_key=True)
    run_id: str = Field(primary_key=True)
    node_id: str = Field(primary_key=True)
    iteration: str = Field(default="", primary_key=True)
    sequence: int
    status: str
    port: str | None = None
    input: Any = Field(default=None, sa_type=JsonText, nullable=True)
    output: Any = Field(default=None, sa_type=JsonText, nullable=True)
    words: str | None = None
    error: dict[str, Any] | None = Field(default=None, sa_type=JsonText)
    attempts: int = 1
    started_at: int = Field(sa_type=BigInteger)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
    wake_at: int | None = Field(default=None, sa_type=BigInteger)


class Effect(SQLModel, table=True):
    """One act outside, written before it happens and closed after it.

    `id` is the effect's key, `uuid5(run, node, iteration, round)`. `request` is what was rendered
    and is sent again, unchanged, by whoever has to repeat it.
    """

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "run_id"], ["run.workspace_id", "run.id"]),
        Index("effect_run", "workspace_id", "run_id"),
    )

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    run_id: str
    node_id: str
    iteration: str = ""
    round: int = 0
    delivery: str
    status: str
    connection_id: str | None = None
    request: Any = Field(sa_type=JsonText)
    response: Any = Field(default=None, sa_type=JsonText, nullable=True)
    attempts: int = 1
    started_at: int = Field(sa_type=BigInteger)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)


class AwaitedEvent(SQLModel, table=True):
    """One way in which an event can end the wait of a token; see `runs/awaited.py`.

    `event_id` is the event that came. Rows of a wait that heard one stay; others go with the wait.
    """

    __tablename__ = "awaited_event"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "run_id"], ["run.workspace_id", "run.id"]),
        Index(
            "awaited_event_unheard", "workspace_id", "event_type", "paths", "key",
            sqlite_where=text(_UNHEARD), postgresql_where=text(_UNHEARD),
        ),
        Index(
            "awaited_event_heard", "workspace_id", "event_id",
            sqlite_where=text(_HEARD), postgresql_where=text(_HEARD),
        ),
        {"sqlite_with_rowid": False},
    )  # fmt: skip

    workspace_id: int = Field(primary_key=True)
    run_id: str = Field(primary_key=True)
    token_id: int = Field(primary_key=True)
    way: int = Field(primary_key=True)
    node_id: str = ""
    event_type: str
    paths: str
    key: str
    armed_at: int = Field(sa_type=BigInteger)
    event_id: str | None = None


class RunEntry(SQLModel, table=True):
    """That a run came in under its workflow's rule of entry; see `runs/turns.py`.

    `arrival` is its event's id, which sorts by time. `waits_since` is NULL once its turn has come.
    """

    __tablename__ = "run_entry"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "run_id"], ["run.workspace_id", "run.id"]),
        Index(
            "run_entry_waiting", "workspace_id", "workflow_id", "key", "arrival",
            sqlite_where=text(_WAITING_FOR_ITS_TURN),
            postgresql_where=text(_WAITING_FOR_ITS_TURN),
        ),
    )  # fmt: skip

    workspace_id: int = Field(primary_key=True)
    run_id: str = Field(primary_key=True)
    workflow_id: str
    key: str
    mode: str
    arrival: str
    waits_since: int | None = Field(default=None, sa_type=BigInteger)


class EntrySlot(SQLModel, table=True):
    """A place that a run holds while it is under way: one per key, or as many as may run beside
    each other. That it is a unique row is what keeps two workers from filling it twice."""

    __tablename__ = "entry_slot"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "run_id"], ["run.workspace_id", "run.id"]),
        Index("entry_slot_run", "workspace_id", "run_id"),
    )

    workspace_id: int = Field(primary_key=True)
    workflow_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    slot: int = Field(primary_key=True)
    run_id: str


class EntryCount(SQLModel, table=True):
    """How many events came to a workflow with a filter on one day of the shop's calendar
    (`2026-11-22`), how many it kept out, and how many started a run."""

    __tablename__ = "entry_count"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "workflow_id"], ["workflow.workspace_id", "workflow.id"]
        ),
    )

    workspace_id: int = Field(primary_key=True)
    workflow_id: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    came_in: int = 0
    kept_out: int = 0
    started: int = 0


class StepTally(SQLModel, table=True):
    """How often a step ended in one hour (its first millisecond), and how; see `runs/numbers.py`"""

    __tablename__ = "step_tally"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "workflow_id"], ["workflow.workspace_id", "workflow.id"]
        ),
        {"sqlite_with_rowid": False},
    )

    workspace_id: int = Field(primary_key=True)
    workflow_id: str = Field(primary_key=True)
    hour: int = Field(primary_key=True, sa_type=BigInteger)
    node_id: str = Field(primary_key=True)
    done: int = 0
    failed: int = 0
    skipped: int = 0
