"""What each workflow did in the last days, for the small picture in the list.

Counts, each along one index and without looking at a single run: a run's id begins with the
time it was made, so days are ranges of ids. Runs stand a layer above; this asks their table.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cartwheel.clock import SystemClock, first_id_at, to_ms
from cartwheel.database import Database
from cartwheel.statements import Sql
from cartwheel.workflows.schemas import RecentDays, RecentRuns

_FAILED = "AND r.status IN ('failed', 'quarantined') "


async def recent_runs(database: Database, workspace_id: int, days: int) -> RecentDays:
    """Runs and failures of every workflow on each of the last `days` days of the workspace's
    calendar, today last. Workflows without any are left out."""
    zone = await _zone(database, workspace_id)
    today = SystemClock().now().astimezone(zone).date()
    dates = [today - timedelta(days=back) for back in reversed(range(days))]
    starts = [first_id_at(to_ms(_midnight(each, zone))) for each in dates]
    found: dict[str, RecentRuns] = {}
    for which, only in (("runs", ""), ("failed", _FAILED)):
        for workflow_id, day, count in await database.fetch(_counts(workspace_id, starts, only)):
            line = found.setdefault(workflow_id, _empty(workflow_id, days))
            getattr(line, which)[day] = count
    for workflow_id, came_in, kept_out in await database.fetch(_entries(workspace_id, dates[0])):
        line = found.setdefault(workflow_id, _empty(workflow_id, days))
        line.came_in, line.kept_out = int(came_in), int(kept_out)
    return RecentDays(days=[each.isoformat() for each in dates], items=list(found.values()))


async def _zone(database: Database, workspace_id: int) -> ZoneInfo:
    rows = await database.fetch(
        Sql("SELECT timezone FROM workspace WHERE id = $1", (workspace_id,))
    )
    return ZoneInfo(rows[0][0])


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _counts(workspace_id: int, starts: Sequence[str], only: str) -> Sql:
    """workflow_id, day (0 is the first), how many runs."""
    cases = " ".join(
        f"WHEN r.id >= ${place + 2} THEN {place}" for place in reversed(range(len(starts)))
    )
    return Sql(
        f"SELECT r.workflow_id, CASE {cases} END AS day, count(*) FROM workflow w JOIN run r "  # noqa: S608
        "ON r.workspace_id = w.workspace_id AND r.workflow_id = w.id AND r.id >= $2 "
        f"{only}WHERE w.workspace_id = $1 AND w.deleted_at IS NULL GROUP BY r.workflow_id, day",
        (workspace_id, *starts),
    )


def _entries(workspace_id: int, since: date) -> Sql:
    """workflow_id, how many events came to its filter, how many it kept out."""
    return Sql(
        "SELECT e.workflow_id, sum(e.came_in), sum(e.kept_out) FROM workflow w JOIN entry_count e "
        "ON e.workspace_id = w.workspace_id AND e.workflow_id = w.id AND e.day >= $2 "
        "WHERE w.workspace_id = $1 AND w.deleted_at IS NULL GROUP BY e.workflow_id",
        (workspace_id, since.isoformat()),
    )


def _empty(workflow_id: str, days: int) -> RecentRuns:
    return RecentRuns(workflow_id=workflow_id, runs=[0] * days, failed=[0] * days)
