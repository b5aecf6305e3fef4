"""People decide: on the page, on a phone, and by a link, with what they see (UX 70)."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.e2e.accessibility import serious_faults
from tests.e2e.conftest import window
from tests.running import RunningCartwheel, wait_until

pytestmark = pytest.mark.usefixtures("tidy")


def _asks() -> dict[str, object]:
    def node(node_id: str, kind: str, **config: object) -> dict[str, object]:
        return {"id": node_id, "type": kind, "config": config, "position": {"x": 0, "y": 0}}

    def edge(source: str, target: str, port: str = "done") -> dict[str, object]:
        return {
            "id": f"{source}-{target}-{port}",
            "source": source, "sourceHandle": port, "target": target, "targetHandle": "in",
        }  # fmt: skip

    ask = node(
        "ask", "flow.approval@1", title="Refund {{ order.name }}?", people=["owner"],
        emails=["anna@example.com"], connection="sandbox", rule="all",
    )  # fmt: skip
    nodes = [node("start", "trigger.order_created@1"), ask, node("no", "flow.stop@1", label="no")]
    edges = [edge("start", "ask"), edge("ask", "no", "refused")]
    return {"schema": 1, "nodes": nodes, "edges": edges, "settings": {}}


@pytest.fixture
def phone(
    browser: Browser, cartwheel_up: RunningCartwheel, signed_in: StorageState
) -> Iterator[Page]:
    """The owner's phone."""
    size = {"width": 390, "height": 844}
    given = {"base_url": cartwheel_up.url, "storage_state": signed_in}
    with window(browser, viewport=size, has_touch=True, **given) as opened:
        yield opened


def test_one_approves_by_a_link_and_the_owner_refuses_on_a_phone(
    phone: Page, browser: Browser, api: httpx.Client, cartwheel_up: RunningCartwheel
) -> None:
    workflow = api.post("/api/workflows", json={"name": "Returns", "graph": _asks()}).json()
    assert api.post(f"/api/workflows/{workflow['id']}/activate").status_code == 200
    order = {"id": "3042", "name": "#3042", "total": "120.00", "currency": "EUR"}
    api.post("/api/events", json={"type": "order_created", "data": {"order": order}})
    page = phone
    page.goto("/approvals")
    expect(page.get_by_role("heading", name="Refund #3042?")).to_be_visible()
    expect(page.get_by_role("img", name="1 waits for you")).to_be_visible()
    assert serious_faults(page) == []
    bar = page.get_by_role("navigation", name="Main")
    expect(bar.get_by_role("link")).to_have_count(4)
    bar.get_by_role("button", name="More").press("Enter")
    expect(page.get_by_role("menuitem", name="Settings")).to_be_visible()
    assert serious_faults(page) == []
    page.keyboard.press("Escape")

    def letter() -> str | None:
        for message in api.get("/api/outbox").json()["items"]:
            if found := re.search(r"/approve/[\w-]{43}", message["text"]):
                return found.group()
        return None

    wait_until(lambda: letter() is not None)
    annas = browser.new_context(locale="pl-PL").new_page()
    annas.goto(f"{cartwheel_up.url}{letter()}")
    assert serious_faults(annas) == []
    annas.get_by_role("button", name="Zgoda").click()
    expect(annas.get_by_role("status")).to_contain_text("Zgoda została zapisana.")
    annas.context.close()

    expect(page.get_by_text("anna@example.com: approved")).to_be_visible()
    page.get_by_role("button", name="Refuse …").click()
    page.get_by_label("Why do you refuse?").fill("Too late for that.")
    page.get_by_role("button", name="Refuse", exact=True).click()
    expect(page.get_by_text("Nothing waits for an answer")).to_be_visible()
    runs = api.get("/api/runs", params={"workflow_id": workflow["id"]}).json()["items"]
    page.goto(f"/runs/{runs[0]['id']}")
    expect(page.get_by_text("Refused by owner. “Too late for that.”").first).to_be_visible()
