"""Connecting an account: tested before it is kept, changed with care, secrets one way."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from cartwheel.clock import new_id
from cartwheel.connections.rows import note_refused, public_connections
from cartwheel.connections.service import ensure_sandbox
from cartwheel.database import Database
from cartwheel.statements import Sql
from tests.connections.conftest import Provider
from tests.events.rows import add_workflow
from tests.outbound.test_mail import Mailbox
from tests.webhooks.senders import SHOP, signature

KEY, SECRET = "ck_0123456789abcdef", "cs_fedcba9876543210"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def shop(provider: Provider, **given: Any) -> dict[str, Any]:
    """A WooCommerce shop as somebody fills it in."""
    return {
        "app": "woocommerce",
        "name": "Tea shop",
        "settings": {"url": provider.url},
        "secrets": {"consumer_key": KEY, "consumer_secret": SECRET},
        **given,
    }


async def created(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/api/connections", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


# --- making ---


async def test_a_connection_is_tested_with_its_own_keys_and_kept(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    made = await created(client, shop(provider))
    assert b"GET /wp-json/wc/v3/orders?per_page=1" in provider.stub.requests[0]
    assert (
        b"Basic Y2tfMDEyMzQ1Njc4OWFiY2RlZjpjc19mZWRjYmE5ODc2NTQzMjEw" in (provider.stub.requests[0])
    )
    assert (made["status"], made["error"], made["is_sandbox"]) == ("ok", None, False)
    assert made["secrets"] == {
        "consumer_key": True,
        "consumer_secret": True,
        "signing_secret": True,
    }
    listed = (await client.get("/api/connections")).json()["items"]
    assert [each["id"] for each in listed] == [made["id"]]


async def test_no_answer_ever_holds_a_secret(client: httpx.AsyncClient, provider: Provider) -> None:
    made = await created(client, shop(provider))
    path = f"/api/connections/{made['id']}"
    answers = [
        await client.get("/api/connections"),
        await client.get(path),
        await client.patch(path, json={"name": "Tea"}),
        await client.post(f"{path}/test"),
    ]
    for answer in answers:
        assert KEY not in answer.text
        assert SECRET not in answer.text
        assert made["signing_secret"] not in answer.text


@on_sqlite
async def test_a_failing_test_is_told_in_the_providers_words_and_nothing_is_kept(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    provider.status = 401
    provider.body = b'{"code": "woocommerce_rest_cannot_view", "message": "Sorry, no."}'
    answer = await client.post("/api/connections", json=shop(provider))
    assert (answer.status_code, answer.json()["code"]) == (422, "connection_test_failed")
    assert "Sorry, no." in answer.json()["detail"]
    assert (await client.get("/api/connections")).json()["items"] == []


@on_sqlite
async def test_it_can_be_kept_anyway(client: httpx.AsyncClient, provider: Provider) -> None:
    provider.status = 500
    made = await created(client, shop(provider, save_anyway=True))
    assert made["status"] == "broken"
    assert made["error"]


@on_sqlite
async def test_a_provider_that_echoes_everything_gives_no_secret_away(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    provider.status, provider.echoes = 400, True
    refused = await client.post("/api/connections", json=shop(provider))
    kept = await client.post("/api/connections", json=shop(provider, save_anyway=True))
    for answer in (refused, kept):
        assert "You sent" in answer.text
        assert "Y2tfMDEyMzQ1Njc4OWFiY2RlZjpjc19mZWRjYmE5ODc2NTQzMjEw" not in answer.text
        assert SECRET not in answer.text


@on_sqlite
async def test_a_private_address_is_refused_by_the_guard(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    body = shop(provider, settings={"url": "http://169.254.169.254"})
    answer = await client.post("/api/connections", json=body)
    assert answer.json()["code"] == "connection_test_failed"


@on_sqlite
@pytest.mark.parametrize(
    ("given", "pointers"),
    [
        ({"app": "nothing"}, {"/app"}),
        ({"settings": {}}, {"/settings/url"}),
        ({"settings": {"url": "tea.example.com"}}, {"/settings/url"}),
        (
            {"settings": {"url": "https://a.example", "consumer_key": KEY}},
            {"/settings/consumer_key"},
        ),
        ({"secrets": {"consumer_key": "short"}}, {"/secrets/consumer_key"}),
        ({"secrets": {"password": "hunter2hunter2"}}, {"/secrets/password"}),
        ({"name": " "}, {"/name"}),
    ],
)  # fmt: skip
async def test_every_fault_has_its_place(
    client: httpx.AsyncClient, provider: Provider, given: dict[str, Any], pointers: set[str]
) -> None:
    answer = await client.post("/api/connections", json=shop(provider, **given))
    assert answer.status_code == 422
    assert {problem["pointer"] for problem in answer.json()["problems"]} == pointers
    assert provider.stub.requests == []


@on_sqlite
async def test_without_keys_there_is_nothing_to_test_yet(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    made = await created(client, shop(provider, secrets={}))
    assert (made["status"], provider.stub.requests) == ("untested", [])


@on_sqlite
@pytest.mark.parametrize(("password", "status"), [("open sesame", 201), ("wrong", 422)])
async def test_a_mail_server_is_asked_whether_it_lets_us_in(
    client: httpx.AsyncClient, post: Mailbox, password: str, status: int
) -> None:
    body = {
        "app": "smtp",
        "name": "Post",
        "settings": {
            "host": "127.0.0.1", "port": post.port, "security": "none", "username": "jo",
            "from_email": "shop@example.com",
        },
        "secrets": {"password": password},
    }  # fmt: skip
    answer = await client.post("/api/connections", json=body)
    assert answer.status_code == status, answer.text
    assert "wrong" not in answer.text
    assert post.envelopes == []


# --- webhooks ---


async def test_a_connected_program_gets_an_address_and_a_secret_that_work(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    made = await created(client, {"app": "standard", "name": "Till"})
    assert made["signing_secret"].startswith("whsec_")
    body = '{"type":"till.opened","data":{}}'
    headers = _standard_headers(made["signing_secret"], body)
    path = httpx.URL(made["hook_url"]).path
    assert (await anonymous.post(path, content=body, headers=headers)).status_code == 200


def _standard_headers(secret: str, body: str) -> dict[str, str]:
    moment, number = datetime.now(UTC), f"msg_{new_id()}"
    return {
        "webhook-id": number,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(number, moment, body),
    }


async def test_a_renewed_secret_and_the_former_one_both_count(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    made = await created(client, {"app": "standard", "name": "Till"})
    renewed = await client.post(f"/api/connections/{made['id']}/signing-secret")
    assert renewed.json()["former_valid_until"]
    path, body = httpx.URL(made["hook_url"]).path, '{"type":"till.opened","data":{}}'
    for secret in (made["signing_secret"], renewed.json()["signing_secret"]):
        headers = _standard_headers(secret, body)
        assert (await anonymous.post(path, content=body, headers=headers)).status_code == 200


@on_sqlite
async def test_shopifys_secret_is_pasted_not_made(client: httpx.AsyncClient) -> None:
    body = {"app": "shopify", "name": "Shop", "settings": {"shop": "tea.myshopify.com"}}
    made = await created(client, body)
    assert (made["signing_secret"], made["secrets"]["signing_secret"]) == (None, False)
    path = f"/api/connections/{made['id']}/signing-secret"
    assert (await client.post(path, json={})).status_code == 422
    pasted = await client.post(path, json={"secret": "shpss_0123456789"})
    assert pasted.json() == {"signing_secret": None, "former_valid_until": None}
    again = (await client.get(f"/api/connections/{made['id']}")).json()
    assert again["secrets"]["signing_secret"] is True


@on_sqlite
async def test_the_blanks_around_what_was_pasted_are_no_part_of_it(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    made = await created(
        client,
        {
            "app": "shopify",
            "name": "Shop",
            "settings": {"shop": f" {SHOP}\n"},
            "secrets": {"signing_secret": "shpss_0123456789\r\n"},
        },
    )
    body = b"{}"
    headers = {
        "X-Shopify-Hmac-Sha256": signature("shpss_0123456789", body),
        "X-Shopify-Topic": "stargates/opened",
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": "1",
    }
    assert made["settings"] == {"shop": SHOP}
    assert (await anonymous.post(made["hook_url"], content=body, headers=headers)).is_success


@on_sqlite
async def test_a_secret_of_the_wrong_shape_is_pointed_out(client: httpx.AsyncClient) -> None:
    made = await created(client, {"app": "standard", "name": "Till"})
    path = f"/api/connections/{made['id']}/signing-secret"
    answer = await client.post(path, json={"secret": "whsec_c2hvcnQ="})
    assert answer.json()["problems"][0]["pointer"] == "/secret"


# --- changing ---


async def test_a_new_name_needs_no_test(client: httpx.AsyncClient, provider: Provider) -> None:
    made = await created(client, shop(provider))
    changed = await client.patch(f"/api/connections/{made['id']}", json={"name": "Tea & Co"})
    assert (changed.json()["name"], len(provider.stub.requests)) == ("Tea & Co", 1)


@on_sqlite
async def test_a_new_key_is_tested_beside_the_old_ones(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    made = await created(client, shop(provider))
    await client.patch(
        f"/api/connections/{made['id']}", json={"secrets": {"consumer_key": "ck_new_one_here"}}
    )
    assert b"Basic Y2tfbmV3X29uZV9oZXJlOmNzX2ZlZGNiYTk4NzY1NDMyMTA=" in provider.stub.requests[1]


@on_sqlite
async def test_stored_secrets_do_not_follow_to_another_address(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    made = await created(client, shop(provider))
    path = f"/api/connections/{made['id']}"
    moved = {"settings": {"url": "https://thief.example.com"}, "save_anyway": True}
    answer = await client.patch(path, json=moved)
    assert answer.status_code == 422
    pointers = {problem["pointer"] for problem in answer.json()["problems"]}
    assert pointers == {"/secrets/consumer_key", "/secrets/consumer_secret"}
    assert (await client.get(path)).json()["settings"] == {"url": provider.url}


@on_sqlite
async def test_a_test_later_notes_what_became_of_it(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    made = await created(client, shop(provider))
    provider.status = 401
    tested = (await client.post(f"/api/connections/{made['id']}/test")).json()
    assert tested["status"] == "broken"
    provider.status = 200
    tested = (await client.post(f"/api/connections/{made['id']}/test")).json()
    assert (tested["status"], tested["error"]) == ("ok", None)


@on_sqlite
async def test_a_channel_has_one_default(client: httpx.AsyncClient, provider: Provider) -> None:
    first = await created(client, shop(provider, is_default=True))
    second = await created(client, shop(provider, is_default=True))
    listed = {each["id"]: each for each in (await client.get("/api/connections")).json()["items"]}
    assert (listed[first["id"]]["is_default"], listed[second["id"]]["is_default"]) == (False, True)


# --- ending ---


async def test_deleting_names_the_live_workflows_that_used_it(
    client: httpx.AsyncClient, database: Database, provider: Provider
) -> None:
    made = await created(client, shop(provider))
    config = {"connection": made["id"]}
    step = {"id": "a", "type": "action.add_tags@1", "config": config, "position": {"x": 0, "y": 0}}
    graph = {"schema": 1, "nodes": [step], "edges": [], "settings": {}}
    workflow_id = await add_workflow(database, "Tagging", graph)
    await add_workflow(database, "Other")
    answer = await client.delete(f"/api/connections/{made['id']}")
    assert answer.json() == {"workflows": [{"id": workflow_id, "name": "Tagging"}]}
    assert (await client.get(f"/api/connections/{made['id']}")).status_code == 404
    assert await database.fetch(Sql("SELECT 1 FROM connection_secret")) == []


async def test_the_sandbox_is_there_once_and_stays(
    client: httpx.AsyncClient, database: Database
) -> None:
    for _ in range(2):
        await ensure_sandbox(database, 1)
    [sandbox] = (await client.get("/api/connections")).json()["items"]
    assert (sandbox["app"], sandbox["is_sandbox"], sandbox["status"]) == ("sandbox", True, "ok")
    assert (await client.delete(f"/api/connections/{sandbox['id']}")).status_code == 409
    again = await client.post("/api/connections", json={"app": "sandbox", "name": "Two"})
    assert again.status_code == 409


async def test_a_refused_connection_is_noted_once(
    client: httpx.AsyncClient, database: Database, provider: Provider
) -> None:
    made = await created(client, shop(provider))
    (seen,) = [c.updated_at for c in await public_connections(database, 1) if c.id == made["id"]]
    noted = [
        await database.run(note_refused(1, made["id"], words, seen, 7))
        for words in ("No.", "Nope.")
    ]
    assert noted == [(True, True), (False, True)]
    shown = (await client.get(f"/api/connections/{made['id']}")).json()
    assert (shown["status"], shown["error"]) == ("broken", "No.")


async def test_a_refusal_of_what_was_mended_meanwhile_is_none(
    client: httpx.AsyncClient, database: Database, provider: Provider
) -> None:
    made = await created(client, shop(provider))
    (seen,) = [c.updated_at for c in await public_connections(database, 1) if c.id == made["id"]]
    await database.run(note_refused(1, made["id"], "No.", seen, 7))
    tested = await client.post(f"/api/connections/{made['id']}/test")
    assert tested.json()["status"] == "ok"
    assert await database.run(note_refused(1, made["id"], "Late.", seen, 8)) == (False, False)


@on_sqlite
@pytest.mark.parametrize("how", ["test", "change"])
async def test_what_cannot_be_tested_is_mended_by_asking_or_by_a_new_key(
    client: httpx.AsyncClient, database: Database, provider: Provider, how: str
) -> None:
    """The app has no test; whoever presses the button wants to see it tried."""
    settings = {"address": provider.url, "kind": "bearer"}
    made = await created(
        client, {"app": "http", "name": "ERP", "settings": settings, "secrets": {"secret": "a" * 9}}
    )
    (seen,) = [c.updated_at for c in await public_connections(database, 1) if c.id == made["id"]]
    await database.run(note_refused(1, made["id"], "No.", seen, 7))
    if how == "test":
        answer = await client.post(f"/api/connections/{made['id']}/test")
    else:
        change = {"secrets": {"secret": "b" * 9}}
        answer = await client.patch(f"/api/connections/{made['id']}", json=change)
    assert (answer.status_code, answer.json()["status"]) == (200, "untested")
    (mended,) = [c for c in await public_connections(database, 1) if c.id == made["id"]]
    assert not mended.is_refused
