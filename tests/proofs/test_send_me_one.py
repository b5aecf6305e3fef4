"""55: "Send me one" is a real message, to whoever asks and to nobody else."""

from typing import Any

import httpx

from cartwheel.accounts.throttle import FORGOTTEN_AFTER_MS
from cartwheel.clock import now_ms
from cartwheel.proofs.service import FREE_PROOFS
from cartwheel.statements import Sql
from tests.conftest import HomeWorkspace
from tests.proofs.conftest import CUSTOMER, MAIL, OWN, Merchant
from tests.runs.conftest import START, edge, node


async def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_it_arrives_as_the_step_writes_it_and_stands_in_the_outbox_as_a_test(
    merchant: Merchant,
) -> None:
    await merchant.verify()
    assert await merchant.outcome(await merchant.press()) == {
        **(await outbox_id(merchant)), "status": "sent", "channel": "email", "to": OWN,
        "error": None,
    }  # fmt: skip
    letter = merchant.office.letters[-1]
    assert merchant.office.receivers == [OWN]
    assert (letter["To"], letter["Subject"], letter["Reply-To"]) == (
        OWN, "Order #1042", "help@shop.example",
    )  # fmt: skip
    assert merchant.office.text().strip() == "Thank you, Anna."
    shown = (await merchant.client.get("/api/outbox")).json()["items"][0]
    assert (shown["test"], shown["run_id"], shown["to"]) == (True, None, OWN)
    assert (shown["workflow_name"], shown["text"].strip()) == ("Thanks", "Thank you, Anna.")


async def outbox_id(merchant: Merchant) -> dict[str, Any]:
    rows = await merchant.database.fetch(Sql("SELECT id FROM dispatch WHERE kind = 'proof'"))
    return {"id": rows[0][0]}


async def test_nothing_else_of_the_workflow_happens(merchant: Merchant) -> None:
    await merchant.verify()
    ask = node("ask", "action.http_request@1", method="POST", url="https://shop.example/pay")
    other = {**MAIL, "id": "other"}
    done = await merchant.outcome(await merchant.press(other, ask, MAIL))
    assert (done["status"], merchant.office.receivers) == ("sent", [OWN])
    for table in ("run", "effect", "event", "step"):
        assert await count(merchant, table) == 0


async def count(merchant: Merchant, table: str) -> int:
    rows = await merchant.database.fetch(Sql(f"SELECT count(*) FROM {table}"))
    return int(rows[0][0])


async def test_one_press_is_one_message(merchant: Merchant) -> None:
    await merchant.verify()
    first = await merchant.press(press="pressed-once")
    again = await merchant.press(press="pressed-once")
    await merchant.outcome(again)
    third = await merchant.press(press="pressed-once")
    await merchant.outcome(third)
    assert first.json()["id"] == third.json()["id"]
    assert merchant.office.receivers == [OWN]


async def test_without_a_verified_address_nothing_leaves(merchant: Merchant) -> None:
    answer = await merchant.press()
    assert await refused(answer) == (409, "address_not_verified")
    assert answer.json()["kind"] == "email"
    await merchant.post.deliver_due()
    assert merchant.office.receivers == []


async def test_an_address_given_up_in_the_last_moment_receives_nothing(merchant: Merchant) -> None:
    await merchant.verify()
    pressed = await merchant.press()
    assert (await merchant.client.delete("/api/own-addresses/email")).status_code == 204
    assert (await merchant.outcome(pressed))["status"] == "refused"
    assert merchant.office.receivers == []


async def test_the_sandbox_is_said_to_deliver_nothing(merchant: Merchant) -> None:
    await merchant.verify()
    step = {**MAIL, "config": {**MAIL["config"], "connection": "sandbox"}}
    assert await refused(await merchant.press(step)) == (409, "sandbox_in_use")
    gone = {**MAIL, "config": {**MAIL["config"], "connection": "gone"}}
    assert (await refused(await merchant.press(gone)))[0] in {409, 422}


async def test_a_step_that_cannot_be_written_says_why(merchant: Merchant) -> None:
    await merchant.verify()
    step = {**MAIL, "config": {**MAIL["config"], "to": "{{ customer.nickname }}"}}
    answer = await merchant.press(step)
    assert await refused(answer) == (422, "step_failed")
    assert "To" in answer.json()["detail"]


async def test_a_step_that_the_event_does_not_reach_says_so(merchant: Merchant) -> None:
    await merchant.verify()
    rules = [{"field": "order.total", "operator": ">", "value": "500"}]
    check = node("check", "condition.if@1", rules={"combinator": "and", "rules": rules})
    graph = {
        "schema": 1, "nodes": [START, check, MAIL], "settings": {},
        "edges": [edge("start", "check"), edge("check", "mail", "then")],
    }  # fmt: skip
    assert await refused(await merchant.press(graph=graph)) == (409, "step_not_reached")


async def test_only_a_message_to_one_person_can_be_had(merchant: Merchant) -> None:
    await merchant.verify()
    for step in (
        node("ask", "action.http_request@1", method="GET", url="https://shop.example"),
        node("tag", "action.add_tags@1", target="order", tags=["x"]),
        node("row", "data.save_row@1", table="t", cells={}),
        node("team", "action.slack_message@1", channel="#all", text="Hi"),
    ):
        assert await refused(await merchant.press(step)) == (422, "cannot_be_tried"), step["type"]
    assert await refused(await merchant.press(node_id="nobody")) == (422, "no_such_step")


async def test_what_the_mail_server_says_is_told(merchant: Merchant) -> None:
    await merchant.verify()
    merchant.office.verdicts = ["554 looks like spam"]
    done = await merchant.outcome(await merchant.press())
    assert done["status"] == "refused"
    assert "looks like spam" in done["error"]
    assert "Ask your mail service" in done["error"]
    assert (await merchant.client.get("/api/outbox")).json()["items"] == []


async def test_a_server_that_is_busy_is_asked_again(merchant: Merchant) -> None:
    await merchant.verify()
    merchant.office.verdicts = ["451 try again later"]
    pressed = await merchant.press()
    assert (await merchant.outcome(pressed))["status"] == "due"
    await merchant.change("UPDATE dispatch SET due_at = 0 WHERE due_at IS NOT NULL")
    assert (await merchant.outcome(pressed))["status"] == "sent"


async def test_one_that_was_on_its_way_when_the_worker_died_is_not_sent_again(
    merchant: Merchant,
) -> None:
    await merchant.verify()
    pressed = await merchant.press()
    await merchant.change("UPDATE dispatch SET status = 'sending', lease_until = 1")
    assert (await merchant.outcome(pressed))["status"] == "unknown"
    assert merchant.office.receivers == []


async def test_presses_are_counted(merchant: Merchant, workspace: HomeWorkspace) -> None:
    await merchant.verify()
    key, now = f"proofs:1:{workspace.owner_id}", now_ms()
    await merchant.change(
        "INSERT INTO login_throttle (key, failures, blocked_until, updated_at) "
        "VALUES ($1, $2, $3, $4)",
        key, FREE_PROOFS, now + FORGOTTEN_AFTER_MS, now,
    )  # fmt: skip
    answer = await merchant.press()
    assert await refused(answer) == (429, "too_many_attempts")
    assert answer.json()["detail"].startswith("Messages were sent to you too often.")
    await merchant.post.deliver_due()
    assert merchant.office.receivers == []


async def test_a_program_cannot_have_one(
    token_client: httpx.AsyncClient, merchant: Merchant
) -> None:
    await merchant.verify()
    owner, merchant.client = merchant.client, token_client
    assert await refused(await merchant.press()) == (403, "forbidden")
    merchant.client = owner


async def test_refusals_are_said_in_polish_too(merchant: Merchant) -> None:
    merchant.client.headers["Accept-Language"] = "pl"
    assert (await merchant.press()).json()["detail"].startswith("Najpierw potwierdź")


async def test_whoever_the_customer_is_the_one_who_asked_receives_it(merchant: Merchant) -> None:
    await merchant.verify()
    for to in (CUSTOMER, "{{ order.name | append: '@evil.example' | remove: '#' }}", OWN):
        step = {**MAIL, "config": {**MAIL["config"], "to": to}}
        assert (await merchant.outcome(await merchant.press(step)))["to"] == OWN
    assert set(merchant.office.receivers) == {OWN}
