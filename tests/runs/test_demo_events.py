"""What the demo shop made up never leaves, whatever accounts are connected."""

import pytest

from cartwheel.clock import now_ms
from cartwheel.connections.models import Connection
from tests.runs.conftest import START, Shop, Stub, Worker, chain, node, resting

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def connect(shop: Shop) -> None:
    """A real WhatsApp account, the usual one of the shop."""
    async with shop.database.write() as session:
        session.add(
            Connection(
                workspace_id=1,
                id="real",
                app="whatsapp",
                name="Our number",
                is_default=True,
                settings={"phone_number_id": "1"},
                created_at=now_ms(),
                updated_at=now_ms(),
            )
        )


@pytest.mark.parametrize("named", [{}, {"connection": "real"}])
async def test_a_message_goes_to_the_sandbox_although_a_real_account_is_connected(
    shop: Shop, worker: Worker, named: dict[str, str]
) -> None:
    await connect(shop)
    tell = node("tell", "action.send_whatsapp@1", to="{{ customer.phone }}", text="Hi", **named)
    await shop.activate(chain(START, tell))

    run = await resting(shop, worker, await shop.happen(source="demo"))

    assert (run.status, run.demo) == ("succeeded", True)
    assert await shop.count("outbox_message") == 1


async def test_a_call_is_refused_before_it_leaves_in_words_that_say_why(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    await shop.activate(
        chain(START, node("call", "action.http_request@1", method="POST", url=stub.url))
    )

    run = await resting(shop, worker, await shop.happen(source="demo"))

    assert stub.requests == []
    assert run.error is not None
    assert run.error.code == "demo_shop"
    assert "nothing was sent" in str(run.error.message)
    ours = await resting(shop, worker, await shop.happen())
    assert (ours.status, ours.demo) == ("succeeded", False)
    assert len(stub.requests) == 1
