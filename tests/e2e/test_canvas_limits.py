"""What the canvas refuses, cutting, finding, and a thousand steps. The numbers are those of the
acceptance list."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.canvas import Canvas, edge, node
from tests.e2e.canvas_session import canvas, page

__all__ = ["canvas", "page"]  # fixtures
pytestmark = pytest.mark.usefixtures("tidy")
WIRES = {"start.done>check", "check.then>thank", "check.otherwise>wait"}


def test_17_a_line_does_not_end_at_a_port_of_the_wrong_kind(canvas: Canvas) -> None:
    """17: a way out is no way in, and a way in is none out."""
    canvas.drag(canvas.output("start", "done"), canvas.output("check", "otherwise"))
    canvas.page.mouse.up()
    canvas.says("A line leads from the right side of one step to the left side of another.")
    assert canvas.wires() == WIRES
    canvas.drag(canvas.input("wait"), canvas.input("thank"))
    canvas.page.mouse.up()
    assert canvas.wires() == WIRES


def test_47_steps_are_cut_and_pasted_with_the_line_between_them(
    canvas: Canvas, api: httpx.Client
) -> None:
    """47: Ctrl+X takes them away, Ctrl+V brings them back; each is one step of undo."""
    canvas.card("If").click()
    canvas.keys("Escape")
    canvas.card("Wait").click(modifiers=["Shift"])
    canvas.keys("Control+x")
    expect(canvas.step("check")).to_have_count(0)
    assert {each["id"] for each in canvas.saved()["nodes"]} == {"start", "thank"}
    canvas.keys("Control+v")
    expect(canvas.card("If")).to_be_visible()
    assert canvas.wires() == {"if.otherwise>delay"}
    canvas.keys("Control+z", "Control+z")
    assert canvas.wires() == WIRES


def test_28_steps_are_found_by_name_app_and_what_stands_in_them(canvas: Canvas) -> None:
    """28: each found step is marked, and Enter goes there."""
    page = canvas.page
    canvas.keys("Control+f")
    field = page.get_by_role("textbox", name="Search the canvas")
    looked_for = ("thank you", "thank"), ("whatsapp", "thank"), ("wait", "wait"), ("total", "check")
    for words, step in looked_for:
        field.fill(words)
        expect(canvas.step(step).locator("[data-found='true']")).to_have_count(1)
    field.press("Enter")
    expect(canvas.step("check")).to_have_class(re.compile("selected"))
    field.fill("zzz")
    canvas.says("Nothing found")
    field.press("Escape")
    expect(page.locator("[data-found]")).to_have_count(0)


def test_a_thousand_steps_can_be_opened(page: Page, api: httpx.Client) -> None:
    """72, as far as it needs no clock: only what can be seen is drawn."""
    steps = [node("start", "trigger.order_created@1", 0, 0)]
    steps += [
        node(f"n{number}", "flow.delay@1", (number % 40) * 368, (number // 40) * 160)
        for number in range(1, 1000)
    ]
    edges = [edge("start", "n1"), *(edge(f"n{n}", f"n{n + 1}") for n in range(1, 999))]
    canvas = Canvas.open(
        page, api, {"schema": 1, "nodes": steps, "edges": edges, "settings": {}}, "Large"
    )
    canvas.keys("0")
    expect(canvas.step("start").or_(page.locator(".react-flow__node").first)).to_be_visible()
    # Nothing polls inside the page: the Content-Security-Policy refuses that after the first look.
    expect(page.locator(".react-flow__node").nth(199)).to_have_count(0)
