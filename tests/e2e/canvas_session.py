"""The fixtures of the canvas's tests: somebody is signed in, and a workflow is open."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.e2e.canvas import Canvas, thanks
from tests.running import RunningCartwheel


@pytest.fixture(scope="module")
def signed_in(browser: Browser, cartwheel_up: RunningCartwheel) -> StorageState:
    """The owner's cookies, so that each test need not sign in again."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(cartwheel_up.link)
    page.get_by_role("button", name="Yes, sign me in").click()
    page.get_by_role("textbox", name="Your e-mail address").fill("anna@shop.example")
    page.get_by_role("textbox", name="New password").fill("three blue wheels")
    page.get_by_role("button", name="Set password").click()
    page.wait_for_url("**/workflows**")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """Machines that do many things at once take their time; nothing here is about speed."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def page(
    browser: Browser, cartwheel_up: RunningCartwheel, signed_in: StorageState
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale="en-GB",
        storage_state=signed_in,
        base_url=cartwheel_up.url,
        accept_downloads=True,
    )
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    mishaps: list[str] = []
    opened.on("pageerror", lambda error: mishaps.append(str(error)))
    yield opened
    context.close()
    assert mishaps == []


@pytest.fixture
def canvas(page: Page, api: httpx.Client) -> Canvas:
    opened = Canvas.open(page, api, thanks())
    expect(opened.card("Wait")).to_be_visible()
    return opened
