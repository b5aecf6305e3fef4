"""What a draft would have made of what really happened, compared with what is live.

Each stored event is played on both, at the time at which it happened, and with what the same
customer did afterwards. Nothing is sent, and nothing is written.
"""

import asyncio
import re
import time

from cartwheel.database import Database
from cartwheel.errors import Invalid, NotFound
from cartwheel.simulation.differences import Came, differences
from cartwheel.simulation.durations import duration_text
from cartwheel.simulation.past import PastEvent, past_event, past_ids
from cartwheel.simulation.rehearsal_schemas import (
    Rehearsal,
    RehearsalRequest,
    RehearsedEvent,
    RehearsedRuns,
    RehearsedScenario,
)
from cartwheel.simulation.scenario import Scenario
from cartwheel.simulation.schemas import GivenEvent, LaterEvent, SimulationResult
from cartwheel.simulation.sides import Sides, came_of, scenario_of, sides_of
from cartwheel.simulation.view import result_shape, time_shape

PAGE_SECONDS = 2.0
MOST_ON_A_PAGE = 50
"""A page ends when it has taken so long, or told of so many events; what it began is finished."""

_CURSOR = re.compile(r"([0-9A-Z]{26})\.([0-9]{1,4})")


async def rehearse(
    database: Database, workspace_id: int, workflow_id: str, asked: RehearsalRequest
) -> Rehearsal:
    """One page of a rehearsal.

    Raises `NotFound`, and `Invalid` for a draft that nothing starts, one that is no graph, and a
    cursor that is not ours.
    """
    before, done = _read_cursor(asked.cursor)
    sides = await sides_of(database, workspace_id, workflow_id)
    ids = await past_ids(sides.past, asked.since, before, max(asked.most - done, 0))
    found, looked_at = await _page(sides, ids)
    done_now, is_over = done + looked_at, looked_at == len(ids)
    return Rehearsal(
        items=found,
        next=None if is_over else f"{ids[looked_at - 1]}.{done_now}",
        compared=done_now,
        total=done + len(ids),
        live_version=sides.live_version,
        revision=sides.revision,
    )


async def rehearse_event(
    database: Database, workspace_id: int, workflow_id: str, event_id: str
) -> RehearsedRuns:
    """One stored event on both versions, in full. Raises as `rehearse` does."""
    sides = await sides_of(database, workspace_id, workflow_id)
    event = await past_event(sides.past, event_id)
    if event is None:
        raise NotFound("There is no such event here.")
    scenario = await scenario_of(sides, event)
    return RehearsedRuns(
        live=_run(await came_of(sides.live, scenario), scenario),
        draft=_run(await came_of(sides.draft, scenario), scenario),
        live_version=sides.live_version,
        revision=sides.revision,
        scenario=_scenario_shape(event, scenario),
    )


async def _page(sides: Sides, ids: list[str]) -> tuple[list[RehearsedEvent], int]:
    """What differs, and how many events were looked at for it: one at least."""
    ends_at = time.monotonic() + PAGE_SECONDS
    found: list[RehearsedEvent] = []
    for number, event_id in enumerate(ids, start=1):
        event = await past_event(sides.past, event_id)
        differing = await _compared(sides, event) if event else None
        if differing:
            found.append(differing)
        if len(found) >= MOST_ON_A_PAGE or time.monotonic() >= ends_at:
            return found, number
        await asyncio.sleep(0)  # Webhooks share this process.
    return found, len(ids)


async def _compared(sides: Sides, event: PastEvent) -> RehearsedEvent | None:
    scenario = await scenario_of(sides, event)
    live, draft = await came_of(sides.live, scenario), await came_of(sides.draft, scenario)
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


def _run(came: Came, scenario: Scenario) -> SimulationResult | None:
    return None if came.played is None else result_shape(came.played, scenario.start)


def _scenario_shape(event: PastEvent, scenario: Scenario) -> RehearsedScenario:
    later = [
        LaterEvent(
            after=duration_text(each.after),
            event=GivenEvent(type=each.event.type, data=dict(each.event.data)),
        )
        for each in scenario.then
    ]
    return RehearsedScenario(
        event=GivenEvent(type=event.event.type, data=dict(event.event.data)),
        at=time_shape(scenario.start),
        contact=event.sent_by,
        then=later,
    )


def _read_cursor(cursor: str | None) -> tuple[str | None, int]:
    """The event that was compared last, and how many have been. Raises `Invalid`."""
    if cursor is None:
        return None, 0
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise Invalid("This cursor is not one of ours; begin without one.")
    return found[1], int(found[2])
