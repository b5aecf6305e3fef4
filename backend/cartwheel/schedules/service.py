"""What we decide about schedules: when one is due next, and what a missed time is worth."""

import logging
from collections.abc import Awaitable, Callable

import orjson

from cartwheel.clock import from_ms, rfc3339, to_ms
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.schedules.calendar import read_rhythm, zone_of
from cartwheel.schedules.store import Due, LiveSchedule, due_by, fire, plan, read_live, unplanned
from cartwheel.statements import Row

PUNCTUAL_MS = 5 * 60_000
"""A time that is looked at later than this was missed: nobody was there to see it."""
AT_ONCE = 100

_log = logging.getLogger(__name__)
_told: set[tuple[int, str, int]] = set()
"""Broken schedules that the log knows of: they are looked at every second."""


async def keep_time(database: Database, now: int) -> int:
    """Plan what has gone live and let happen what is due by `now` (milliseconds); returns how many
    events were stored. A schedule that cannot be read is passed over: the others are not its
    concern."""

    async def plan_it(live: LiveSchedule) -> bool:
        # A zone that changed counts from now on; what went live counts from that moment.
        since = live.live_from if live.shop_timezone is None else now
        await database.run(plan(live, next_due(live, since)))
        return False

    async def let_it_happen(live: LiveSchedule) -> bool:
        return await _let_happen(database, live, now)

    for row in await database.fetch(unplanned()):
        await _by_itself(row, plan_it)
    happened = stuck = 0
    while rows := await database.fetch(due_by(now, AT_ONCE, skip=stuck)):
        told = [await _by_itself(row, let_it_happen) for row in rows]
        happened += told.count(True)
        stuck += told.count(None)
    return happened


async def _by_itself(row: Row, act: Callable[[LiveSchedule], Awaitable[bool]]) -> bool | None:
    """Do something with one schedule; None where it is broken, which is logged once."""
    try:
        return await act(read_live(row))
    except Busy:
        raise
    except Exception:  # noqa: BLE001  (one broken schedule must not stop everybody's)
        place = (row[0], row[1], row[3])
        if place not in _told:
            _told.add(place)
            _log.exception("the schedule of workflow %s (workspace %s) is broken", row[1], row[0])
        return None


def next_due(live: LiveSchedule, after: int) -> int | None:
    """The first due time after a moment, both in milliseconds; None when none will come."""
    zone = zone_of(live.settings, live.timezone)
    found = read_rhythm(live.settings).next_after(from_ms(after), zone)
    return to_ms(found) if found else None


async def _let_happen(database: Database, live: LiveSchedule, now: int) -> bool:
    """Times that were missed count once together, or not at all, as the merchant chose."""
    assert live.next_at is not None
    late = now - live.next_at > PUNCTUAL_MS
    due_at = _latest(live, now) if late else live.next_at
    happens = not late or now - due_at <= PUNCTUAL_MS or live.settings.get("missed") != "skip"
    due = _due(live, due_at, now) if happens else None
    moved = await database.run(fire(live, due, next_due(live, max(due_at, live.next_at)), now))
    return moved and due is not None


def _latest(live: LiveSchedule, now: int) -> int:
    """The last of the missed times."""
    zone = zone_of(live.settings, live.timezone)
    found = read_rhythm(live.settings).last_until(from_ms(now), zone)
    assert live.next_at is not None
    return max(to_ms(found), live.next_at) if found else live.next_at


def _due(live: LiveSchedule, due_at: int, now: int) -> Due:
    zone = zone_of(live.settings, live.timezone)
    local = from_ms(due_at).astimezone(zone)
    data = {
        "schedule": {
            "due_at": rfc3339(due_at),
            "date": local.date().isoformat(),
            "time": f"{local:%H:%M}",
            "weekday": f"{local:%A}".lower(),
            "was_missed": now - due_at > PUNCTUAL_MS,
        }
    }
    return Due(due_at, f"{local:%Y-%m-%d %H:%M}", orjson.dumps(data).decode())
