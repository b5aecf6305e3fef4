"""Where runs wait, and ending waits by hand.

A wait ends once. Whoever ends it by hand compares and sets: the run must still be at rest, not due
and in nobody's hands. Otherwise it went on by itself in that moment, and that is what is said.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import orjson

from cartwheel.clock import now_ms, rfc3339
from cartwheel.database import Database, dump_json
from cartwheel.errors import Conflict, NotFound
from cartwheel.runs.cancelling import cancel_runs
from cartwheel.runs.schemas import (
    WaitingPage,
    WaitingRun,
    WaitingStep,
    WaitingVersion,
    WaitsEnded,
)
from cartwheel.runs.tokens import TokenState
from cartwheel.runs.waited_for import awaited, endless_steps
from cartwheel.statements import Row, Sql, Transaction
from cartwheel.workflows.store import find_workflow

MOST_AT_ONCE = 200
_PERSON, _AGAIN = "person", "again"


class Deed(StrEnum):
    """RELEASE: as if its time had come; who waits for people leaves by “No decision in time”. SKIP:
    by the step's usual way out, whatever it waited for, but for people: nobody decides in their
    place by skipping. CANCEL: the run ends."""

    RELEASE = "release"
    SKIP = "skip"
    CANCEL = "cancel"


async def list_waits(database: Database, workspace_id: int, workflow_id: str) -> list[WaitingStep]:
    """How many runs of a workflow wait at which step, and when the first goes on by itself.

    Raises `NotFound` for an unknown workflow.
    """
    async with database.read() as session:
        await find_workflow(session, workspace_id, workflow_id)
    return [
        WaitingStep(node_id=node_id, count=count, next_at=None if at is None else rfc3339(at))
        for node_id, count, at in await waiting_now(database, workspace_id, workflow_id)
    ]


async def waiting_now(
    database: Database, workspace_id: int, workflow_id: str
) -> list[tuple[str, int, int | None]]:
    """node_id, how many wait there, when the first goes on by itself; None: only by an answer."""
    rows = await database.fetch(waiting_steps(workspace_id, workflow_id))
    found = await database.fetch(endless_steps(workspace_id, workflow_id)) if rows else []
    endless = {row[0] for row in found}
    return [
        (node_id, count, None if node_id in endless else at)
        for node_id, count, at in (tuple(row) for row in rows)
    ]


def waiting_steps(workspace_id: int, workflow_id: str) -> Sql:
    """node_id, how many wait there, when the first goes on; those with the most first."""
    return Sql(
        "SELECT token.node_id, count(*), min(token.wake_at) FROM run "
        "JOIN token ON token.workspace_id = run.workspace_id AND token.run_id = run.id "
        "WHERE run.workspace_id = $1 AND run.workflow_id = $2 AND run.status = 'waiting' "
        "AND token.state = $3 GROUP BY token.node_id ORDER BY count(*) DESC, token.node_id",
        (workspace_id, workflow_id, TokenState.WAITING.value),
    )


async def list_waiting_versions(
    database: Database, workspace_id: int, workflow_id: str
) -> list[WaitingVersion]:
    """How many runs wait on which version of a workflow, the newest version first.

    Raises `NotFound` for an unknown workflow.
    """
    async with database.read() as session:
        await find_workflow(session, workspace_id, workflow_id)
    rows = await database.fetch(
        Sql(
            "SELECT version, count(*) FROM run WHERE workspace_id = $1 AND workflow_id = $2 "
            "AND status = 'waiting' GROUP BY version ORDER BY version DESC",
            (workspace_id, workflow_id),
        )
    )
    return [WaitingVersion(version=row[0], count=row[1]) for row in rows]


# --- who waits ---


async def list_waiting(
    database: Database,
    workspace_id: int,
    workflow_id: str,
    node_id: str | None,
    cursor: str | None,
    limit: int,
) -> WaitingPage:
    """Runs that wait, those that began first first. Raises `NotFound` for an unknown workflow."""
    async with database.read() as session:
        await find_workflow(session, workspace_id, workflow_id)
    wanted = _waiting(workspace_id, workflow_id, node_id, cursor, limit + 1)
    rows = await database.fetch(wanted)
    items = [_waiting_run(row) for row in rows[:limit]]
    following = f"{items[-1].run_id}:{items[-1].token_id}" if len(rows) > limit else None
    return WaitingPage(items=items, next=following)


def _waiting(
    workspace_id: int, workflow_id: str, node_id: str | None, cursor: str | None, limit: int
) -> Sql:
    run_id, _, token = (cursor or "").partition(":")
    return Sql(
        "SELECT r.id, t.id, t.node_id, t.iteration, r.label, r.contact, t.wake_at, t.wait, "
        "s.started_at FROM run r JOIN token t ON t.workspace_id = r.workspace_id "
        "AND t.run_id = r.id LEFT JOIN step s ON s.workspace_id = r.workspace_id "
        "AND s.run_id = r.id AND s.node_id = t.node_id AND s.iteration = t.iteration "
        "WHERE r.workspace_id = $1 AND r.workflow_id = $2 AND r.status = 'waiting' "
        "AND t.state = 'waiting' AND ($3 = '' OR t.node_id = $3) AND r.id >= $4 "
        "AND (r.id > $4 OR t.id > $5) ORDER BY r.id, t.id LIMIT $6",
        (workspace_id, workflow_id, node_id or "", run_id, int(token) if token.isdecimal() else 0,
         limit),
    )  # fmt: skip


def _waiting_run(row: Row) -> WaitingRun:
    run_id, token_id, node_id, iteration, label, contact, wake_at, wait, since = tuple(row)
    found = awaited(orjson.loads(wait) if wait else None, wake_at)
    return WaitingRun(
        run_id=run_id,
        token_id=token_id,
        node_id=node_id,
        iteration=iteration,
        label=label,
        contact=contact,
        waits_for=found.waits_for,
        since=None if since is None else rfc3339(since),
        until=None if found.until is None else rfc3339(found.until),
    )


# --- ending waits by hand ---


async def end_waits(
    database: Database,
    workspace_id: int,
    workflow_id: str,
    deed: Deed,
    places: Sequence[tuple[str, int]],
    who: str,
) -> WaitsEnded:
    """End these waits, (run, token) each; those that ended by themselves are counted, not undone.

    Raises `NotFound` for an unknown workflow.
    """
    async with database.read() as session:
        await find_workflow(session, workspace_id, workflow_id)
    ended = await database.run(_end_waits(workspace_id, workflow_id, deed, places, who))
    missed = len(places) - ended
    return WaitsEnded(ended=ended, missed=missed, words=_missed_words(missed, deed))


async def end_all_waits(
    database: Database,
    workspace_id: int,
    workflow_id: str,
    deed: Deed,
    node_id: str | None,
    cursor: str | None,
    who: str,
) -> WaitsEnded:
    """End the next 200 waits of a workflow, or of one of its steps; `next` goes on."""
    page = await list_waiting(database, workspace_id, workflow_id, node_id, cursor, MOST_AT_ONCE)
    places = [(each.run_id, each.token_id) for each in page.items]
    done = await end_waits(database, workspace_id, workflow_id, deed, places, who)
    return done.model_copy(update={"next": page.next})


def _missed_words(missed: int, deed: Deed) -> str | None:
    if not missed:
        return None
    if deed is Deed.SKIP:
        return _NOT_SKIPPED.format(missed)
    if missed == 1:
        return "One of them had just gone on by itself."
    return f"{missed} of them had just gone on by themselves."


_NOT_SKIPPED = (
    "Not skipped: {0}. They had just gone on by themselves, or wait for a person: such a wait is "
    "answered under “To do”, or let go on as if nobody had decided in time."
)


def _end_waits(
    workspace_id: int, workflow_id: str, deed: Deed, places: Sequence[tuple[str, int]], who: str
) -> Transaction[int]:
    ended = 0
    for run_id, token_id in sorted(places):
        ended += yield from _end_wait(workspace_id, workflow_id, deed, (run_id, token_id), who)
    return ended


def _end_wait(
    workspace_id: int, workflow_id: str, deed: Deed, place: tuple[str, int], who: str
) -> Transaction[bool]:
    """The run is taken first: who has it can no more be claimed before this is committed."""
    run_id, token_id = place
    tokens = yield Sql(
        "SELECT wait FROM token WHERE workspace_id = $1 AND run_id = $2 AND id = $3 "
        "AND state = 'waiting' AND wake_at > $4",
        (workspace_id, run_id, token_id, now_ms()),
    )
    wait = orjson.loads(tokens[0][0]) if tokens and tokens[0][0] else {}
    if not tokens or (wait.get("kind") == _PERSON and deed is Deed.SKIP):
        return False
    at_rest = yield Sql(
        "UPDATE run SET wake_at = $4 WHERE workspace_id = $1 AND id = $2 AND workflow_id = $3 "
        "AND status = 'waiting' AND lease_until IS NULL AND (wake_at IS NULL OR wake_at > $4) "
        "RETURNING id",
        (workspace_id, run_id, workflow_id, now_ms()),
    )
    if not at_rest:
        return False
    if deed is Deed.CANCEL:
        yield from cancel_runs(workspace_id, "id", run_id, f"{who} ended the run here.")
        return True
    if wait.get("kind") == _PERSON:
        yield _let_time_be_up(workspace_id, place)
    return (yield from _wake(workspace_id, place, _ended_by(wait, deed, who)))


def _ended_by(wait: dict[str, Any], deed: Deed, who: str) -> dict[str, Any]:
    """What the engine finds when it wakes: that the time has come, and who said so."""
    skips = deed is Deed.SKIP and wait.get("kind") != _AGAIN
    said = f"{who} skipped this wait." if skips else f"{who} ended this wait."
    return {**wait, "said": said, **({"deadline": "time"} if skips else {})}


def _let_time_be_up(workspace_id: int, place: tuple[str, int]) -> Sql:
    """What people are asked ends like any other whose time is up; an answer that came just before
    still wins."""
    return Sql(
        "UPDATE approval SET due_at = $4 WHERE workspace_id = $1 AND run_id = $2 "
        "AND token_id = $3 AND status = 'open'",
        (workspace_id, *place, now_ms()),
    )


def _wake(workspace_id: int, place: tuple[str, int], wait: dict[str, Any]) -> Transaction[bool]:
    rows = yield Sql(
        "UPDATE token SET wake_at = $4, wait = $5 WHERE workspace_id = $1 AND run_id = $2 "
        "AND id = $3 AND state = 'waiting' RETURNING id",
        (workspace_id, *place, now_ms(), dump_json(wait)),
    )
    return bool(rows)


async def release_wait(
    database: Database, workspace_id: int, run_id: str, node_id: str, iteration: str, who: str
) -> None:
    """Let a run go on from a step as if its time had come.

    Raises `NotFound` for an unknown run and `Conflict` where nothing waits for a time.
    """
    runs = await database.fetch(
        Sql("SELECT workflow_id FROM run WHERE workspace_id = $1 AND id = $2",
            (workspace_id, run_id))
    )  # fmt: skip
    if not runs:
        raise NotFound("There is no such run here.")
    tokens = await database.fetch(
        Sql(
            "SELECT id FROM token WHERE workspace_id = $1 AND run_id = $2 AND node_id = $3 "
            "AND iteration = $4 AND state = 'waiting'",
            (workspace_id, run_id, node_id, iteration),
        )
    )
    places = [(run_id, int(row[0])) for row in tokens]
    ended = await database.run(_end_waits(workspace_id, runs[0][0], Deed.RELEASE, places, who))
    if not ended:
        raise Conflict("This step does not wait for a time. Look again.", code="not_waiting")


async def name_of(database: Database, workspace_id: int, person_id: str | None) -> str:
    """What to call the one who acts: a person's name, or that it was a program."""
    rows = await database.fetch(
        Sql(
            "SELECT name, email FROM person WHERE workspace_id = $1 AND id = $2",
            (workspace_id, person_id or ""),
        )
    )
    found = (rows[0][0] or rows[0][1]) if rows else None
    return str(found) if found else "Somebody" if person_id else "A program"
