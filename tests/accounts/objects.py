"""How to make one object of each kind in a workspace, for tests over every operation of the API.

A new path parameter of the API needs a line in `MAKERS` (it names something that a workspace owns)
or in `NO_OBJECTS` (it does not, and why). An operation whose body cannot be guessed from its schema
needs one in `BODIES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlmodel import SQLModel

from cartwheel.accounts.models import ApiToken, Person, Role, Workspace
from cartwheel.approvals.models import Approval, Approver, TaskItem
from cartwheel.batches.models import Batch, BatchStatus
from cartwheel.clock import new_id, now_ms
from cartwheel.connections.models import Connection
from cartwheel.database import Database
from cartwheel.events.models import Event
from cartwheel.outbox.models import OutboxMessage
from cartwheel.proofs.models import Dispatch, OwnAddress
from cartwheel.records.models import RecordRow, RecordTable
from cartwheel.runs.models import Run, Step
from cartwheel.workflows.models import Activation, Workflow, WorkflowState, WorkflowVersion


@dataclass(frozen=True)
class Wanted:
    """Whose object, with which ids, and a word that its contents carry.

    Two workspaces may hold things of the same id: nothing but the workspace tells them apart.
    """

    workspace_id: int
    ids: Mapping[str, str]
    mark: str
    versions: int = 1


Maker = Callable[[Wanted], list[SQLModel]]


def graph(mark: str = "start") -> dict[str, Any]:
    """A graph of one step that a person starts."""
    node = {
        "id": "start",
        "type": "trigger.manual@1",
        "config": {},
        "position": {"x": 0, "y": 0},
        "label": mark,
    }
    return {"schema": 1, "nodes": [node], "edges": [], "settings": {}}


def make_person(wanted: Wanted) -> list[SQLModel]:
    """Somebody who may look."""
    person = Person(
        workspace_id=wanted.workspace_id,
        id=wanted.ids["person_id"],
        name=wanted.mark,
        role=Role.VIEWER.value,
        created_at=now_ms(),
    )
    return [person]


def make_token(wanted: Wanted) -> list[SQLModel]:
    """An API token."""
    token = ApiToken(
        workspace_id=wanted.workspace_id,
        id=wanted.ids["token_id"],
        name=wanted.mark,
        secret_hash=new_id(),
        created_at=now_ms(),
    )
    return [token]


def make_workflow(wanted: Wanted) -> list[SQLModel]:
    """A workflow with published versions, of which the first is live."""
    now = now_ms()
    workflow_id = wanted.ids["workflow_id"]
    return [
        Workflow(
            workspace_id=wanted.workspace_id,
            id=workflow_id,
            name=wanted.mark,
            state=WorkflowState.ACTIVE.value,
            draft=graph(wanted.mark),
            active_version=1,
            created_at=now,
            updated_at=now,
        ),
        *(
            WorkflowVersion(
                workspace_id=wanted.workspace_id,
                workflow_id=workflow_id,
                number=number,
                graph=graph(wanted.mark),
                created_at=now,
                created_by=wanted.ids["person_id"],
            )
            for number in range(1, wanted.versions + 1)
        ),
        Activation(
            workspace_id=wanted.workspace_id,
            id=new_id(),
            workflow_id=workflow_id,
            version=1,
            event_type="manual",
            live_from=now,
        ),
    ]


def make_event(wanted: Wanted) -> list[SQLModel]:
    """An event that was routed."""
    now = now_ms()
    event = Event(
        workspace_id=wanted.workspace_id,
        id=wanted.ids["event_id"],
        type="manual",
        source="manual",
        label=wanted.mark,
        data={"note": wanted.mark},
        raw=orjson.dumps({"note": wanted.mark}),
        received_at=now,
        routed_at=now,
    )
    return [event]


def make_run(wanted: Wanted) -> list[SQLModel]:
    """A run that waits, with one recorded step, of that workflow and event."""
    now = now_ms()
    run_id = wanted.ids["run_id"]
    return [
        Run(
            workspace_id=wanted.workspace_id,
            id=run_id,
            workflow_id=wanted.ids["workflow_id"],
            version=1,
            event_id=wanted.ids["event_id"],
            status="waiting",
            label=wanted.mark,
            contact=wanted.mark,
            created_at=now,
        ),
        Step(
            workspace_id=wanted.workspace_id,
            run_id=run_id,
            node_id="start",
            sequence=1,
            status="succeeded",
            output={"note": wanted.mark},
            started_at=now,
        ),
        OutboxMessage(
            workspace_id=wanted.workspace_id,
            id=new_id(),
            channel="sms",
            to=wanted.mark,
            text=wanted.mark,
            run_id=run_id,
            node_id="start",
            workflow_id=wanted.ids["workflow_id"],
            created_at=now,
        ),
    ]


def make_batch(wanted: Wanted) -> list[SQLModel]:
    """A batch that stands still."""
    batch = Batch(
        workspace_id=wanted.workspace_id,
        id=wanted.ids["batch_id"],
        workflow_id=wanted.ids["workflow_id"],
        status=BatchStatus.PAUSED.value,
        reason=wanted.mark,
        wanted={"event_type": "manual"},
        cursor="~",
        total=1,
        created_at=now_ms(),
    )
    return [batch]


def make_connection(wanted: Wanted) -> list[SQLModel]:
    """A connection to the sandbox."""
    now = now_ms()
    connection = Connection(
        workspace_id=wanted.workspace_id,
        id=wanted.ids["connection_id"],
        app="sandbox",
        name=wanted.mark,
        hook_key=new_id(),
        created_at=now,
        updated_at=now,
    )
    return [connection]


def make_table(wanted: Wanted) -> list[SQLModel]:
    """A table of the shop's own with one column that tells its rows apart."""
    now = now_ms()
    column = {"key": "name", "name": "Name", "type": "text", "number": 1}
    table = RecordTable(
        workspace_id=wanted.workspace_id,
        id=wanted.ids["table_id"],
        name=wanted.mark,
        name_key=wanted.mark.casefold(),
        columns=orjson.dumps([column]).decode(),
        key_column="name",
        row_count=1,
        next_number=2,
        created_at=now,
        updated_at=now,
    )
    return [table]


def make_row(wanted: Wanted) -> list[SQLModel]:
    """A row of that table."""
    now = now_ms()
    row = RecordRow(
        workspace_id=wanted.workspace_id,
        table_id=wanted.ids["table_id"],
        id=wanted.ids["row_id"],
        key=wanted.mark.casefold(),
        cells=orjson.dumps({"name": wanted.mark}).decode(),
        searchable=f"\ue001{wanted.mark.casefold()}\uf8ff",
        created_at=now,
        updated_at=now,
    )
    return [row]


def make_approval(wanted: Wanted) -> list[SQLModel]:
    """A task for the owner, with one point, that the workspace's run asks."""
    now, approval_id = now_ms(), wanted.ids["approval_id"]
    place: dict[str, Any] = {"workspace_id": wanted.workspace_id, "approval_id": approval_id}
    approval = Approval(
        workspace_id=wanted.workspace_id,
        id=approval_id,
        kind="task",
        run_id=wanted.ids["run_id"],
        token_id=1,
        node_id="start",
        title=wanted.mark,
        rule="one",
        created_at=now,
        due_at=now + 86_400_000,
    )
    asked = Approver(**place, number=0, address="owner")
    return [approval, asked, *(TaskItem(**place, number=n, text=wanted.mark) for n in (0, 1))]


def make_proof(wanted: Wanted) -> list[SQLModel]:
    """A message that was sent to somebody's own address."""
    now = now_ms()
    place: dict[str, Any] = {
        "workspace_id": wanted.workspace_id,
        "person_id": wanted.ids["person_id"],
    }
    proof = Dispatch(
        **place,
        id=wanted.ids["proof_id"],
        kind="proof",
        address_kind="email",
        node_type="action.send_email@1",
        connection_id=wanted.ids["connection_id"],
        config="{}",
        status="sent",
        to=wanted.mark,
        created_at=now,
    )
    return [OwnAddress(**place, kind="email", address=wanted.mark, verified_at=now), proof]


MAKERS: Mapping[str, Maker] = {
    "person_id": make_person,
    "token_id": make_token,
    "workflow_id": make_workflow,
    "event_id": make_event,
    "run_id": make_run,
    "batch_id": make_batch,
    "connection_id": make_connection,
    "approval_id": make_approval,
    "table_id": make_table,
    "row_id": make_row,
    "proof_id": make_proof,
}
NO_OBJECTS: Mapping[str, str] = {
    "token": "a secret that names its workspace by itself",
    "number": "counts the versions within a workflow, or the points of a task",
    "template_id": "comes with the installation and is the same for everybody",
    "source": "the kind of sender of a webhook",
    "key": "a secret that names its workspace by itself",
    "name": "a kind of choices, which an app declares for everybody",
    "kind": "which of the caller's own addresses",
}
FILLERS: Mapping[str, str] = {
    "node_id": "start",
    "number": "1",
    "template_id": "thank_big_spenders",
    "token": "made-up",
    "source": "shopify",
    "key": "x",
    "name": "tags",
    "kind": "phone",
    "node_type": "action.add_tags@1",
}
SAME_AS: Mapping[str, str] = {"from": "workflow_id", "copy_of": "workflow_id"}
EVERYTHING = {"matching": {"event_type": "manual"}}
BODIES: Mapping[tuple[str, str], dict[str, Any]] = {
    ("PUT", "/api/workflows/{workflow_id}/draft"): {"graph": graph(), "revision": 1},
    ("POST", "/api/workflows/{workflow_id}/batches"): EVERYTHING,
    ("POST", "/api/workflows/{workflow_id}/batches/count"): EVERYTHING,
    ("POST", "/api/workflows/{workflow_id}/waits/end"): {"deed": "release"},
    ("PUT", "/api/notices/people/{person_id}"): {"wants": True},
    ("POST", "/api/workflows/{workflow_id}/proofs"): {
        "graph": graph(),
        "node_id": "start",
        "press": "pressed once",
    },
}


def new_ids() -> dict[str, str]:
    """A fresh id for one object of each kind."""
    return {name: new_id() for name in MAKERS}


async def make_everything(database: Database, wanted: Wanted) -> None:
    """One object of each kind in a workspace."""
    async with database.write() as session:
        for make in MAKERS.values():
            for row in make(wanted):
                session.add(row)
                await session.flush()


async def make_workspace(database: Database, workspace_id: int) -> None:
    """Another shop in the same installation."""
    async with database.write() as session:
        session.add(Workspace(id=workspace_id, name="Another shop", created_at=now_ms()))


async def everything_of(database: Database, workspace_id: int) -> dict[str, list[Any]]:
    """All that the database holds of a workspace, by table."""
    found = {}
    async with database.read() as session:
        connection = await session.connection()
        for table in SQLModel.metadata.sorted_tables:
            if "workspace_id" in table.columns:
                query = table.select().where(table.columns["workspace_id"] == workspace_id)
                found[table.name] = sorted(map(repr, await connection.execute(query)))
    return found
