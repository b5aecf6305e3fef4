"""The fixtures of the canvas's tests: a large window, and a workflow is open in it."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.e2e.canvas import Canvas, thanks
from tests.e2e.conftest import window
from tests.running import RunningCartwheel


@pytest.fixture
def page(
    browser: Browser, cartwheel_up: RunningCartwheel, signed_in: StorageState
) -> Iterator[Page]:
    size = {"width": 1440, "height": 900}
    given = {"base_url": cartwheel_up.url, "storage_state": signed_in}
    with window(browser, viewport=size, **given) as opened:
        yield opened


@pytest.fixture
def canvas(page: Page, api: httpx.Client) -> Canvas:
    opened = Canvas.open(page, api, thanks())
    expect(opened.card("Wait")).to_be_visible()
    return opened
