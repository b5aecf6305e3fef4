"""62: the owner hears of failures that pass the limit: once, with the way to the runs."""

import asyncio

import pytest

from cartwheel.catalog.registry import load_registry
from cartwheel.clock import now_ms
from cartwheel.connections.models import Connection
from cartwheel.database import Database
from cartwheel.notices.tasks import Watch
from cartwheel.notices.troubles import failing_workflows, refused_connections
from cartwheel.statements import Sql
from tests.accounts.objects import make_workspace
from tests.notices.conftest import BASE, Owner
from tests.proofs.conftest import OWN

HOUR, DAY = 3_600_000, 86_400_000
FAILED, DONE = "failed", "succeeded"
# What depends on no statement of its own; SQLite is the quicker one.
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_three_failures_within_an_hour_are_told_with_the_way_to_the_runs(
    owner: Owner,
) -> None:
    workflow_id = await owner.workflow()
    await owner.ended(workflow_id, DONE, DONE, FAILED, FAILED)
    assert await owner.look() == []
    (newest,) = await owner.ended(workflow_id, "quarantined")
    assert await owner.look() == ["“Test” fails"]
    assert owner.office.receivers == [OWN]
    text = owner.office.text()
    for part in (
        "“Test”: of 5 runs within the last hour, 3 failed.",
        "At the step “HTTP request”: The mail server refused the message. Look at the address.",
        f"{BASE}/runs/{newest}",
        f"{BASE}/runs?workflow={workflow_id}&status=failed",
        "stays done and is not done again",
        f"{BASE}/settings#letters",
    ):
        assert part in text


async def test_a_workflow_of_which_the_last_five_failed_is_told_though_it_runs_seldom(
    owner: Owner,
) -> None:
    workflow_id = await owner.workflow()
    await owner.ended(workflow_id, DONE, *[FAILED] * 4, ago=2 * DAY)
    assert await owner.look() == []
    await owner.ended(workflow_id, FAILED)
    assert await owner.look() == ["“Test” fails"]


async def test_it_is_told_once_then_once_a_day_while_it_lasts(owner: Owner) -> None:
    workflow_id = await owner.workflow()
    await owner.ended(workflow_id, *[FAILED] * 3)
    assert len(await owner.look(times=3)) == 1
    await owner.pass_time(3 * HOUR)
    await owner.ended(workflow_id, *[FAILED] * 3)
    assert await owner.look() == []
    await owner.pass_time(22 * HOUR)
    await owner.ended(workflow_id, *[FAILED] * 3)
    assert await owner.look() == ["Reminder: “Test” fails"]
    assert "You were first told on" in owner.office.text()


async def test_what_was_mended_and_fails_again_is_told_again_but_not_within_the_hour(
    owner: Owner,
) -> None:
    workflow_id = await owner.workflow()
    await owner.ended(workflow_id, *[FAILED] * 3)
    assert len(await owner.look()) == 1
    await owner.pass_time(HOUR - 120_000)
    await owner.ended(workflow_id, DONE, FAILED, FAILED, FAILED)
    assert await owner.look() == []
    await owner.pass_time(2 * HOUR)
    await owner.ended(workflow_id, DONE, FAILED, FAILED, FAILED)
    assert await owner.look() == ["“Test” fails"]


@sqlite
async def test_workflows_that_fail_together_and_a_refused_connection_are_one_letter(
    owner: Owner,
) -> None:
    for _ in range(2):
        await owner.ended(await owner.workflow(), *[FAILED] * 3)
    now = now_ms()
    async with owner.database.write() as session:
        session.add(
            Connection(
                workspace_id=1, id="shop", app="shopify", name="Fern", error="Token expired.",
                refused_at=now, created_at=now, updated_at=now,
            )
        )  # fmt: skip
    assert await owner.look(times=2) == ["“Fern” and more need you"]
    assert "Token expired." in owner.office.text()
    assert owner.office.text().count("3 failed.") == 2


@sqlite
async def test_what_fails_within_minutes_of_a_letter_waits_for_the_next(owner: Owner) -> None:
    await owner.ended(await owner.workflow(), *[FAILED] * 3)
    assert len(await owner.look()) == 1
    await owner.ended(await owner.workflow(), *[FAILED] * 3)
    assert await owner.look() == []
    await owner.pass_time(11 * 60_000)
    assert len(await owner.look()) == 1


async def test_two_workers_that_look_at_once_write_one_letter(
    owner: Owner, database_url: str
) -> None:
    await owner.ended(await owner.workflow(), *[FAILED] * 3)
    other = await Database.open(database_url)
    watches = [*owner.watches, Watch(other, load_registry(), BASE)]
    try:
        told = await asyncio.gather(*(watch.look() for watch in watches for _ in range(3)))
    finally:
        await other.close()
    assert sorted(told) == [0] * 5 + [1]
    assert await owner.count() == 1


@sqlite
async def test_a_letter_is_in_its_readers_language(owner: Owner) -> None:
    owner_id = (await owner.merchant.client.get("/api/notices")).json()["people"][0]["id"]
    wish = {"wants": True, "language": "pl"}
    await owner.merchant.client.put(f"/api/notices/people/{owner_id}", json=wish)
    await owner.ended(await owner.workflow(), *[FAILED] * 3)
    assert await owner.look() == ["„Test”: nieudane przebiegi"]
    for part in ("Nic nie przepadło", "W kroku „Żądanie HTTP”:"):
        assert part in owner.office.text()


@sqlite
async def test_what_a_provider_says_is_no_html(owner: Owner) -> None:
    await owner.ended(await owner.workflow(), *[FAILED] * 3)
    await owner.merchant.change("""UPDATE run SET error = '{"message": "<b>No</b> & {0}"}'""")
    await owner.look()
    assert "<b>No</b> & {0}" in owner.office.text()
    page = owner.office.letters[-1].get_body(("html",))
    assert page is not None
    assert "&lt;b&gt;No&lt;/b&gt; &amp; {0}" in page.get_content()


@sqlite
async def test_a_busy_mail_server_is_asked_again_for_hours(owner: Owner) -> None:
    await owner.ended(await owner.workflow(), *[FAILED] * 3)
    owner.office.verdicts = ["451 later"] * 6
    for _ in range(6):
        await owner.look()
        await owner.merchant.change("UPDATE dispatch SET due_at = 0 WHERE due_at IS NOT NULL")
    assert len(await owner.look()) == 1


async def test_a_letter_that_is_refused_for_good_is_shown_until_one_arrives(owner: Owner) -> None:
    async def lost() -> object:
        seen = (await owner.merchant.client.get("/api/notices")).json()
        return seen["people"][0]["lost_letter"]

    await owner.ended(await owner.workflow(), *[FAILED] * 3)
    assert await lost() is None
    owner.office.verdicts = ["451 later", "550 5.7.1 Spam"]
    await owner.look()
    waits = await lost()
    assert isinstance(waits, dict)
    assert (waits["status"], waits["to"]) == ("due", OWN)
    await owner.merchant.change("UPDATE dispatch SET due_at = 0 WHERE due_at IS NOT NULL")
    await owner.look()
    refused = await lost()
    assert isinstance(refused, dict)
    assert (refused["status"], refused["to"]) == ("refused", OWN)
    assert "5.7.1 Spam" in refused["error"]
    pressed = await owner.merchant.client.post("/api/notices/test", json={"press": "mended-now"})
    assert (await owner.merchant.outcome(pressed))["status"] == "sent"
    assert await lost() is None


@sqlite
async def test_a_test_letter_comes_once_for_a_press_to_whoever_pressed(owner: Owner) -> None:
    client = owner.merchant.client
    for _ in range(2):
        pressed = await client.post("/api/notices/test", json={"press": "pressed-once"})
        done = await owner.merchant.outcome(pressed)
        assert (done["status"], done["to"]) == ("sent", OWN)
    assert [str(each["Subject"]) for each in owner.office.letters] == [
        "A test letter from Cartwheel"
    ]
    await owner.merchant.change("UPDATE own_address SET verified_at = NULL")
    refused = await client.post("/api/notices/test", json={"press": "pressed-again"})
    assert (refused.status_code, refused.json()["code"]) == (409, "address_not_verified")


@sqlite
@pytest.mark.parametrize(
    "reason",
    [
        "UPDATE own_address SET verified_at = NULL",
        "UPDATE connection SET deleted_at = 1 WHERE id = 'mail'",
        "INSERT INTO notice_setting (workspace_id, failures, told_at) VALUES (1, 0, 0)",
        "INSERT INTO notice_reader (workspace_id, person_id, wants) "
        "SELECT 1, id, false FROM person",
        "UPDATE workflow SET deleted_at = 1",
    ],
)
async def test_nobody_is_written_to_who_cannot_or_does_not_want_to_be(
    owner: Owner, reason: str
) -> None:
    await owner.ended(await owner.workflow(), *[FAILED] * 3)
    await owner.merchant.change(reason)
    assert await owner.look() == []
    assert await owner.count() == 0


@sqlite
async def test_t9_the_failures_of_one_shop_never_reach_another_ones_people(owner: Owner) -> None:
    await make_workspace(owner.database, 2)
    theirs = await owner.workflow(workspace_id=2)
    await owner.ended(theirs, *[FAILED] * 9, workspace_id=2)
    await owner.merchant.change(
        "INSERT INTO connection (workspace_id, id, app, name, settings, status, refused_at, "
        "is_default, created_at, updated_at) "
        "VALUES (2, 'c', 'shopify', 'Theirs', '{}', 'ok', 1, false, 1, 1)"
    )
    assert await owner.look() == []
    seen = (await owner.merchant.client.get("/api/troubles")).json()
    assert seen == {"items": [], "connections": []}
    await owner.ended(await owner.workflow(), *[FAILED] * 3)
    assert await owner.look() == ["“Test” fails"]
    rows = await owner.database.fetch(Sql("SELECT DISTINCT workspace_id FROM told_trouble"))
    assert [row[0] for row in rows] == [1]


@sqlite
async def test_the_screen_names_what_fails_though_nobody_is_written_to(owner: Owner) -> None:
    workflow_id = await owner.workflow()
    *_, newest = await owner.ended(workflow_id, *[FAILED] * 3)
    await owner.merchant.client.patch("/api/notices", json={"failures": 0})
    seen = (await owner.merchant.client.get("/api/troubles")).json()["items"]
    assert seen == [
        {"workflow_id": workflow_id, "workflow_name": "Test", "failed": 3, "newest_run_id": newest}
    ]


@sqlite
async def test_failures_are_found_by_their_time_however_many_runs_there_were(
    owner: Owner,
) -> None:
    """25 ms for each look beside 300,000 runs, when SQLite went through all that ever failed."""
    for asked in (failing_workflows(1), failing_workflows(1, 1), refused_connections()):
        rows = await owner.database.fetch(Sql("EXPLAIN QUERY PLAN " + asked.text, asked.args))
        plan = [str(row[3]) for row in rows]
        lookups = [line for line in plan if line.split()[1] in {"r", "c"}]
        assert lookups
        for line in lookups:
            assert (
                "run_failed_at (finished_at>?)" in line
                or "run_newest (w" in line
                or ("connection_refused (refused_at>?)" in line)
            ), plan
