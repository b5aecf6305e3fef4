"""What the canvas refuses, and cutting. The numbers are those of the acceptance list."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.canvas import Canvas
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
