"""TRUST.md T7 in a real browser: where the cookie is kept, and what another site's page can do."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.e2e.conftest import window
from tests.running import RunningCartwheel, cartwheel

SIGN_IN = (
    "token => fetch('/api/login-links/' + token, {method: 'POST'}).then(answer => answer.status)"
)
# What any page may send to another origin without asking first: a form, cookies and all.
FORGE_BY_FORM = """
address => {
  const form = document.createElement('form')
  Object.assign(form, {method: 'POST', action: address + '/api/tokens', enctype: 'text/plain'})
  document.body.append(form)
  form.submit()
}
"""
FORGE_WITH_PREFLIGHT = """
async address => {
  const headers = {'Content-Type': 'application/json', 'X-CSRF-Token': 'guess'}
  const options = {method: 'POST', credentials: 'include', headers, body: '{"name": "forged"}'}
  return fetch(address + '/api/tokens', options).then(() => 'sent', () => 'stopped')
}
"""


@pytest.fixture(scope="module")
def evil_port() -> Iterator[int]:
    """Another site: an empty page on a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _EmptyPage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()


@pytest.fixture(scope="module")
def cookies(browser: Browser, cartwheel_up: RunningCartwheel) -> StorageState:
    """What the browser kept when the owner signed in at http://localhost."""
    link = _new_link(cartwheel_up)
    with window(browser) as page:
        page.goto(cartwheel_up.url)
        assert page.evaluate(SIGN_IN, link.rpartition("/")[2]) == 200
        return page.context.storage_state()


@pytest.fixture
def owner(
    browser: Browser, cartwheel_up: RunningCartwheel, cookies: StorageState
) -> Iterator[Page]:
    """The owner's browser, signed in at http://localhost."""
    with window(browser, storage_state=cookies) as page:
        page.goto(cartwheel_up.url)
        yield page


def test_the_browser_keeps_the_cookie_on_plain_http_on_the_machine_itself(owner: Page) -> None:
    (cookie,) = owner.context.cookies()
    assert cookie["name"] == "__Host-cartwheel"
    assert cookie["secure"]
    assert cookie["httpOnly"]
    assert owner.evaluate("document.cookie") == ""
    assert owner.evaluate("fetch('/api/session').then(answer => answer.status)") == 200


@pytest.mark.parametrize(("host", "status"), [("localhost", 403), ("127.0.0.1", 401)])
def test_another_sites_page_cannot_change_anything(
    owner: Page,
    cartwheel_up: RunningCartwheel,
    evil_port: int,
    host: str,
    status: int,
) -> None:
    """The cookie travels from another port of the same host, which is the same site."""
    owner.goto(f"http://{host}:{evil_port}")
    assert owner.evaluate(FORGE_WITH_PREFLIGHT, cartwheel_up.url) == "stopped"
    with owner.expect_response("**/api/tokens") as answered:
        owner.evaluate(FORGE_BY_FORM, cartwheel_up.url)
    assert answered.value.status == status


class _EmptyPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>evil</title>")

    def log_message(self, *_: object) -> None:
        """Quiet."""


def _new_link(running: RunningCartwheel) -> str:
    made = cartwheel("login-link", "--data", str(running.data))
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()
