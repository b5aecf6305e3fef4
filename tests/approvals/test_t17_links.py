"""TRUST.md T17: a link is looked at by scanners, decides once, and belongs to one person."""

import asyncio
from datetime import datetime

import httpx
import pytest
from fastapi import FastAPI

from cartwheel.accounts.tokens import add_token
from cartwheel.approvals.letters import written
from cartwheel.clock import to_ms
from cartwheel.database import Database
from cartwheel.statements import Sql
from tests.accounts.objects import make_workspace
from tests.approvals.conftest import ASK, Desk
from tests.conftest import browser
from tests.runs.conftest import Hire

APPROVE = {"decision": "approved", "comment": "Go ahead."}


async def test_a_scanner_that_looks_a_hundred_times_decides_nothing(
    desk: Desk, anonymous: httpx.AsyncClient
) -> None:
    asked = await desk.ask(**ASK)
    link = (await desk.links())["anna@example.com"]
    for _ in range(50):
        page = await anonymous.get(link)
        assert page.status_code == 200
        await anonymous.head(link)
    assert "Refund 120.00 for #1042?" in page.text
    assert "Anna sent everything back." in page.text
    now = (await desk.client.get(f"/api/approvals/{asked['id']}")).json()
    assert (now["status"], now["approvers"][0]["decision"]) == ("open", None)


async def test_pressing_twice_at_once_is_one_decision_and_the_second_is_told_who_and_when(
    desk: Desk, anonymous: httpx.AsyncClient
) -> None:
    await desk.ask(**ASK)
    link = (await desk.links())["anna@example.com"]
    answers = await asyncio.gather(
        anonymous.post(link, data=APPROVE), anonymous.post(link, data={"decision": "refused"})
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    port, given = await desk.end()
    assert len(given["answers"]) == 1
    late = next(answer for answer in answers if answer.status_code == 409)
    when = written(to_ms(datetime.fromisoformat(given["decided_at"])))
    assert f"{port} by anna@example.com at {when}" in late.text
    assert "<button" not in late.text


async def test_a_worker_that_died_in_between_loses_nothing(
    desk: Desk, anonymous: httpx.AsyncClient, hire: Hire
) -> None:
    await desk.ask(**ASK)
    link = (await desk.links())["anna@example.com"]
    await desk.worker.kill()
    assert (await anonymous.post(link, json=APPROVE)).status_code == 200
    desk.worker = await hire()
    port, given = await desk.end()
    assert (port, given["decided_by"], given["comment"]) == (
        "approved", "anna@example.com", "Go ahead.",
    )  # fmt: skip


async def test_another_workspaces_people_cannot_use_it(
    desk: Desk, app: FastAPI, database: Database, anonymous: httpx.AsyncClient
) -> None:
    await desk.ask(**ASK)
    link = (await desk.links())["anna@example.com"]
    await make_workspace(database, 2)
    _, token = await add_token(database, 2, "theirs")
    async with browser(app) as theirs:
        theirs.headers["Authorization"] = f"Bearer {token}"
        found = [await theirs.get(link), await theirs.post(link, json=APPROVE)]
    unknown = await anonymous.get("/approve/" + "A" * 43)
    assert [answer.status_code for answer in (*found, unknown)] == [404, 404, 404]
    assert found[0].json() == unknown.json()
    assert (await anonymous.get(link)).status_code == 200


async def test_a_link_whose_time_is_up_says_so_and_decides_nothing(
    desk: Desk, anonymous: httpx.AsyncClient
) -> None:
    await desk.ask(**ASK, amount=1, unit="hours")
    link = (await desk.links())["anna@example.com"]
    await desk.let_time_pass(3_600_000)
    assert (await anonymous.get(link)).status_code == 410
    assert (await anonymous.post(link, json=APPROVE)).status_code == 409
    port, given = await desk.end()
    assert (port, given["answers"]) == ("timed_out", [])


async def test_the_token_stands_nowhere_in_the_book(
    desk: Desk, anonymous: httpx.AsyncClient, database: Database
) -> None:
    await desk.ask(**ASK)
    token = (await desk.links())["anna@example.com"].rpartition("/")[2]
    await anonymous.post(f"/approve/{token}", json=APPROVE)
    await desk.end()
    for table in ("approval", "approver", "letter", "effect", "outbox_message", "step", "token"):
        rows = await database.fetch(Sql(f"SELECT * FROM {table}"))
        assert rows or table == "token"
        assert token not in repr([tuple(row) for row in rows]), table


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_whoever_answers_is_thanked_and_told_later_what_they_said(
    desk: Desk, anonymous: httpx.AsyncClient
) -> None:
    await desk.ask(**ASK)
    link = (await desk.links())["anna@example.com"]
    answered = await anonymous.post(link, data=APPROVE, headers={"Accept-Language": "pl"})
    assert "Dziękujemy. Zgoda została zapisana." in answered.text
    assert "This was decided already: approved by" in (await anonymous.get(link)).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_browser_reads_a_page_where_a_link_opens_nothing(
    desk: Desk, anonymous: httpx.AsyncClient
) -> None:
    await desk.ask(**ASK)
    link = (await desk.links())["anna@example.com"]
    reader = {"Accept": "text/html,*/*;q=0.8"}
    gone = await anonymous.get("/approve/" + "A" * 43, headers=reader)
    assert (gone.status_code, "This link opens nothing." in gone.text) == (404, True)
    odd = await anonymous.post(link, data={"decision": "maybe"}, headers=reader)
    assert (odd.status_code, "Answer this with" in odd.text) == (422, True)
    assert gone.headers["content-type"] == odd.headers["content-type"] == "text/html; charset=utf-8"


async def test_what_people_wrote_is_text_on_the_page(
    desk: Desk, anonymous: httpx.AsyncClient
) -> None:
    await desk.ask(**{**ASK, "title": "<script>alert(1)</script>", "text": "<img src=x>"})
    page = await anonymous.get((await desk.links())["anna@example.com"])
    assert "<script>" not in page.text
    assert "<img" not in page.text
