"""Ending runs before they end by themselves: by a person, with their caller, or for a newer run."""

from collections.abc import Iterable

from cartwheel.clock import now_ms
from cartwheel.database import dump_json
from cartwheel.runs.asking import close_asked
from cartwheel.runs.calling import wake_caller
from cartwheel.runs.rows import RunWrite
from cartwheel.runs.turns import has_ended, leave, newest_behind
from cartwheel.statements import Sql, Transaction

CANCELLED_HERE = "The run was cancelled here."
REPLACED_HERE = "A newer run took over here."


def cancel_runs(
    workspace_id: int,
    column: str,
    value: str,
    words: str = CANCELLED_HERE,
    error: str | None = None,
) -> Transaction[list[str]]:
    """End runs now; returns their ids. `column` is `id` or `workflow_id`; `words` stand at the step
    where a run was, `error` (JSON) at the run itself."""
    rows = yield Sql(
        "UPDATE run SET status = 'cancelled', fence = fence + 1, wake_at = NULL, "  # noqa: S608
        "lease_by = NULL, lease_until = NULL, finished_at = $3, error = $4 "
        f"WHERE workspace_id = $1 AND {column} = $2 "
        "AND status NOT IN ('succeeded', 'cancelled') RETURNING id",
        (workspace_id, value, now_ms(), error),
    )
    ids = [str(row[0]) for row in rows]
    for run_id in ids:
        yield Sql(
            "UPDATE step SET status = 'skipped', words = $3, wake_at = NULL "
            "WHERE workspace_id = $1 AND run_id = $2 "
            "AND status IN ('waiting', 'retrying', 'running')",
            (workspace_id, run_id, words),
        )
        yield Sql(
            "DELETE FROM token WHERE workspace_id = $1 AND run_id = $2", (workspace_id, run_id)
        )
        yield from _let_go(workspace_id, run_id)
    yield from leave(workspace_id, ids)
    return ids


def _let_go(workspace_id: int, run_id: str) -> Transaction[None]:
    """A cancelled run waits for no event and nobody, what it called ends too, and its caller hears
    of it."""
    yield close_asked(workspace_id, run_id, now_ms())
    yield Sql(
        "DELETE FROM awaited_event WHERE workspace_id = $1 AND run_id = $2 AND event_id IS NULL",
        (workspace_id, run_id),
    )
    called = yield Sql(
        "SELECT id FROM run WHERE workspace_id = $1 AND parent_run_id = $2", (workspace_id, run_id)
    )
    for (child,) in called:
        yield from cancel_runs(workspace_id, "id", child)
    yield wake_caller(workspace_id, run_id, now_ms())


def replace_run(workspace_id: int, run_id: str, newer: str) -> Transaction[None]:
    """End a run because a newer one takes over, and say which."""
    error = {
        "code": "replaced",
        "message": "A newer event of the same kind came, so its run took over from this one.",
        "fix": None,
        "run_id": newer,
    }
    yield from cancel_runs(workspace_id, "id", run_id, REPLACED_HERE, dump_json(error))


def end_turns(writes: Iterable[RunWrite], leaving: frozenset[str]) -> Transaction[None]:
    """Runs that ended, or that give way, pass their places on."""
    for write in writes:
        if has_ended(write):
            yield from leave(write.workspace_id, [write.run_id])
        elif write.run_id in leaving:
            newer = yield newest_behind(write.workspace_id, write.run_id)
            if newer:
                yield from replace_run(write.workspace_id, write.run_id, newer[0][0])
