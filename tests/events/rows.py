"""Rows that other domains write: an event, and a run that it started."""

from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from cartwheel.events.models import Event
from cartwheel.runs.models import Run
from cartwheel.workflows.models import Activation, Workflow, WorkflowVersion

Json = dict[str, object]
GRAPH: Json = {"schema": 1, "nodes": [], "edges": [], "settings": {}}


async def add_event(database: Database, **given: object) -> str:
    """Store an event that a shop sent; returns its id."""
    fields = {
        "workspace_id": 1, "id": new_id(), "type": "order_created", "source": "shopify",
        "source_id": "c1", "external_id": new_id(), "label": "Order #1042",
        "data": {"order": {"id": "1"}}, "raw": '{"id":1,"note":"Zażółć"}'.encode(),
        "received_at": now_ms(),
    }  # fmt: skip
    event = Event(**{**fields, **given})  # type: ignore[arg-type]
    async with database.write() as session:
        session.add(event)
    return event.id


async def add_workflow(database: Database, name: str = "Welcome", graph: Json = GRAPH) -> str:
    """Store a workflow that is live; returns its id."""
    now, workflow_id = now_ms(), new_id()
    async with database.write() as session:
        session.add(
            Workflow(
                workspace_id=1, id=workflow_id, name=name, draft=graph, state="active",
                active_version=1, created_at=now, updated_at=now,
            )
        )  # fmt: skip
        await session.flush()
        session.add(
            WorkflowVersion(
                workspace_id=1, workflow_id=workflow_id, number=1, graph=graph, created_at=now
            )
        )
        await session.flush()
        session.add(
            Activation(
                workspace_id=1, id=new_id(), workflow_id=workflow_id, version=1,
                event_type="order_created", live_from=now,
            )
        )  # fmt: skip
    return workflow_id


async def add_run(database: Database, event_id: str, workflow_id: str) -> str:
    """Store a run that waits; returns its id."""
    run = Run(
        workspace_id=1, id=new_id(), workflow_id=workflow_id, version=1, event_id=event_id,
        status="waiting", created_at=now_ms(),
    )  # fmt: skip
    async with database.write() as session:
        session.add(run)
    return run.id
