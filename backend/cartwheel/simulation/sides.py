"""Two versions of a workflow, and the world in which a rehearsal plays the same events on both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cartwheel.database import Database
from cartwheel.errors import Invalid
from cartwheel.node_sdk import Json
from cartwheel.records.lookups import Records
from cartwheel.records.reading import StoredRecords
from cartwheel.runs.plan import Plan
from cartwheel.simulation import store
from cartwheel.simulation.callees import callees_of
from cartwheel.simulation.differences import Came
from cartwheel.simulation.driver import play
from cartwheel.simulation.entry import entry_of
from cartwheel.simulation.past import Past, PastEvent, what_followed
from cartwheel.simulation.scenario import Callees, KnownConnection, Scenario
from cartwheel.simulation.service import compiled
from cartwheel.simulation.triggers import event_type, starts
from cartwheel.workflows import store as workflows
from cartwheel.workflows.graph import Graph, read_graph


@dataclass(frozen=True)
class Version:
    """A version ready to be played."""

    graph: Graph
    plan: Plan


@dataclass(frozen=True)
class Sides:
    """A draft beside what is live, if anything is, and all around them but what happens."""

    past: Past
    live: Version | None
    live_version: int | None
    draft: Version
    revision: int
    awaited: frozenset[str]
    connections: Sequence[KnownConnection]
    workspace: Mapping[str, Json]
    records: Records
    callees: Callees


async def sides_of(database: Database, workspace_id: int, workflow_id: str) -> Sides:
    """The workflow as it is drawn and as it is live; nothing is live of one that is switched off.

    Raises `NotFound`, and `Invalid` for a draft that nothing starts and for one that is no graph.
    """
    async with database.read() as session:
        workflow = await workflows.find_workflow(session, workspace_id, workflow_id)
        number = workflow.active_version if workflow.state == "active" else None
        revision, draft = workflow.revision, workflow.draft
        live: Json = None
        if number is not None:
            version = await workflows.find_version(session, workspace_id, workflow_id, number)
            live = version.graph
    old, new = await _ready(live) if live is not None else None, await _ready(draft)
    if new.plan.trigger is None:
        raise Invalid(
            "Nothing starts this workflow. Add a trigger to try it out.", code="no_trigger"
        )
    both = [side for side in (old, new) if side is not None]
    kinds = sorted({kind for side in both if (kind := event_type(side.plan))})
    return Sides(
        past=Past(database, workspace_id, workflow_id, kinds),
        live=old,
        live_version=number,
        draft=new,
        revision=revision,
        awaited=frozenset(kind for side in both for kind in _awaited(side.plan)),
        connections=await store.known_connections(database, workspace_id),
        workspace=await store.workspace_facts(database, workspace_id),
        records=StoredRecords(database, workspace_id),
        callees=callees_of(database, workspace_id),
    )


async def scenario_of(sides: Sides, event: PastEvent) -> Scenario:
    """What happened, at its time, and what the same customer did afterwards."""
    return Scenario(
        event=event.event,
        start=event.received_at,
        contact=event.contact,
        then=await what_followed(sides.past, event, sides.awaited),
        connections=sides.connections,
        workspace=sides.workspace,
        records=sides.records,
        callees=sides.callees,
        starts_once=True,
    )


async def came_of(version: Version | None, scenario: Scenario) -> Came:
    """What a version makes of an event; nothing where its trigger or filter lets it pass by."""
    if version is None or version.plan.trigger is None:
        return Came(None, None)
    if not starts(version.plan, scenario.event.type):
        return Came(None, None)
    entry = entry_of(version.graph, scenario)
    if entry is not None and not entry.admitted:
        return Came(None, None)
    return Came(entry.key if entry else None, await play(version.plan, scenario))


async def _ready(source: Json) -> Version:
    graph = read_graph(source)
    return Version(graph, await compiled(graph))


def _awaited(plan: Plan) -> Iterator[str]:
    """The kinds of events that steps behind the trigger name in their settings."""
    for node_id, step in plan.steps.items():
        if node_id != plan.trigger and step.node_type is not None:
            fields = step.node_type.config_schema.get("properties", {})
            named = (n for n, field in fields.items() if field.get("x-widget") == "event-type")
            yield from (str(kind) for name in named if (kind := step.node.config.get(name)))
