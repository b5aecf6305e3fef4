"""Who may start and who waits, as a merchant sets and sees it. UX 60, 63."""

import random
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import serious_faults
from tests.running import wait_until


@pytest.fixture(autouse=True)
def alone(api: httpx.Client) -> Iterator[None]:
    """A second try meets no workflow of the first."""
    yield
    for each in api.get("/api/workflows").json()["items"]:
        assert api.delete(f"/api/workflows/{each['id']}").status_code < 300


def _graph() -> dict[str, Any]:
    big = {
        "combinator": "and",
        "rules": [{"field": "order.total", "operator": ">", "value": "100"}],
    }
    nodes = [
        ("start", "trigger.order_created@1", {"filter": big}),
        ("wait", "flow.delay@1", {"amount": 3, "unit": "days"}),
        ("stop", "flow.stop@1", {"label": "Thanked"}),
    ]
    return {
        "schema": 1,
        "nodes": [
            {"id": node_id, "type": kind, "config": config, "position": {"x": 320 * x, "y": 80}}
            for x, (node_id, kind, config) in enumerate(nodes)
        ],
        "edges": [
            {"id": a, "source": a, "sourceHandle": "done", "target": b, "targetHandle": "in"}
            for a, b in (("start", "wait"), ("wait", "stop"))
        ],
        "settings": {},
    }


def test_one_at_a_time_is_set_on_the_canvas_seen_on_the_cards_and_the_wait_is_ended_by_hand(
    page: Page, api: httpx.Client
) -> None:
    made = api.post("/api/workflows", json={"name": "Thank", "graph": _graph()}).json()
    page.goto(f"/workflows/{made['id']}")
    page.get_by_role("button", name="When the same comes again").click()
    page.get_by_role("radio", name="One at a time, in turn").check()
    assert serious_faults(page) == []
    page.get_by_role("button", name="Apply").click()
    place = f"/api/workflows/{made['id']}"

    def is_saved() -> bool:
        entry = api.get(place).json()["graph"]["settings"].get("entry")
        return bool(entry == {"key": "customer", "mode": "queued"})

    wait_until(is_saved)
    assert api.post(f"{place}/activate").status_code == 200
    first = random.randrange(20_000, 90_000)  # Not those of a try before this one.
    for number, total in enumerate(("76.48", "120.00", "130.00"), first):
        order = {"id": str(number), "name": f"#{number}", "total": total, "currency": "EUR"}
        data = {"order": order, "customer": {"email": "anna@example.com"}}
        sent = api.post("/api/events", json={"type": "order_created", "data": data})
        assert sent.status_code == 202

    page.reload()
    page.get_by_role("link", name="1 waiting").click()
    row = page.get_by_role("list", name="Waiting runs").get_by_role("listitem")
    expect(row).to_have_count(1)
    assert serious_faults(page) == []
    told = page.get_by_text("1 wait ended.")
    for turn in (f"Order #{first + 1}", f"Order #{first + 2}"):  # It is told of the last one too.
        expect(row.get_by_role("link", name=turn)).to_be_visible()
        expect(told).to_have_count(0)
        row.get_by_role("checkbox").check()
        page.get_by_role("button", name="Let go on now").click()
        page.get_by_role("dialog").get_by_role("button", name="Let go on now").click()
        expect(told).to_be_visible()
    page.goto(f"/runs?search=%23{first}")
    expect(page.get_by_text("Order total is 76.48, which is not above 100")).to_be_visible()
