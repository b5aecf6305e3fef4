"""What a draft would have made of what really happened, compared with what is live.

Each stored event is played on both, at the time at which it happened, and with what the same
customer did afterwards. Nothing is sent, and nothing is written.
"""

import asyncio
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cartwheel.database import Database
from cartwheel.errors import Conflict, Invalid
from cartwheel.node_sdk import Json
from cartwheel.records.lookups import Records
from cartwheel.records.reading import StoredRecords
from cartwheel.runs.plan import Plan
from cartwheel.simulation import store
from cartwheel.simulation.callees import callees_of
from cartwheel.simulation.differences import Came, differences
from cartwheel.simulation.driver import play
from cartwheel.simulation.entry import entry_of
from cartwheel.simulation.past import Past, PastEvent, past_event, past_ids, what_followed
from cartwheel.simulation.rehearsal_schemas import (
    Rehearsal,
    RehearsalRequest,
    RehearsedEvent,
)
from cartwheel.simulation.scenario import Callees, KnownConnection, Scenario
from cartwheel.simulation.service import compiled
from cartwheel.simulation.triggers import event_type, starts
from cartwheel.simulation.view import time_shape
from cartwheel.workflows import store as workflows
from cartwheel.workflows.graph import Graph, read_graph

PAGE_SECONDS = 2.0
MOST_ON_A_PAGE = 50
"""A page ends when it has taken so long, or told of so many events; what it began is finished."""

_CURSOR = re.compile(r"([0-9A-Z]{26})\.([0-9]{1,4})")


@dataclass(frozen=True)
class _Version:
    """A version ready to be played."""

    graph: Graph
    plan: Plan


@dataclass(frozen=True)
class _Stage:
    """Both versions, and the world in which they are played: all but what happens."""

    past: Past
    live: _Version
    draft: _Version
    awaited: frozenset[str]
    connections: Sequence[KnownConnection]
    workspace: Mapping[str, Json]
    records: Records
    callees: Callees


async def rehearse(
    database: Database, workspace_id: int, workflow_id: str, asked: RehearsalRequest
) -> Rehearsal:
    """One page of a rehearsal.

    Raises `NotFound`, `Conflict` where nothing is live, and `Invalid` for a draft that nothing
    starts, one that is no graph, and a cursor that is not ours.
    """
    async with database.read() as session:
        workflow = await workflows.find_workflow(session, workspace_id, workflow_id)
        if workflow.state != "active" or workflow.active_version is None:
            raise Conflict("This workflow is not switched on, so no version of it is live.")
        number, revision, draft = workflow.active_version, workflow.revision, workflow.draft
        version = await workflows.find_version(session, workspace_id, workflow_id, number)
        live = version.graph
    before, done = _read_cursor(asked.cursor)
    stage = await _stage(database, workspace_id, workflow_id, live, draft)
    ids = await past_ids(stage.past, asked.since, before, max(asked.most - done, 0))
    found, looked_at = await _page(stage, ids)
    done_now, is_over = done + looked_at, looked_at == len(ids)
    return Rehearsal(
        items=found,
        next=None if is_over else f"{ids[looked_at - 1]}.{done_now}",
        compared=done_now,
        total=done + len(ids),
        live_version=number,
        revision=revision,
    )


async def _page(stage: _Stage, ids: list[str]) -> tuple[list[RehearsedEvent], int]:
    """What differs, and how many events were looked at for it: one at least."""
    ends_at = time.monotonic() + PAGE_SECONDS
    found: list[RehearsedEvent] = []
    for number, event_id in enumerate(ids, start=1):
        event = await past_event(stage.past, event_id)
        differing = await _compared(stage, event) if event else None
        if differing:
            found.append(differing)
        if len(found) >= MOST_ON_A_PAGE or time.monotonic() >= ends_at:
            return found, number
        await asyncio.sleep(0)  # Webhooks share this process.
    return found, len(ids)


async def _compared(stage: _Stage, event: PastEvent) -> RehearsedEvent | None:
    scenario = Scenario(
        event=event.event,
        start=event.received_at,
        contact=event.contact,
        then=await what_followed(stage.past, event, stage.awaited),
        connections=stage.connections,
        workspace=stage.workspace,
        records=stage.records,
        callees=stage.callees,
        starts_once=True,
    )
    live, draft = await _came(stage.live, scenario), await _came(stage.draft, scenario)
    found = differences(live, draft)
    if found is None:
        return None
    return RehearsedEvent(
        id=event.id,
        type=event.event.type,
        received_at=time_shape(event.received_at),
        label=event.label,
        contact=event.sent_by,
        live=live.end,
        draft=draft.end,
        steps=found.steps,
        messages=found.messages,
        requests=found.requests,
        omitted=found.omitted,
    )


async def _came(version: _Version, scenario: Scenario) -> Came:
    """What a version makes of an event; nothing where its trigger or filter lets it pass by."""
    if version.plan.trigger is None or not starts(version.plan, scenario.event.type):
        return Came(None, None)
    entry = entry_of(version.graph, scenario)
    if entry is not None and not entry.admitted:
        return Came(None, None)
    return Came(entry.key if entry else None, await play(version.plan, scenario))


# --- getting ready ---


async def _stage(
    database: Database, workspace_id: int, workflow_id: str, live: Json, draft: Json
) -> _Stage:
    old, new = await _version(live), await _version(draft)
    if new.plan.trigger is None:
        raise Invalid(
            "Nothing starts this workflow. Add a trigger to try it out.", code="no_trigger"
        )
    kinds = sorted({kind for each in (old, new) if (kind := event_type(each.plan))})
    return _Stage(
        past=Past(database, workspace_id, workflow_id, kinds),
        live=old,
        draft=new,
        awaited=frozenset((*_awaited(old.plan), *_awaited(new.plan))),
        connections=await store.known_connections(database, workspace_id),
        workspace=await store.workspace_facts(database, workspace_id),
        records=StoredRecords(database, workspace_id),
        callees=callees_of(database, workspace_id),
    )


async def _version(source: Json) -> _Version:
    graph = read_graph(source)
    return _Version(graph, await compiled(graph))


def _awaited(plan: Plan) -> Iterator[str]:
    """The kinds of events that steps behind the trigger name in their settings."""
    for node_id, step in plan.steps.items():
        if node_id != plan.trigger and step.node_type is not None:
            fields = step.node_type.config_schema.get("properties", {})
            named = (n for n, field in fields.items() if field.get("x-widget") == "event-type")
            yield from (str(kind) for name in named if (kind := step.node.config.get(name)))


def _read_cursor(cursor: str | None) -> tuple[str | None, int]:
    """The event that was compared last, and how many have been. Raises `Invalid`."""
    if cursor is None:
        return None, 0
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise Invalid("This cursor is not one of ours; begin without one.")
    return found[1], int(found[2])
