"""The seven steps a merchant is promised, in a real browser, and then a real order comes in."""

import json
import re
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import orders_create, shopify_headers

pytestmark = pytest.mark.usefixtures("tidy")
ORDER_PLACED = re.compile("Order placed")
MESSAGE = re.compile("Send WhatsApp message")


def test_a_merchant_draws_tests_and_switches_on_and_an_order_is_answered(
    page: Page, shopify_hook: str
):
    """Step 1, signing in by the printed link, is `signed_in`."""
    page.goto("/workflows")
    create_workflow(page, "Thank big spenders", channel="WhatsApp")
    add_steps(page, "Order placed", "If", "Send WhatsApp message")
    set_condition(page, "Order → Total", "is above", "100")
    write_message(page, "Thank you, @first_name", chip="Customer → First name")
    run_test(page)
    activate(page)

    body = orders_create()
    order = json.loads(body)
    name, total = order["customer"]["first_name"], order["total_price"]
    headers = shopify_headers(body, f"delivery-{uuid4()}")
    answer = httpx.post(shopify_hook, content=body, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text

    page.get_by_role("link", name="Runs").click()
    run = page.get_by_role("link", name=re.compile("#9999")).first
    expect(run).to_be_visible()
    run.click()
    story = page.get_by_role("list", name="What happened, in order")
    why = re.compile(f"{re.escape(total)}, which is above 100")
    expect(story.get_by_role("button")).to_have_text([ORDER_PLACED, why, MESSAGE])
    page.get_by_role("link", name="Outbox").click()
    expect(page.get_by_text(f"Thank you, {name}").first).to_be_visible()


def create_workflow(page: Page, name: str, channel: str) -> None:
    """Steps 2 and 3."""
    page.get_by_role("button", name="New workflow").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_text(channel, exact=True).click()
    dialog.get_by_role("button", name="Create and open").click()
    expect(page.get_by_text("When does this start?")).to_be_visible()


def add_steps(page: Page, trigger: str, *steps: str) -> None:
    """Step 4: the trigger from the empty canvas, each further step from the palette."""
    canvas = page.get_by_role("region", name="Canvas")
    canvas.get_by_role("button", name=trigger).click()
    palette = page.get_by_role("complementary", name="Steps to add")
    for step in steps:
        palette.get_by_role("button", name=step, exact=True).click()
        card = canvas.get_by_role("group", name=step, exact=True)
        expect(card).to_be_in_viewport(ratio=0.999)


def settings(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Settings of the step")


def open_step(page: Page, step: str) -> None:
    canvas = page.get_by_role("region", name="Canvas")
    canvas.get_by_role("group", name=step, exact=True).click()
    expect(settings(page).get_by_role("textbox", name="Name of the step")).to_have_value(step)


def set_condition(page: Page, field: str, operator: str, value: str) -> None:
    """Step 5, the condition."""
    open_step(page, "If")
    panel = settings(page)
    panel.get_by_role("button", name="Add condition").click()
    panel.get_by_role("combobox", name="What is compared").click()
    page.keyboard.type(field.rpartition("→")[2].strip())
    page.get_by_role("option", name=re.compile(f"^{field}")).first.click()
    panel.get_by_role("combobox", name="How it is compared").click()
    page.get_by_role("option", name=operator, exact=True).click()
    panel.get_by_role("textbox", name="Compared with").fill(value)
    card = page.get_by_role("group", name="If", exact=True)
    expect(card).to_contain_text(f"Order total {operator} {value}")


def write_message(page: Page, text: str, chip: str) -> None:
    """Step 5, the message: `@` opens the list of values, Enter takes one."""
    open_step(page, "Send WhatsApp message")
    settings(page).get_by_role("textbox", name="Message").click()
    page.keyboard.type(text.partition("@")[0] + "@")
    page.get_by_role("option", name=re.compile(f"^{chip}")).first.click()
    expect(settings(page).get_by_role("textbox", name="Message")).to_contain_text(chip)


def run_test(page: Page) -> None:
    """Step 6: on the trigger's sample; nothing is sent."""
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_role("button", name="Run test").click()
    expect(page.get_by_text("Thank you, Lena").first).to_be_visible()


def activate(page: Page) -> None:
    """Step 7."""
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("switch", name="Active").click(force=True)  # its thumb covers it
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=re.compile("Switch on|Activate")).click()
    expect(page.get_by_role("switch", name="Active")).to_be_checked()
