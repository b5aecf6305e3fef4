"""What a draft would have made of what really happened: compared with what is live, only what
differs, and without anything being sent or written."""

from typing import Any

import httpx
import pytest

from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from cartwheel.events.models import Event
from cartwheel.simulation import rehearsal
from tests.accounts.objects import everything_of
from tests.runs.conftest import Shop
from tests.simulation.playing import DELAY, MESSAGE, graph_of

Json = Any
BOTH = ("live", "draft")
ON_ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def thanks(above: str = "100", text: str = "Hi", **trigger: Json) -> dict[str, Json]:
    """Thanks for orders above an amount."""
    rule = {"field": "order.total", "operator": ">", "value": above}
    return graph_of(
        {
            "t": ("trigger.order_created", trigger),
            "c": ("condition.if", {"rules": {"combinator": "and", "rules": [rule]}}),
            "w": ("action.send_whatsapp", {**MESSAGE, "text": text}),
        },
        "t > c", "c.then > w",
    )  # fmt: skip


async def workflow(
    client: httpx.AsyncClient, database: Database, live: Json, draft: Json = None
) -> str:
    """A workflow that is switched on, with another draft; returns its id."""
    made = await Shop(database).activate(live)
    if draft is not None:
        body = {"graph": draft, "revision": 1}
        saved = await client.put(f"/api/workflows/{made}/draft", json=body)
        assert saved.status_code == 200, saved.text
    return made


async def happen(database: Database, total: str, type: str = "order_created", **more: Any) -> str:
    """An order of an amount; returns the event's id."""
    event_id = more.pop("id", None) or new_id()
    order = {"id": "1", "name": f"#{total}", "total": total}
    async with database.write() as session:
        session.add(
            Event(
                workspace_id=1,
                id=event_id,
                type=type,
                source=more.pop("source", "api"),
                data={"order": order, "customer": {"phone": "+4915112345678"}},
                received_at=now_ms(),
                routed_at=now_ms(),
                contact="lena@example.com",
                **more,
            )
        )
    return str(event_id)


async def rehearse(client: httpx.AsyncClient, workflow_id: str, **asked: Json) -> dict[str, Json]:
    answer = await client.post(f"/api/workflows/{workflow_id}/rehearse", json=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Json] = answer.json()
    return found


async def test_only_the_orders_that_would_go_another_way_are_told_of(
    token_client: httpx.AsyncClient, database: Database
) -> None:
    thanked = await workflow(token_client, database, thanks("100"), thanks("200"))
    ids = [await happen(database, total) for total in ("50", "150", "180", "250")]
    before = await everything_of(database, 1)
    found = await rehearse(token_client, thanked)
    assert await everything_of(database, 1) == before
    assert (found["compared"], found["total"], found["next"]) == (4, 4, None)
    assert (found["live_version"], found["revision"]) == (1, 2)
    assert [item["id"] for item in found["items"]] == [ids[2], ids[1]]
    item = found["items"][1]
    assert item["contact"] == "lena@example.com"
    ways = [(s["node_id"], *(s[each] and s[each]["port"] for each in BOTH)) for s in item["steps"]]
    assert ways == [("c", "then", "otherwise"), ("w", "done", None)]
    assert [(m["live"]["to"], m["draft"]) for m in item["messages"]] == [("+4915112345678", None)]


@ON_ONE_DATABASE
async def test_a_draft_like_what_is_live_differs_in_nothing(
    token_client: httpx.AsyncClient, database: Database
) -> None:
    thanked = await workflow(token_client, database, thanks())
    await happen(database, "150")
    found = await rehearse(token_client, thanked, last=10)
    assert (found["items"], found["compared"], found["total"]) == ([], 1, 1)


@ON_ONE_DATABASE
async def test_another_text_and_a_later_hour_show_in_the_message(
    token_client: httpx.AsyncClient, database: Database
) -> None:
    live = graph_of(
        {"t": ("trigger.order_created", {}), "w": ("action.send_whatsapp", MESSAGE)}, "t > w"
    )
    draft = graph_of(
        {
            "t": ("trigger.order_created", {}),
            "d": ("flow.delay", DELAY),
            "w": ("action.send_whatsapp", {**MESSAGE, "text": "x" * 3000}),
        },
        "t > d", "d > w",
    )  # fmt: skip
    thanked = await workflow(token_client, database, live, draft)
    await happen(database, "5")
    [item] = (await rehearse(token_client, thanked))["items"]
    [message] = item["messages"]
    assert message["live"]["at"] < message["draft"]["at"]
    assert len(message["draft"]["text"]) == 2_001
    assert [step["node_id"] for step in item["steps"]] == ["d"]
    assert item["live"]["ended_at"] < item["draft"]["ended_at"]


@ON_ONE_DATABASE
async def test_a_filter_and_another_trigger_change_what_starts(
    token_client: httpx.AsyncClient, database: Database
) -> None:
    rule = {"field": "order.total", "operator": ">", "value": "300"}
    picky = thanks(filter={"combinator": "and", "rules": [rule]})
    paid = thanks()
    paid["nodes"][0]["type"] = "trigger.order_paid@1"
    filtered = await workflow(token_client, database, thanks(), picky)
    turned = await workflow(token_client, database, thanks(), paid)
    await happen(database, "150")
    await happen(database, "150", "order_paid")
    [item] = (await rehearse(token_client, filtered))["items"]
    assert (item["live"]["starts"], item["draft"]["starts"]) == (True, False)
    items = (await rehearse(token_client, turned))["items"]
    assert [(i["type"], i["live"]["starts"], i["draft"]["starts"]) for i in items] == [
        ("order_paid", False, True),
        ("order_created", True, False),
    ]


@ON_ONE_DATABASE
async def test_what_the_same_customer_did_afterwards_is_heard_by_steps_that_wait(
    token_client: httpx.AsyncClient, database: Database
) -> None:
    waiting = graph_of(
        {
            "t": ("trigger.order_created", {}),
            "p": ("flow.wait_for_event", {"event_type": "order_paid", "match": "order"}),
            "w": ("action.send_whatsapp", MESSAGE),
        },
        "t > p", "p.timed_out > w",
    )  # fmt: skip
    reminded = await workflow(token_client, database, waiting, thanks("1000"))
    await happen(database, "150")
    await happen(database, "150", "order_paid")
    [item] = (await rehearse(token_client, reminded))["items"]
    ports = {s["node_id"]: s["live"]["port"] for s in item["steps"] if s["live"]}
    assert (ports, item["messages"]) == ({"p": "done"}, [])


async def test_doubles_replays_and_what_belongs_to_another_workflow_are_left_out(
    token_client: httpx.AsyncClient, database: Database
) -> None:
    thanked = await workflow(token_client, database, thanks(), thanks("200"))
    first = await happen(database, "150")
    by_hand = await happen(database, "150", "manual", only_workflow_id=thanked, source="manual")
    await happen(database, "150", replay_of=first)
    await happen(database, "150", duplicate_of=first)
    await happen(database, "150", only_workflow_id=new_id())
    await happen(database, "150", "order_paid")
    found = await rehearse(token_client, thanked)
    assert [item["id"] for item in found["items"]] == [by_hand, first]


@ON_ONE_DATABASE
async def test_a_long_rehearsal_comes_page_by_page(
    token_client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "PAGE_SECONDS", 0.0)
    thanked = await workflow(token_client, database, thanks(), thanks("200"))
    ids = [await happen(database, "150") for _ in range(4)]
    seen, cursor, counts = list[str](), None, list[tuple[int, int]]()
    while cursor is not None or not counts:
        page = await rehearse(token_client, thanked, last=3, cursor=cursor)
        seen += [item["id"] for item in page["items"]]
        counts.append((page["compared"], page["total"]))
        cursor = page["next"]
    assert seen == ids[:0:-1]
    assert counts == [(1, 3), (2, 3), (3, 3)]


@ON_ONE_DATABASE
async def test_only_what_happened_since_a_time_is_played(
    token_client: httpx.AsyncClient, database: Database
) -> None:
    thanked = await workflow(token_client, database, thanks(), thanks("200"))
    await happen(database, "150", id="01ARZ3NDEKTSV4RRFFQ69G5FAV")
    newer = await happen(database, "150")
    found = await rehearse(token_client, thanked, since="2020-01-01T00:00:00Z")
    assert [item["id"] for item in found["items"]] == [newer]
    assert (await rehearse(token_client, thanked, last=5))["total"] == 2


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "asked",
    [
        {"last": 0}, {"last": 1001}, {"last": "all"}, {"since": "yesterday"}, {"since": 12},
        {"last": 5, "since": "2026-01-01T00:00:00Z"}, {"since": "2999-01-01T00:00:00Z"},
        {"cursor": "'"}, {"cursor": "01ARZ3NDEKTSV4RRFFQ69G5FAV.x"}, {"first": 3},
    ],
)  # fmt: skip
async def test_what_cannot_be_meant_is_refused_with_a_sentence(
    token_client: httpx.AsyncClient, database: Database, asked: Json
) -> None:
    thanked = await workflow(token_client, database, thanks())
    answer = await token_client.post(f"/api/workflows/{thanked}/rehearse", json=asked)
    assert answer.status_code == 422
    assert answer.json()["detail"]


@ON_ONE_DATABASE
async def test_where_nothing_is_live_all_that_the_draft_would_do_is_told(
    token_client: httpx.AsyncClient, database: Database
) -> None:
    made = await token_client.post("/api/workflows", json={"name": "Thanks", "graph": thanks()})
    large, _ = await happen(database, "150"), await happen(database, "150", "order_paid")
    found = await rehearse(token_client, made.json()["id"])
    assert (found["live_version"], found["total"]) == (None, 1)
    [item] = found["items"]
    assert (item["id"], item["live"]["starts"], item["draft"]["starts"]) == (large, False, True)
    assert [(message["live"], message["draft"]["text"]) for message in item["messages"]] == [
        (None, "Hi")
    ]


async def test_one_event_is_shown_in_full_as_it_went_in_both(
    token_client: httpx.AsyncClient, database: Database
) -> None:
    waiting = {
        "t": ("trigger.order_created", {}),
        "p": ("flow.wait_for_event", {"event_type": "order_paid", "match": "order"}),
        "w": ("action.send_whatsapp", {**MESSAGE, "text": "x" * 3000}),
    }
    thanked = await workflow(
        token_client, database, thanks("200"), graph_of(waiting, "t > p", "p.done > w")
    )
    first = await happen(database, "150")
    await happen(database, "150", "order_paid")
    before = await everything_of(database, 1)
    path = f"/api/workflows/{thanked}/rehearse"
    answer = await token_client.post(f"{path}/{first}")
    assert answer.status_code == 200, answer.text
    assert await everything_of(database, 1) == before
    found = answer.json()
    assert [step["node_id"] for step in found["live"]["steps"]] == ["t", "c"]
    assert [step["node_id"] for step in found["draft"]["steps"]] == ["t", "p", "w"]
    assert len(found["draft"]["messages"][0]["text"]) == 3000
    assert (found["live_version"], found["revision"]) == (1, 2)
    scenario = found["scenario"]
    assert scenario["event"]["data"]["order"]["total"] == "150"
    assert [later["event"]["type"] for later in scenario["then"]] == ["order_paid"]
    again = {**scenario, "graph": graph_of(waiting, "t > p", "p.done > w")}
    played = (await token_client.post("/api/workflows/simulate", json=again)).json()
    assert [step["port"] for step in played["steps"]] == [
        step["port"] for step in found["draft"]["steps"]
    ]
    assert (await token_client.post(f"{path}/{new_id()}")).status_code == 404


@ON_ONE_DATABASE
async def test_what_nothing_starts_and_what_does_not_exist_is_refused(
    token_client: httpx.AsyncClient, database: Database
) -> None:
    nothing = await workflow(
        token_client, database, thanks(), graph_of({"w": ("action.send_sms", MESSAGE)})
    )
    answer = await token_client.post(f"/api/workflows/{nothing}/rehearse")
    assert (answer.status_code, answer.json()["code"]) == (422, "no_trigger")
    absent = await token_client.post("/api/workflows/01ARZ3NDEKTSV4RRFFQ69G5FAV/rehearse")
    assert absent.status_code == 404
    since = {"since": "2999-01-01T00:00:00Z"}
    late = await token_client.post(
        f"/api/workflows/{nothing}/rehearse", json=since, headers={"Accept-Language": "pl"}
    )
    assert "Wybierz czas w przeszłości" in late.json()["detail"]
