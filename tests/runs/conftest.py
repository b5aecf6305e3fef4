"""A shop in the book and a worker that moves its runs, without Redis and without the web."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from cartwheel.accounts.models import Workspace
from cartwheel.catalog.registry import Registry, load_registry
from cartwheel.clock import new_id, now_ms
from cartwheel.connections.models import Connection
from cartwheel.connections.open import OpenConnections
from cartwheel.connections.vault import Vault
from cartwheel.database import Database
from cartwheel.events.models import Event
from cartwheel.jobs import Bell
from cartwheel.outbound.guard import AddressGuard
from cartwheel.outbound.http import HttpClient
from cartwheel.runs.driver import RunDriver
from cartwheel.runs.plans import Plans
from cartwheel.runs.schemas import RunDetail
from cartwheel.runs.service import get_run
from cartwheel.runs.tasks import RunLoop
from cartwheel.runs.transport import WayOut
from cartwheel.statements import Sql
from cartwheel.workflows.models import Activation, Workflow, WorkflowState, WorkflowVersion

ANNA = {"id": "7", "email": "anna@example.com", "phone": "+491701234567", "first_name": "Anna"}
ORDER = {
    "order": {"id": "1", "name": "#1042", "total": "120.00", "currency": "EUR"},
    "customer": ANNA,
}


def node(node_id: str, kind: str, **config: Any) -> dict[str, Any]:
    return {"id": node_id, "type": kind, "config": config, "position": {"x": 0, "y": 0}}


def edge(source: str, target: str, port: str = "done") -> dict[str, Any]:
    return {
        "id": f"{source}-{port}-{target}",
        "source": source, "sourceHandle": port, "target": target, "targetHandle": "in",
    }  # fmt: skip


def chain(*nodes: dict[str, Any], settings: dict[str, Any] | None = None) -> dict[str, Any]:
    """Nodes one after another, by `done`."""
    edges = [edge(a["id"], b["id"]) for a, b in pairwise(nodes)]
    return {"schema": 1, "nodes": list(nodes), "edges": edges, "settings": settings or {}}


START = node("start", "trigger.order_created@1")


@dataclass
class Stub:
    """A provider on loopback: answers what it is told to, and keeps what it was asked."""

    port: int = 0
    requests: list[str] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    hold: asyncio.Event | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(_header(head, b"content-length") or b"0")
            body = await reader.readexactly(length)
            self.requests.append((head + body).decode())
            self.arrived.set()
            if self.hold is not None:
                await self.hold.wait()
            writer.write(self.answers.pop(0) if self.answers else answer(200, b'{"ok": true}'))
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def _header(head: bytes, name: bytes) -> bytes | None:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(name + b":"):
            return line.split(b":", 1)[1].strip()
    return None


def answer(status: int, body: bytes = b"{}", *headers: str) -> bytes:
    """An HTTP answer after which the connection closes."""
    lines = [f"HTTP/1.1 {status} X", "Content-Type: application/json", "Connection: close"]
    lines += [f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    """A provider of the shop's."""
    provider = Stub()
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
    provider.port = server.sockets[0].getsockname()[1]
    yield provider
    server.close()


@dataclass
class Shop:
    """Workspace 1 with a sandbox, and ways to make workflows and events."""

    database: Database
    workspace_id: int = 1

    async def activate(self, graph: dict[str, Any], event_type: str = "order_created") -> str:
        """A live workflow; returns its id."""
        now, workflow_id = now_ms(), new_id()
        key = {"workspace_id": self.workspace_id, "workflow_id": workflow_id}
        async with self.database.write() as session:
            session.add(
                Workflow(
                    workspace_id=self.workspace_id,
                    id=workflow_id,
                    name="Test",
                    draft=graph,
                    state=WorkflowState.ACTIVE.value,
                    active_version=1,
                    created_at=now,
                    updated_at=now,
                )
            )
            await session.flush()
            session.add(WorkflowVersion(**key, number=1, graph=graph, created_at=now))
            await session.flush()
            session.add(
                Activation(
                    **key, id=new_id(), version=1, event_type=event_type, live_from=now - 1000
                )
            )
        return workflow_id

    async def happen(
        self,
        data: dict[str, Any] | None = None,
        type: str = "order_created",
        source: str = "api",
        depth: int = 0,
    ) -> str:
        """Something happens; returns the event's id."""
        event_id = new_id()
        async with self.database.write() as session:
            session.add(
                Event(
                    workspace_id=self.workspace_id,
                    id=event_id,
                    type=type,
                    source=source,
                    data=data or ORDER,
                    received_at=now_ms(),
                    label="Order #1042",
                    contact="anna@example.com",
                    depth=depth,
                )
            )
        return event_id

    async def run_of(self, event_id: str) -> RunDetail:
        """The one run of an event."""
        rows = await self.database.fetch(
            Sql("SELECT id FROM run WHERE workspace_id = $1 AND event_id = $2", (1, event_id))
        )
        assert len(rows) == 1, f"{len(rows)} runs"
        return await get_run(self.database, 1, rows[0][0])

    async def count(self, table: str) -> int:
        rows = await self.database.fetch(Sql(f"SELECT count(*) FROM {table}"))
        return int(rows[0][0])


@pytest.fixture
async def shop(database: Database) -> Shop:
    """A shop with a sandbox."""
    now = now_ms()
    async with database.write() as session:
        session.add(Workspace(id=1, name="Anna's Shop", created_at=now))
        await session.flush()
        session.add(
            Connection(
                workspace_id=1,
                id="sandbox",
                app="sandbox",
                name="Sandbox",
                created_at=now,
                updated_at=now,
            )
        )
    return Shop(database)


@dataclass
class Worker:
    """A worker in this process that can be killed in the middle of everything."""

    loop: RunLoop
    driver: RunDriver
    serving: asyncio.Task[None]

    async def kill(self) -> None:
        """As by kill -9: whatever was going on stops where it was."""
        for moving in list(self.loop._moving.values()):
            moving.task.cancel()
        self.serving.cancel()
        self.loop._moving.clear()
        await asyncio.gather(self.serving, return_exceptions=True)

    async def stop(self) -> None:
        self.loop.stop()
        await self.serving
        await self.driver.close()


Hire = Callable[[], Awaitable[Worker]]


@pytest.fixture
def trusted(stub: Stub) -> list[str]:
    """The private addresses that the shop's owner lets the worker reach."""
    return [f"127.0.0.1:{stub.port}"]


@pytest.fixture
def registry() -> Registry:
    """The node types that the workers know."""
    return load_registry()


@pytest.fixture
async def hire(shop: Shop, trusted: list[str], registry: Registry) -> AsyncIterator[Hire]:
    """Starts workers; they are stopped at the end."""
    workers: list[Worker] = []
    guard = AddressGuard(trusted)
    async with HttpClient(guard) as client:

        async def start() -> Worker:
            connections = OpenConnections(shop.database, Vault(b"k" * 32), registry, guard)
            way_out = WayOut(client, connections, registry)
            driver = RunDriver(shop.database, Plans(shop.database, registry), Bell(None), way_out)
            loop = RunLoop(shop.database, driver.drive, called=way_out.called)
            worker = Worker(loop, driver, asyncio.create_task(loop.serve()))
            workers.append(worker)
            return worker

        yield start
        for worker in workers:
            if not worker.serving.done():
                await worker.stop()


@pytest.fixture
async def worker(hire: Hire) -> Worker:
    """One worker, at work."""
    return await hire()


async def until(condition: Callable[[], Awaitable[Any]], seconds: float = 60.0) -> Any:
    """Ask again and again until the answer is yes; returns it."""
    async with asyncio.timeout(seconds):
        while not (found := await condition()):  # noqa: ASYNC110  (another process may answer)
            await asyncio.sleep(0.02)
        return found


async def resting(shop: Shop, worker: Worker, event_id: str, *statuses: str) -> RunDetail:
    """The event's run, once it has one of these states."""

    async def rests() -> RunDetail | None:
        worker.loop.look()
        rows = await shop.database.fetch(
            Sql("SELECT status FROM run WHERE event_id = $1", (event_id,))
        )
        if rows and rows[0][0] in (statuses or ("succeeded", "failed")):
            return await shop.run_of(event_id)
        return None

    found: RunDetail = await until(rests)
    return found
