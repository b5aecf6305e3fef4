"""Buttons in Slack: signed presses decide once, and the message says what became of it."""

import asyncio
import hashlib
import hmac
import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson
import pytest
from fastapi import FastAPI

from cartwheel.approvals.letters import written
from cartwheel.approvals.tasks import Postman
from cartwheel.clock import now_ms, to_ms
from cartwheel.connections.hooks import SIGNING_SECRET
from cartwheel.connections.models import Connection, ConnectionSecret
from cartwheel.connections.open import OpenConnections
from cartwheel.connections.vault import SecretPlace, Vault, load_secret_key
from cartwheel.database import Database
from cartwheel.node_sdk import Delivery
from cartwheel.outbound.exchange import OutboundRequest, OutboundResponse
from cartwheel.outbound.guard import AddressGuard
from cartwheel.settings import Settings
from cartwheel.statements import Sql
from node_catalog.apps.slack import signature
from tests.approvals.conftest import Desk, asking

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
ASK: dict[str, Any] = {
    "title": "Refund {{ order.total }} <!channel>?",
    "people": ["owner"],
    "connection": "team",
    "channel": "#approvals",
}


@dataclass
class FakeSlack:
    """Takes calls instead of Slack, and answers as it does."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refuses: bool = False

    async def send(self, request: OutboundRequest) -> OutboundResponse:
        self.calls.append((request.url.rpartition("/")[2], orjson.loads(request.body)))
        told: dict[str, Any] = {"ok": True, "channel": "C024BE91L", "ts": "1763716805.000200"}
        if self.refuses:
            told = {"ok": False, "error": "message_not_found"}
        return OutboundResponse(200, {"content-type": "application/json"}, orjson.dumps(told))


class Team:
    """People in a channel of Slack's."""

    def __init__(self, desk: Desk, slack: FakeSlack, client: httpx.AsyncClient) -> None:
        self.desk, self.slack, self.client = desk, slack, client

    async def asked(self, **config: Any) -> str:
        """A question stands in the channel; returns the secret of its buttons."""
        await self.desk.ask(**{**ASK, **config})
        await self.desk.postman.deliver_due()
        method, message = self.slack.calls[-1]
        assert (method, message["channel"]) == ("chat.postMessage", "#approvals")
        return str(buttons(message)["approved"])

    async def press(
        self,
        value: str,
        decision: str = "approved",
        user: str = "U1",
        comment: str | None = None,
        **how: Any,
    ) -> httpx.Response:
        return await self.send(pressed(value, decision, user, comment), **how)

    async def send(
        self, body: bytes, *, secret: str = SECRET, age: int = 0, key: str = "team-key"
    ) -> httpx.Response:
        sent_at = str(int(time.time()) - age)
        signed = f"v0:{sent_at}:".encode() + body
        made = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        headers = {
            "X-Slack-Request-Timestamp": sent_at,
            "X-Slack-Signature": f"v0={made}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return await self.client.post(f"/hooks/slack/{key}", content=body, headers=headers)


def pressed(value: str, decision: str, user: str, comment: str | None = None) -> bytes:
    """A form as Slack posts it; a field that was left empty has the value null."""
    typed = {"comment": {"comment": {"type": "plain_text_input", "value": comment}}}
    payload = {
        "type": "block_actions",
        "user": {"id": user, "username": f"name-{user}", "team_id": "T1"},
        "actions": [{"type": "button", "action_id": decision, "value": value}],
        "state": {"values": typed},
    }
    return urlencode({"payload": orjson.dumps(payload).decode()}).encode()


def buttons(message: dict[str, Any]) -> dict[str, str]:
    rows = [block for block in message["blocks"] if block["type"] == "actions"]
    return {each["action_id"]: each["value"] for row in rows for each in row["elements"]}


@pytest.fixture
def vault(settings: Settings) -> Vault:
    """The installation's."""
    return Vault(load_secret_key(settings))


@pytest.fixture
async def team(
    desk: Desk, database: Database, vault: Vault, app: FastAPI, anonymous: httpx.AsyncClient
) -> Team:
    """A Slack team that the shop knows, with the postman on its way there."""
    await connect(database, vault, "team")
    slack = FakeSlack()
    way_out = desk.worker.driver._way_out
    opened = OpenConnections(database, vault, way_out.registry, AddressGuard(()))
    way_out = replace(way_out, client=slack, connections=opened)  # type: ignore[arg-type]
    desk.postman = Postman(database, way_out, app.state.links, "http://c")
    return Team(desk, slack, anonymous)


async def connect(database: Database, vault: Vault, name: str) -> None:
    now = now_ms()
    async with database.write() as session:
        session.add(
            Connection(
                workspace_id=1, id=name, app="slack", name=name, hook_key=f"{name}-key",
                created_at=now, updated_at=now,
            )
        )  # fmt: skip
        await session.flush()
        for field_name, value in ((SIGNING_SECRET, SECRET), ("bot_token", "xoxb-" + "1" * 20)):
            sealed = vault.seal(SecretPlace(1, name, field_name), value)
            session.add(
                ConnectionSecret(
                    workspace_id=1, connection_id=name, field=field_name, key_id=sealed.key_id,
                    ciphertext=sealed.ciphertext, created_at=now,
                )
            )  # fmt: skip


def test_the_vendors_own_vector_is_genuine() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015"
        b".47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = {
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    delivery = Delivery(headers, body, {}, None)  # type: ignore[arg-type]
    assert signature.is_genuine(delivery, SECRET)
    assert not signature.is_genuine(replace(delivery, body=body + b" "), SECRET)


async def test_a_press_decides_and_the_message_says_who_did(team: Team) -> None:
    secret = await team.asked()
    assert (await team.press(secret)).json() == {}
    port, given = await team.desk.end()
    assert (port, given["decided_by"]) == ("approved", "name-U1 (Slack U1)")
    await team.desk.postman.deliver_due()
    method, message = team.slack.calls[-1]
    assert (method, message["channel"], message["ts"]) == (
        "chat.update", "C024BE91L", "1763716805.000200",
    )  # fmt: skip
    assert "Approved by name-U1 (Slack U1)." in message["text"]
    assert "<!channel>" not in message["text"]
    assert not buttons(message)


async def test_what_was_written_above_the_button_comes_along_with_it(team: Team) -> None:
    secret = await team.asked()
    asked = team.slack.calls[-1][1]["blocks"]
    assert [block["block_id"] for block in asked if block["type"] == "input"] == ["comment"]
    await team.press(secret, "refused", comment=" Too much <!channel> ")
    port, given = await team.desk.end()
    assert (port, given["comment"]) == ("refused", "Too much <!channel>")
    await team.desk.postman.deliver_due()
    message = team.slack.calls[-1][1]
    assert "Refused by name-U1 (Slack U1). “Too much &lt;!channel&gt;”" in message["text"]
    assert not [block for block in message["blocks"] if block["type"] == "input"]


async def test_what_is_forged_or_old_or_for_another_connection_changes_nothing(
    team: Team, database: Database, vault: Vault
) -> None:
    secret = await team.asked()
    await connect(database, vault, "other")
    refused = [
        await team.press(secret, secret="f" * 32),
        await team.press(secret, age=301),
        await team.press(secret, age=-302),
        await team.press(secret, key="nobodys-key"),
        await team.client.post("/hooks/slack/team-key", content=pressed(secret, "approved", "U1")),
    ]
    assert [answer.status_code for answer in refused] == [401] * 5
    assert (await team.press(secret, key="other-key")).status_code == 404
    assert (await team.press("A" * 43)).status_code == 404
    assert (await team.client.get(f"/approve/{secret}")).status_code == 404
    assert (await team.client.get(f"/approve/slack:{secret}")).status_code == 404
    assert (await team.send(b"nothing=here")).status_code == 422
    approval = (await team.desk.client.get("/api/approvals")).json()["items"][0]
    assert (approval["status"], approval["approvers"][0]["decision"]) == ("open", None)


async def test_pressing_twice_at_once_is_one_decision_and_the_second_is_told_who_and_when(
    team: Team,
) -> None:
    secret = await team.asked()
    answers = await asyncio.gather(team.press(secret), team.press(secret, "refused", "U2"))
    late = [answer.json()["text"] for answer in answers if answer.json()]
    port, given = await team.desk.end()
    assert len(given["answers"]) == len(late) == 1
    when = written(to_ms(datetime.fromisoformat(given["decided_at"])))
    assert late == [f"This was decided already: {port} by {given['decided_by']} at {when}."]


async def test_one_person_in_slack_is_never_two_of_four_eyes(team: Team) -> None:
    secret = await team.asked(people=["owner", "ben@shop.example"], rule="all")
    body = pressed(secret, "approved", "U1")
    await team.send(body)
    await team.send(body)  # The same delivery once more.
    await team.desk.postman.deliver_due()
    assert buttons(team.slack.calls[-1][1])  # It still asks, and says who has answered.
    assert "Approved by name-U1 (Slack U1)." in team.slack.calls[-1][1]["text"]
    await team.press(secret, user="U2")
    port, given = await team.desk.end()
    assert port == "approved"
    assert [each["who"] for each in given["answers"]] == [
        "name-U1 (Slack U1)", "name-U2 (Slack U2)",
    ]  # fmt: skip


async def test_a_decision_on_the_page_shows_in_slack_and_may_fail_to(
    team: Team, database: Database
) -> None:
    secret = await team.asked()
    team.slack.refuses = True
    found = (await team.desk.client.get("/api/approvals")).json()["items"][0]
    await team.desk.client.post(f"/api/approvals/{found['id']}", json={"decision": "refused"})
    await team.desk.postman.deliver_due()
    assert team.slack.calls[-1][0] == "chat.update"
    port, _ = await team.desk.end()
    assert port == "refused"
    found = (await team.desk.client.get(f"/api/approvals/{found['id']}")).json()
    assert found["undelivered"] == []
    for table in ("approval", "approver", "letter", "effect", "step", "token"):
        rows = await database.fetch(Sql(f"SELECT * FROM {table}"))
        assert secret not in repr([tuple(row) for row in rows]), table


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_slack_without_a_channel_is_told_before_it_runs(team: Team) -> None:
    async def codes(**config: Any) -> list[str]:
        graph = asking(**{**ASK, **config})
        told = await team.desk.client.post("/api/workflows/validate", json={"graph": graph})
        return [each["code"] for each in told.json()["problems"] if each["node_id"] == "ask"]

    assert await codes() == []
    assert await codes(channel="") == ["channel_missing"]
    assert await codes(emails=["ben@shop.example"]) == ["approver_unreachable"]


async def test_the_sandbox_shows_what_would_stand_in_slack(team: Team) -> None:
    await team.desk.ask(**{**ASK, "connection": "sandbox"})
    await team.desk.postman.deliver_due()
    shown = (await team.desk.client.get("/api/outbox")).json()["items"]
    slack = next(each for each in shown if each["channel"] == "slack")
    assert slack["to"] == "#approvals"
    assert slack["text"].endswith("[Approve] [Refuse]")
    assert not team.slack.calls
