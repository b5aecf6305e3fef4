"""Seeing what happened: runs that move by themselves, the search, the palette, Polish, and axe.

UX 56, 57, 59, 63, 64, 67, 69, 73.
"""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import WATCH_SHIFTS, in_scheme, serious_faults
from tests.e2e.canvas import Canvas
from tests.frontend_tools import FRONTEND
from tests.running import wait_until

pytestmark = pytest.mark.usefixtures("tidy")
RULES = {"combinator": "and", "rules": [{"field": "order.total", "operator": ">", "value": "1000"}]}


@pytest.fixture(scope="module")
def workflow(api: httpx.Client) -> str:
    """Large orders wait for three days; the others end at the condition."""
    nodes = [
        ("start", "trigger.order_created@1", {}),
        ("if", "condition.if@1", {"rules": RULES}),
        ("wait", "flow.delay@1", {"amount": 3, "unit": "days"}),
    ]
    graph = {
        "schema": 1,
        "nodes": [
            {"id": node_id, "type": kind, "config": config, "position": {"x": 320 * x, "y": 80}}
            for x, (node_id, kind, config) in enumerate(nodes)
        ],
        "edges": [_edge("start", "done", "if"), _edge("if", "then", "wait")],
        "settings": {},
    }
    made = api.post("/api/workflows", json={"name": "Thank big spenders", "graph": graph})
    assert made.status_code < 300, made.text
    workflow_id = str(made.json()["id"])
    assert api.post(f"/api/workflows/{workflow_id}/activate").status_code == 200
    return workflow_id


def _edge(source: str, port: str, target: str) -> dict[str, str]:
    ends = {"source": source, "sourceHandle": port, "target": target, "targetHandle": "in"}
    return {"id": f"{source}-{target}", **ends}


def place_order(api: httpx.Client, name: str, total: str, kind: str = "order_created") -> None:
    """An order comes in."""
    order = {"id": name, "name": name, "total": total, "currency": "EUR"}
    customer = {"id": "7", "email": "noor@example.nl", "first_name": "Noor"}
    data = {"order": order, "customer": customer}
    assert api.post("/api/events", json={"type": kind, "data": data}).status_code == 202


@pytest.fixture(scope="module")
def orders(api: httpx.Client, workflow: str) -> str:
    """A small order, one that starts nothing, and a large one that waits."""
    place_order(api, "#4041", "976.48")
    place_order(api, "#4041", "976.48", kind="loyalty.points_earned")
    place_order(api, "#4042", "2310.00")
    wait_until(lambda: bool(api.get("/api/runs", params={"search": "#4042"}).json()["items"]))
    return workflow


WATCH = """words => new MutationObserver((_, watcher) => {
    if (!document.body.innerText.includes(words)) return;
    window.seenAt = Date.now();
    watcher.disconnect();
}).observe(document.body, { childList: true, subtree: true, characterData: true })"""


def test_ux_56_a_run_appears_and_moves_without_being_asked_for(
    page: Page, api: httpx.Client, workflow: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """56: in the list, and step by step on the drawing; how soon is said, and not judged."""
    page.goto("/runs")
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    expect(page.locator("[data-live='true']")).to_be_attached()  # the stream is open
    page.evaluate(WATCH, "#4039")
    place_order(api, "#4039", "1200.00")
    run = page.get_by_role("listitem").filter(has_text="#4039")
    expect(run.get_by_text("Waiting")).to_be_visible()
    begun = api.get("/api/runs", params={"search": "#4039"}).json()["items"][0]["created_at"]
    took = page.evaluate("begun => window.seenAt - Date.parse(begun)", begun)
    with capsys.disabled():
        print(f"\nA run is on the screen {took} ms after it was made")
    run.get_by_role("link", name="#4039").click()
    steps = page.get_by_role("region", name="Canvas").locator("[data-id='wait']")
    expect(steps.locator("[data-trace='waiting']")).to_be_attached()
    page.get_by_role("button", name="Go on now").click()
    page.get_by_role("dialog").get_by_role("button", name="Go on now").click()
    expect(steps.locator("[data-trace='succeeded']")).to_be_attached()
    expect(page.get_by_role("status").filter(has_text="The run is done")).to_be_attached()


def test_ux_57_59_the_search_finds_the_order_and_what_came_to_nothing(
    page: Page, orders: str
) -> None:
    page.goto("/runs")
    page.get_by_role("searchbox").fill("#4041")
    idle = page.get_by_role("list", name="1 event that started nothing")
    expect(idle).to_contain_text("No workflow that has ever been switched on starts with it.")
    page.get_by_role("list", name="Runs", exact=True).get_by_role("link", name="#4041").click()
    compared = "Order total is 976.48, which is not above 1,000"
    expect(page.get_by_text(compared)).to_be_visible()
    page.get_by_role("heading", name="Order #4041").click()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Order #4042")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="Order #4041")).to_be_visible()


def test_ux_64_todays_version_is_played_on_the_same_event(page: Page, orders: str) -> None:
    page.goto("/runs?search=%234041")
    runs = page.get_by_role("list", name="Runs", exact=True)  # Not what started nothing.
    runs.get_by_role("link", name="Order #4041").first.click()
    page.get_by_role("button", name="Try today's version").click()
    drawer = page.get_by_role("dialog", name="The same event with today's version")
    expect(drawer.get_by_text("Today's version would do the same.")).to_be_visible()


def find(page: Page, words: str, option: str | re.Pattern[str]) -> None:
    """Go to something by the keyboard alone."""
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search everything")).to_be_focused()
    page.keyboard.type(words)
    expect(page.get_by_role("option", name=option, selected=True)).to_be_visible()
    page.keyboard.press("Enter")


@pytest.mark.usefixtures("shopify_hook")
def test_ux_73_the_palette_finds_everything_by_the_keyboard_alone(page: Page, orders: str) -> None:
    """73: pages, a connection by itself, an order by its number, a step of what is open."""
    page.goto("/workflows")
    expect(page.get_by_role("heading", name="Workflows")).to_be_visible()
    for place in ("Outbox", "Settings"):
        find(page, place, place)
        expect(page.get_by_role("heading", name=place, level=1)).to_be_visible()
    find(page, "My shop", "My shop")
    connection = page.get_by_role("dialog", name="My shop")
    expect(connection.get_by_role("textbox", name="Name")).to_have_value("My shop")
    connection.get_by_role("button", name="Close").press("Enter")
    expect(connection).to_have_count(0)
    find(page, "#4042", re.compile("^Order #4042"))
    expect(page.get_by_role("heading", name="Order #4042")).to_be_visible()
    find(page, "wai", "Wait")
    panel = page.get_by_role("complementary", name="Settings of the step")
    expect(panel.get_by_text("Waits 3 days.")).to_be_visible()


def test_ux_69_polish_is_chosen_without_a_reload_and_holds_for_the_servers_words_too(
    page: Page, orders: str
) -> None:
    page.goto("/runs?search=%234042")
    runs = page.get_by_role("list", name="Runs", exact=True)
    runs.get_by_role("link", name="Order #4042").first.click()
    expect(page.get_by_text("Waits 3 days.")).to_be_visible()
    page.evaluate("window.isStillHere = true")
    page.get_by_role("combobox", name="Language").select_option("pl")
    expect(page.get_by_text("Czeka: 3 dni.")).to_be_visible()
    expect(page.get_by_text("Suma zamówienia: 2310,00, co jest powyżej 1000")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    assert page.evaluate("window.isStillHere")
    page.get_by_role("combobox", name="Język").select_option("en")
    expect(page.get_by_text("Waits 3 days.")).to_be_visible()


ROUTES = re.compile(r'path: "(/[^"]+)"')


def _screens(api: httpx.Client) -> dict[str, str]:
    """Each route of the screen, and where something of it is to be seen."""
    run = api.get("/api/runs", params={"search": "#4042"}).json()["items"][0]["id"]
    tables = api.get("/api/tables").json()["items"]
    columns = [{"name": "Order"}, {"name": "Units", "type": "number"}]
    made = {"name": "Seen", "columns": columns}
    table = tables[0] if tables else api.post("/api/tables", json=made).json()
    return {
        "/workflows": "/workflows",
        "/templates": "/templates",
        "/workflows/$id": f"/workflows/{_workflow(api)}",
        "/workflows/$id/waiting": f"/workflows/{_workflow(api)}/waiting",
        "/runs": "/runs?search=%234041",
        "/runs/$id": f"/runs/{run}",
        "/approvals": "/approvals",
        "/outbox": "/outbox",
        "/events": "/events",
        "/tables": "/tables",
        "/tables/$id": f"/tables/{table['id']}",
        "/connections": "/connections",
        "/settings": "/settings",
        "/password": "/password",
        "/login": "/login",
        "/login/$token": "/login/no-longer-good",
    }


def _faults(page: Page, name: str) -> list[str]:
    """What axe finds in what is shown now, light and dark."""
    found: list[str] = []
    for scheme in ("light", "dark"):
        in_scheme(page, scheme)
        found += [f"{name}, {scheme}: {fault}" for fault in serious_faults(page)]
    return found


MOST_SHIFTED = 0.02


def test_ux_67_no_route_has_a_serious_fault_or_jumps_while_it_loads(
    page: Page, api: httpx.Client, orders: str
) -> None:
    """67: axe, in both schemes, and what moves by itself; a new route has to be added to the
    list."""
    page.add_init_script(WATCH_SHIFTS)
    screens = _screens(api)
    assert set(ROUTES.findall((FRONTEND / "src/app/router.tsx").read_text())) == set(screens)
    faults: list[str] = []
    for name, address in screens.items():
        page.goto(address)
        is_drawing = name in {"/workflows/$id", "/runs/$id"}
        shown = page.get_by_role("region", name="Canvas")
        expect(shown if is_drawing else page.get_by_role("heading", level=1)).to_be_visible()
        faults += _faults(page, name)
        shifted = page.evaluate("window.shifted")
        faults += [f"{name} jumps by {shifted:.3f}"] if shifted >= MOST_SHIFTED else []
    assert faults == []


def test_ux_67_axe_has_nothing_serious_to_say_of_what_opens(
    page: Page, api: httpx.Client, orders: str
) -> None:
    """67: drawers, panels, the palette, and the canvas on a phone."""
    faults: list[str] = []
    for screen, opens in (("/events", re.compile("^Order #4042")), ("/connections", "Shopify")):
        page.goto(screen)
        page.get_by_role("button", name=opens).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        faults += _faults(page, f"drawer of {screen}")
    page.goto(f"/workflows/{_workflow(api)}")
    page.get_by_role("group", name="If", exact=True).click()
    expect(page.get_by_role("complementary", name="Settings of the step")).to_be_visible()
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_role("button", name="Run test")).to_be_visible()
    faults += _faults(page, "editor")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search everything")).to_be_visible()
    faults += _faults(page, "palette")
    page.set_viewport_size({"width": 390, "height": 844})
    canvas = Canvas(page, api, _workflow(api))
    canvas.visit()
    page.get_by_role("button", name="Show everything (1)").click()  # A phone shows the beginning.
    canvas.at_rest()
    canvas.card("If").click()
    expect(canvas.panel).to_be_visible()
    faults += _faults(page, "phone")
    assert faults == []


def _workflow(api: httpx.Client) -> str:
    return str(api.get("/api/workflows").json()["items"][0]["id"])
