"""How fast the canvas is: opening, dragging, panning and live updates with 200 and 1,000 steps.

`uv run python -m benchmarks.canvas [--chromium PATH] [--cpu]` starts a Cartwheel of its own with
the built canvas and prints one row for each size. What is counted: "open" is the time from the
start of the navigation until the first card is painted; the others are the time that the main
thread spends in JavaScript, styles and layout, as Chromium's own tracing counts it
(`Performance.getMetrics`). Dragging and panning: the 95th percentile over the frames of one
gesture, of the scripts alone and of everything. "Update" is one live update that changes every step
of a run that is on the screen, until the canvas shows it; "list" is what the list beside it takes
afterwards, in slices; "choose all" is Ctrl+A. With `--cpu` the thread's processor time is counted
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
from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.running import RunningCartwheel

Run = dict[str, Any]
COLUMNS = 40
FRAMES = 60
BUDGETS = {200: (1_500, 16.7, 60), 1000: (2_500, 16.7, 60)}
"""Open in ms, one live update in ms, heap in MB."""

NEAR, FAR = (6.0, 16.7), (16.0, 50.0)
"""Milliseconds of a frame, at 100 % and zoomed out: its scripts, and all of it."""

Frame = tuple[float, float]


@dataclass(frozen=True)
class Figures:
    """Milliseconds (of a frame: its scripts, and all of it); the heap in MB."""

    steps: int
    open: float
    drag: Frame
    pan: Frame
    far_pan: Frame
    chosen: float
    heap: float
    update: float
    listed: float


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


def measure(page: Page, session: CDPSession, api: httpx.Client, run: Run) -> Figures:
    address = f"{str(api.base_url).rstrip('/')}/workflows/{run['workflow_id']}"
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".react-flow__node")
    opened = page.evaluate("performance.now()")
    page.wait_for_timeout(2_500)
    page.keyboard.press("0")
    page.wait_for_timeout(4_000)
    drag = _per_frame(page, session, _dragging(page))
    pan = _per_frame(page, session, lambda: page.mouse.wheel(24, 16))
    page.keyboard.press("1")
    page.wait_for_timeout(1_500)
    far_pan = _per_frame(page, session, lambda: page.mouse.wheel(6, 4))
    chosen = _choose_all(page, session)
    session.send("HeapProfiler.collectGarbage")
    heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
    update, listed = _live_update(page, session, api, run)
    size = len(run["graph"]["nodes"])
    return Figures(size, opened, drag, pan, far_pan, chosen, heap, update, listed)


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


def _per_frame(page: Page, session: CDPSession, move: Callable[[], None]) -> Frame:
    """The 95th percentile of main-thread work for one movement and the frame that shows it."""
    scripts: list[float] = []
    everything: list[float] = []
    for _ in range(FRAMES):
        script, work = _script_and_work(session)
        move()
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        script_after, work_after = _script_and_work(session)
        scripts.append(script_after - script)
        everything.append(work_after - work)
    page.mouse.up()
    page.wait_for_timeout(300)
    return _p95(scripts), _p95(everything)


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def _script_and_work(session: CDPSession) -> Frame:
    told = session.send("Performance.getMetrics")["metrics"]
    metrics = {each["name"]: 1000 * float(each["value"]) for each in told}
    script = metrics["ScriptDuration"]
    return script, script + metrics["LayoutDuration"] + metrics["RecalcStyleDuration"]


def _work(session: CDPSession) -> float:
    return _script_and_work(session)[1]


def _choose_all(page: Page, session: CDPSession) -> float:
    """Every card that is drawn gets another look, and React Flow is told of each."""
    before = _work(session)
    page.keyboard.press("Control+a")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    return _work(session) - before


def _live_update(
    page: Page, session: CDPSession, api: httpx.Client, run: Run
) -> tuple[float, float]:
    """Every step of a run ends at once: until the canvas shows it, and what the list takes then.

    The live stream says that runs moved, because another one begins.
    """
    status = ["running"]
    page.route(
        f"**/api/runs/{run['id']}", lambda route: route.fulfill(json=_with_status(run, status[-1]))
    )
    page.goto(page.url.split("/workflows")[0] + f"/runs/{run['id']}")
    page.wait_for_selector(".react-flow__node [data-trace='running']")
    page.wait_for_timeout(2_500)
    page.evaluate(
        """() => {
            const card = document.querySelector(".react-flow__node [data-trace]");
            window.shown = new Promise(done => new MutationObserver(
                () => requestAnimationFrame(() => setTimeout(done))
            ).observe(card, { attributeFilter: ["data-trace"] }));
        }"""
    )
    status.append("succeeded")
    before = _work(session)
    place_order(api)
    page.evaluate("() => window.shown")
    shown = _work(session)
    page.wait_for_timeout(1_000)
    return shown - before, _work(session) - shown


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
        f"| {_frame(figures.pan, NEAR)} | {_frame(figures.far_pan, FAR)} "
        f"| {figures.update:.1f} / {update} | {figures.listed:.0f} | {figures.chosen:.0f} "
        f"| {figures.heap:.0f} / {heap} |"
    )


def _frame(spent: Frame, allowed: Frame) -> str:
    return f"{spent[0]:.1f} / {allowed[0]:.0f}, {spent[1]:.1f} / {allowed[1]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--cpu", action="store_true", help="processor time instead of the clock")
    chosen = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load average {os.getloadavg()[0]:.1f}")
    print(
        "| steps | open ms | drag p95 ms | pan p95 ms | pan far p95 ms | update ms | list ms "
        "| choose all ms | heap MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
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
            session = page.context.new_cdp_session(page)
            domain = "threadTicks" if chosen.cpu else "timeTicks"
            session.send("Performance.enable", {"timeDomain": domain})
            for size in BUDGETS:
                drawn = {"name": f"{size} steps", "graph": graph_of(size)}
                workflow_id = api.post("/api/workflows", json=drawn).json()["id"]
                run = start_run(api, workflow_id)
                show(measure(page, session, api, run))
            browser.close()


if __name__ == "__main__":
    main()
