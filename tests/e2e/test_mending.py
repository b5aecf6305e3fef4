"""Runs that fail, and what a merchant does about them. The numbers are those of the acceptance
list."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import in_scheme, serious_faults
from tests.e2e.canvas import edge, node
from tests.running import wait_until

pytestmark = pytest.mark.usefixtures("tidy")
PHONE = "+4915112345679"
COLUMNS = [{"name": "Order"}, {"name": "State", "type": "choice", "choices": ["new"]}]


@pytest.fixture(scope="module")
def table(api: httpx.Client) -> dict[str, Any]:
    """A table that does not take what the workflow writes."""
    made = api.post("/api/tables", json={"name": "Orders", "columns": COLUMNS}).json()
    return dict(made)


@pytest.fixture(scope="module")
def workflow(api: httpx.Client, table: dict[str, Any]) -> str:
    """Each item is told to the customer, then a row is written; five orders fail at it."""
    cells = {"order": "{{ order.name }}", "state": "{{ order.financial_status }}"}
    text = {"to": PHONE, "text": "{{ item.title }} is on its way."}
    nodes = [
        node("start", "trigger.order_created@1", 0, 0),
        node("each", "flow.for_each@1", 368, 0, {"items": "order.line_items"}),
        node("tell", "action.send_sms@1", 736, 0, text),
        node("save", "data.save_row@1", 736, 240, {"table": table["id"], "cells": cells}),
    ]
    edges = [edge("start", "each"), edge("each", "tell", "body"), edge("each", "save")]
    graph = {"schema": 1, "nodes": nodes, "edges": edges, "settings": {}}
    made = api.post("/api/workflows", json={"name": "Log orders", "graph": graph}).json()
    assert api.post(f"/api/workflows/{made['id']}/activate").status_code == 200
    items = [{"id": str(number), "title": f"Cup {number}", "quantity": 1} for number in range(3)]
    for number in range(5):
        name = f"#940{number}"
        order = {"id": name, "name": name, "financial_status": "paid", "line_items": items}
        data = {"order": order, "customer": {"id": name, "email": f"noor{number}@example.nl"}}
        api.post("/api/events", json={"type": "order_created", "data": data})
    wait_until(lambda: failed(api, made["id"]) == 5)
    return str(made["id"])


def failed(api: httpx.Client, workflow: str) -> int:
    asked = {"workflow_id": workflow, "status": "failed"}
    return len(api.get("/api/runs", params=asked).json()["items"])


def sent(api: httpx.Client) -> int:
    messages = api.get("/api/outbox", params={"limit": 100}).json()["items"]
    return sum(message["to"] == PHONE for message in messages)


def test_62_a_workflow_that_fails_often_is_told_of_on_every_page(page: Page, workflow: str) -> None:
    """62: with the way to its newest run, until somebody has seen it."""
    page.goto("/workflows")
    notice = page.get_by_role("alert").filter(has_text="“Log orders” failed 5 times")
    expect(notice).to_be_visible()
    for scheme in ("light", "dark"):
        in_scheme(page, scheme)
        assert serious_faults(page) == []
    notice.get_by_role("link", name="Look at the newest run").click()
    expect(page.get_by_role("heading", name="Order #9404")).to_be_visible()
    page.go_back()
    notice.get_by_role("button", name="I have seen it").click()
    expect(notice).to_have_count(0)


def test_62_when_the_owner_is_written_to_is_chosen_in_the_settings(page: Page) -> None:
    """62: the limit is said in words, and saved at once."""
    page.goto("/settings")
    limit = page.get_by_role("combobox", name="Write when, within an hour, a workflow fails")
    for words in ("10 times", "3 times"):
        limit.click()
        page.get_by_role("option", name=words, exact=True).click()
        expect(limit).to_have_value(words)  # as the server says
        page.reload()
        expect(limit).to_have_value(words)
    for scheme in ("light", "dark"):
        in_scheme(page, scheme)
        assert serious_faults(page) == []


def test_59_the_list_of_runs_is_narrowed_by_all_that_a_merchant_knows(
    page: Page, workflow: str
) -> None:
    """59: by workflow, customer, state and day."""
    page.goto("/runs")
    rows = page.get_by_role("list", name="Runs", exact=True).get_by_role("listitem")
    page.get_by_role("combobox", name="All workflows").click()
    page.get_by_role("option", name="Log orders").click()
    expect(rows).to_have_count(5)
    page.get_by_role("searchbox").fill("noor3@")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Order #9403")
    page.get_by_role("button", name="Any time").click()
    page.get_by_role("menuitem", name="Last 7 days").click()
    page.get_by_role("combobox", name="Every state").click()
    page.get_by_role("option", name="Failed").click()
    expect(rows).to_have_count(1)
    page.reload()  # it stands in the address
    expect(rows).to_contain_text("Order #9403")
    page.get_by_role("combobox", name="Every state").click()
    page.get_by_role("option", name="Done", exact=True).click()
    expect(page.get_by_text("No run fits")).to_be_visible()


def test_56_57_58_a_failed_run_is_explained_mended_and_goes_on_from_where_it_failed(
    page: Page, api: httpx.Client, workflow: str, table: dict[str, Any]
) -> None:
    """56: lines count; 57: the path, and what went in and out of a step; 58: what failed, what was
    done, what to do; one goes on, then all, and nothing is sent twice."""
    page.goto("/runs?search=%239400")
    page.get_by_role("link", name="Order #9400").click()
    story = page.get_by_role("complementary", name="What happened")
    fault = story.get_by_role("alert")
    expect(fault).to_contain_text("“State”: “paid” is none of the choices: new.")
    expect(fault).to_contain_text("Already carried out: Send SMS 3×.")
    canvas = page.get_by_role("region", name="Canvas")
    expect(canvas.get_by_text("3×").first).to_be_visible()
    expect(canvas.locator("[data-id='save'] [data-trace='failed']")).to_have_count(1)
    story.get_by_role("button", name=re.compile("Send SMS")).first.click()
    panel = page.get_by_role("complementary", name="Settings of the step")
    expect(panel.get_by_text("What it was given").first).to_be_visible()
    expect(panel.get_by_text("What it gave").first).to_be_visible()
    expect(panel.get_by_text("took").first).to_be_visible()
    page.keyboard.press("Escape")

    told = sent(api)
    assert told == 15
    columns = [dict(column) for column in table["columns"]]
    columns[1]["choices"] = ["new", "paid"]
    changed = api.patch(f"/api/tables/{table['id']}", json={"columns": columns})
    assert changed.status_code < 300, changed.text
    page.get_by_role("button", name="Retry from the failed step").click()
    expect(page.locator("header").get_by_text("Done")).to_be_visible()
    expect(canvas.locator("[data-id='save'] [data-trace='succeeded']")).to_have_count(1)

    page.goto(f"/runs?workflow={workflow}")
    page.get_by_role("button", name="Retry 4 failed runs").click()
    page.get_by_role("dialog").get_by_role("button", name="Retry 4 failed runs").click()
    expect(page.get_by_text("4 runs go on.")).to_be_visible()
    rows = page.get_by_role("list", name="Runs", exact=True).get_by_role("listitem")
    expect(rows.filter(has_text="Done")).to_have_count(5)
    assert sent(api) == told
