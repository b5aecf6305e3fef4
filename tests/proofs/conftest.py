"""A merchant at the test panel: an owner, a mail server, and the worker's post."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI

from cartwheel.catalog.registry import load_registry
from cartwheel.clock import new_id, now_ms
from cartwheel.connections.models import Connection
from cartwheel.connections.open import OpenConnections
from cartwheel.connections.service import ensure_sandbox
from cartwheel.connections.vault import Vault, load_secret_key
from cartwheel.database import Database
from cartwheel.outbound.exchange import OutboundRequest, OutboundResponse
from cartwheel.outbound.guard import AddressGuard
from cartwheel.outbound.http import HttpClient
from cartwheel.proofs.tasks import OwnPost
from cartwheel.runs.transport import WayOut
from cartwheel.settings import Settings
from cartwheel.statements import Sql, Transaction
from cartwheel.workflows.models import Workflow
from tests.conftest import HomeWorkspace
from tests.runs.conftest import ANNA, ORDER, START, chain, node

OWN = "owner@shop.example"
MAIL = node(
    "mail", "action.send_email@1", to="{{ customer.email }}", subject="Order {{ order.name }}",
    body="Thank you, {{ customer.first_name }}.", connection="mail",
    reply_to="help@shop.example",
)  # fmt: skip
EVENT = {"type": "order_created", "data": ORDER}
CUSTOMER = str(ANNA["email"])


@dataclass
class PostOffice:
    """A mail server: to whom it was asked to deliver, and what."""

    port: int = 0
    verdicts: list[str] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        self.receivers += envelope.rcpt_tos
        assert isinstance(envelope.content, bytes)
        letter = message_from_string(envelope.content.decode(), policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return self.verdicts.pop(0) if self.verdicts else "250 2.0.0 Ok"

    def text(self) -> str:
        """What the newest letter says. (No property: aiosmtpd reads all of those.)"""
        body = self.letters[-1].get_body(("plain",))
        return str(body.get_content()) if body else ""

    def code(self) -> str:
        """The code in the newest letter."""
        found = re.search(r"\b\d{6}\b", self.text())
        assert found, self.text()
        return found.group()


@pytest.fixture
async def office(database: Database, workspace: HomeWorkspace) -> AsyncIterator[PostOffice]:
    """The shop's mail server, connected as `mail`, beside the sandbox."""
    office, loop = PostOffice(), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(office, hostname="localhost", loop=loop), "127.0.0.1", 0
    )
    office.port = server.sockets[0].getsockname()[1]
    await ensure_sandbox(database, workspace.id)
    server_at = {"host": "127.0.0.1", "port": office.port, "security": "none"}
    settings = {**server_at, "from_email": "anna@shop.example"}
    async with database.write() as session:
        session.add(
            Connection(
                workspace_id=1,
                id="mail",
                app="smtp",
                name="Mail",
                settings=settings,
                created_at=now_ms(),
                updated_at=now_ms(),
            )
        )
    yield office
    server.close()


@dataclass
class Merchant:
    """What the owner does at the test panel, and the worker that posts what is due."""

    client: httpx.AsyncClient
    database: Database
    office: PostOffice
    post: OwnPost
    workflow_id: str
    twilio: "Twilio"

    async def ask_code(self, kind: str = "email", **body: Any) -> httpx.Response:
        return await self.client.post(f"/api/own-addresses/{kind}/code", json=body)

    async def tell(self, code: str, kind: str = "email") -> httpx.Response:
        return await self.client.post(f"/api/own-addresses/{kind}/confirm", json={"code": code})

    async def verify(self) -> None:
        """The owner's e-mail address is shown to be theirs."""
        assert (await self.ask_code()).status_code == 202
        await self.post.deliver_due()
        assert (await self.tell(self.office.code())).status_code == 200
        self.office.letters.clear()
        self.office.receivers.clear()

    async def press(self, *nodes: dict[str, Any], **given: Any) -> httpx.Response:
        """Press "Send me one" on the last of these steps."""
        steps = nodes or (MAIL,)
        body = {
            "graph": chain(START, *steps), "event": EVENT, "node_id": steps[-1]["id"],
            "press": new_id(), **given,
        }  # fmt: skip
        return await self.client.post(f"/api/workflows/{self.workflow_id}/proofs", json=body)

    async def outcome(self, pressed: httpx.Response) -> dict[str, Any]:
        """How it ended, after the worker has looked."""
        assert pressed.status_code == 202, pressed.text
        await self.post.deliver_due()
        found = await self.client.get(f"/api/proofs/{pressed.json()['id']}")
        return dict(found.json())

    async def change(self, statement: str, *args: Any) -> None:
        def change() -> Transaction[None]:
            yield Sql(statement, args)

        await self.database.run(change())


class Twilio(HttpClient):
    """What would have left for an SMS provider."""

    def __init__(self, guard: AddressGuard) -> None:
        super().__init__(guard)
        self.asked: list[OutboundRequest] = []

    async def send(self, request: OutboundRequest, *_: Any) -> OutboundResponse:
        self.asked.append(request)
        body = b'{"sid": "SM1", "status": "queued"}'
        return OutboundResponse(201, {"content-type": "application/json"}, body)


@pytest.fixture
async def merchant(
    app: FastAPI,
    client: httpx.AsyncClient,
    database: Database,
    office: PostOffice,
    settings: Settings,
) -> AsyncIterator[Merchant]:
    """The owner, whose account has an e-mail address, and a workflow that never was on."""
    workflow_id, registry = new_id(), load_registry()
    async with database.write() as session:
        session.add(
            Workflow(
                workspace_id=1,
                id=workflow_id,
                name="Thanks",
                draft=chain(START, MAIL),
                created_at=now_ms(),
                updated_at=now_ms(),
            )
        )
    guard = AddressGuard([f"127.0.0.1:{office.port}"])
    async with Twilio(guard) as sending:
        vault = Vault(load_secret_key(settings))
        open_ones = OpenConnections(database, vault, registry, guard)
        post = OwnPost(database, WayOut(sending, open_ones, registry), app.state.codes)
        made = Merchant(client, database, office, post, workflow_id, sending)
        await made.change("UPDATE person SET email = $1 WHERE workspace_id = 1", OWN)
        yield made
