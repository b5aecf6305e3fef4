"""What becomes of a run when its mail server takes a message, refuses it, or is not there."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from cartwheel.clock import now_ms
from cartwheel.connections.models import Connection
from cartwheel.runs import revival
from cartwheel.statements import Sql
from tests.runs.conftest import START, Shop, Worker, chain, node, resting

MAIL = node(
    "mail",
    "action.send_email@1",
    to="{{ customer.email }}",
    subject="Order {{ order.name }}",
    body="Thank you, {{ customer.first_name }}.",
    connection="mail",
)


@dataclass
class Post:
    """A mail server of the shop's; `verdicts` are its answers to whole messages."""

    port: int = 0
    verdicts: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        verdict = self.verdicts.pop(0) if self.verdicts else "250 2.0.0 Ok: queued as 4F1A"
        if verdict.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.taken.append(envelope.content.decode())
        return verdict


@pytest.fixture
async def post(shop: Shop) -> AsyncIterator[Post]:
    """The shop's mail server, connected."""
    box, loop = Post(), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(box, hostname="localhost", loop=loop), "127.0.0.1", 0
    )
    box.port = server.sockets[0].getsockname()[1]
    now = now_ms()
    async with shop.database.write() as session:
        session.add(
            Connection(
                workspace_id=1,
                id="mail",
                app="smtp",
                name="Mail",
                settings={
                    "host": "127.0.0.1",
                    "port": box.port,
                    "security": "none",
                    "from_email": "anna@shop.example",
                },
                created_at=now,
                updated_at=now,
            )
        )
    yield box
    server.close()


@pytest.fixture
def trusted(post: Post) -> list[str]:
    return [f"127.0.0.1:{post.port}"]


async def test_a_mail_reaches_the_server_with_the_customers_name(
    shop: Shop, post: Post, worker: Worker
) -> None:
    await shop.activate(chain(START, MAIL))
    run = await resting(shop, worker, await shop.happen())
    assert run.status == "succeeded", run.error
    assert "Thank you, Anna." in post.taken[0]


async def test_a_server_that_refuses_fails_the_step_in_its_own_words(
    shop: Shop, post: Post, worker: Worker
) -> None:
    post.verdicts = ["550 5.1.1 No such mailbox here"]
    await shop.activate(chain(START, MAIL))
    run = await resting(shop, worker, await shop.happen())
    assert run.status == "failed"
    assert run.error is not None
    assert "No such mailbox here" in run.error.message
    rows = await shop.database.fetch(Sql("SELECT status FROM effect"))
    assert rows[0][0] == "refused"
    await revival.retry_run(shop.database, 1, run.id)
    again = await resting(shop, worker, run.event_id, "succeeded")
    assert (again.status, len(post.taken)) == ("succeeded", 1)


async def test_a_server_that_is_busy_is_tried_again_later(
    shop: Shop, post: Post, worker: Worker
) -> None:
    post.verdicts = ["451 4.7.1 Greylisted, come back later"]
    await shop.activate(chain(START, MAIL))
    run = await resting(shop, worker, await shop.happen(), "waiting")
    assert run.steps[-1].status == "retrying"
    assert run.wake_at is not None
