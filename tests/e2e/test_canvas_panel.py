"""What a merchant may expect of a step's settings and of what lies around them.

The numbers are those of the acceptance list, as in `test_canvas.py`.
"""

import json
import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import serious_faults
from tests.e2e.canvas import Canvas, Json, edge, last_order, node, thanks
from tests.e2e.canvas_session import canvas, page
from tests.e2e.conftest import SECRET
from tests.running import wait_until

__all__ = ["canvas", "page"]  # fixtures
pytestmark = pytest.mark.usefixtures("tidy")
MOVES = """card => {
    window.places = [card.style.transform];
    new MutationObserver(() => {
        if (window.places.at(-1) !== card.style.transform) window.places.push(card.style.transform);
    }).observe(card, { attributes: true, attributeFilter: ["style"] });
}"""


# What lasts a quarter of a second lasts two here, so that a busy machine draws frames of it.
SLOWLY = """() => {
    const clock = performance.now.bind(performance), draw = requestAnimationFrame.bind(window);
    const began = clock(), slowly = (now) => began + (now - began) / 8;
    performance.now = () => slowly(clock());
    window.requestAnimationFrame = (then) => draw((now) => then(slowly(now)));
}"""


def test_33_35_38_39_settings_fit_what_they_are_about(canvas: Canvas) -> None:
    """33: a panel, no dialog, and the canvas stays; 35: a day; 38: groups, some, each or none of a
    list, and operators that fit the type; 39: the card says it in its own words and counts what
    is missing."""
    page, panel = canvas.page, canvas.panel
    canvas.card("If").click()
    expect(panel).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(canvas.card("Order placed")).to_be_in_viewport()
    canvas.keys("Escape")
    expect(panel).to_have_count(0)

    canvas.card("If").click()
    panel.get_by_role("button", name="Add group").click()
    expect(panel.get_by_text("At least one of these is true")).to_have_count(0)
    expect(panel.get_by_role("combobox", name="How the conditions count together")).to_have_count(2)
    choose(panel.get_by_role("combobox", name="What is compared").nth(1), "Ordered at")
    how = panel.get_by_role("combobox", name="How it is compared").nth(1)
    how.click()
    expect(page.get_by_role("option", name="contains", exact=True)).to_have_count(0)
    page.get_by_role("option", name="is before").click()
    panel.get_by_label("Compared with").last.fill("2026-12-01")
    expect(canvas.step("check")).to_contain_text("ordered at is before 2026-12-01")
    choose(panel.get_by_role("combobox", name="What is compared").nth(1), "Vendor")
    many = panel.get_by_role("combobox", name="How many of the list")
    expect(many).to_have_value("at least one")
    for words in ("no", "every"):
        many.click()
        page.get_by_role("option", name=words, exact=True).click()
        expect(many).to_have_value(words)
        expect(canvas.step("check")).to_contain_text(f"and ({words} Order items")
    panel.get_by_role("textbox", name="Compared with").last.fill("Acme")
    rules = canvas.saved()["nodes"][1]["config"]["rules"]
    inner = rules["rules"][1]
    assert (rules["combinator"], inner["combinator"]) == ("and", "or")
    assert (inner["rules"][0]["quantifier"], inner["rules"][0]["value"]) == ("all", "Acme")
    expect(canvas.step("check")).to_contain_text("Acme")

    canvas.palette("Add tags").click()
    expect(canvas.step("add_tags").get_by_text("problem")).to_have_count(0)
    canvas.keys("Escape", "Escape", "1")
    expect(canvas.step("add_tags").get_by_text(re.compile("^1 problem"))).to_be_attached()

    canvas.step("add_tags").get_by_role("button", name="Add the next step").first.click()
    expect(canvas.picker.get_by_role("option").first).to_be_visible()
    assert serious_faults(page) == []


def choose(field: Locator, words: str) -> None:
    """Search a list as one types, and take what it finds first."""
    field.click()
    field.fill(words)
    field.page.get_by_role("option", name=re.compile(words)).first.click()


def test_35_fields_appear_lists_grow_and_the_shop_is_asked(
    canvas: Canvas, api: httpx.Client
) -> None:
    """35: what another field asks for, ways out with names of their own, and the shop's own tags,
    with the sandbox those of what happened."""
    page, panel = canvas.page, canvas.panel
    order = {"id": "1", "name": "#1", "tags": ["wholesale", "gift"]}
    api.post("/api/events", json={"type": "order_created", "data": {"order": order}})
    canvas.card("Wait").click()
    canvas.palette("Random split").click()
    expect(panel.get_by_text("Way out", exact=True)).to_have_count(0)
    panel.get_by_role("button", name="Add: way").click()
    expect(canvas.step("split").get_by_text("C", exact=True)).to_be_visible()
    assert [each["id"] for each in canvas.saved()["nodes"][-1]["config"]["branches"]] == [
        "a",
        "b",
        "c",
    ]
    canvas.palette("Add tags").click()
    panel.get_by_role("combobox", name="Tags").fill("sale")
    page.get_by_role("option", name="wholesale").click()
    assert canvas.saved()["nodes"][-1]["config"]["tags"] == ["wholesale"]

    canvas.palette(
        "Wait until",
    ).click()
    kind = panel.get_by_role("combobox").first
    kind.click()
    shown = panel.locator("label").all_inner_texts()
    page.get_by_role("option").last.click()
    expect(kind).not_to_have_attribute("aria-expanded", "true")
    assert panel.locator("label").all_inner_texts() != shown


def test_35_a_secret_is_never_shown_again(page: Page, shopify_hook: str) -> None:
    """35: it can be replaced, and not be seen."""
    page.goto("/connections")
    shop = page.get_by_role("article", name="My shop").first
    shop.get_by_role("button", name="Settings").click()
    form = page.get_by_role("dialog")
    expect(form.get_by_text("Saved. It is never shown again.")).to_be_visible()
    assert SECRET not in page.content()


def test_44_a_message_is_shown_as_another_country_writes_it(page: Page, api: httpx.Client) -> None:
    """44: rendered with the sample customer; money and dates by the chosen locale."""
    last_order(api, "Lena")
    graph = thanks()
    graph["nodes"][2]["config"]["text"] = "{{ customer.first_name }}: {{ order.total | money }}"
    canvas = Canvas.open(page, api, graph)
    canvas.card("Send WhatsApp message").click()
    canvas.panel.get_by_role("button", name="Test this step").click()
    preview = canvas.panel.locator("[data-trial]")
    expect(preview).to_contain_text("Lena: €143.60")
    written = preview.get_by_role("combobox", name="Dates, numbers and money as written in")
    choose(written, "polski")
    expect(preview).to_contain_text(re.compile(r"Lena: 143,60\s€"))


def test_44_a_message_is_seen_as_it_arrives_and_asks_for_words_where_it_would_have_a_gap(
    page: Page, api: httpx.Client
) -> None:
    """44 and 36: while it is written, with the last real event; a value that may be empty asks
    for other words, and its chip tells them."""
    data = {
        "order": {"id": "1", "name": "#8801", "total": "143.60", "currency": "EUR"},
        "customer": {"first_name": None, "phone": "+4915112345678"},
    }
    happened = api.post("/api/events", json={"type": "order_created", "data": data})
    assert happened.status_code == 202, happened.text
    canvas = Canvas.open(page, api, thanks())
    canvas.card("Send WhatsApp message").click()
    panel = canvas.panel
    message = panel.get_by_role("textbox", name="Message")
    preview = panel.get_by_role("region", name="As it will arrive")
    expect(preview).to_contain_text("Thank you, !")
    message.press("Control+End")
    page.keyboard.type(" {{ order.total | money }}")
    expect(preview).to_contain_text("€143.60")
    choose(preview.get_by_role("combobox"), "polski")
    expect(preview).to_contain_text(re.compile(r"143,60\s€"))

    expect(panel.get_by_text("“Customer → First name” can be empty")).to_be_visible()
    panel.get_by_role("textbox", name="What to write instead").fill("dear customer")
    panel.get_by_role("button", name="Use these words").click()
    expect(message).to_contain_text("Customer → First name, else “dear customer”")
    expect(preview).to_contain_text("Thank you, dear customer!")
    expect(panel.get_by_text("can be empty")).to_have_count(0)
    text = '{{ customer.first_name | default: "dear customer" }}'
    assert text in canvas.saved()["nodes"][2]["config"]["text"]
    assert serious_faults(page) == []


def test_54_what_is_in_the_way_is_listed_before_going_live(page: Page, api: httpx.Client) -> None:
    """54: a step that nothing leads to, a missing field or account, a workflow that would call
    itself; each is a link to its step."""
    graph: Json = {
        "schema": 1,
        "settings": {},
        "nodes": [
            node("start", "trigger.called@1", 0, 0),
            node("again", "flow.sub_workflow@1", 368, 0),
            node(
                "lost",
                "action.send_sms@1",
                368,
                240,
                {"to": "{{ contact.phone }}", "connection": "gone"},
            ),
        ],
        "edges": [edge("start", "again")],
    }
    canvas = Canvas.open(page, api, graph, "Round and round")
    graph["nodes"][1]["config"]["workflow"] = canvas.workflow_id
    draft = {"graph": graph, "revision": 1}
    assert api.put(f"/api/workflows/{canvas.workflow_id}/draft", json=draft).status_code == 200
    canvas.visit()
    expect(canvas.card("Send SMS")).to_be_visible()
    page.get_by_role("switch", name="Active").click(force=True)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Switch on")).to_be_disabled()
    expect(dialog.get_by_role("button", name=re.compile("“Message” is missing"))).to_be_visible()
    expect(
        dialog.get_by_role("button", name=re.compile("connection that this step uses"))
    ).to_be_visible()
    dialog.get_by_role("button", name=re.compile("No line leads to this step")).click()
    expect(canvas.step("lost")).to_have_class(re.compile("selected"))
    canvas.keys("Escape", "Delete")
    canvas.saved()
    page.get_by_role("switch", name="Active").click(force=True)
    dialog.get_by_role("button", name="Switch on").click()
    dialog.get_by_role("button", name=re.compile("would call itself")).click()
    expect(canvas.step("again")).to_have_class(re.compile("selected"))
    expect(canvas.panel).to_be_visible()


def test_27_tidying_up_glides_unless_somebody_likes_it_calm(canvas: Canvas) -> None:
    """27: animated, one step of undo, and at once where less motion is asked for."""
    page = canvas.page
    before = canvas.saved()
    tidy = page.get_by_role("button", name="Tidy up")
    page.evaluate(SLOWLY)
    for motion, fewest, most in (("no-preference", 3, 200), ("reduce", 2, 2)):
        page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
        expect(canvas.step("wait")).to_have_attribute("style", re.compile("736px, 224px"))
        canvas.step("wait").evaluate(MOVES)
        tidy.click()
        after = canvas.saved()
        assert after != before
        x, y = (after["nodes"][3]["position"][axis] for axis in "xy")
        place = re.compile(rf"translate\({x}px, {y}px\)")
        expect(canvas.step("wait")).to_have_attribute("style", place)
        shown = page.evaluate("window.places")
        assert fewest <= len(shown) <= most, shown
        canvas.keys("Control+z")
        assert canvas.saved() == before


def test_47_steps_are_pasted_into_another_workflow_in_another_tab(
    canvas: Canvas, api: httpx.Client
) -> None:
    """47: as text JSON, with the lines between them and new ids; notes come along (74)."""
    page = canvas.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    canvas.keys("n")
    note = page.get_by_role("textbox", name="Text of the note")
    note.fill("# Why\n- **large** orders only")
    note.press("Escape")
    expect(page.locator(".react-flow__node-note strong")).to_have_text("large")
    page.get_by_role("button", name="Blue", exact=True).click()
    for _ in range(3):
        page.get_by_role("button", name="Pull to change the size").press("ArrowRight")
    kept = canvas.saved()["notes"][0]
    assert (kept["color"], kept["width"]) == ("blue", 288)
    exported = api.get(f"/api/workflows/{canvas.workflow_id}/export").json()
    assert exported["graph"]["notes"] == [kept]

    canvas.keys("Escape", "Control+a", "Control+c")
    wait_until(lambda: '"edges"' in page.evaluate("navigator.clipboard.readText()"))
    text = page.evaluate("navigator.clipboard.readText()")
    assert len(json.loads(text)["edges"]) == 3
    other = Canvas.open(page.context.new_page(), api, thanks(), "Other tab")
    expect(other.card("Wait")).to_be_visible()
    other.keys("Control+v")
    pasted = other.saved()
    assert len(pasted["nodes"]) == 7
    assert [each["text"] for each in pasted["notes"]] == [kept["text"]]
    assert {"if.then>send_whatsapp", "if.otherwise>delay"} <= other.wires()
    other.keys("Control+z")
    assert "notes" not in other.saved()


def test_1_a_template_is_put_on_the_empty_canvas(page: Page, api: httpx.Client) -> None:
    """1: drawings are offered beside the question; one step of undo takes them back."""
    canvas = Canvas.open(page, api, {"schema": 1, "nodes": [], "edges": [], "settings": {}}, "New")
    offered = (
        page.locator("section").filter(has_text="Or begin with a template").get_by_role("listitem")
    )
    expect(offered.first).to_be_visible()
    assert 3 <= offered.count() <= 6
    page.get_by_role("button", name=re.compile("^Thank new and generous")).click()
    page.get_by_role("button", name="Put it on the canvas").click()
    expect(canvas.card("Order placed")).to_be_visible()
    assert len(canvas.saved()["nodes"]) == 3
    canvas.keys("Control+z")
    expect(page.get_by_role("heading", name="When does this start?")).to_be_visible()
