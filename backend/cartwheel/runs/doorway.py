"""Waiting to be let out: for a moment in a worker's hand, for longer in the book.

Whoever waits in the book gives the hand back and is called when there is room (`summons.py`). If
the call is lost, because the worker died that held the line, the run comes by itself.
"""

import asyncio
import time
from datetime import timedelta

from cartwheel.clock import SystemClock, to_ms
from cartwheel.outbound.doors import Doors, Way
from cartwheel.outbound.limits import ConnectionLimit
from cartwheel.runs.patience import PutOff
from cartwheel.runs.summons import Called, Sleeper
from cartwheel.values import dataclass

LONGEST_WAIT_IN_HAND = 1.0
"""Seconds. A turn that is further away is waited for in the book, not in a worker."""

LONGEST_WAIT_IN_A_MOVING_LINE = 10.0
"""Where calls are quick and only many, giving the hand back would cost more than waiting."""

_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks to be let out: `key` names his act. `run_id`, `node_id` and `iteration` name the
    step, which can be called; a letter has none and comes by itself."""

    key: str
    run_id: str = ""
    node_id: str = ""
    iteration: str = ""


async def let_out(doors: Doors, called: Called, way: Way, who: Visitor, name: str) -> None:
    """Returns when `who` holds a place, which is given back by `doors.leave`. Raises `PutOff`;
    `name` is what its sentence calls the other side."""
    came = time.monotonic()
    while seconds := doors.ask(way, who.key, now := time.monotonic()):
        wait = _seconds_in_hand(doors.line(way, now), who, seconds, now - came, now)
        if wait <= 0:
            raise _put_off(doors, called, way, who, seconds, name)
        await _called_within(wait, doors, way, who)


def _seconds_in_hand(
    line: ConnectionLimit, who: Visitor, seconds: float, waited: float, now: float
) -> float:
    """How long to wait before asking again; 0: in the book."""
    if not line.waits_for_room(who.key):
        return seconds if seconds <= LONGEST_WAIT_IN_HAND else 0.0
    if line.is_slow(now):
        return 0.0
    longest = LONGEST_WAIT_IN_A_MOVING_LINE if line.is_moving(now) else LONGEST_WAIT_IN_HAND
    return min(longest - waited, LONGEST_WAIT_IN_HAND)


async def _called_within(seconds: float, doors: Doors, way: Way, who: Visitor) -> None:
    came = asyncio.Event()
    doors.wait(way, who.key, time.monotonic(), came.set)
    try:
        async with asyncio.timeout(seconds):
            await came.wait()
    except TimeoutError:
        doors.wait(way, who.key, time.monotonic(), None)
    except asyncio.CancelledError:
        doors.forget(way, who.key, time.monotonic())
        raise


def _put_off(
    doors: Doors, called: Called, way: Way, who: Visitor, seconds: float, name: str
) -> PutOff:
    """Go away, until called or until a time."""
    now = time.monotonic()
    if who.run_id:
        seconds = doors.sleep(way, who.key, now)
    until = _CLOCK.now() + timedelta(seconds=seconds)
    if who.run_id:
        sleeper = Sleeper(way, who.key, who.run_id, who.node_id, who.iteration, to_ms(until))
        doors.wait(way, who.key, now, lambda: called.add(sleeper))
        called.look()
    return PutOff(until, f"Waits for its turn: “{name}” takes no more now.")
