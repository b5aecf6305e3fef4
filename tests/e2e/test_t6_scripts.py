"""TRUST.md T6: what strangers write is text on every screen, and never runs.

The window fails its test for whatever the browser forbids to a page or a page throws (`window`).
"""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.canvas import edge, node
from tests.running import wait_until

pytestmark = pytest.mark.usefixtures("tidy")
EVIL = "<img src=x onerror=\"window.hurt='img'\"><script>window.hurt='script'</script>"
FRAME = "<svg onload=\"parent.window.hurt='svg'\"><a href=\"javascript:window.hurt='a'\">press</a>"


@pytest.fixture(scope="module")
def places(api: httpx.Client) -> Iterator[tuple[str, ...]]:
    """Screens on which the words stand as a name, an order, a cell, a message's HTML: the outbox
    last."""
    mail = {"to": "noor@example.nl", "subject": f"Order {EVIL}", "body": EVIL + FRAME}
    drawn = {
        "schema": 1, "settings": {}, "edges": [edge("start", "mail")],
        "nodes": [
            node("start", "trigger.order_created@1", 0, 0),
            {**node("mail", "action.send_email@1", 368, 0, mail), "label": EVIL},
        ],
    }  # fmt: skip
    made = api.post("/api/workflows", json={"name": EVIL, "graph": drawn})
    assert made.status_code == 201, made.text
    workflow = made.json()["id"]
    assert api.post(f"/api/workflows/{workflow}/activate").is_success
    order = {"id": "66", "name": f"#66 {EVIL}", "total": "9.00", "currency": "EUR", "tags": [EVIL]}
    customer = {"id": "6", "email": "noor@example.nl", "first_name": EVIL, "last_name": EVIL}
    data = {"order": order, "customer": customer}
    assert api.post("/api/events", json={"type": "order_created", "data": data}).is_success
    ended = {"workflow_id": workflow, "status": "succeeded"}
    wait_until(lambda: bool(api.get("/api/runs", params=ended).json()["items"]))
    run = api.get("/api/runs", params=ended).json()["items"][0]["id"]
    columns = [{"name": EVIL, "type": "text"}]
    table = api.post("/api/tables", json={"name": EVIL, "columns": columns}).json()
    cells = {table["columns"][0]["key"]: EVIL}
    assert api.post(f"/api/tables/{table['id']}/rows", json={"cells": cells}).is_success
    yield (
        f"/workflows/{workflow}", f"/runs/{run}", "/events", f"/tables/{table['id']}", "/outbox",
    )  # fmt: skip
    assert api.delete(f"/api/tables/{table['id']}").is_success


def test_t6_what_strangers_write_is_text_on_screens_and_a_messages_html_may_do_nothing(
    page: Page, places: tuple[str, ...]
) -> None:
    for place in places:
        page.goto(place)
        expect(page.locator("body")).to_contain_text("onerror=")
        assert page.evaluate("window.hurt") is None, place
    page.get_by_text("Order <img").first.click()
    expect(page.frame_locator("iframe").locator("svg")).to_have_count(1)
    expect(page.locator("iframe")).to_have_attribute("sandbox", "")
    assert page.evaluate("window.hurt") is None
