"""The canvas in a browser: a workflow made over the API, opened, and what was saved of it."""

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
from playwright.sync_api import Error, Locator, Page, expect

Json = dict[str, Any]
RULES = {
    "combinator": "and",
    "rules": [{"field": "order.total", "operator": ">", "value": "100"}],
}


def node(node_id: str, kind: str, x: int, y: int, config: Json | None = None) -> Json:
    return {"id": node_id, "type": kind, "position": {"x": x, "y": y}, "config": config or {}}


def edge(source: str, target: str, port: str = "done") -> Json:
    return {
        "id": f"{source}-{target}", "source": source, "sourceHandle": port,
        "target": target, "targetHandle": "in",
    }  # fmt: skip


def thanks() -> Json:
    """An order, a condition, a message for large orders, and some days' wait for the others."""
    message = {"to": "{{ customer.phone }}", "text": "Thank you, {{ customer.first_name }}!"}
    return {
        "schema": 1,
        "settings": {},
        "nodes": [
            node("start", "trigger.order_created@1", 0, 0),
            node("check", "condition.if@1", 368, 0, {"rules": RULES}),
            node("thank", "action.send_whatsapp@1", 736, 0, message),
            node("wait", "flow.delay@1", 736, 224, {"amount": 3, "unit": "days"}),
        ],
        "edges": [
            edge("start", "check"),
            edge("check", "thank", "then"),
            edge("check", "wait", "otherwise"),
        ],
    }


def last_order(api: httpx.Client, first_name: str) -> None:
    """The trigger's sample happens for real, to somebody else."""
    types = api.get("/api/node-types").json()
    listed = types["items"] if isinstance(types, dict) else types
    placed = next(each for each in listed if each["ref"] == "trigger.order_created@1")
    data = placed["samples"][0]["output"]
    data["customer"]["first_name"] = first_name
    happened = api.post("/api/events", json={"type": "order_created", "data": data})
    assert happened.status_code == 202, happened.text


# A step that is opened is brought into view 60 ms after its panel has taken its room.
_AT_REST = """viewport => new Promise((done) => {
    let seen = "", since = 0, frames = 0;
    const look = (now) => {
        const place = viewport.getAttribute("style");
        if (place !== seen) [seen, since, frames] = [place, now, 0];
        frames += 1;
        if (frames < 4 || now - since < 120) requestAnimationFrame(look);
        else done(place);
    };
    requestAnimationFrame(look);
})"""


@dataclass
class Canvas:
    """One workflow on its canvas."""

    page: Page
    api: httpx.Client
    workflow_id: str

    @classmethod
    def open(cls, page: Page, api: httpx.Client, graph: Json, name: str = "Thanks") -> "Canvas":
        made = api.post("/api/workflows", json={"name": name, "graph": graph})
        assert made.status_code < 300, made.text
        canvas = cls(page, api, made.json()["id"])
        canvas.visit()
        return canvas

    def visit(self) -> None:
        self.page.goto(f"/workflows/{self.workflow_id}")
        expect(self.region).to_be_visible()

    @property
    def region(self) -> Locator:
        return self.page.get_by_role("region", name="Canvas")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("complementary", name="Settings of the step")

    @property
    def picker(self) -> Locator:
        return self.page.get_by_role("dialog", name="Choose a step")

    def palette(self, name: str) -> Locator:
        palette = self.page.get_by_role("complementary", name="Steps to add")
        return palette.get_by_role("button", name=name, exact=True)

    def card(self, name: str) -> Locator:
        return self.region.get_by_role("group", name=name, exact=True)

    def step(self, node_id: str) -> Locator:
        return self.page.locator(f".react-flow__node[data-id='{node_id}']")

    def line(self, edge_id: str) -> Locator:
        return self.page.locator(f".react-flow__edge[data-id='{edge_id}']")

    def saved(self) -> Json:
        """The draft as the server has it, once everything is saved."""
        self.page.evaluate("() => new Promise(requestAnimationFrame)")  # drawn as unsaved by then
        expect(self.page.locator("[data-save-state='saved']")).to_be_visible()
        graph: Json = self.api.get(f"/api/workflows/{self.workflow_id}").json()["graph"]
        return graph

    def close_panel(self) -> None:
        """Of the step that was just added, which opens a moment later and may cover other steps."""
        expect(self.panel.get_by_role("button", name="Test this step")).to_be_visible()
        self.keys("Escape")
        expect(self.panel).to_have_count(0)

    def wires(self) -> set[str]:
        edges = self.saved()["edges"]
        return {f"{each['source']}.{each['sourceHandle']}>{each['target']}" for each in edges}

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def look_for(self, words: str) -> None:
        """Write into the list of steps, which takes the keys a moment after it is seen."""
        expect(self.picker.get_by_role("combobox")).to_be_focused()
        self.page.keyboard.type(words)

    def at_rest(self) -> str:
        """The place and zoom of the view, once they have been the same for a while: whatever
        is pointed at by coordinates must not glide away from there."""
        found: str = self.page.locator(".react-flow__viewport").evaluate(_AT_REST)
        return found

    def middle(self, of: Locator) -> tuple[float, float]:
        of.scroll_into_view_if_needed()
        self.at_rest()
        box = of.bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def on_line(self, edge_id: str) -> tuple[float, float]:
        """The point half way along a line."""
        self.at_rest()
        found = (
            self.line(edge_id)
            .locator("path")
            .first.evaluate(
                """path => {
                const { x, y } = path.getPointAtLength(path.getTotalLength() / 2);
                const at = new DOMPoint(x, y).matrixTransform(path.getScreenCTM());
                return [at.x, at.y];
            }"""
            )
        )
        return found[0], found[1]

    def output(self, node_id: str, port: str) -> tuple[float, float]:
        return self.middle(self.step(node_id).locator(f"[data-handleid='{port}'].source"))

    def input(self, node_id: str) -> tuple[float, float]:
        return self.middle(self.step(node_id).locator("[data-handleid='in'].target"))

    def drag(self, start: tuple[float, float], *through: tuple[float, float]) -> None:
        """Without letting go at the end."""
        self.page.mouse.move(*start)
        self.page.mouse.down()
        for point in through:
            self.page.mouse.move(*point, steps=6)

    def zoom(self) -> float:
        style = self.page.locator(".react-flow__viewport").get_attribute("style") or ""
        found = re.search(r"scale\(([\d.]+)\)", style)
        assert found
        return float(found[1])

    def kept_zoom(self) -> float:
        """The zoom that this browser remembers for the workflow."""
        key = f"cartwheel.view.{self.workflow_id}"
        kept: float = self.page.evaluate("key => JSON.parse(localStorage.getItem(key)).zoom", key)
        return kept

    def says(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()


def drop_file(page: Page, text: str) -> None:
    """Let a file go on the empty part of the canvas."""
    page.locator(".react-flow__pane").evaluate(
        """(pane, text) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], "flow.json", { type: "application/json" }));
            const at = { clientX: 700, clientY: 780, bubbles: true, cancelable: true };
            pane.dispatchEvent(new DragEvent("drop", { ...at, dataTransfer }));
        }""",
        text,
    )


def crash(page: Page) -> None:
    """The tab dies as it does when its memory runs out: nothing in it can say farewell."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")
