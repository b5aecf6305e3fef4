"""How to make one object of each kind in a workspace, for tests over every operation of the API.

A new path parameter of the API needs a line in `MAKERS` (it names something that a workspace owns)
or in `NO_OBJECTS` (it does not, and why). An operation whose body cannot be guessed from its schema
needs one in `BODIES`.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlmodel import SQLModel

from cartwheel.accounts.models import ApiToken
from cartwheel.clock import new_id, now_ms
from cartwheel.connections.models import Connection
from cartwheel.database import Database
from cartwheel.events.models import Event
from cartwheel.runs.models import Run
from cartwheel.workflows.models import Workflow, WorkflowVersion

Maker = Callable[[Database, int], Awaitable[str]]
GRAPH = {
    "schema": 1,
    "nodes": [
        {
            "id": "start",
            "type": "trigger.manual@1",
            "config": {},
            "position": {"x": 0, "y": 0},
        }
    ],
    "edges": [],
    "settings": {},
}


async def make_token(database: Database, workspace_id: int) -> str:
    """An API token."""
    return await _add(
        database,
        ApiToken(
            workspace_id=workspace_id,
            id=new_id(),
            name="till",
            secret_hash=new_id(),
            created_at=now_ms(),
        ),
    )


async def make_workflow(database: Database, workspace_id: int) -> str:
    """A workflow with one published version."""
    now, workflow_id = now_ms(), new_id()
    await _add(
        database,
        Workflow(
            workspace_id=workspace_id,
            id=workflow_id,
            name="Welcome",
            draft=GRAPH,
            created_at=now,
            updated_at=now,
        ),
    )
    await _add(
        database,
        WorkflowVersion(
            workspace_id=workspace_id,
            workflow_id=workflow_id,
            number=1,
            graph=GRAPH,
            created_at=now,
        ),
    )
    return workflow_id


async def make_event(database: Database, workspace_id: int) -> str:
    """An event that was routed."""
    now = now_ms()
    return await _add(
        database,
        Event(
            workspace_id=workspace_id,
            id=new_id(),
            type="manual",
            source="manual",
            data={},
            raw=b"{}",
            received_at=now,
            routed_at=now,
        ),
    )


async def make_run(database: Database, workspace_id: int) -> str:
    """A run that waits."""
    return await _add(
        database,
        Run(
            workspace_id=workspace_id,
            id=new_id(),
            workflow_id=await make_workflow(database, workspace_id),
            version=1,
            event_id=await make_event(database, workspace_id),
            status="waiting",
            created_at=now_ms(),
        ),
    )


async def make_connection(database: Database, workspace_id: int) -> str:
    """A connection to the sandbox."""
    now = now_ms()
    return await _add(
        database,
        Connection(
            workspace_id=workspace_id,
            id=new_id(),
            app="sandbox",
            name="Sandbox",
            created_at=now,
            updated_at=now,
        ),
    )


MAKERS: Mapping[str, Maker] = {
    "token_id": make_token,
    "workflow_id": make_workflow,
    "event_id": make_event,
    "run_id": make_run,
    "connection_id": make_connection,
}
NO_OBJECTS: Mapping[str, str] = {
    "token": "a secret that names its workspace by itself",
    "number": "counts the versions within a workflow",
    "source": "the kind of sender of a webhook",
    "key": "a secret that names its workspace by itself",
}
FILLERS: Mapping[str, str] = {"number": "1", "token": "made-up", "source": "shopify", "key": "x"}
SAME_AS: Mapping[str, str] = {"from": "workflow_id", "copy_of": "workflow_id"}
BODIES: Mapping[tuple[str, str], dict[str, Any]] = {
    ("PUT", "/api/workflows/{workflow_id}/draft"): {"graph": GRAPH, "revision": 1},
}


async def make_workspace(database: Database, workspace_id: int) -> int:
    """Another shop in the same installation."""
    from cartwheel.accounts.models import Workspace

    row = Workspace(id=workspace_id, name=f"Shop {workspace_id}", created_at=now_ms())
    async with database.write() as session:
        session.add(row)
    return workspace_id


async def _add(database: Database, row: SQLModel) -> str:
    async with database.write() as session:
        session.add(row)
    return str(getattr(row, "id", ""))
