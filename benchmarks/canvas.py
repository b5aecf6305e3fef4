"""How fast the canvas is: opening, dragging and panning with 200 and 1,000 steps, in Chromium.

`uv run python -m benchmarks.canvas [--chromium PATH]` starts a Cartwheel of its own with the built
canvas and prints one row for each size. What is counted: "open" is the time from the start of the
navigation until the first card is painted; script is the time that the main thread spends in
JavaScript, styles and layout for each frame of the gesture, as Chromium's own tracing counts it
(`Performance.getMetrics`); p95 is over the frames of one gesture. Budgets: `BUDGETS` below.
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.running import RunningCartwheel

COLUMNS = 40
FRAMES = 60
BUDGETS = {200: (1_500, 6.0, 16.0, 60), 1000: (2_500, 6.0, 16.0, 60)}
"""Open in ms; script a frame at 100 % and zoomed out in ms; heap in MB."""


@dataclass(frozen=True)
class Figures:
    """Milliseconds; the heap in MB."""

    steps: int
    open: float
    drag: float
    pan: float
    far_pan: float
    update: float
    heap: float


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


def measure(page: Page, address: str, size: int) -> Figures:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".react-flow__node")
    opened = page.evaluate("performance.now()")
    page.wait_for_timeout(2_500)
    page.keyboard.press("0")
    page.wait_for_timeout(600)
    drag = _per_frame(page, session, _dragging(page))
    pan = _per_frame(page, session, lambda: page.mouse.wheel(24, 16))
    page.keyboard.press("1")
    page.wait_for_timeout(600)
    far_pan = _per_frame(page, session, lambda: page.mouse.wheel(6, 4))
    update = _live_update(page, session)
    session.send("HeapProfiler.collectGarbage")
    heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
    return Figures(size, opened, drag, pan, far_pan, update, heap)


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


def _per_frame(page: Page, session: CDPSession, move: Callable[[], None]) -> float:
    """The 95th percentile of main-thread work for one movement and the frame that shows it."""
    spent: list[float] = []
    for _ in range(FRAMES):
        before = _work(session)
        move()
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        spent.append(_work(session) - before)
    page.mouse.up()
    page.wait_for_timeout(300)
    return sorted(spent)[int(len(spent) * 0.95)]


def _work(session: CDPSession) -> float:
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}  # noqa: E501  # fmt: skip
    names = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
    return 1000 * float(sum(metrics[name] for name in names))


def _live_update(page: Page, session: CDPSession) -> float:
    """All steps chosen at once: every card that is drawn gets another look."""
    before = _work(session)
    page.keyboard.press("Control+a")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    return _work(session) - before


def show(figures: Figures) -> None:
    opened, near, far, heap = BUDGETS[figures.steps]
    print(
        f"| {figures.steps:,} | {figures.open:,.0f} / {opened:,} | {figures.drag:.1f} / {near} "
        f"| {figures.pan:.1f} / {near} | {figures.far_pan:.1f} / {far} | {figures.update:.0f} "
        f"| {figures.heap:.0f} / {heap} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    chosen = parser.parse_args()
    print("| steps | open ms | drag p95 ms | pan p95 ms | pan far p95 ms | update ms | heap MB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, RunningCartwheel(Path(folder) / "d") as running:
        headers = {"Authorization": f"Bearer {running.token()}"}
        with sync_playwright() as playwright:
            arguments = ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"]
            browser = playwright.chromium.launch(executable_path=chosen.chromium, args=arguments)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(running.link)
            page.get_by_role("button", name="Yes, sign me in").click()
            page.wait_for_url("**/password**")
            for size in BUDGETS:
                made = httpx.post(
                    f"{running.url}/api/workflows",
                    json={"name": f"{size} steps", "graph": graph_of(size)},
                    headers=headers,
                    timeout=30,
                )
                show(measure(page, f"{running.url}/workflows/{made.json()['id']}", size))
            browser.close()


if __name__ == "__main__":
    main()
