"""A message for real, to the merchant who asks for it; 55 of the acceptance list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Page, expect

from tests.e2e.canvas import Canvas, edge, node

pytestmark = pytest.mark.usefixtures("tidy")


@dataclass
class Mailbox:
    """A mail server: who was to receive what."""

    receivers: list[str] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.receivers += envelope.rcpt_tos
        return "250 Ok"

    def code(self) -> str:
        """The code in the first letter, which is here when the page says that it has left."""
        body = self.letters[0].get_body(("plain",))
        found = re.search(r"\b\d{6}\b", str(body.get_content()) if body else "")
        assert found
        return found.group()


@pytest.fixture
def mailbox(mail_port: int) -> Iterator[Mailbox]:
    """The shop's mail server, at the one address that this Cartwheel is let out to."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=mail_port, ready_timeout=60)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def mail(api: httpx.Client, mailbox: Mailbox, mail_port: int) -> Iterator[str]:
    """The id of the connection to it."""
    assert mailbox.receivers == []
    settings = {"host": "127.0.0.1", "port": mail_port, "security": "none"}
    body = {"app": "smtp", "name": "Mail", "settings": {**settings, "from_email": "a@shop.example"}}
    made = api.post("/api/connections", json=body)
    assert made.status_code == 201, made.text
    yield made.json()["id"]
    api.delete(f"/api/connections/{made.json()['id']}")


def test_55_send_me_one_reaches_the_merchants_own_verified_address_alone(
    page: Page, api: httpx.Client, mailbox: Mailbox, mail: str
) -> None:
    """55: a real message, of a draft, as the step writes it: to nobody but who asks for it."""
    written = {
        "connection": mail, "to": "{{ customer.email }}",
        "subject": "Thank you for {{ order.name }}", "body": "Hello {{ customer.first_name }}!",
    }  # fmt: skip
    graph = {
        "schema": 1, "settings": {}, "edges": [edge("start", "thank")],
        "nodes": [
            node("start", "trigger.order_created@1", 0, 0),
            node("thank", "action.send_email@1", 368, 0, written),
        ],
    }  # fmt: skip
    canvas = Canvas.open(page, api, graph, "Send me one")
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_role("button", name="Run test").click()
    page.get_by_role("region", name="Test").get_by_role(
        "button", name=re.compile("Thank you for")
    ).click()
    dialog = page.get_by_role("dialog")
    send = dialog.get_by_role("button", name="Send me one")
    send.click()
    expect(dialog.get_by_text("First show that your e-mail address is yours.")).to_be_visible()
    assert mailbox.receivers == []

    dialog.get_by_role("button", name="Send me a code").click()
    expect(dialog.get_by_text("The code has left.")).to_be_visible()
    dialog.get_by_role("textbox", name="Code from the message").fill(mailbox.code())
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog.get_by_role("textbox", name="Code from the message")).to_have_count(0)
    send.click()
    expect(dialog.get_by_text("Sent to anna@shop.example.")).to_be_visible()
    assert mailbox.receivers == ["anna@shop.example"] * 2
    assert str(mailbox.letters[-1]["Subject"]).startswith("Thank you for #")

    page.goto("/outbox")
    expect(page.get_by_text("Really sent, as a test")).to_be_visible()
    runs = api.get("/api/runs", params={"workflow_id": canvas.workflow_id})
    assert runs.json()["items"] == []
