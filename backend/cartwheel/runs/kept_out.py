"""Why an event started no run of a workflow whose filter it met. Nothing is kept of it: the filter
of the version that was live then is asked again, when somebody wants to know."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from cartwheel.accounts.models import Workspace
from cartwheel.events.models import Event
from cartwheel.runs.claims import RoutedEvent
from cartwheel.runs.gates import Gate, VersionKey, around_event, compile_gate
from cartwheel.runs.schemas import KeptOut
from cartwheel.workflows.graph import read_graph
from cartwheel.workflows.models import Activation, Workflow, WorkflowVersion


async def kept_out(
    session: AsyncSession,
    workspace_id: int,
    events: Sequence[Event],
    started: Collection[tuple[str, str]],
) -> dict[str, list[KeptOut]]:
    """By event, the workflows whose filters it did not meet, with the sentence that says why.

    `started` holds (event, workflow) of the runs that there are.
    """
    asked = [e for e in events if e.routed_at is not None and e.only_workflow_id is None]
    lives = (await session.exec(_gated_lives(workspace_id, asked))).all()
    workspace = await session.get_one(Workspace, workspace_id)
    facts = workspace.model_dump(include={"name", "currency", "timezone", "locale"})
    gates: dict[VersionKey, Gate] = {}
    found: dict[str, list[KeptOut]] = defaultdict(list)
    for event in asked:
        around = around_event(_routed(event), facts, event.routed_at or event.received_at)
        for live, name, graph in lives:
            if (event.id, live.workflow_id) in started or not _took(live, event):
                continue
            key = (workspace_id, live.workflow_id, live.version)
            gate = gates[key] = gates.get(key) or compile_gate(read_graph(graph))
            judged = gate.judge(around)
            if not judged.holds:
                found[event.id].append(
                    KeptOut(workflow_id=live.workflow_id, workflow_name=name, words=judged.words)
                )
    return found


def _gated_lives(
    workspace_id: int, events: Collection[Event]
) -> Select[Activation, str, Mapping[str, Any]]:
    """The versions with filters that may have been live for one of the events, with the workflow's
    name and the graph."""
    version_of = (
        (col(WorkflowVersion.workspace_id) == col(Activation.workspace_id))
        & (col(WorkflowVersion.workflow_id) == col(Activation.workflow_id))
        & (col(WorkflowVersion.number) == col(Activation.version))
    )
    workflow_of = (col(Workflow.workspace_id) == col(Activation.workspace_id)) & (
        col(Workflow.id) == col(Activation.workflow_id)
    )
    earliest = min((event.received_at for event in events), default=0)
    return (
        select(Activation, Workflow.name, WorkflowVersion.graph)
        .join(Workflow, workflow_of)
        .join(WorkflowVersion, version_of)
        .where(
            Activation.workspace_id == workspace_id,
            Activation.gated == 1,
            col(Activation.event_type).in_({event.type for event in events}),
            or_(col(Activation.live_until).is_(None), col(Activation.live_until) > earliest),
        )
        .order_by(Workflow.name)
        .limit(200)
    )


def _took(live: Activation, event: Event) -> bool:
    """Whether the version was live for the event when it came in."""
    ended = live.live_until is not None and event.received_at >= live.live_until
    return live.event_type == event.type and live.live_from <= event.received_at and not ended


def _routed(event: Event) -> RoutedEvent:
    return RoutedEvent(
        event.workspace_id, event.id, event.type, event.received_at, event.label, event.contact,
        orjson.dumps(event.data).decode(), event.only_workflow_id, event.depth, event.root_id,
        event.source,
    )  # fmt: skip
