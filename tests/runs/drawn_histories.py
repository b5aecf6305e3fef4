"""Plays the histories of drawn workflows: by the worker on the book, and in the simulator.

Whoever waits for an event or for people hears of it first, if the history says so; only when nobody
has anything to hope for does time pass, to the next moment at which something wakes.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from cartwheel.approvals import service as approvals
from cartwheel.approvals.reading import Reader
from cartwheel.approvals.schemas import Decide
from cartwheel.catalog.registry import load_registry
from cartwheel.clock import now_ms
from cartwheel.records.reading import StoredRecords
from cartwheel.runs.plan import compile_plan
from cartwheel.runs.recorder import earliest_wake
from cartwheel.runs.tokens import Token, TokenState
from cartwheel.simulation.callees import callees_of
from cartwheel.simulation.clock import VirtualClock
from cartwheel.simulation.run import SimulatedRun, World
from cartwheel.simulation.scenario import Answer, HappenedEvent, Scenario
from cartwheel.simulation.stage import PlayedRun, open_stage
from cartwheel.statements import Sql, Transaction
from cartwheel.workflows.graph import read_graph
from tests.runs.conftest import ANNA, Shop, Worker, until
from tests.runs.drawn_graphs import PEOPLE, Case

Json = Any
SOON_MS = 600_000
"""No step waits so shortly: whoever is due by then became due while we looked."""


def hopes(case: Case, node_id: str, wait: Mapping[str, Json] | None) -> bool:
    """Whether the history has something for a step that waits."""
    does = case.does.get(node_id)
    if does is None or (wait or {}).get("kind") not in {"event", "person"}:
        return False
    return int((wait or {}).get("events", 0)) < does.times


def happening(wait: Mapping[str, Json]) -> dict[str, Json]:
    """The data of the one event that fits a wait."""
    ways = wait["match"]["any"]
    return dict(ways[0])


# --- in the simulator ---


async def simulate(shop: Shop, case: Case) -> PlayedRun:
    """The run of a case, played to its end."""
    plan = compile_plan(read_graph(case.graph), load_registry())
    scenario = Scenario(
        HappenedEvent(case.event_type, case.data),
        datetime.now(UTC),
        {name: ANNA[name] for name in ("id", "email", "phone")},
        answers={name: [Answer(decision=_decision(case, name))] for name in _asking(case)},
        workspace={"name": "Anna's Shop", "timezone": "UTC", "locale": "en", "currency": "EUR"},
        callees=callees_of(shop.database, shop.workspace_id),
        records=StoredRecords(shop.database, shop.workspace_id),
    )
    world = World(VirtualClock(scenario.start))
    run = SimulatedRun(world, open_stage(plan, scenario, world.clock), scenario.event)
    await run.begin()
    while await _something_comes(world, run, case) or await _time_passes(world):
        pass
    return run.played()


def _asking(case: Case) -> list[str]:
    return [name for name, does in case.does.items() if does.kind == "person"]


def _decision(case: Case, name: str) -> str:
    does = case.does[name]
    return does.port if does.times else "timed_out"


async def _something_comes(world: World, run: SimulatedRun, case: Case) -> bool:
    waiting = [t for t in run.state.tokens.values() if _hears(t) and hopes(case, t.node_id, t.wait)]
    for token in waiting:
        event = HappenedEvent("drawn", happening(token.wait or {}))
        world.happened.append((world.clock.now(), event))
        await run.hand_over(event)
    return bool(waiting)


def _hears(token: Token) -> bool:
    return token.state is TokenState.WAITING and (token.wait or {}).get("kind") == "event"


async def _time_passes(world: World) -> bool:
    wakes = {number: earliest_wake(run.state) for number, run in enumerate(world.runs)}
    moment = min((wake for wake in wakes.values() if wake is not None), default=None)
    if moment is None:
        return False
    world.clock.jump(moment)
    for number, wake in wakes.items():
        if wake is not None and wake <= moment:
            await world.runs[number].resume()
    return True


# --- on the book ---


@dataclass(frozen=True)
class _Waiting:
    """A token that waits; `root` is the event of the run that was started first."""

    root: str
    run_id: str
    token_id: int
    node_id: str
    wake_at: int
    wait: dict[str, Json]
    is_called: bool


async def let_happen(shop: Shop, worker: Worker, cases: Sequence[Case]) -> dict[int, str]:
    """Start every case and play its history to the end; the events by the cases' numbers."""
    events = {case.number: await shop.happen(case.data, case.event_type) for case in cases}
    of_event = {events[case.number]: case for case in cases}
    while waiting := await _all_at_rest(shop, worker):
        by_root: dict[str, list[_Waiting]] = defaultdict(list)
        for each in waiting:
            by_root[each.root].append(each)
        for root, several in by_root.items():
            await _move_on(shop, of_event[root], several)
    return events


async def _move_on(shop: Shop, case: Case, waiting: Sequence[_Waiting]) -> None:
    hopeful = [w for w in waiting if not w.is_called and hopes(case, w.node_id, w.wait)]
    for each in hopeful:
        if each.wait["kind"] == "event":
            await shop.happen(happening(each.wait), "drawn")
        else:
            await _decide(shop, case, each)
    if not hopeful:
        soonest = min(each.wake_at for each in waiting)
        due = [each for each in waiting if each.wake_at == soonest]
        await shop.database.run(_wake(due, now_ms()))


async def _decide(shop: Shop, case: Case, waiting: _Waiting) -> None:
    """One after the other says the same, until it is decided."""
    found = await shop.database.fetch(
        Sql(
            "SELECT id FROM approval WHERE run_id = $1 AND token_id = $2",
            (waiting.run_id, waiting.token_id),
        )
    )
    for person in PEOPLE:
        reader = Reader(shop.workspace_id, frozenset({person}), person, stands_in=False)
        given = Decide(decision=case.does[waiting.node_id].port)
        done = await approvals.decide(shop.database, reader, found[0][0], given)
        if done.asking.status != "open":
            return


def _wake(due: Sequence[_Waiting], now: int) -> Transaction[None]:
    for each in due:
        place = (now, each.run_id, each.token_id)
        yield Sql("UPDATE run SET wake_at = $1 WHERE id = $2", place[:2])
        yield Sql("UPDATE token SET wake_at = $1 WHERE run_id = $2 AND id = $3", place)
        yield Sql("UPDATE approval SET due_at = $1 WHERE run_id = $2 AND token_id = $3", place)


async def _all_at_rest(shop: Shop, worker: Worker) -> list[_Waiting]:
    """Everything that waits, once nothing is under way any more."""

    async def rests() -> bool:
        worker.loop.look()
        rows = await shop.database.fetch(
            Sql(
                "SELECT (SELECT count(*) FROM event WHERE routed_at IS NULL) + (SELECT count(*) "
                "FROM run WHERE lease_until IS NOT NULL OR wake_at <= $1)",
                (now_ms() + SOON_MS,),
            )
        )
        return bool(rows[0][0] == 0)

    await until(rests, 60)
    return await _waiting(shop)


async def _waiting(shop: Shop) -> list[_Waiting]:
    rows = await shop.database.fetch(
        Sql(
            "SELECT coalesce(p.event_id, r.event_id), r.id, t.id, t.node_id, t.wake_at, t.wait, "
            "r.parent_run_id FROM token t JOIN run r ON r.workspace_id = t.workspace_id "
            "AND r.id = t.run_id LEFT JOIN run p ON p.id = r.parent_run_id "
            "WHERE r.status = 'waiting' AND t.state = 'waiting'"
        )
    )
    return [
        _Waiting(root, run_id, token_id, node_id, wake_at, orjson.loads(wait), parent is not None)
        for root, run_id, token_id, node_id, wake_at, wait, parent in map(tuple, rows)
    ]
