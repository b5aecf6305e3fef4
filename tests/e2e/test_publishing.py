"""From a draft to what is live, and back. The numbers are those of the acceptance list."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.accessibility import serious_faults
from tests.e2e.canvas import Canvas, thanks
from tests.e2e.canvas_session import page
from tests.running import wait_until

__all__ = ["page"]  # a fixture


@pytest.fixture(autouse=True)
def alone(api: httpx.Client) -> Iterator[None]:
    """No other test's workflow starts with the orders of this one."""
    yield
    for each in api.get("/api/workflows").json()["items"]:
        assert api.delete(f"/api/workflows/{each['id']}").status_code < 300


def order(api: httpx.Client, name: str, total: str = "24.00") -> None:
    data = {
        "order": {"id": name, "name": name, "total": total, "currency": "EUR"},
        "customer": {"id": name, "first_name": "Noor", "phone": "+4915112345678"},
    }
    answer = api.post("/api/events", json={"type": "order_created", "data": data})
    assert answer.status_code == 202, answer.text


def statuses(api: httpx.Client, canvas: Canvas) -> dict[str, str]:
    runs = api.get("/api/runs", params={"workflow_id": canvas.workflow_id}).json()["items"]
    return {run["label"]: run["status"] for run in runs}


def live(page: Page, api: httpx.Client, name: str) -> Canvas:
    """A workflow that is on, with one order that waits in it."""
    canvas = Canvas.open(page, api, thanks(), name)
    assert api.post(f"/api/workflows/{canvas.workflow_id}/activate").status_code == 200
    order(api, f"#{name}-1")
    wait_until(lambda: "waiting" in statuses(api, canvas).values())
    canvas.visit()
    return canvas


def test_52_what_changes_is_said_before_it_is_live_and_who_waits_keeps_what_he_began(
    page: Page, api: httpx.Client
) -> None:
    """52: draft and live can be told apart at every time; the dialog names each change."""
    canvas = live(page, api, "8100")
    top = page.locator("header")
    expect(top.get_by_text("Active", exact=True).first).to_be_visible()
    expect(top.get_by_text("Changes not live")).to_have_count(0)
    canvas.card("Wait").click()
    how_long = canvas.panel.get_by_role("textbox", name="How long")
    how_long.press("{")
    expect(canvas.panel.get_by_text("Only a number can stand here")).to_be_visible()  # 35
    how_long.fill("5")
    canvas.palette("Send e-mail").click()
    canvas.saved()
    canvas.step("thank").click()
    canvas.keys("Escape", "Delete")
    canvas.saved()
    expect(top.get_by_text("Changes not live")).to_be_visible()
    for field, words in (("To", "anna@example.com"), ("Subject", "Hi"), ("Text", "Hello")):
        canvas.card("Send e-mail").click()
        canvas.panel.get_by_role("textbox", name=field, exact=True).click()
        page.keyboard.type(words)
    canvas.saved()

    page.get_by_role("button", name="Publish changes").click()
    dialog = page.get_by_role("dialog", name="Make these changes live?")
    changes = dialog.get_by_role("region", name="What changes").get_by_role("listitem")
    expect(changes).to_have_text(
        [
            "New step: Send e-mail",
            "Step removed: Send WhatsApp message",
            "Wait: How long: 3 → 5",
        ]
    )
    expect(dialog).to_contain_text("already waiting in it keep the version that they started with")
    assert serious_faults(page) == []
    dialog.get_by_role("button", name="Switch on").click()
    expect(top.get_by_text("Changes not live")).to_have_count(0)

    run = api.get("/api/runs", params={"workflow_id": canvas.workflow_id}).json()["items"][0]
    page.goto(f"/runs/{run['id']}")
    expect(page.locator("header")).to_contain_text("version 1")
    expect(canvas.step("wait")).to_contain_text("3 days")
    expect(canvas.card("Send WhatsApp message")).to_be_visible()


def test_53_switching_off_asks_what_becomes_of_those_who_wait(
    page: Page, api: httpx.Client
) -> None:
    """53: nothing new starts; those who wait finish, stand still or stop, as somebody chooses."""
    canvas = live(page, api, "8200")
    page.get_by_role("switch", name="Active").click(force=True)
    dialog = page.get_by_role("dialog", name="Switch off “8200”?")
    expect(dialog.get_by_role("radio", name="Let them finish")).to_be_checked()
    dialog.get_by_role("radio", name="Stop them").check()
    dialog.get_by_role("radio", name="Let them finish").check()
    dialog.get_by_role("button", name="Switch off").click()
    expect(page.get_by_role("switch", name="Active")).not_to_be_checked()
    assert statuses(api, canvas) == {"Order #8200-1": "waiting"}

    page.get_by_role("switch", name="Active").click(force=True)
    page.get_by_role("dialog").get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("switch", name="Active")).to_be_checked()
    page.get_by_role("switch", name="Active").click(force=True)
    dialog.get_by_role("radio", name="Stop them").check()
    dialog.get_by_role("button", name="Switch off").click()
    expect(page.get_by_role("switch", name="Active")).not_to_be_checked()

    order(api, "#8200-2")
    page.goto("/runs?search=%238200")
    row = page.get_by_role("list", name="Runs", exact=True).get_by_role("listitem")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Cancelled")
    idle = page.get_by_role("list", name="1 event that started nothing")
    expect(idle).to_contain_text("were not switched on at that time")
    assert statuses(api, canvas) == {"Order #8200-1": "cancelled"}


def _slowly(route: Route) -> None:
    route.request.frame.page.wait_for_timeout(1000)
    route.continue_()


def test_55_a_test_plays_a_real_event_of_the_past_and_sends_nothing(
    page: Page, api: httpx.Client
) -> None:
    """55: a sample, what was pinned, or what really happened; the outbox stays as it was."""
    order(api, "#8300", total="310.00")
    before = api.get("/api/outbox").json()["items"]
    canvas = Canvas.open(page, api, thanks(), "Past")
    page.get_by_role("button", name="Test", exact=True).click()
    source = page.get_by_role("combobox", name="What to test with")
    page.route("**/api/events/*", _slowly)  # nobody tests what was chosen before
    source.click()
    page.get_by_role("option", name=re.compile("#8300")).click()
    page.get_by_role("button", name="Run test").click()
    canvas.says("Thank you, Noor!")
    canvas.says(re.compile("Order total is 310.00, which is above 100"))
    expect(canvas.step("thank").locator("[data-trace='succeeded']")).to_have_count(1)
    expect(canvas.step("wait").locator("[data-trace='untouched']")).to_have_count(1)
    assert api.get("/api/outbox").json()["items"] == before
    assert statuses(api, canvas) == {}
