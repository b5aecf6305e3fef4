"""What was live before, and the way back. The number is that of the acceptance list."""

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import in_scheme, serious_faults
from tests.e2e.canvas import Canvas, Json, edge, node, thanks
from tests.e2e.canvas_session import page

__all__ = ["page"]  # a fixture
pytestmark = pytest.mark.usefixtures("tidy")


def later() -> Json:
    """The thanks by e-mail instead, and a longer wait."""
    graph = thanks()
    mail = {"to": "{{ customer.email }}", "subject": "Thank you", "body": "You made our day."}
    graph["nodes"][2] = node("mail", "action.send_email@1", 736, -224, mail)
    graph["nodes"][3]["config"]["amount"] = 5
    graph["edges"][1] = edge("check", "mail", "then")
    return graph


def test_50_a_version_has_a_name_shows_what_changed_and_becomes_the_draft_again(
    page: Page, api: httpx.Client
) -> None:
    """50: marks by word and line, the changes in words; the draft before it is not lost."""
    canvas = Canvas.open(page, api, thanks(), "Versions")
    path = f"/api/workflows/{canvas.workflow_id}"
    assert api.post(f"{path}/activate").status_code == 200
    draft = {"graph": later(), "revision": 1}
    assert api.put(f"{path}/draft", json=draft).status_code == 200
    canvas.visit()
    page.get_by_role("button", name="Versions", exact=True).click()
    dialog = page.get_by_role("dialog", name="Versions")
    row = dialog.get_by_role("list", name="Versions of this workflow").get_by_role("button")
    expect(row).to_contain_text("Live now")
    dialog.get_by_role("textbox", name="Name").fill("Before Christmas")
    dialog.get_by_role("textbox", name="Name").press("Enter")
    expect(row).to_contain_text("Before Christmas")

    drawing = dialog.get_by_role("group", name="Drawing of version 1")
    for step, words in (
        ("mail", "New in the draft"),
        ("wait", "Different in the draft"),
        ("thank", "Not in the draft"),
    ):
        expect(drawing.locator(f"[data-mark-of='{step}']")).to_have_text(words)
    changes = dialog.get_by_role("region", name="What changed").get_by_role("listitem")
    expect(changes).to_have_text(
        ["New step: Send e-mail", "Step removed: Send WhatsApp message", "Wait: How long: 3 → 5"]
    )
    for scheme in ("dark", "light"):
        in_scheme(page, scheme)
        assert serious_faults(page) == []

    dialog.get_by_role("button", name="Restore as draft").press("Enter")
    expect(dialog).to_have_count(0)
    expect(canvas.card("Send WhatsApp message")).to_be_visible()
    expect(page.locator("header").get_by_text("Changes not live")).to_have_count(0)
    canvas.keys("Control+z")
    expect(canvas.card("Send e-mail")).to_be_visible()
    assert "mail" in {each["id"] for each in canvas.saved()["nodes"]}
    kept = api.get(f"{path}/versions").json()["items"][0]
    assert kept["kept"]
    assert api.get(f"{path}/versions/2").json()["graph"]["nodes"] == later()["nodes"]
