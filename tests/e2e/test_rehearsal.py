"""What a draft would have made of what really happened, asked for and looked at on the canvas."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import in_scheme, serious_faults
from tests.e2e.canvas import Canvas, thanks
from tests.e2e.canvas_session import page

__all__ = ["page"]  # a fixture
pytestmark = pytest.mark.usefixtures("tidy")
KIND = "rehearsed_order"
"""A kind of event that no other file knows."""


def own_orders(above: str = "100") -> dict[str, Any]:
    """The thanks, for orders of this test alone."""
    graph = thanks()
    graph["nodes"][0] |= {"type": "trigger.event@1", "config": {"event_type": KIND}}
    graph["nodes"][1]["config"]["rules"]["rules"][0]["value"] = above
    return graph


def order(api: httpx.Client, name: str, total: str) -> None:
    data = {
        "order": {"id": name, "name": name, "total": total, "currency": "EUR"},
        "customer": {"first_name": "Noor", "phone": "+4915112345678"},
    }
    event = {"type": KIND, "data": data, "contact": "noor@example.com"}
    assert api.post("/api/events", json=event).status_code == 202


def rehearsal(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Rehearse with what really happened")


def test_a_draft_is_rehearsed_with_what_happened_and_one_event_is_drawn_on_the_canvas(
    page: Page, api: httpx.Client
) -> None:
    """The answer first, then each event that would go another way, with both ways and messages."""
    canvas = Canvas.open(page, api, own_orders(), "Rehearsed")
    path = f"/api/workflows/{canvas.workflow_id}"
    assert api.post(f"{path}/activate").status_code == 200
    for name, total in (("#9701", "50.00"), ("#9702", "150.00"), ("#9703", "250.00")):
        order(api, name, total)
    draft = {"graph": own_orders("200"), "revision": 1}
    assert api.put(f"{path}/draft", json=draft).status_code == 200
    canvas.visit()

    page.get_by_role("button", name="Publish changes").click()
    page.get_by_role("button", name="Try it first with what really happened").click()
    dialog = rehearsal(page)
    expect(dialog).to_contain_text("on this draft and on version 1, which is live")
    dialog.get_by_role("button", name="Rehearse", exact=True).click()
    expect(dialog).to_contain_text("Of 3 events in the last 7 days, 1 would have gone another way.")
    rows = dialog.get_by_role("list", name="What would have gone another way")
    expect(rows.get_by_role("button")).to_have_count(1)
    expect(rows).to_contain_text("“If” would go on by “Otherwise” instead of “Then”")
    detail = dialog.get_by_role("region", name="#9702")
    expect(detail).to_contain_text("Order total is 150.00, which is not above 200")
    message = detail.get_by_role("region", name="Send WhatsApp message")
    expect(message).to_contain_text("Thank you, Noor!")
    expect(message).to_contain_text("No message here")
    for scheme in ("dark", "light"):
        in_scheme(page, scheme)
        assert serious_faults(page) == []

    detail.get_by_role("button", name="Show on the canvas").click()
    expect(dialog).to_have_count(0)
    test = page.get_by_role("region", name="Test", exact=True)
    expect(test).to_contain_text("Waits 3 days")
    expect(canvas.step("wait")).to_contain_text("Done")
    test.get_by_role("button", name="Back to the rehearsal").click()
    expect(dialog).to_contain_text("1 would have gone another way.")
    assert api.get(f"{path}").json()["revision"] == 2


def test_a_draft_that_is_not_live_yet_shows_all_that_it_would_have_done(
    page: Page, api: httpx.Client
) -> None:
    """Compared with nothing; what is in the way of a draft leads to its step."""
    graph = own_orders()
    graph["nodes"][2]["config"]["text"] = ""
    canvas = Canvas.open(page, api, graph, "Not live")
    order(api, "#9711", "300.00")
    page.get_by_role("button", name="Rehearse with what really happened").click()
    dialog = rehearsal(page)
    dialog.get_by_role("button", name="Send WhatsApp message").first.click()
    expect(dialog).to_have_count(0)
    canvas.panel.get_by_role("textbox", name="Message", exact=True).click()
    page.keyboard.type("Hello")
    canvas.saved()
    expect(page.locator("header").get_by_text("problem")).to_have_count(0)

    page.keyboard.press("Control+k")
    page.keyboard.type("rehearse")
    page.get_by_role("option", name="Rehearse with what really happened").click()
    expect(dialog).to_contain_text("No version is live")
    dialog.get_by_role("button", name="Rehearse", exact=True).click()
    newest = dialog.get_by_role("list", name="What would have gone another way")
    expect(newest.get_by_role("button").first).to_contain_text(
        "Would start: If → Send WhatsApp message"
    )
