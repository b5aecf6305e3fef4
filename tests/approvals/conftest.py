"""A shop with a worker and a postman, the app over the same book, and what people were asked."""

import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cartwheel.approvals.tasks import Postman
from cartwheel.connections.service import ensure_sandbox
from cartwheel.database import Database
from cartwheel.statements import Sql, Transaction
from tests.conftest import HomeWorkspace
from tests.runs.conftest import (  # noqa: F401  (fixtures)
    START,
    Hire,
    Shop,
    Stub,
    Worker,
    edge,
    hire,
    node,
    registry,
    stub,
    trusted,
    until,
    worker,
)

ASK: dict[str, Any] = {
    "title": "Refund {{ order.total }} for {{ order.name }}?",
    "text": "{{ customer.first_name }} sent everything back.",
    "emails": ["anna@example.com"],
    "connection": "sandbox",
}


@pytest.fixture
async def shop(database: Database, workspace: HomeWorkspace) -> Shop:
    """The first workspace, whose owner has an e-mail address."""
    await ensure_sandbox(database, workspace.id)
    await database.run(_name_owner())
    return Shop(database)


def _name_owner() -> Transaction[None]:
    yield Sql("UPDATE person SET email = 'owner@shop.example' WHERE workspace_id = 1")


def asking(kind: str = "flow.approval@1", **config: Any) -> dict[str, Any]:
    """A step that asks people, with something after each of its ways out."""
    ports = ("approved", "refused") if kind.startswith("flow.approval") else ("done",)
    ends = [node(port, "flow.stop@1", label=port) for port in (*ports, "timed_out")]
    ask = node("ask", kind, **config)
    return {
        "schema": 1,
        "nodes": [START, ask, *ends],
        "edges": [edge("start", "ask"), *(edge("ask", end["id"], end["id"]) for end in ends)],
        "settings": {},
    }


class Desk:
    """What people do: they look, open letters, decide."""

    def __init__(
        self, shop: Shop, at_work: Worker, client: httpx.AsyncClient, postman: Postman
    ) -> None:
        self.shop, self.worker, self.client, self.postman = shop, at_work, client, postman

    async def ask(self, kind: str = "flow.approval@1", **config: Any) -> dict[str, Any]:
        """A run that asks; returns what is asked, once it stands in the book."""
        await self.shop.activate(asking(kind, **config))
        event_id = await self.shop.happen()
        self.event_id = event_id

        async def asked() -> dict[str, Any] | None:
            self.worker.loop.look()
            items = (await self.client.get("/api/approvals")).json()["items"]
            return items[0] if items else None

        found: dict[str, Any] = await until(asked)
        return found

    async def links(self) -> dict[str, str]:
        """The path of every link that has left, by the address it went to."""
        await self.postman.deliver_due()
        messages = (await self.client.get("/api/outbox")).json()["items"]
        found = {m["to"]: re.search(r"/approve/[\w-]{43}", m["text"]) for m in messages}
        return {to: link.group() for to, link in found.items() if link}

    async def end(self) -> tuple[str | None, Any]:
        """By which port the run went on, and what the step gave."""

        async def ended() -> bool:
            self.worker.loop.look()
            return (await self.shop.run_of(self.event_id)).status in {"succeeded", "failed"}

        await until(ended)
        run = await self.shop.run_of(self.event_id)
        step = next(step for step in run.steps if step.node_id == "ask")
        assert run.stop_label == step.port
        return step.port, step.output

    async def let_time_pass(self, milliseconds: int) -> None:
        """Everything that is dated comes so much sooner, once no worker has a run in hand."""

        async def rests() -> bool:
            return not await self.shop.count("run WHERE lease_until IS NOT NULL")

        await until(rests)
        await self.shop.database.run(_earlier(milliseconds))


def _earlier(by: int) -> Transaction[None]:
    yield Sql(
        "UPDATE approval SET due_at = due_at - $1, escalate_at = escalate_at - $1, "
        "shown_due_at = shown_due_at - $1",
        (by,),
    )
    yield Sql("UPDATE letter SET due_at = due_at - $1", (by,))
    yield Sql("UPDATE token SET wake_at = wake_at - $1 WHERE wake_at IS NOT NULL", (by,))
    yield Sql("UPDATE run SET wake_at = wake_at - $1 WHERE wake_at IS NOT NULL", (by,))


@pytest.fixture
async def desk(
    shop: Shop,
    worker: Worker,  # noqa: F811
    client: httpx.AsyncClient,
    app: FastAPI,
) -> Desk:
    """The owner at work."""
    way_out = worker.driver._way_out
    return Desk(shop, worker, client, Postman(shop.database, way_out, app.state.links, "http://c"))
