"""What the sandbox would have delivered, as people look for it."""

import httpx
import pytest

from cartwheel.clock import new_id
from cartwheel.database import Database
from cartwheel.outbox.models import OutboxMessage
from tests.conftest import HomeWorkspace
from tests.events.rows import add_event, add_run, add_workflow


async def add_message(database: Database, run_id: str, workflow_id: str, **given: object) -> str:
    """Store a message of a run."""
    fields = {
        "workspace_id": 1, "id": new_id(), "channel": "whatsapp", "to": "+48600100200",
        "text": "Cześć 🧡", "run_id": run_id, "node_id": "send", "workflow_id": workflow_id,
        "created_at": 1_000,
    }  # fmt: skip
    message = OutboxMessage(**{**fields, **given})  # type: ignore[arg-type]
    async with database.write() as session:
        session.add(message)
    return message.id


@pytest.fixture
async def run(database: Database, workspace: HomeWorkspace) -> tuple[str, str]:
    """A run and its workflow."""
    workflow_id = await add_workflow(database, "Thanks")
    return await add_run(database, await add_event(database), workflow_id), workflow_id


async def test_a_message_stands_beside_the_step_that_wrote_it(
    client: httpx.AsyncClient, database: Database, run: tuple[str, str]
) -> None:
    message_id = await add_message(database, *run, channel="email", subject="Hi", html="<p>Hi</p>")
    assert (await client.get("/api/outbox")).json() == {
        "items": [
            {
                "id": message_id, "channel": "email", "to": "+48600100200", "subject": "Hi",
                "text": "Cześć 🧡", "html": "<p>Hi</p>", "created_at": "1970-01-01T00:00:01.000Z",
                "run_id": run[0], "node_id": "send", "workflow_id": run[1],
                "workflow_name": "Thanks", "demo": False, "test": False,
            }
        ],
        "next": None,
    }  # fmt: skip


async def test_messages_are_listed_newest_first_page_by_page(
    client: httpx.AsyncClient, database: Database, run: tuple[str, str]
) -> None:
    times = (1_000, 1_000, 2_000, 3_000, 1_000)
    ids = [
        await add_message(database, *run, id=f"m{number}", created_at=moment)
        for number, moment in enumerate(times)
    ]
    first = (await client.get("/api/outbox?limit=3")).json()
    second = (await client.get("/api/outbox", params={"cursor": first["next"]})).json()
    shown = [each["id"] for each in first["items"] + second["items"]]
    assert shown == ["m3", "m2", "m4", "m1", "m0"]
    assert (sorted(shown), second["next"]) == (sorted(ids), None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_messages_are_found_by_channel_run_and_workflow(
    client: httpx.AsyncClient, database: Database, run: tuple[str, str]
) -> None:
    wanted = await add_message(database, *run)
    other_workflow = await add_workflow(database, "Other")
    other_run = await add_run(database, await add_event(database), other_workflow)
    await add_message(database, other_run, other_workflow, channel="sms")
    for query in ("channel=whatsapp", f"run_id={run[0]}", f"workflow_id={run[1]}"):
        items = (await client.get(f"/api/outbox?{query}")).json()["items"]
        assert [each["id"] for each in items] == [wanted], query


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("cursor", ["x", "1-", "-1", "9999999999999999-a", "١-a"])
async def test_a_made_up_cursor_is_pointed_out(client: httpx.AsyncClient, cursor: str) -> None:
    answer = await client.get("/api/outbox", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
