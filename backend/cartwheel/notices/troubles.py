"""What is wrong enough to be told: workflows that fail, and connections that are refused.

Counted anew each time from what is stored, along the index of failed runs, so that runs themselves
pay nothing for it. A workflow is in trouble when as many of its runs as the workspace allows failed
or were set aside within the last hour, or when the last five that ended all did.
"""

from enum import StrEnum

from cartwheel.statements import Row, Sql
from cartwheel.values import dataclass

USUAL_FAILURES = 3
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
MOST_AT_ONCE = 500
_LAST = 5
_LOOKED_AT = 50
"""Where the newest runs all wait, their workflow's last five are not searched for any further."""


class TroubleKind(StrEnum):
    """What is in trouble. Where a connection is refused, the runs that need it wait."""

    WORKFLOW = "workflow"
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in trouble, and what people were told of it. Times in ms, 0 for never.

    `failed` runs of a workflow, the newest `run_id`; `words` say why a connection is refused.
    `since` is when this spell began as far as it was told, `seen_at` when the trouble was last
    found; `is_over` says that the spell that was told of has ended, and that this is another one.
    """

    workspace_id: int
    kind: TroubleKind
    subject_id: str
    name: str
    failed: int = 0
    run_id: str | None = None
    words: str | None = None
    since: int = 0
    told_at: int = 0
    seen_at: int = 0
    is_over: bool = True

    @property
    def is_reminder(self) -> bool:
        """People know of it, and it lasts."""
        return not self.is_over

    def is_due(self, now: int) -> bool:
        """Whether it is time for a letter: at once, and once a day while it lasts. One that is over
        and comes again within the hour is not told again in that hour."""
        return self.told_at <= now - (DAY_MS if self.is_reminder else HOUR_MS)


_FAILED = "r.status IN ('failed', 'quarantined')"
_BY_TIME = "r.workspace_id + 0"
"""Else SQLite reads every failure there ever was, in the order of workspaces."""
_OF_WORKFLOW = "r.workspace_id = f.workspace_id AND r.workflow_id = f.workflow_id"
_NEWEST = (
    f"SELECT r.id, r.status, r.finished_at FROM run r WHERE {_OF_WORKFLOW} "  # noqa: S608
    f"ORDER BY r.id DESC LIMIT {_LOOKED_AT}"
)
_LAST_ONES = (
    f"SELECT n.status FROM ({_NEWEST}) AS n WHERE n.status IN "  # noqa: S608
    f"('succeeded', 'failed', 'quarantined') ORDER BY n.id DESC LIMIT {_LAST}"
)
_ALL_OF_THE_LAST = (
    f"(SELECT count(*) FROM ({_LAST_ONES}) AS l "  # noqa: S608
    f"WHERE l.status <> 'succeeded') = {_LAST}"
)
_HAS_SUCCEEDED_SINCE = (
    f"EXISTS (SELECT 1 FROM ({_NEWEST}) AS n WHERE n.status = 'succeeded' "  # noqa: S608
    "AND n.finished_at > t.told_at)"
)
_TOLD = "LEFT JOIN told_trouble t ON t.workspace_id = {0}.workspace_id AND t.kind = '{1}' AND "
_LEAST = f"coalesce(s.failures, {USUAL_FAILURES})"


def failing_workflows(now: int, workspace_id: int | None = None) -> Sql:
    """Rows for `read_workflow`: of one workspace, whatever it wants to be told; of all (None),
    where somebody is to be told. The worst first."""
    only = "" if workspace_id is None else f"AND {_BY_TIME} = $2 "
    wanted = f"AND {_LEAST} > 0 " if workspace_id is None else ""
    least = f"coalesce(nullif(s.failures, 0), {USUAL_FAILURES})"
    return Sql(
        "SELECT f.workspace_id, f.workflow_id, w.name, f.failed, f.newest, t.began_at, "  # noqa: S608
        f"t.told_at, t.seen_at, {_HAS_SUCCEEDED_SINCE} FROM "
        f"(SELECT {_BY_TIME} AS workspace_id, r.workflow_id, count(*) AS failed, "
        f"max(r.id) AS newest FROM run r WHERE {_FAILED} AND r.finished_at >= $1 {only}"
        f"GROUP BY {_BY_TIME}, r.workflow_id) AS f "
        "JOIN workflow w ON w.workspace_id = f.workspace_id AND w.id = f.workflow_id "
        "AND w.deleted_at IS NULL "
        "LEFT JOIN notice_setting s ON s.workspace_id = f.workspace_id "
        f"{_TOLD.format('f', 'workflow')}t.subject_id = f.workflow_id "
        f"WHERE (f.failed >= {least} OR {_ALL_OF_THE_LAST}) {wanted}"
        f"ORDER BY f.failed DESC, f.workspace_id, f.workflow_id LIMIT {MOST_AT_ONCE}",
        (now - HOUR_MS,) if workspace_id is None else (now - HOUR_MS, workspace_id),
    )


def read_workflow(row: Row, now: int) -> Trouble:
    """A row of `failing_workflows`. A spell is over when the limit was not passed for an hour, and
    a run has succeeded since."""
    workspace_id, workflow_id, name, failed, newest, began_at, told_at, seen_at, succeeded = row
    is_over = not told_at or (seen_at <= now - HOUR_MS and bool(succeeded))
    return Trouble(
        workspace_id, TroubleKind.WORKFLOW, workflow_id, name, failed, newest,
        since=began_at or 0, told_at=told_at or 0, seen_at=seen_at or 0, is_over=is_over,
    )  # fmt: skip


def refused_connections(workspace_id: int | None = None) -> Sql:
    """Rows for `read_connection`, as `failing_workflows`."""
    only = f"AND {_LEAST} > 0" if workspace_id is None else "AND c.workspace_id = $1"
    return Sql(
        "SELECT c.workspace_id, c.id, c.name, c.error, c.refused_at, t.told_at, t.seen_at "  # noqa: S608
        "FROM connection c LEFT JOIN notice_setting s ON s.workspace_id = c.workspace_id "
        f"{_TOLD.format('c', 'connection')}t.subject_id = c.id "
        f"WHERE c.refused_at IS NOT NULL AND c.deleted_at IS NULL {only} "
        f"ORDER BY c.refused_at, c.workspace_id, c.id LIMIT {MOST_AT_ONCE}",
        () if workspace_id is None else (workspace_id,),
    )


def read_connection(row: Row) -> Trouble:
    """A row of `refused_connections`. It is the same spell while it was not mended."""
    workspace_id, connection_id, name, words, refused_at, told_at, seen_at = row
    return Trouble(
        workspace_id, TroubleKind.CONNECTION, connection_id, name, words=words, since=refused_at,
        told_at=told_at or 0, seen_at=seen_at or 0, is_over=(told_at or 0) < refused_at,
    )  # fmt: skip
