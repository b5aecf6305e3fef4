"""How fast the canvas is: opening, dragging, panning and live updates with 200 and 1,000 steps.

`uv run python -m benchmarks.canvas [--chromium PATH] [--cpu]` starts a Cartwheel of its own with
the built canvas and prints one row for each size. What is counted: "open" is the time from the
start of the navigation until the first card is painted; the others are the time that the main
thread spends in JavaScript, styles and layout from one frame to the next, as Chromium's own tracing
tells it. Dragging and panning: the scripts alone and everything, at the 95th percentile of as many
frames as there were movements, the costliest ones: frames in which little happened do not count.
"Pan on" is a pan that goes on for four times as long, past all that was drawn ahead. "Update" is
one live update that changes every step of a run that is on the screen: its costliest frame, and all
of it until every card shows it; "list" is the costliest frame afterwards, when the list beside it
follows in slices; "choose all" is Ctrl+A. With `--cpu` the thread's processor time is counted
instead of the clock, which says more on a machine that does other things, too. Budgets: below.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.main_thread import Frame, Work, traced
from tests.running import RunningCartwheel

Run = dict[str, Any]
COLUMNS = 40
MOVEMENTS = 60
BUDGETS = {200: (1_500, 16.7, 60), 1000: (2_500, 16.7, 60)}
"""Open in ms, a frame of a live update in ms, heap in MB."""

NEAR, FAR = Frame(6.0, 16.7), Frame(16.0, 50.0)
"""Milliseconds of a frame, at 100 % and zoomed out: its scripts, and all of it."""


@dataclass(frozen=True)
class Update:
    """Milliseconds: the costliest frame, all until it is shown, and the costliest after that."""

    frame: float
    shown: float
    listed: float


@dataclass(frozen=True)
class Figures:
    """Milliseconds; the heap in MB."""

    steps: int
    open: float
    drag: Frame
    pan: Frame
    pan_on: Frame
    far_pan: Frame
    chosen: float
    heap: float
    update: Update


@dataclass(frozen=True)
class Watched:
    """A page, and what its main thread's work is told in: `dur` or `tdur`."""

    browser: Browser
    page: Page
    clock: str

    def work_of(self, act: Callable[[], None]) -> Work:
        return traced(self.browser, self.page, act, self.clock)


def graph_of(size: int) -> dict[str, Any]:
    """A snake of waits, 40 in a row."""
    nodes = [{"id": "n0", "type": "trigger.order_created@1", "config": {}, "position": _place(0)}]
    nodes += [
        {
            "id": f"n{number}", "type": "flow.delay@1", "position": _place(number),
            "config": {"amount": number % 9 + 1, "unit": "days"},
        }
        for number in range(1, size)
    ]  # fmt: skip
    edges = [
        {
            "id": f"e{number}", "source": f"n{number}", "sourceHandle": "done",
            "target": f"n{number + 1}", "targetHandle": "in",
        }
        for number in range(size - 1)
    ]  # fmt: skip
    return {"schema": 1, "nodes": nodes, "edges": edges, "settings": {}}


def _place(number: int) -> dict[str, int]:
    return {"x": number % COLUMNS * 368, "y": number // COLUMNS * 160}


def measure(watched: Watched, api: httpx.Client, run: Run) -> Figures:
    page = watched.page
    address = f"{str(api.base_url).rstrip('/')}/workflows/{run['workflow_id']}"
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".react-flow__node")
    opened = page.evaluate("performance.now()")
    page.wait_for_timeout(2_500)
    page.keyboard.press("0")
    page.wait_for_timeout(4_000)
    drag = _per_frame(watched, _dragging(page))
    pan = _per_frame(watched, lambda: page.mouse.wheel(24, 16))
    page.wait_for_timeout(4_000)
    pan_on = _per_frame(watched, lambda: page.mouse.wheel(24, -4), 4 * MOVEMENTS)
    page.keyboard.press("1")
    page.wait_for_timeout(1_500)
    far_pan = _per_frame(watched, lambda: page.mouse.wheel(6, 4))
    chosen = _choose_all(watched)
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
    update = _live_update(watched, api, run)
    size = len(run["graph"]["nodes"])
    return Figures(size, opened, drag, pan, pan_on, far_pan, chosen, heap, update)


def _dragging(page: Page) -> Callable[[], None]:
    # From the middle: near its edges the canvas pans by itself.
    at: list[float] = page.evaluate(
        """() => {
            const places = [...document.querySelectorAll(".react-flow__node")].map(card => {
                const { x, y } = card.getBoundingClientRect();
                return [x + 60, y + 30];
            });
            const far = ([x, y]) => Math.hypot(x - innerWidth / 2, y - innerHeight / 2);
            return places.sort((one, other) => far(one) - far(other))[0];
        }"""
    )
    page.mouse.move(*at)
    page.mouse.down()

    def move() -> None:
        at[0] += 2
        at[1] += 2
        page.mouse.move(*at)

    return move


NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"


def _per_frame(watched: Watched, move: Callable[[], None], times: int = MOVEMENTS) -> Frame:
    page = watched.page

    def moving() -> None:
        for _ in range(times):
            move()
            page.evaluate(NEXT_FRAME)

    frames = watched.work_of(moving).frames()
    page.mouse.up()
    # A dragged step is saved in the meantime, which is no part of the next gesture.
    page.wait_for_timeout(3_000)
    scripts, everything = [each.script for each in frames], [each.whole for each in frames]
    return Frame(_p95(scripts, times), _p95(everything, times))


def _p95(values: list[float], count: int) -> float:
    """Of the costliest `count`."""
    return sorted(values)[-count:][int(min(count, len(values)) * 0.95)]


def _choose_all(watched: Watched) -> float:
    """Every card that is drawn gets another look, and React Flow is told of each."""

    def choosing() -> None:
        watched.page.keyboard.press("Control+a")
        watched.page.evaluate(NEXT_FRAME)

    return sum(frame.whole for frame in watched.work_of(choosing).frames())


def _live_update(watched: Watched, api: httpx.Client, run: Run) -> Update:
    """Every step of a run ends at once.

    The live stream says that runs moved, because another one begins.
    """
    page, status = watched.page, ["running"]
    page.route(
        f"**/api/runs/{run['id']}", lambda route: route.fulfill(json=_with_status(run, status[-1]))
    )
    page.goto(page.url.split("/workflows")[0] + f"/runs/{run['id']}")
    page.wait_for_selector(".react-flow__node [data-trace='running']")
    page.wait_for_timeout(2_500)
    page.evaluate(
        """() => {
            const cards = document.querySelector(".react-flow__nodes");
            window.shown = new Promise(done => new MutationObserver((_, observer) => {
                if (cards.querySelector("[data-trace='running']")) return;
                observer.disconnect();
                performance.mark("shown");
                done();
            }).observe(cards, { subtree: true, attributeFilter: ["data-trace"] }));
        }"""
    )
    status.append("succeeded")

    def updating() -> None:
        place_order(api)
        page.evaluate("() => window.shown")
        page.wait_for_timeout(1_000)

    work = watched.work_of(updating)
    shown = work.until("shown").frames()
    listed = work.frames()[len(shown) :]
    costliest = max(frame.whole for frame in shown)
    whole = sum(frame.whole for frame in shown)
    return Update(costliest, whole, max((frame.whole for frame in listed), default=0.0))


def _with_status(run: Run, status: str) -> Run:
    """The run as if every step of its graph had come as far as this."""
    nodes = run["graph"]["nodes"]
    steps = [{**run["steps"][0], "node_id": node["id"], "status": status} for node in nodes]
    return {**run, "steps": steps}


def place_order(api: httpx.Client) -> None:
    order = {"order": {"id": "1", "name": "#1001"}}
    api.post("/api/events", json={"type": "order_created", "data": order}).raise_for_status()


def start_run(api: httpx.Client, workflow_id: str) -> Run:
    """A run that waits at its first step, on the version that is live."""
    api.post(f"/api/workflows/{workflow_id}/activate").raise_for_status()
    place_order(api)
    for _ in range(100):
        items = api.get("/api/runs", params={"workflow_id": workflow_id}).json()["items"]
        if items and items[0]["status"] == "waiting":
            return dict(api.get(f"/api/runs/{items[0]['id']}").json())
        time.sleep(0.1)
    raise RuntimeError("the run never came to its wait")


def show(figures: Figures) -> None:
    opened, update, heap = BUDGETS[figures.steps]
    print(
        f"| {figures.steps:,} | {figures.open:,.0f} / {opened:,} | {_frame(figures.drag, NEAR)} "
        f"| {_frame(figures.pan, NEAR)} | {_frame(figures.pan_on, NEAR)} "
        f"| {_frame(figures.far_pan, FAR)} | {figures.update.frame:.1f} / {update} "
        f"| {figures.update.shown:.0f} | {figures.update.listed:.1f} | {figures.chosen:.0f} "
        f"| {figures.heap:.0f} / {heap} |"
    )


def _frame(spent: Frame, allowed: Frame) -> str:
    return f"{spent.script:.1f} / {allowed.script:.0f}, {spent.whole:.1f} / {allowed.whole}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--cpu", action="store_true", help="processor time instead of the clock")
    chosen = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load average {os.getloadavg()[0]:.1f}")
    print(
        "| steps | open ms | drag ms | pan ms | pan on ms | pan far ms | update's frame ms "
        "| update ms | list's frame ms | choose all ms | heap MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, RunningCartwheel(Path(folder) / "d") as running:
        headers = {"Authorization": f"Bearer {running.token()}"}
        api = httpx.Client(base_url=running.url, headers=headers, timeout=60)
        with sync_playwright() as playwright, api:
            arguments = ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"]
            browser = playwright.chromium.launch(executable_path=chosen.chromium, args=arguments)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(running.link)
            page.get_by_role("button", name="Yes, sign me in").click()
            page.wait_for_url("**/password**")
            watched = Watched(browser, page, "tdur" if chosen.cpu else "dur")
            for size in BUDGETS:
                drawn = {"name": f"{size} steps", "graph": graph_of(size)}
                workflow_id = api.post("/api/workflows", json=drawn).json()["id"]
                run = start_run(api, workflow_id)
                show(measure(watched, api, run))
            browser.close()


if __name__ == "__main__":
    main()
