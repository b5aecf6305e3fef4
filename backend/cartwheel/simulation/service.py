"""What we decide about simulations: which graph, which world, and what cannot be played."""

import asyncio
from datetime import UTC

from cartwheel.catalog.registry import load_registry
from cartwheel.clock import SystemClock
from cartwheel.database import Database
from cartwheel.errors import Conflict, Invalid
from cartwheel.node_sdk import Json
from cartwheel.records.reading import StoredRecords
from cartwheel.runs.plan import Plan, compile_plan
from cartwheel.runs.scope import contact_scope
from cartwheel.simulation import store
from cartwheel.simulation.callees import callees_of
from cartwheel.simulation.driver import play
from cartwheel.simulation.durations import read_duration
from cartwheel.simulation.entry import entry_of
from cartwheel.simulation.pins import read_pins
from cartwheel.simulation.scenario import Answer, HappenedEvent, LaterEvent, Scenario
from cartwheel.simulation.schemas import (
    Decision,
    GivenAnswer,
    GivenEvent,
    ScenarioRequest,
    SimulationResult,
    WorkflowSimulation,
)
from cartwheel.simulation.triggers import sample_event, starts, trigger_title
from cartwheel.simulation.view import result_shape
from cartwheel.workflows import store as workflows
from cartwheel.workflows.graph import Graph, read_graph

_SMALL_GRAPH = 40


async def simulate_graph(
    database: Database, workspace_id: int, graph: Json, request: ScenarioRequest
) -> SimulationResult:
    """Play a scenario on a graph.

    What is wrong with a step shows in the step, as it would in a run. Raises `GraphError` for what
    is no graph, and `Invalid` where nothing can start.
    """
    drawn = read_graph(graph)
    plan = await compiled(drawn)
    if plan.trigger is None:
        raise Invalid(
            "Nothing starts this workflow. Add a trigger to try it out.", code="no_trigger"
        )
    start = request.at.astimezone(UTC) if request.at else SystemClock().now()
    scenario = Scenario(
        event=_first_event(plan, request.event),
        start=start,
        contact=contact_scope(request.contact),
        answers={node_id: _answers(given) for node_id, given in request.answers.items()},
        then=[
            LaterEvent(read_duration(later.after), _event(plan, later.event))
            for later in request.then
        ],
        connections=await store.known_connections(database, workspace_id),
        workspace={**await store.workspace_facts(database, workspace_id), **_written(request)},
        pins=read_pins(drawn.settings),
        records=StoredRecords(database, workspace_id),
        callees=callees_of(database, workspace_id),
    )
    result = result_shape(await play(plan, scenario), start)
    return result.model_copy(update={"entry": entry_of(drawn, scenario)})


def _written(request: ScenarioRequest) -> dict[str, Json]:
    return {} if request.locale is None else {"locale": request.locale}


async def simulate_workflow(
    database: Database, workspace_id: int, workflow_id: str, request: WorkflowSimulation
) -> SimulationResult:
    """Play a scenario on a workflow's draft or live version. Raises `NotFound`, `Conflict`."""
    async with database.read() as session:
        workflow = await workflows.find_workflow(session, workspace_id, workflow_id)
        graph: Json = workflow.draft
        if request.use == "live":
            if workflow.active_version is None:
                raise Conflict("This workflow is not switched on, so no version of it is live.")
            version = await workflows.find_version(
                session, workspace_id, workflow_id, workflow.active_version
            )
            graph = version.graph
    return await simulate_graph(database, workspace_id, graph, request)


async def compiled(graph: Graph) -> Plan:
    """The plan; a large graph's in a thread, so that nobody else waits for it."""
    if len(graph.nodes) <= _SMALL_GRAPH:
        return compile_plan(graph, load_registry())
    return await asyncio.to_thread(compile_plan, graph, load_registry())


def _first_event(plan: Plan, given: GivenEvent) -> HappenedEvent:
    event = _event(plan, given)
    if not starts(plan, event.type):
        raise Invalid(
            f"This workflow starts with “{trigger_title(plan)}”; this event is of another kind.",
            code="event_does_not_match",
        )
    return event


def _event(plan: Plan, given: GivenEvent) -> HappenedEvent:
    sample = sample_event(plan)
    kind = given.type or sample.type
    if given.data is None and not given.sample:
        raise Invalid(
            'Say what happens: give the event\'s "data", or ask for the "sample".',
            code="event_without_data",
        )
    return HappenedEvent(kind, sample.data if given.data is None else given.data)


def _answers(
    given: Decision | GivenAnswer | list[Decision | GivenAnswer],
) -> tuple[Answer, ...]:
    several = given if isinstance(given, list) else [given]
    return tuple(_answer(each) for each in several)


def _answer(given: Decision | GivenAnswer) -> Answer:
    if isinstance(given, str):
        return Answer(decision=given)
    return Answer(
        given.status, given.headers, given.body, given.lost, given.unreachable,
        given.decision, given.comment,
    )  # fmt: skip
