"""Workflows that call others: whether those can be called, and that none calls itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from cartwheel.catalog.pointers import pointer
from cartwheel.catalog.registry import Registry
from cartwheel.node_sdk import Json
from cartwheel.workflows.graph import parse_graph
from cartwheel.workflows.models import Workflow, WorkflowVersion
from cartwheel.workflows.problems import GraphProblem, ProblemCode
from cartwheel.workflows.typed_graph import TypedGraph

CALLED = "called"
MOST_LOOKED_AT = 200
HIGHEST_VERSION = 1_000_000


@dataclass(frozen=True, slots=True)
class CallStep:
    """A step that calls another workflow; `version` is the one it is pinned to, if any."""

    node_id: str
    field: str
    workflow_id: str
    version: int | None = None


def calls_in(typed: TypedGraph) -> Iterator[CallStep]:
    """The steps of a graph that call workflows, by the settings that name one."""
    for node in typed.graph.nodes.values():
        kind = typed.types.get(node.id)
        fields: Mapping[str, Mapping[str, object]] = (
            kind.config_schema.get("properties", {}) if kind and not node.disabled else {}
        )
        for name, schema in fields.items():
            wanted = node.config.get(name)
            if schema.get("x-widget") == "workflow" and isinstance(wanted, str) and wanted:
                yield CallStep(node.id, pointer([name]), wanted, _pinned(node.config))


def _pinned(config: Mapping[str, Json]) -> int | None:
    """What is no number of a version is the form's business."""
    version = config.get("version")
    return version if type(version) is int and 0 < version <= HIGHEST_VERSION else None


async def call_problems(
    session: AsyncSession, workflow: Workflow, registry: Registry
) -> list[GraphProblem]:
    """What stands in the way of the calls in a workflow's draft."""
    graph, _ = parse_graph(workflow.draft)
    calls = list(calls_in(TypedGraph.of(graph, registry)))
    book = _Book(session, workflow, registry)
    found = [await book.problem(call) for call in calls]
    return [problem for problem in found if problem is not None]


class _Book:
    """The live versions of the other workflows, read once each."""

    def __init__(self, session: AsyncSession, workflow: Workflow, registry: Registry) -> None:
        self._session, self._own, self._registry = session, workflow, registry
        self._known: dict[str, tuple[Workflow, TypedGraph] | None] = {}

    async def problem(self, call: CallStep) -> GraphProblem | None:
        if call.workflow_id == self._own.id:
            return self._circle(call, (self._own.name,))
        found = await self._live(call.workflow_id)
        if found is None:
            return GraphProblem(
                ProblemCode.UNKNOWN_WORKFLOW,
                "The workflow that this step runs is not switched on, or does not exist.",
                "Switch it on, or choose another workflow.", call.node_id, call.field,
            )  # fmt: skip
        if _event_type(found[1]) != CALLED:
            return GraphProblem(
                ProblemCode.NOT_CALLABLE,
                f"“{found[0].name}” does not start with “Called by another workflow”.",
                "Give it that trigger, or choose another workflow.", call.node_id, call.field,
            )  # fmt: skip
        if not await self._has_version(call):
            return GraphProblem(
                ProblemCode.UNKNOWN_WORKFLOW,
                f"“{found[0].name}” has no version {call.version}.",
                "Choose another version, or leave the version empty.", call.node_id, call.field,
            )  # fmt: skip
        way = await self._way_back(call.workflow_id)
        return self._circle(call, (self._own.name, *way)) if way else None

    async def _way_back(self, start: str) -> tuple[str, ...]:
        """The names of the workflows on a way from `start` back to our own; empty without one."""
        ways: list[tuple[str, tuple[str, ...]]] = [(start, ())]
        seen = {start}
        while ways and len(seen) <= MOST_LOOKED_AT:
            workflow_id, path = ways.pop()
            found = await self._live(workflow_id)
            for call in calls_in(found[1]) if found else ():
                here = (*path, found[0].name) if found else path
                if call.workflow_id == self._own.id:
                    return here
                if call.workflow_id not in seen:
                    seen.add(call.workflow_id)
                    ways.append((call.workflow_id, here))
        return ()

    async def _has_version(self, call: CallStep) -> bool:
        if call.version is None:
            return True
        place = (self._own.workspace_id, call.workflow_id, call.version)
        return await self._session.get(WorkflowVersion, place) is not None

    def _circle(self, call: CallStep, names: tuple[str, ...]) -> GraphProblem:
        way = " → ".join(f"“{name}”" for name in (*names, self._own.name))
        return GraphProblem(
            ProblemCode.CALLS_ITSELF,
            f"This workflow would call itself and never end: {way}.",
            "Choose another workflow.", call.node_id, call.field,
        )  # fmt: skip

    async def _live(self, workflow_id: str) -> tuple[Workflow, TypedGraph] | None:
        if workflow_id not in self._known:
            self._known[workflow_id] = await self._read(workflow_id)
        return self._known[workflow_id]

    async def _read(self, workflow_id: str) -> tuple[Workflow, TypedGraph] | None:
        place = self._own.workspace_id
        workflow = await self._session.get(Workflow, (place, workflow_id))
        if workflow is None or workflow.deleted_at is not None or workflow.active_version is None:
            return None
        version = await self._session.get(
            WorkflowVersion, (place, workflow_id, workflow.active_version)
        )
        graph, _ = parse_graph(version.graph if version else None)
        return workflow, TypedGraph.of(graph, self._registry)


def _event_type(typed: TypedGraph) -> str | None:
    trigger = typed.graph.trigger
    kind = typed.types.get(trigger.id) if trigger else None
    return kind.event_type if kind else None
