"""What the main thread of a page did, frame by frame, as Chromium's own tracing tells it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from playwright.sync_api import Browser, Page

Event = dict[str, Any]
CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "v8.execute"]
MARK = "blink.user_timing"
SCRIPTS = frozenset(
    {
        "EvaluateScript", "EventDispatch", "FireAnimationFrame", "FireIdleCallback", "FunctionCall",
        "MajorGC", "MinorGC", "RunMicrotasks", "TimerFire",
    }
)  # fmt: skip
STYLES = frozenset({"UpdateLayoutTree", "Layout"})


@dataclass(frozen=True)
class Frame:
    """Milliseconds of the main thread between two frames: its scripts; with styles and layout."""

    script: float
    whole: float


@dataclass(frozen=True)
class Work:
    """What one thread did, in the order of time; `clock` names what a piece of work is told in."""

    events: tuple[Event, ...]
    clock: str

    def frames(self) -> list[Frame]:
        """One for each frame that was handed on to be drawn."""
        ends = [event["ts"] + event["dur"] for event in self.events if event["name"] == "Commit"]
        return [self.between(begin, end) for begin, end in pairwise([0, *ends])]

    def between(self, begin: float, end: float) -> Frame:
        """All that began in this time, in microseconds of the trace."""
        done = [event for event in self.events if begin <= event["ts"] < end]
        return Frame(self._spent(done, SCRIPTS), self._spent(done, SCRIPTS | STYLES))

    def until(self, mark: str) -> "Work":
        """Up to the frame after `performance.mark` in the page."""
        marks = [event["ts"] for event in self.events if event["name"] == mark]
        ends = [event["ts"] for event in self.events if event["name"] == "Commit"]
        last = min((end for end in ends if end >= marks[0]), default=marks[0])
        return Work(tuple(event for event in self.events if event["ts"] <= last), self.clock)

    def _spent(self, events: list[Event], names: frozenset[str]) -> float:
        chosen = [event for event in events if event["name"] in names and "dur" in event]
        return sum(event.get(self.clock, event["dur"]) for event in _outermost(chosen)) / 1000


def _outermost(events: list[Event]) -> Iterator[Event]:
    """Without what lies within another: that is counted with it."""
    end = 0.0
    for event in sorted(events, key=lambda event: (event["ts"], -event["dur"])):
        if event["ts"] < end:
            continue
        end = event["ts"] + event["dur"]
        yield event


def traced(browser: Browser, page: Page, act: Callable[[], None], clock: str) -> Work:
    """What the page's main thread did meanwhile.

    `clock`: `dur` for the time that passed, `tdur` for the processor's.
    """
    browser.start_tracing(page=page, categories=[*CATEGORIES, MARK])
    page.evaluate("() => performance.mark('cartwheel-traced')")
    act()
    told: list[Event] = json.loads(browser.stop_tracing())["traceEvents"]
    (thread,) = {(e["pid"], e["tid"]) for e in told if e["name"] == "cartwheel-traced"}
    mine = [e for e in told if (e.get("pid"), e.get("tid")) == thread and "ts" in e]
    kept = [e for e in mine if e["ph"] == "X" or MARK in e.get("cat", "")]
    return Work(tuple(sorted(kept, key=lambda event: event["ts"])), clock)
