"""Bringing runs to life by a person's hand: start, retry from the failed step, resume.

A retry changes only the book; the next claim continues the run like any other.
"""

from collections.abc import Collection
from typing import Any

from cartwheel.catalog.registry import load_registry
from cartwheel.clock import SystemClock, new_id, now_ms
from cartwheel.database import Database
from cartwheel.errors import Conflict, NotFound
from cartwheel.events.models import Event
from cartwheel.runs import engine, reading
from cartwheel.runs.calling import called_runs
from cartwheel.runs.effect_status import EffectStatus
from cartwheel.runs.entering import enter_again
from cartwheel.runs.flow import Flow
from cartwheel.runs.patience import KEYED, LOOKUP, key_counts
from cartwheel.runs.plan import Plan
from cartwheel.runs.plans import Plans
from cartwheel.runs.recorder import Changes, write_down
from cartwheel.runs.store import write_tokens
from cartwheel.runs.tokens import (
    OUTCOME_UNKNOWN,
    Place,
    RunState,
    RunStatus,
    TokenState,
    restore,
)
from cartwheel.statements import Sql, Transaction
from cartwheel.workflows.entry import EntryRule, entry_rule
from cartwheel.workflows.models import Workflow

Json = Any


async def start_by_hand(
    database: Database,
    workspace_id: int,
    workflow_id: str,
    data: dict[str, Json],
    contact: str | None,
) -> str:
    """Store an event of type `manual` for one active workflow; returns the event's id.

    Raises `NotFound`, and `Conflict` when the workflow is not active.
    """
    async with database.write() as session:
        workflow = await session.get(Workflow, (workspace_id, workflow_id))
        if workflow is None or workflow.deleted_at is not None:
            raise NotFound("There is no such workflow here.")
        if workflow.state != "active":
            raise Conflict("Switch the workflow on first; then it can be started by hand.")
        event = Event(
            workspace_id=workspace_id, id=new_id(), type="manual", source="manual",
            contact=contact or _contact(data), label=_label(data), data=data,
            received_at=now_ms(), only_workflow_id=workflow_id,
        )  # fmt: skip
        session.add(event)
    return event.id


def _label(data: dict[str, Json]) -> str | None:
    order = data.get("order")
    name = order.get("name") if isinstance(order, dict) else None
    return f"Order {name}" if isinstance(name, str) else "Started by hand"


def _contact(data: dict[str, Json]) -> str | None:
    customer = data.get("customer")
    if not isinstance(customer, dict):
        return None
    found = customer.get("email") or customer.get("phone")
    return found if isinstance(found, str) else None


async def resume_run(database: Database, workspace_id: int, run_id: str) -> None:
    """Let a paused or quarantined run go on. Raises `NotFound` or `Conflict`."""
    rows = await database.run(_resume(workspace_id, run_id))
    if not rows:
        await _status(database, workspace_id, run_id)
        raise Conflict("Only a run that is paused or in quarantine can be resumed.")


_WAITS_ITS_TURN = (
    "EXISTS (SELECT 1 FROM run_entry e WHERE e.workspace_id = run.workspace_id "
    "AND e.run_id = run.id AND e.waits_since IS NOT NULL)"
)
"""One that was paused while it waited for its turn goes on waiting for it."""


def _resume(workspace_id: int, run_id: str) -> Transaction[int]:
    rows = yield Sql(
        f"UPDATE run SET wake_at = CASE WHEN {_WAITS_ITS_TURN} THEN NULL "  # noqa: S608
        f"ELSE CAST($3 AS BIGINT) END, status = CASE WHEN {_WAITS_ITS_TURN} THEN 'queued' "
        "ELSE status END, crashes = 0, error = NULL, finished_at = NULL, fence = fence + 1 "
        "WHERE workspace_id = $1 AND id = $2 AND status IN ('paused', 'quarantined') RETURNING id",
        (workspace_id, run_id, now_ms()),
    )
    return len(rows)


async def retry_run(
    database: Database, workspace_id: int, run_id: str, *, send_again: bool = False
) -> None:
    """Go on with a failed run from its failed steps.

    A step whose act was definitely refused acts anew, under the next round's key. A step whose
    outcome nobody knows asks first: without `send_again` this raises `Conflict`. A called run that
    failed is retried with its caller, and goes on where it stopped.
    """
    status = await _status(database, workspace_id, run_id)
    if status != RunStatus.FAILED.value:
        raise Conflict("Only a run that failed can be retried.", code="run_not_failed")
    plan_key = await database.fetch(
        Sql(
            "SELECT workflow_id, version, next_token, step_count, fence FROM run "
            "WHERE workspace_id = $1 AND id = $2",
            (workspace_id, run_id),
        )
    )
    workflow_id, version, next_token, step_count, fence = tuple(plan_key[0])
    loaded = await Plans(database, load_registry()).get(workspace_id, workflow_id, version)
    state = await _failed_state(database, workspace_id, run_id, next_token, step_count, loaded.plan)
    refused = await _renewed(
        database, workspace_id, run_id, state, loaded.plan, send_again=send_again
    )
    going_on = await _revive_called(database, workspace_id, run_id, state, send_again=send_again)
    now = SystemClock().now()
    after = engine.retry(loaded.plan, state, now, refused, going_on)
    changes = write_down(state, after, {}, now)
    rule = entry_rule(loaded.plan.graph.settings)
    if not await database.run(_revive(workspace_id, run_id, fence, changes, rule)):
        raise Conflict("The run changed in the meantime. Look again.")


async def _revive_called(
    database: Database, workspace_id: int, run_id: str, state: RunState, *, send_again: bool
) -> Collection[int]:
    """The failed tokens whose called run goes on, or has ended well meanwhile; one that was
    cancelled is begun anew. A called run comes to life before its caller, so that a failure in
    between leaves nothing that waits in vain."""
    failed = {t.id for t in state.tokens.values() if t.state is TokenState.FAILED}
    going_on: set[int] = set()
    for child_id, status, token_id in await called_runs(database, workspace_id, run_id, failed):
        if status == RunStatus.CANCELLED.value:
            continue
        if status == RunStatus.FAILED.value:
            await retry_run(database, workspace_id, child_id, send_again=send_again)
        going_on.add(token_id)
    return going_on


async def _failed_state(
    database: Database,
    workspace_id: int,
    run_id: str,
    next_token: int,
    step_count: int,
    plan: Flow,
) -> RunState:
    tokens = await database.fetch(reading.stored_tokens(workspace_id, run_id))
    steps = await database.fetch(reading.stored_steps(workspace_id, run_id))
    visited = [(row[0], row[1]) for row in steps if row[0] in plan.merges]
    return restore(
        RunStatus.FAILED, [reading.read_token(row) for row in tokens], next_token, visited,
        step_count,
    )  # fmt: skip


async def _renewed(
    database: Database,
    workspace_id: int,
    run_id: str,
    state: RunState,
    plan: Plan,
    *,
    send_again: bool,
) -> Collection[Place]:
    """The failed places whose act gets a new key.

    An act in doubt keeps its key where the provider knows it, and where it can be asked unless the
    person insists.
    """
    failed = {t.place for t in state.tokens.values() if t.state is TokenState.FAILED}
    effects = await database.fetch(
        Sql(
            "SELECT node_id, iteration, status, delivery, started_at FROM effect "
            "WHERE workspace_id = $1 AND run_id = $2 ORDER BY round",
            (workspace_id, run_id),
        )
    )
    last = {(row[0], row[1]): tuple(row)[2:] for row in effects if (row[0], row[1]) in failed}
    doubtful = {place: each[1:] for place, each in last.items() if each[0] in _DOUBTFUL}
    kept = {place for place, each in doubtful.items() if _key_is_known(plan, place, *each)}
    askable = {place for place, each in doubtful.items() if each[0] == LOOKUP}
    if doubtful.keys() - kept - askable and not send_again:
        raise Conflict(
            "Nobody can tell whether the failed step was done. Look at the other side; if it did "
            "not arrive there, retry and choose to send it again.",
            code=OUTCOME_UNKNOWN,
        )
    refused = {place for place, each in last.items() if each[0] == EffectStatus.REFUSED}
    return refused | (doubtful.keys() - kept if send_again else set())


_DOUBTFUL = {EffectStatus.UNKNOWN, EffectStatus.SENDING}


def _key_is_known(plan: Plan, place: Place, delivery: str, started_at: int) -> bool:
    """Whether the provider would recognise the act by its key."""
    step = plan.steps.get(place[0])
    kind = step.node_type if step else None
    return delivery == KEYED and key_counts(kind, started_at, SystemClock().now())


def _revive(
    workspace_id: int, run_id: str, fence: int, changes: Changes, rule: EntryRule | None
) -> Transaction[bool]:
    """The fence tells whether the run is still the one that was looked at."""
    rows = yield Sql(
        "UPDATE run SET status = 'queued', wake_at = $3, next_token = $4, finished_at = NULL, "
        "error = NULL, crashes = 0, fence = fence + 1, step_count = $6 "
        "WHERE workspace_id = $1 AND id = $2 AND status = 'failed' AND fence = $5 RETURNING id",
        (workspace_id, run_id, now_ms(), changes.run.next_token, fence, changes.run.step_count),
    )
    if not rows:
        return False
    yield from write_tokens(workspace_id, run_id, changes.tokens.put, changes.tokens.gone)
    for step in changes.steps:
        yield Sql(
            "UPDATE step SET status = $5, sequence = $6, port = NULL, output = NULL, error = NULL, "
            "finished_at = NULL "
            "WHERE workspace_id = $1 AND run_id = $2 AND node_id = $3 AND iteration = $4",
            (workspace_id, run_id, step.node_id, step.iteration, step.status.value, step.sequence),
        )
    if rule is not None:
        yield from enter_again(workspace_id, run_id, rule, now_ms())
    return True


async def _status(database: Database, workspace_id: int, run_id: str) -> str:
    rows = await database.fetch(
        Sql("SELECT status FROM run WHERE workspace_id = $1 AND id = $2", (workspace_id, run_id))
    )
    if not rows:
        raise NotFound("There is no such run here.")
    return str(rows[0][0])
