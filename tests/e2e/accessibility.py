"""How far a page jumps while it loads, and what axe (https://github.com/dequelabs/axe-core) says
of it."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.frontend_tools import FRONTEND, node

# What is still fading in has no colour yet that could be judged, and what has just been opened
# begins to fade in only some frames later.
_AT_REST = """async () => {
    const moving = () => document.getAnimations()
        .filter((each) => each.effect?.getComputedTiming().iterations !== Infinity)
        .filter((each) => each.playState === "running");
    for (let calm = 0; calm < 4; calm += 1) {
        await new Promise(requestAnimationFrame);
        if (moving().length > 0) calm = 0;
        await Promise.allSettled(moving().map((each) => each.finished));
    }
}"""


def in_scheme(page: Page, scheme: Any) -> None:
    """Show the page light or dark, without motion. Its scripts are told of it when the next frame
    is drawn; until then a page has some colours of each."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)


WATCH_SHIFTS = """
    window.shifted = 0;
    new PerformanceObserver((seen) => {
        const own = seen.getEntries().filter((each) => !each.hadRecentInput);
        for (const each of own) window.shifted += each.value;
    }).observe({ type: "layout-shift", buffered: true });
"""
"""For `add_init_script`: adds up how far what was drawn jumped by itself since the page began."""


def serious_faults(page: Page) -> list[str]:
    """What axe calls serious or critical, with the element and why."""
    node()  # brings the packages of the canvas, and axe among them
    if not page.evaluate("'axe' in window"):
        page.evaluate((FRONTEND / "node_modules/axe-core/axe.min.js").read_text())
    page.evaluate(_AT_REST)
    found: list[dict[str, Any]] = page.evaluate("axe.run().then((result) => result.violations)")
    return [
        f"{fault['id']} {where['html'][:160]} {where.get('failureSummary', '')}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for where in fault["nodes"]
    ]
