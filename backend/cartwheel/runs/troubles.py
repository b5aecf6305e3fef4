"""Which workflows fail so often that their owner should look."""

from cartwheel.clock import first_id_at, now_ms
from cartwheel.database import Database
from cartwheel.runs.schemas import Trouble
from cartwheel.statements import Sql

FAILURES_WORTH_A_NOTICE = 5
HOUR_MS = 3_600_000
_OLDEST_MS = 24 * HOUR_MS


async def list_troubles(database: Database, workspace_id: int) -> list[Trouble]:
    """Workflows with five failures or more within the last hour, among the runs that began on the
    last day; the most failures first. Asks the index of failed runs, workflow by workflow."""
    now = now_ms()
    rows = await database.fetch(
        Sql(
            "SELECT w.id, w.name, count(*), max(r.id) FROM workflow w JOIN run r "
            "ON r.workspace_id = w.workspace_id AND r.workflow_id = w.id AND r.id >= $2 "
            "AND r.status IN ('failed', 'quarantined') AND coalesce(r.finished_at, r.created_at) "
            ">= $3 WHERE w.workspace_id = $1 AND w.deleted_at IS NULL GROUP BY w.id, w.name "
            "HAVING count(*) >= $4 ORDER BY count(*) DESC, w.id LIMIT 20",
            (workspace_id, first_id_at(now - _OLDEST_MS), now - HOUR_MS, FAILURES_WORTH_A_NOTICE),
        )
    )
    return [
        Trouble(workflow_id=row[0], workflow_name=row[1], failed=row[2], newest_run_id=row[3])
        for row in rows
    ]
