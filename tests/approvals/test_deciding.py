"""Who decides: one, all, some or in order; in the product, with comments, in time or too late."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cartwheel.database import Database
from cartwheel.runs.asked import Approver, Rule, verdict
from cartwheel.statements import Sql
from tests.approvals.conftest import ASK, Desk, asking
from tests.runs.conftest import until

THREE = ["a@x.example", "b@x.example", "c@x.example"]


@pytest.mark.parametrize(
    ("rule", "needed", "said", "decided"),
    [
        (Rule.ONE, 1, "-a-", "approved"),
        (Rule.ONE, 1, "r--", "refused"),
        (Rule.ALL, 1, "aa-", None),
        (Rule.ALL, 1, "aaa", "approved"),
        (Rule.ALL, 1, "a-r", "refused"),
        (Rule.IN_ORDER, 1, "aa-", None),
        (Rule.IN_ORDER, 1, "aaa", "approved"),
        (Rule.SOME, 2, "a--", None),
        (Rule.SOME, 2, "ar-", None),
        (Rule.SOME, 2, "ara", "approved"),
        (Rule.SOME, 2, "arr", "refused"),
        (Rule.SOME, 3, "r--", "refused"),
    ],
)
def test_the_answers_decide_by_the_rule(
    rule: Rule, needed: int, said: str, decided: str | None
) -> None:
    words = {"a": "approved", "r": "refused", "-": None}
    people = [Approver(n, THREE[n], decision=words[letter]) for n, letter in enumerate(said)]
    assert verdict(rule, needed, people) == decided


def test_whoever_is_asked_because_nobody_decided_decides_alone() -> None:
    first = [Approver(n, address) for n, address in enumerate(THREE)]
    late = Approver(3, "boss@x.example", escalated=True, decision="approved")
    assert verdict(Rule.ALL, 1, [*first, late]) == "approved"


async def test_the_owner_decides_on_the_page_and_later_steps_know_who_and_why(desk: Desk) -> None:
    asked = await desk.ask(title="Refund?", people=["owner"])
    assert (asked["mine"], asked["may_decide"]) == (True, True)
    assert (await desk.client.get("/api/approvals/tally")).json() == {"mine": 1, "open": 1}
    body = {"decision": "refused", "comment": "Too late for that."}
    done = await desk.client.post(f"/api/approvals/{asked['id']}", json=body)
    again = await desk.client.post(f"/api/approvals/{asked['id']}", json={"decision": "approved"})
    assert (done.status_code, again.status_code) == (200, 409)
    assert "refused by owner at" in again.json()["detail"]
    port, given = await desk.end()
    assert (port, given["decided_by"], given["comment"]) == (
        "refused", "owner", "Too late for that.",
    )  # fmt: skip
    assert (await desk.client.get("/api/approvals?state=open")).json()["items"] == []


async def test_in_order_the_next_one_is_asked_when_the_one_before_has_approved(desk: Desk) -> None:
    await desk.ask(**{**ASK, "emails": THREE[:2], "rule": "in_order"})
    first = await desk.links()
    assert list(first) == THREE[:1]
    await desk.client.post(first[THREE[0]], json={"decision": "approved"})
    both = await desk.links()
    assert sorted(both) == THREE[:2]
    await desk.client.post(both[THREE[1]], json={"decision": "approved"})
    port, given = await desk.end()
    assert (port, [answer["who"] for answer in given["answers"]]) == ("approved", THREE[:2])


async def test_a_reminder_leaves_before_the_deadline_and_others_are_asked_at_it(desk: Desk) -> None:
    settings: dict[str, Any] = {
        "amount": 2,
        "unit": "days",
        "remind_amount": 3,
        "escalate_to": THREE[:1],
    }
    await desk.ask(**{**ASK, **settings})
    await desk.links()
    await desk.let_time_pass(46 * 3_600_000)
    await desk.links()
    assert await subjects(desk) == [
        "Refund 120.00 for #1042?",
        "Reminder: Refund 120.00 for #1042?",
    ]
    await desk.let_time_pass(3 * 3_600_000)
    links = await desk.links()
    assert sorted(links) == [THREE[0], "anna@example.com"]
    await desk.client.post(links[THREE[0]], json={"decision": "approved"})
    assert (await desk.end())[0] == "approved"


async def subjects(desk: Desk) -> Sequence[str]:
    messages = (await desk.client.get("/api/outbox")).json()["items"]
    return sorted(message["subject"] for message in messages)


async def test_a_task_is_done_when_every_point_is_ticked(desk: Desk) -> None:
    points = ["Wrap it", "Put the card in"]
    task = await desk.ask("flow.task@1", title="Pack {{ order.name }}", checklist=points)
    path = f"/api/approvals/{task['id']}"
    assert (task["kind"], task["title"]) == ("task", "Pack #1042")
    assert await told_waits(desk, task) == {("person", None)}
    await desk.client.put(f"{path}/items/0", json={"done": True})
    early = await desk.client.post(path, json={"decision": "done"})
    assert (early.status_code, early.json()["code"]) == (409, "not_ticked")
    await desk.client.put(f"{path}/items/1", json={"done": True})
    assert (await desk.client.post(path, json={"decision": "done"})).status_code == 200
    port, given = await desk.end()
    assert port == "done"
    assert given["checklist"] == [
        {"text": point, "done_by": "owner@shop.example"} for point in points
    ]


async def told_waits(desk: Desk, asked: dict[str, Any]) -> set[tuple[str, str | None]]:
    """What the run waits for and until when: in its list, on its page and in the list of waits."""

    async def at_rest() -> dict[str, Any] | None:
        desk.worker.loop.look()
        run: dict[str, Any] = (await desk.client.get(f"/api/runs/{asked['run_id']}")).json()
        return run if run["status"] == "waiting" else None

    run = await until(at_rest)
    of_workflow = f"/api/workflows/{run['workflow_id']}"
    (waiting,) = (await desk.client.get(f"{of_workflow}/waiting")).json()["items"]
    (listed,) = (await desk.client.get("/api/runs")).json()["items"]
    step = next(step for step in run["steps"] if step["node_id"] == "ask")
    numbers = (await desk.client.get(f"{of_workflow}/numbers")).json()["steps"]
    assert [each["next_at"] for each in numbers if each["waiting"]] == [waiting["until"]]
    told = {(each["waits_for"], each["wake_at"]) for each in (run, listed, step)}
    return told | {(waiting["waits_for"], waiting["until"])}


async def test_a_run_that_is_cancelled_asks_nobody_any_more(desk: Desk) -> None:
    asked = await desk.ask(**ASK)
    assert await told_waits(desk, asked) == {("person", asked["due_at"])}
    link = (await desk.links())["anna@example.com"]
    await desk.client.post(f"/api/runs/{asked['run_id']}/cancel")
    assert (await desk.client.post(link, json={"decision": "approved"})).status_code == 409
    now = (await desk.client.get(f"/api/approvals/{asked['id']}")).json()
    assert now["status"] == "cancelled"


async def test_a_simulation_decides_as_it_is_told_and_says_so_where_it_is_not(desk: Desk) -> None:
    async def play(answers: dict[str, Any]) -> dict[str, Any]:
        body = {"graph": asking(title="Refund?", people=["owner"]), "answers": answers}
        told = (await desk.client.post("/api/workflows/simulate", json=body)).json()
        found: dict[str, Any] = next(step for step in told["steps"] if step["node_id"] == "ask")
        return found

    refused = await play({"ask": {"decision": "refused", "comment": "No."}})
    assert (refused["port"], refused["output"]["comment"]) == ("refused", "No.")
    assert (await play({"ask": "timed_out"}))["port"] == "timed_out"
    by_itself = await play({})
    assert by_itself["port"] == "approved"
    assert "Nobody was asked" in by_itself["words"]


@pytest.mark.parametrize(
    ("config", "code", "field"),
    [
        ({}, "no_approver", "/people"),
        (
            {"people": ["owner", "b@x.example"], "rule": "some", "needed": 3},
            "too_few_approvers",
            "/needed",
        ),
        ({"emails": ["anna@example.com"]}, "approver_unreachable", "/emails"),
        (
            {"people": ["owner"], "amount": 365, "escalate_to": ["b@x.example"]},
            "deadline_impossible",
            "/amount",
        ),
        (
            {"people": ["owner"], "amount": 1, "remind_amount": 30},
            "reminder_impossible",
            "/remind_amount",
        ),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_cannot_be_decided_is_told_before_it_runs(
    desk: Desk, config: dict[str, Any], code: str, field: str
) -> None:
    graph = asking(title="Refund?", **config)
    told = await desk.client.post("/api/workflows/validate", json={"graph": graph})
    problems = [p for p in told.json()["problems"] if p["node_id"] == "ask"]
    assert [(p["code"], p["field"], p["severity"]) for p in problems] == [(code, field, "error")]
    page = (Path(__file__).parents[2] / "docs" / "problems.md").read_text()
    assert f"| `{code}` | error | {problems[0]['message']} | {problems[0]['fix']} |" in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_page_of_them_asks_the_book_no_more_often_than_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Sql] = []
    fetch = Database.fetch

    async def noted(book: Database, query: Sql) -> Any:
        asked.append(query)
        return await fetch(book, query)

    async def queries() -> int:
        asked.clear()
        await desk.client.get("/api/approvals")
        return sum("approval" in query.text for query in asked)

    monkeypatch.setattr(Database, "fetch", noted)
    await desk.ask(title="Refund?", people=["owner"])
    one = await queries()
    await desk.ask("flow.task@1", title="Pack it", checklist=["Ribbon"])

    async def all_are_asked() -> bool:
        desk.worker.loop.look()
        tally = await desk.client.get("/api/approvals/tally")
        return bool(tally.json() == {"mine": 3, "open": 3})

    await until(all_are_asked)
    assert await queries() == one
