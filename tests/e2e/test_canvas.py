"""What a merchant may expect of the canvas. The numbers are those of the acceptance list."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.canvas import Canvas, crash, drop_file, last_order, node, thanks
from tests.e2e.canvas_session import canvas, page
from tests.running import RunningCartwheel, wait_until

__all__ = ["canvas", "page"]  # fixtures
pytestmark = pytest.mark.usefixtures("tidy")


def test_6_7_8_12_16_steps_are_added_where_they_are_wanted(canvas: Canvas) -> None:
    """6: exactly under the pointer at any zoom; 7: after the chosen step; 8: at a `+`; 11: by a
    synonym, an app, with arrows, what was used last on top; 12: with `/`; 16: by a double click."""
    page = canvas.page
    canvas.keys("+", "+")
    drop_from_palette(canvas, "Stop", (640.0, 640.0))
    canvas.keys("Control+z", "1", "-")
    drop_from_palette(canvas, "Send SMS", (760.0, 700.0))

    canvas.card("Wait").click()
    expect(canvas.panel.get_by_role("textbox", name="How long")).to_be_visible()
    canvas.palette("Send e-mail").click()
    assert "wait.done>send_email" in canvas.wires()

    canvas.step("thank").get_by_role("button", name="Add the next step").click()
    expect(canvas.picker.get_by_role("option").first).to_be_visible()
    canvas.look_for("pause")
    expect(canvas.picker.get_by_role("option").first).to_have_text("Wait")
    canvas.keys("Enter")
    assert "thank.done>delay" in canvas.wires()

    canvas.keys("Escape", "Escape", "/")
    expect(canvas.picker.get_by_role("option").first).to_have_text("Wait")
    canvas.look_for("whatsapp")
    expect(canvas.picker.get_by_role("option").first).to_have_text("Send WhatsApp message")
    canvas.keys("Control+a", "Backspace", "ArrowDown")
    expect(canvas.picker.get_by_role("option", selected=True)).to_have_text("Send e-mail")
    canvas.keys("Escape")
    page.mouse.dblclick(500, 760)
    expect(canvas.picker.get_by_role("option").first).to_be_visible()
    canvas.look_for("stop")
    expect(canvas.picker.get_by_role("option").first).to_have_text("Stop")
    canvas.keys("Enter")
    expect(canvas.card("Stop")).to_be_visible()
    assert any(each["type"] == "flow.stop@1" for each in canvas.saved()["nodes"])


def drop_from_palette(canvas: Canvas, name: str, spot: tuple[float, float]) -> None:
    """And it lies under the pointer, at whatever zoom this is."""
    canvas.drag(canvas.middle(canvas.palette(name)), spot)
    canvas.page.mouse.up()
    canvas.at_rest()
    head = canvas.card(name).bounding_box()
    assert head
    assert abs(head["x"] + head["width"] / 2 - spot[0]) < 16
    assert abs(head["y"] + 36 * canvas.zoom() - spot[1]) < 16
    canvas.close_panel()


def test_9_10_13_14_15_steps_go_into_lines_and_take_the_place_of_others(canvas: Canvas) -> None:
    """9: `+` on an edge, one step of undo; 10: a wire let go over nothing; 13: dropped on an edge,
    which lights up; 14: replaced, with its wires and the settings of the same names; 15: what each
    app still needs."""
    page = canvas.page
    before = canvas.saved()
    page.mouse.move(*canvas.on_line("start-check"))
    canvas.line("start-check").get_by_role("button", name="Insert a step here").click()
    canvas.look_for("wait")
    canvas.keys("Enter")
    assert {"start.done>delay", "delay.done>check"} <= canvas.wires()
    canvas.keys("Escape", "Control+z")
    assert canvas.saved()["edges"] == before["edges"]

    canvas.drag(canvas.output("wait", "done"), (1250, 640))
    page.mouse.up()
    expect(canvas.picker.get_by_role("option", name="Send SMS")).to_be_visible()
    expect(canvas.picker.get_by_role("option", name="Order placed")).to_have_count(0)
    canvas.keys("Escape")

    canvas.drag(canvas.middle(canvas.palette("Set values")), canvas.on_line("check-thank"))
    expect(canvas.line("check-thank").locator("[data-drop]")).to_have_count(1)
    page.mouse.up()
    assert {"check.then>set", "set.done>thank"} <= canvas.wires()

    canvas.step("thank").click(button="right")
    page.get_by_role("menuitem", name="Replace by another step…").click()
    canvas.look_for("sms")
    canvas.keys("Enter")
    changed = next(each for each in canvas.saved()["nodes"] if each["id"] == "thank")
    assert changed["type"] == "action.send_sms@1"
    assert changed["config"]["text"] == "Thank you, {{ customer.first_name }}!"
    assert "set.done>thank" in canvas.wires()

    expect(canvas.palette("Send Slack message")).to_have_accessible_description(
        re.compile("Still needs a connection: Slack")
    )


def test_17_18_19_20_21_22_lines_are_drawn_refused_moved_and_removed(canvas: Canvas) -> None:
    """17: what cannot be reached dims and says why; 18: with a plain sentence; 19: 24 pixels to
    hit, 20 to snap; 20: ways out have names; 21: removed by key and by ✕, and a deleted step's
    neighbours are joined; 22: an end is moved to another step."""
    page = canvas.page
    for step, ways in (("check", ("Then", "Otherwise")), ("thank", ("Error",))):
        for way in ways:
            expect(canvas.step(step).get_by_text(way, exact=True)).to_be_visible()
    x, y = canvas.output("thank", "done")
    for beside in ((x - 11, y), (x + 11, y), (x, y - 11), (x, y + 11)):
        hit = page.evaluate("([x, y]) => document.elementFromPoint(x, y).className", list(beside))
        assert "react-flow__handle" in hit or "add" in hit
    canvas.drag((x, y), canvas.middle(canvas.card("If")))
    why = canvas.step("check").locator("[data-target='cycle']")
    expect(why).to_have_attribute("data-why", re.compile("would make a circle"))
    why = canvas.step("start").locator("[data-target='into_trigger']")
    expect(why).to_have_attribute("data-why", re.compile("Nothing can lead into a trigger"))
    expect(canvas.step("wait").locator("[data-target='welcome']")).to_have_count(1)
    canvas.page.mouse.move(*canvas.input("check"), steps=4)
    page.mouse.up()
    canvas.says("This would make a circle")

    ends = canvas.input("wait")
    canvas.drag((x, y), (ends[0] - 14, ends[1] - 10))
    page.mouse.up()
    assert "thank.done>wait" in canvas.wires()
    canvas.line("check-wait").locator("path").last.click(force=True)
    canvas.keys("Delete")
    assert "check.otherwise>wait" not in canvas.wires()
    page.mouse.move(*canvas.on_line("thank-wait"))
    canvas.line("thank-wait").get_by_role("button", name="Remove this line").click()
    assert canvas.wires() == {"start.done>check", "check.then>thank"}

    anchor = canvas.input("thank")
    canvas.drag((anchor[0] - 19, anchor[1]), ends)
    page.mouse.up()
    assert canvas.wires() == {"start.done>check", "check.then>wait"}

    canvas.card("If").click()
    canvas.keys("Escape", "Delete")
    page.get_by_role("button", name="Connect the steps around it").click()
    assert canvas.wires() == {"start.done>wait"}


def test_24_25_30_31_moving_and_zooming(canvas: Canvas) -> None:
    """24: wheel, Ctrl and wheel, Space, middle button, and the other way round for a mouse; 25: by
    keys and by the small map; 30: plain blocks from afar; 31: place and zoom are remembered."""
    page = canvas.page
    middle = (800.0, 700.0)
    page.mouse.move(*middle)
    viewport = page.locator(".react-flow__viewport")
    views = [canvas.at_rest()]

    def moved(zooms: bool = False) -> None:
        before = views[-1]
        expect(viewport).not_to_have_attribute("style", before)
        views.append(canvas.at_rest())
        assert (views[-1].split("scale")[1] != before.split("scale")[1]) is zooms

    page.mouse.wheel(40, 60)
    moved()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -60)
    page.keyboard.up("Control")
    moved(zooms=True)
    page.keyboard.down("Space")
    canvas.drag(middle, (840, 640))
    page.mouse.up()
    page.keyboard.up("Space")
    moved()
    page.mouse.down(button="middle")
    page.mouse.move(820, 610, steps=4)
    page.mouse.up(button="middle")
    moved()
    page.get_by_role("button", name="The wheel moves the canvas").click()
    page.mouse.move(*middle)
    page.mouse.wheel(0, 60)
    moved(zooms=True)
    page.get_by_role("button", name="The wheel zooms").click()

    canvas.keys("0")
    expect(viewport).to_have_attribute("style", re.compile(r"scale\(1\)"))
    views.append(canvas.at_rest())
    small = page.get_by_role("img", name="Small map of the workflow")
    canvas.drag(canvas.middle(small), (canvas.middle(small)[0] + 12, canvas.middle(small)[1]))
    page.mouse.up()
    moved()
    page.mouse.move(*canvas.middle(small))
    page.mouse.wheel(0, -60)
    moved(zooms=True)
    canvas.keys("0")
    expect(viewport).to_have_attribute("style", re.compile(r"scale\(1\)"))
    views.append(canvas.at_rest())
    canvas.keys("+")
    moved(zooms=True)
    plain_from_afar_and_remembered(canvas)


def plain_from_afar_and_remembered(canvas: Canvas) -> None:
    viewport = canvas.page.locator(".react-flow__viewport")
    for _ in range(9):
        before = canvas.at_rest()
        canvas.keys("-")
        expect(viewport).not_to_have_attribute("style", before)
    expect(canvas.step("start").locator("[class*=block]")).to_be_visible()
    wait_until(lambda: canvas.zoom() == pytest.approx(canvas.kept_zoom()))
    kept = canvas.at_rest()
    canvas.visit()
    expect(canvas.step("start")).to_be_visible()
    expect(viewport).to_have_attribute("style", kept)
    canvas.keys("1")
    expect(canvas.step("start").get_by_text("Order placed")).to_be_visible()


def test_26_27_29_many_steps_at_once(canvas: Canvas) -> None:
    """26: frame, Shift and click, Ctrl+A, arrows; 27: tidied up in one step of undo; 29: lines
    show what is level, and Alt drags off a copy."""
    page = canvas.page
    start = canvas.saved()

    def place(node_id: str) -> tuple[int, int]:
        found = next(each for each in canvas.saved()["nodes"] if each["id"] == node_id)
        return found["position"]["x"], found["position"]["y"]

    canvas.keys("Control+a")
    expect(page.locator(".react-flow__node.selected")).to_have_count(4)
    canvas.at_rest()
    box = canvas.step("thank").bounding_box()
    low = canvas.step("wait").bounding_box()
    assert box
    assert low
    page.mouse.click(500, 780)
    canvas.drag((box["x"] - 30, box["y"] - 40), (low["x"] + 60, low["y"] + 30))
    page.mouse.up()
    expect(page.locator(".react-flow__node.selected")).to_have_count(2)
    canvas.keys("ArrowDown", "ArrowDown", "Shift+ArrowDown")
    assert place("wait") == (736, 224 + 7 * 16)
    page.mouse.click(500, 780)
    canvas.step("thank").click(modifiers=["Shift"], position={"x": 120, "y": 20})
    canvas.step("start").click(modifiers=["Shift"], position={"x": 120, "y": 20})
    expect(page.locator(".react-flow__node.selected")).to_have_count(2)

    canvas.page.get_by_role("button", name="Tidy up").click()
    assert canvas.saved() != start
    canvas.keys("Control+z", "Control+z")
    assert canvas.saved() == start
    page.mouse.click(500, 780)

    x, y = canvas.middle(canvas.step("wait"))
    canvas.drag((x, y), (x - 180, y + 30), (x - 180, canvas.middle(canvas.step("start"))[1] + 3))
    expect(page.locator("[data-guide='level']")).to_be_visible()
    canvas.keys("Escape")
    page.mouse.up()
    canvas.saved()
    page.keyboard.down("Alt")
    x, y = canvas.middle(canvas.step("thank"))
    canvas.drag((x, y), (x, y + 260))
    expect(canvas.card("Send WhatsApp message")).to_have_count(2)
    page.mouse.up()
    page.keyboard.up("Alt")
    assert len(canvas.saved()["nodes"]) == 5
    assert place("thank") == (736, 0)
    canvas.keys("Control+z")
    assert len(canvas.saved()["nodes"]) == 4


def test_34_36_37_40_41_42_43_the_panel(canvas: Canvas) -> None:
    """34: what is missing is said after a field was left; 36: values as the last real event had
    them, and a chip goes with one Backspace; 37: a value is dragged; 40: the step alone; 41: looks
    at data; 42: pinned, it is not performed in tests; 43: renamed, described, off, duplicated."""
    page, panel = canvas.page, canvas.panel
    last_order(canvas.api, "Greta")
    canvas.card("Wait").click()
    canvas.palette("Send SMS").click()
    message = panel.get_by_role("textbox", name="Message")
    expect(panel.get_by_text("is missing")).to_have_count(0)
    expect(message).to_have_attribute("aria-required", "true")
    message.click()
    page.keyboard.type("{")
    expect(page.get_by_role("option", name=re.compile("First name")).first).to_contain_text("Greta")
    canvas.keys("Escape", "Backspace")
    panel.get_by_role("textbox", name="To", exact=True).click()
    expect(panel.get_by_text("This is needed.")).to_have_count(1)
    message.click()
    page.keyboard.type("Hi {{ customer.first_name }}")
    expect(message).to_contain_text("Customer → First name")
    canvas.keys("Backspace")
    expect(message).to_have_text("Hi ")
    panel.get_by_role("button", name="Data", exact=True).click()
    pane = panel.get_by_role("region", name="What comes in")
    pane.get_by_role("button", name=re.compile("^Order name")).drag_to(message)
    expect(message).to_contain_text("Order → Order name")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copied(pane, "Copy path", "order.id")
    copied(pane, "Copy value", "5870213049")
    pane.get_by_text("Outline", exact=True).click()
    expect(pane.get_by_text("order", exact=True).first).to_be_visible()
    pane.get_by_text("Kinds", exact=True).click()
    expect(pane.get_by_role("button", name=re.compile("^Total *Money"))).to_be_visible()
    pane.get_by_role("button", name="Close what comes in").click()

    canvas.keys("Escape", "1")
    canvas.card("Send WhatsApp message").click()
    panel.get_by_role("button", name="Test this step").click()
    expect(panel.locator("[data-trial]").get_by_text("Thank you, Greta!").first).to_be_visible()
    panel.get_by_role("button", name=re.compile("^Pin what")).click()
    expect(canvas.step("thank").get_by_label("Pinned")).to_be_visible()
    assert canvas.saved()["settings"]["pins"]["thank"]["port"] == "done"
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_role("button", name="Run test").click()
    canvas.says("Nothing would be sent")
    page.get_by_role("button", name="Close the test").click()

    canvas.card("Wait").click()
    panel.get_by_role("textbox", name="Notes").fill("Ask Ola before changing this")
    panel.get_by_role("textbox", name="Notes").press("Escape")
    canvas.keys("F2")
    expect(panel.get_by_role("textbox", name="Name of the step")).to_be_focused()
    page.keyboard.type("Cool off")
    canvas.keys("Enter", "Escape", "d", "Control+d")
    steps = {each["id"]: each for each in canvas.saved()["nodes"]}
    assert steps["wait"]["label"] == "Cool off"
    assert steps["wait"]["description"] == "Ask Ola before changing this"
    assert steps["wait"]["disabled"] is True
    assert "delay" in steps


def copied(pane: Locator, what: str, text: str) -> None:
    """By its button, from the first value of the pane."""
    pane.get_by_role("button", name=what).first.click()
    wait_until(lambda: bool(pane.page.evaluate("navigator.clipboard.readText()") == text))


def test_46_47_48_undo_clipboard_and_files(canvas: Canvas, tmp_path: Path) -> None:
    """46: more than a hundred steps back and forth, those of the panel among them; 47: text that
    pastes into another workflow; 48: files out and in, and sentences for what is no flow, too new,
    too large or unknown here."""
    page = canvas.page
    start = canvas.saved()
    canvas.card("Wait").click()
    canvas.keys("Escape")
    for _ in range(110):
        canvas.keys("d")
    for _ in range(110):
        canvas.keys("Control+z")
    assert canvas.saved() == start
    expect(page.get_by_role("button", name="Undo (Ctrl+Z)")).to_be_disabled()
    canvas.keys("Control+y")
    assert canvas.saved() != start
    canvas.keys("Control+z")
    canvas.card("Wait").click()
    canvas.panel.get_by_role("textbox", name="How long").fill("7")
    canvas.card("If").click()
    canvas.keys("Escape", "Control+z")
    assert canvas.saved() == start

    canvas.step("check").click(button="right")
    with page.expect_download() as saving:
        page.get_by_role("menuitem", name="Save as a file").click()
    clip = json.loads(Path(saving.value.path()).read_text())
    assert [each["id"] for each in clip["nodes"]] == ["check"]

    for text, words in (
        ("three wheels", "What you pasted is not a step"),
        (json.dumps({**start, "schema": 9}), "newer version of Cartwheel"),
        (json.dumps({"nodes": start["nodes"] * 2500, "edges": []}), "1000 steps at most"),
        (json.dumps({"nodes": [node("x", "action.gone@7", 0, 0)]}), "not installed here"),
    ):
        drop_file(page, text)
        canvas.says(re.compile(words))
    assert [each["type"] for each in canvas.saved()["nodes"]][-1] == "action.gone@7"
    expect(canvas.card("Unknown step")).to_be_visible()

    whole = {"cartwheel": "workflow", "schema": 1, "name": "Other", "graph": thanks()}
    drop_file(page, json.dumps(whole))
    canvas.says("The trigger was left out")
    assert len(canvas.saved()["nodes"]) == 8
    assert {"if.then>send_whatsapp", "if.otherwise>delay"} <= canvas.wires()


def test_66_75_everything_goes_with_the_keys(canvas: Canvas) -> None:
    """66: Tab to the canvas, arrows between steps, C and arrows draw a line, L goes along the
    lines, `?` lists the keys; 75: menus with the keys beside them."""
    page = canvas.page
    page.get_by_role("button", name="Undo (Ctrl+Z)").evaluate("button => button.blur()")
    canvas.step("start").evaluate("card => card.focus()")
    canvas.keys("Tab", "Shift+Tab")
    expect(canvas.step("start")).to_be_focused()
    expect(page.locator(".react-flow__node[tabindex='0']")).to_have_count(1)
    canvas.keys("ArrowRight", "ArrowRight")
    expect(canvas.step("thank")).to_be_focused()
    canvas.keys("ArrowDown")
    expect(canvas.step("wait")).to_be_focused()
    canvas.keys("c")
    canvas.says(re.compile("Wait → Send WhatsApp message"))
    canvas.keys("Enter")
    assert "wait.done>thank" in canvas.wires()
    expect(canvas.step("thank")).to_be_focused()
    canvas.keys("l", "l")
    expect(page.locator(".react-flow__edge:focus")).to_have_accessible_name(
        re.compile("Line from .* to Send WhatsApp message")
    )
    canvas.keys("Delete")
    assert len(canvas.saved()["edges"]) == 3
    canvas.keys("?")
    expect(page.get_by_role("dialog", name="Keys and gestures")).to_contain_text("Duplicate")
    canvas.keys("Escape")
    canvas.keys("1")
    expect(canvas.step("start")).to_be_in_viewport(ratio=0.99)
    for at, words in (
        (canvas.middle(canvas.step("check")), "Rename *F2"),
        (canvas.on_line("start-check"), "Insert a step here *Enter"),
        ((500, 780), "Search the canvas *Ctrl\\+F"),
    ):
        page.mouse.click(*at, button="right")
        expect(page.get_by_role("menuitem", name=re.compile(words))).to_be_visible()
        canvas.keys("Escape")


NEWER_PAGE = '<script type="module" crossorigin src="/assets/index-newer.js"></script>'


def test_49_nothing_is_lost(canvas: Canvas, page: Page, cartwheel_up: RunningCartwheel) -> None:
    """49: not by a reload, a crash of the tab, a time without network, a server that dies while it
    saves or fails, nor by a second tab or a duplicated one."""
    canvas.keys("Control+a", "ArrowDown")
    page.route("**/assets/Form-*", lambda route: route.abort())
    home = re.compile(r":\d+/$")
    page.route(home, lambda route: route.fulfill(body=NEWER_PAGE))
    page.reload()
    expect(canvas.step("start")).to_be_visible()
    assert canvas.saved()["nodes"][0]["position"]["y"] == 16

    canvas.card("Wait").click()
    expect(canvas.panel).to_be_visible()  # its form comes later, and the canvas stays
    updated = page.get_by_role("alert").filter(has_text="Cartwheel was updated")
    expect(updated).to_be_visible()
    page.unroute(home)
    updated.get_by_role("button", name="Load again").click()
    expect(updated).to_have_count(0)
    canvas.card("Wait").click()
    expect(canvas.panel).to_be_visible()
    page.context.set_offline(True)
    canvas.keys("Escape", "d")
    expect(page.locator("[data-save-state='offline']")).to_be_visible()
    page.unroute("**/assets/Form-*")
    page.context.set_offline(False)
    assert canvas.saved()["nodes"][3]["disabled"] is True

    second = page.context.new_page()
    other = Canvas(second, canvas.api, canvas.workflow_id)
    other.visit()
    expect(other.step("start")).to_be_visible()
    canvas.keys("d")
    canvas.saved()
    other.card("If").click()
    other.keys("Escape", "d")
    expect(second.get_by_text("This workflow was changed in another window")).to_be_visible()
    assert "disabled" not in canvas.saved()["nodes"][1]
    second.get_by_role("button", name="Load theirs").click()
    second.close()

    cartwheel_up.child("api").kill()
    canvas.keys("Control+a", "ArrowDown")
    expect(page.locator("[data-save-state='saved']")).to_be_hidden()
    expect(page.locator("[data-save-state='saved']")).to_be_visible(timeout=120_000)
    assert canvas.saved()["nodes"][0]["position"]["y"] == 32

    page.route("**/draft", lambda route: route.fulfill(status=500, body="no JSON"))
    canvas.keys("ArrowDown")
    expect(page.locator("[data-save-state='offline']")).to_be_visible()
    with page.expect_popup() as opening:
        page.evaluate("window.open(location.href)")  # as duplicated: with its session storage
    copy = Canvas(opening.value, canvas.api, canvas.workflow_id)
    expect(copy.step("start")).to_be_visible()
    assert copy.saved()["nodes"][0]["position"]["y"] == 32
    copy.page.close()
    crash(page)
    revived = Canvas(page.context.new_page(), canvas.api, canvas.workflow_id)
    revived.visit()
    assert revived.saved()["nodes"][0]["position"]["y"] == 48
