"""The first minute: somebody who follows only the screen has an active workflow that has run.

One Cartwheel and one browser; the walk comes first and leaves a workflow behind for the rest.
UX 1 to 5, 48, 53, 61, 67.
"""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.accessibility import in_scheme, serious_faults
from tests.e2e.conftest import PATIENCE_MS, SECRET, SHOP, program
from tests.running import RunningCartwheel

MOST_CLICKS = 14
TEMPLATE = re.compile("^Thank new and generous customers")


class Newcomer:
    """Clicks and writes, and counts both."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks, self.fields, self.began = 0, 0, time.monotonic()

    def click(self, target: Locator, *, force: bool = False) -> None:
        target.click(force=force)
        self.clicks += 1

    def button(self, name: str | re.Pattern[str]) -> None:
        self.click(self.page.get_by_role("button", name=name).first)

    def write(self, field: str, text: str) -> None:
        self.page.get_by_role("textbox", name=field).fill(text)
        self.fields += 1

    def told(self) -> str:
        seconds = time.monotonic() - self.began
        return f"{self.clicks} clicks, {self.fields} fields, {seconds:.0f} seconds"


@pytest.fixture(scope="module")
def cartwheel_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCartwheel]:
    """One that nobody has ever visited."""
    with RunningCartwheel(tmp_path_factory.mktemp("first") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def api(cartwheel_up: RunningCartwheel) -> Iterator[httpx.Client]:
    with program(cartwheel_up) as client:
        yield client


@pytest.fixture(scope="module")
def signed_in(browser: Browser) -> Iterator[BrowserContext]:
    """The newcomer's browser, for all tests of this file."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture(scope="module")
def walk(signed_in: BrowserContext, cartwheel_up: RunningCartwheel) -> Newcomer:
    """The walk, from the printed link to the first run."""
    page = signed_in.new_page()
    newcomer = Newcomer(page)
    page.goto(cartwheel_up.link)
    newcomer.button("Yes, sign me in")
    newcomer.write("Your e-mail address", "anna@shop.example")
    newcomer.write("New password", "three blue wheels")
    newcomer.button("Set password")

    expect(page.get_by_text("What should your shop do by itself?")).to_be_visible()
    newcomer.button("Open the demo shop")
    newcomer.button(TEMPLATE)
    newcomer.write("Who says thank you", "Ola")
    newcomer.button("Make the workflow")
    expect(page.get_by_role("region", name="Canvas")).to_be_visible()
    newcomer.click(page.get_by_role("button", name="Test", exact=True))
    newcomer.button("Run test")
    expect(
        page.get_by_text(re.compile("thank you for your order.*Ola", re.DOTALL)).first
    ).to_be_visible()
    newcomer.click(page.get_by_role("switch", name="Active"), force=True)
    dialog = page.get_by_role("dialog")
    newcomer.click(dialog.get_by_role("button", name=re.compile("Switch on|Activate")))
    expect(page.get_by_role("switch", name="Active")).to_be_checked()

    newcomer.click(page.get_by_role("link", name="Workflows", exact=True))
    steps = page.get_by_role("region", name="First steps")
    expect(steps.get_by_text("4 of 5 done")).to_be_visible(timeout=60_000)
    newcomer.click(page.get_by_role("link", name="Runs", exact=True))
    expect(page.get_by_text("Demo shop").first).to_be_visible()
    newcomer.click(page.get_by_role("link", name=re.compile(r"Order #1\d{3}")).first)
    story = page.get_by_role("list", name="What happened, in order")
    expect(story.get_by_role("button").first).to_be_visible()
    return newcomer


def test_a_newcomer_who_follows_only_the_screen_has_a_workflow_that_ran(
    walk: Newcomer, api: httpx.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """2: a template, its few answers, everything wired; 3: built, tested and on without a page of
    documentation; 4 and 5: with sample data and steps that tick themselves off."""
    with capsys.disabled():
        print(f"\nThe first minute: {walk.told()}")
    assert walk.clicks <= MOST_CLICKS
    workflow = api.get("/api/workflows").json()["items"][0]
    assert (workflow["state"], workflow["uses_sandbox"]) == ("active", True)
    sent = api.get("/api/outbox").json()["items"]
    assert {message["channel"] for message in sent} <= {"whatsapp"}
    marked = [*sent, *api.get("/api/runs").json()["items"]]
    assert marked
    assert all(each["demo"] for each in marked)


@pytest.mark.usefixtures("walk")
def test_the_list_shows_what_ran_and_takes_labels(
    signed_in: BrowserContext, cartwheel_up: RunningCartwheel
) -> None:
    page = opened(signed_in, f"{cartwheel_up.url}/workflows")
    expect(page.get_by_role("img", name=re.compile(r"\d+ runs? in 7 days"))).to_be_visible()
    more(page, "Labels")
    page.get_by_role("combobox", name="Labels").fill("VIP")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save").click()
    page.locator("label").filter(has_text="VIP").click()  # it covers its box
    expect(page.get_by_role("listitem").filter(has_text="VIP").first).to_be_visible()
    page.close()


@pytest.mark.usefixtures("walk")
def test_ux_48_a_saved_file_comes_back_and_anything_else_gets_a_sentence(
    signed_in: BrowserContext, cartwheel_up: RunningCartwheel, tmp_path: Path
) -> None:
    page = opened(signed_in, f"{cartwheel_up.url}/workflows")
    with page.expect_download() as download:
        more(page, "Save as a file")
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    assert saved.name == "Thank-new-and-generous-customers.cartwheel.json"

    many: Any = {"nodes": [{"id": str(number)} for number in range(10_000)]}
    refused = (
        ("holiday.txt", "Dear team,", "This is not a workflow."),
        ("package.json", '{"name": "x", "version": "1"}', "exported from Cartwheel"),
        ("newer.json", '{"cartwheel": "workflow", "schema": 7}', "made by a newer Cartwheel"),
        ("large.json", json.dumps(many), "10,000 steps"),
    )
    for name, content, words in refused:
        drop(page, name, content)
        expect(page.get_by_role("alert").get_by_text(re.compile(words))).to_be_visible()
        page.get_by_role("button", name="Cancel").click()

    document = json.loads(saved.read_text())
    document["graph"]["nodes"].append(
        {"id": "odd", "type": "action.teleport@1", "config": {}, "position": {"x": 0, "y": 300}}
    )
    drop(page, saved.name, json.dumps(document))
    expect(page.get_by_text("is of a kind that is not installed here")).to_be_visible()
    canvas = page.get_by_role("region", name="Canvas")
    expect(canvas.get_by_role("group", name="If", exact=True)).to_be_visible()
    page.close()


@pytest.mark.usefixtures("walk")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ux_67_the_screens_of_the_first_minute_are_accessible(
    signed_in: BrowserContext, cartwheel_up: RunningCartwheel, scheme: Any
) -> None:
    page = opened(signed_in, f"{cartwheel_up.url}/workflows")
    in_scheme(page, scheme)
    expect(page.get_by_role("region", name="First steps")).to_be_visible()
    found = {"workflows": serious_faults(page)}
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found["import"] = serious_faults(page)
    page.goto(f"{cartwheel_up.url}/templates")
    expect(page.get_by_role("button", name=TEMPLATE)).to_be_visible()
    found["templates"] = serious_faults(page)
    page.get_by_role("button", name=TEMPLATE).click()
    expect(page.get_by_role("button", name="Make the workflow")).to_be_visible()
    expect(page.get_by_role("textbox", name="Who says thank you")).to_be_visible()
    found["form"] = serious_faults(page)
    page.route("**/api/workflows?*", lambda route: route.fulfill(json={"items": [], "next": None}))
    page.goto(f"{cartwheel_up.url}/workflows")
    expect(page.get_by_text("What should your shop do by itself?")).to_be_visible()
    found["start"] = serious_faults(page)
    page.close()
    assert {screen: wrong for screen, wrong in found.items() if wrong} == {}


@pytest.mark.usefixtures("walk")
def test_ux_61_everything_is_paused_by_one_button(
    signed_in: BrowserContext, cartwheel_up: RunningCartwheel, api: httpx.Client
) -> None:
    page = opened(signed_in, f"{cartwheel_up.url}/workflows")
    page.get_by_role("button", name="Pause everything").click()
    page.get_by_role("dialog").get_by_role("button", name="Pause everything").click()
    expect(page.get_by_text("workflow was switched off.")).to_be_visible()
    page.get_by_role("button", name="Close the demo shop").click()
    expect(page.get_by_text("The demo shop is closed.")).to_be_visible()
    states = {each["state"] for each in api.get("/api/workflows").json()["items"]}
    assert "active" not in states
    assert api.get("/api/demo").json()["on"] is False

    expect(page.get_by_role("region", name="First steps")).to_be_visible()
    shop = {"app": "shopify", "name": "Shop", "settings": {"shop": SHOP}, "save_anyway": True}
    connected = api.post("/api/connections", json={**shop, "secrets": {"signing_secret": SECRET}})
    assert connected.status_code == 201, connected.text
    page.reload()  # 5: with the fifth the list has done its work
    expect(page.get_by_role("list", name="Workflows")).to_be_visible()
    expect(page.get_by_role("region", name="First steps")).to_have_count(0)
    page.close()


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def more(page: Page, entry: str) -> None:
    """An entry of the menu of the newcomer's workflow."""
    name = "More for Thank new and generous customers"
    page.get_by_role("button", name=name).first.click()
    page.get_by_role("menuitem", name=entry).click()


def drop(page: Page, name: str, content: str) -> None:
    """Let a file fall on the page."""
    expect(page.get_by_role("button", name="Import")).to_be_visible()
    page.evaluate(
        """([name, content]) => {
            const carried = new DataTransfer();
            carried.items.add(new File([content], name));
            const options = { dataTransfer: carried, bubbles: true, cancelable: true };
            document.body.dispatchEvent(new DragEvent("drop", options));
        }""",
        [name, content],
    )
