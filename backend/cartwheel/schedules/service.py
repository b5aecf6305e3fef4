"""What we decide about schedules: when one is due next, and what a missed time is worth."""

import orjson

from cartwheel.clock import from_ms, rfc3339, to_ms
from cartwheel.database import Database
from cartwheel.schedules.calendar import read_rhythm, zone_of
from cartwheel.schedules.store import Due, LiveSchedule, due_by, fire, plan, read_live, unplanned

PUNCTUAL_MS = 5 * 60_000
"""A time that is looked at later than this was missed: nobody was there to see it."""
AT_ONCE = 100


async def keep_time(database: Database, now: int) -> int:
    """Plan what has gone live and let happen what is due by `now` (milliseconds); returns how many
    events were stored."""
    for row in await database.fetch(unplanned()):
        live = read_live(row)
        # A zone that changed counts from now on; what went live counts from that moment.
        since = live.live_from if live.shop_timezone is None else now
        await database.run(plan(live, next_due(live, since)))
    due = [read_live(row) for row in await database.fetch(due_by(now, AT_ONCE))]
    return sum([await _let_happen(database, live, now) for live in due])


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
