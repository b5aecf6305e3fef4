"""Workflows that a step calls: their runs are started, and their results brought back.

A called run is a run like any other, with an event of its own. Its id follows from the token that
called, so that a call which is looked at twice starts once.
"""

from collections.abc import Collection, Iterable, Sequence

import orjson

from cartwheel.clock import derived_id, now_ms
from cartwheel.database import Database, dump_json
from cartwheel.node_sdk import Json
from cartwheel.runs import reading
from cartwheel.runs.called import (
    CALLED,
    NO_VERSION,
    NOT_CALLABLE,
    NOT_ON,
    TOO_DEEP,
    failed_call,
    furthest,
    returned,
)
from cartwheel.runs.claims import ClaimedRun, RoutedEvent
from cartwheel.runs.demo_transport import DEMO
from cartwheel.runs.limits import DEEPEST_LINEAGE
from cartwheel.runs.plans import Plans
from cartwheel.runs.rows import RunWrite
from cartwheel.runs.tokens import Failure, RunStatus, Token, Woken
from cartwheel.statements import Row, Rows, Sql, Transaction

_ENDED = (RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED)


class Callings:
    """Starts called runs and reads how they ended."""

    def __init__(self, database: Database, plans: Plans) -> None:
        self._database, self._plans = database, plans

    async def look(
        self, run: ClaimedRun, event: RoutedEvent, token: Token
    ) -> Woken | Failure | None:
        """The result of a token's call, or None while it runs. Starts it if nobody did."""
        rows = await self._database.fetch(
            Sql(
                "SELECT id, status, workflow_id, version, stop_label, error FROM run "
                "WHERE workspace_id = $1 AND parent_run_id = $2 AND parent_token = $3",
                (run.workspace_id, run.id, token.id),
            )
        )
        if not rows:
            return await self._start(run, event, token)
        if rows[0][1] not in _ENDED:
            return None
        return await self._result(run.workspace_id, rows[0])

    async def _start(self, run: ClaimedRun, event: RoutedEvent, token: Token) -> Failure | None:
        wait = token.wait or {}
        if event.depth + 1 > DEEPEST_LINEAGE:
            return TOO_DEEP
        version = await self._version(run.workspace_id, str(wait["workflow"]), wait.get("version"))
        if isinstance(version, Failure):
            return version
        await self._database.run(_call(run, event, token, version, now_ms()))
        return None

    async def _version(
        self, workspace_id: int, workflow_id: str, wanted: int | None
    ) -> int | Failure:
        rows = await self._database.fetch(
            Sql(
                "SELECT active_version FROM workflow WHERE workspace_id = $1 AND id = $2 "
                "AND state = 'active' AND deleted_at IS NULL",
                (workspace_id, workflow_id),
            )
        )
        if not rows or rows[0][0] is None:
            return NOT_ON
        number = int(wanted or rows[0][0])
        try:
            loaded = await self._plans.get(workspace_id, workflow_id, number)
        except LookupError:
            return NO_VERSION
        trigger = loaded.plan.trigger and loaded.plan.steps[loaded.plan.trigger].node_type
        return number if trigger and trigger.event_type == CALLED else NOT_CALLABLE

    async def _result(self, workspace_id: int, child: Row) -> Woken | Failure:
        child_id, status, workflow_id, version, label, error = tuple(child)
        if status != RunStatus.SUCCEEDED:
            return failed_call(status, (_parsed(error) or {}).get("message"))
        loaded = await self._plans.get(workspace_id, workflow_id, version)
        rows = await self._database.fetch(reading.stored_steps(workspace_id, child_id))
        steps = ((row[0], row[1], row[2], row[3]) for row in rows)
        return returned(_parsed(furthest(loaded.plan, steps)), label)


async def called_runs(
    database: Database, workspace_id: int, run_id: str, tokens: Collection[int]
) -> Sequence[tuple[str, str, int]]:
    """(id, status, token) of the runs that these tokens of a run called."""
    found = []
    for token in sorted(tokens):
        rows = await database.fetch(
            Sql(
                "SELECT id, status, parent_token FROM run "
                "WHERE workspace_id = $1 AND parent_run_id = $2 AND parent_token = $3",
                (workspace_id, run_id, token),
            )
        )
        found += [(row[0], row[1], row[2]) for row in rows]
    return found


def _source(event: RoutedEvent) -> str:
    """What is called on a demo event's behalf is as made up as the event."""
    return DEMO if event.source == DEMO else "workflow"


def _call(
    run: ClaimedRun, event: RoutedEvent, token: Token, version: int, now: int
) -> Transaction[None]:
    """The event and the run of a call, both ready and due."""
    wait = token.wait or {}
    event_id = derived_id(run.created_at, "call", run.id, str(token.id))
    run_id = derived_id(run.created_at, event_id, wait["workflow"])
    yield Rows(
        "event",
        ("workspace_id", "id", "type", "source", "source_id", "body_hash", "label", "contact",
         "data", "received_at", "routed_at", "only_workflow_id", "root_id", "depth"),
        ("int", "text", "text", "text", "text", "text", "text", "text", "text", "bigint", "bigint",
         "text", "text", "int"),
        [(run.workspace_id, event_id, CALLED, _source(event), "", "", event.label, event.contact,
          dump_json(_data(wait.get("data"))), now, now, wait["workflow"],
          event.root_id or event.id, event.depth + 1)],
        "ON CONFLICT DO NOTHING",
    )  # fmt: skip
    yield Rows(
        "run",
        ("workspace_id", "id", "workflow_id", "version", "event_id", "subject", "status", "label",
         "contact", "created_at", "wake_at", "fence", "crashes", "next_token", "step_count",
         "parent_run_id", "parent_token", "parent_node", "parent_iteration"),
        ("int", "text", "text", "int", "text", "text", "text", "text", "text", "bigint", "bigint",
         "int", "int", "int", "int", "text", "int", "text", "text"),
        [(run.workspace_id, run_id, wait["workflow"], version, event_id, "",
          RunStatus.QUEUED.value, event.label, event.contact, now, now, 0, 0, 1, 0, run.id,
          token.id, token.node_id, token.iteration)],
        "ON CONFLICT DO NOTHING",
    )  # fmt: skip


def _data(given: Json) -> Json:
    return given if isinstance(given, dict) else {}


def _parsed(text: str | None) -> Json:
    return None if text is None else orjson.loads(text)


def wake_callers(writes: Iterable[RunWrite]) -> Transaction[None]:
    """Let the runs be claimed that wait for the end of these."""
    for write in writes:
        if write.is_called and write.run.release and write.run.status in _ENDED:
            yield wake_caller(write.workspace_id, write.run_id, now_ms())


def wake_caller(workspace_id: int, run_id: str, now: int) -> Sql:
    """Let the run be claimed that called this one, if one did."""
    return Sql(
        "UPDATE run SET wake_at = $3 WHERE workspace_id = $1 AND id = (SELECT parent_run_id "
        "FROM run WHERE workspace_id = $1 AND id = $2) "
        "AND status IN ('queued', 'running', 'waiting')",
        (workspace_id, run_id, now),
    )
