"""Providers that complain: their pace is kept (T13), and what fails ends (F13).

What is decided by the rules alone stands in tests/outbound/test_limits.py, by a clock of its own.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from cartwheel.database import Database
from cartwheel.statements import Sql
from tests.recovery.installation import Installation
from tests.recovery.test_providers import WORKER, connect
from tests.runs.acting import ActProvider, provider_at_work
from tests.runs.conftest import START, Shop, chain, node, until

pytestmark = [pytest.mark.chaos_only, pytest.mark.one_database]
SLOW_ACTS, PER_SECOND, QUICK_EVERY_SECONDS, LONGEST_QUICK_MS = 500, 2.0, 5.0, 2_000
SHAKY_ACTS = 1_000


@pytest.fixture
async def provider() -> AsyncIterator[ActProvider]:
    async with provider_at_work() as outside:
        yield outside


async def _acting(database: Database, connection: str, event_type: str) -> Shop:
    shop = Shop(database)
    act = node("act", "action.act_plain@1", connection=connection)
    await shop.activate(chain(START, act), event_type=event_type)
    return shop


async def test_t13_500_acts_at_two_a_second_all_succeed_and_hold_up_nobody(
    installation: Installation, provider: ActProvider, database: Database
) -> None:
    provider.per_second, provider.retry_after = PER_SECOND, "1"
    for name in ("slow", "quick"):
        await connect(database, provider, name)
    shop = await _acting(database, "slow", "slow")
    await _acting(database, "quick", "quick")
    installation.start_worker("w", script=WORKER)
    await shop.happen({"order": {"id": "quick/first"}}, type="quick")
    await installation.settled(1)
    for number in range(SLOW_ACTS):
        await shop.happen({"order": {"id": f"many/{number}"}}, type="slow")
    began, quick = asyncio.get_running_loop().time(), 1
    while provider.done.total() - quick < SLOW_ACTS:
        await shop.happen({"order": {"id": f"quick/{quick}"}}, type="quick")
        quick += 1
        await asyncio.sleep(QUICK_EVERY_SECONDS)
    seconds = asyncio.get_running_loop().time() - began
    ended = await installation.settled(SLOW_ACTS + quick)
    assert ended["succeeded"] == SLOW_ACTS + quick
    arrived = sum(n for order, n in provider.asked.items() if order.startswith("many/"))
    print({"asked": arrived, "seconds": round(seconds, 1), "a second": arrived / seconds})
    assert arrived / seconds <= 1.1 * PER_SECOND
    first, *others = await _lasted_ms(database, "quick")
    assert max(others) <= LONGEST_QUICK_MS, f"the first waited {first} ms for a worker to start"


async def _lasted_ms(database: Database, event_type: str) -> list[int]:
    rows = await database.fetch(
        Sql(
            "SELECT run.finished_at - event.received_at FROM run "
            "JOIN event ON event.id = run.event_id WHERE event.type = $1 ORDER BY event.id",
            (event_type,),
        )
    )
    return [row[0] for row in rows]


async def test_f13_where_a_third_of_the_answers_are_500_everything_ends_and_keeps_its_tries(
    installation: Installation, provider: ActProvider, database: Database
) -> None:
    """Also where the worker dies in the middle."""
    await connect(database, provider, "acme")
    shop = await _acting(database, "acme", "shaky")
    for number in range(SHAKY_ACTS):
        await shop.happen({"order": {"id": f"shaky/{number}"}}, type="shaky")
    first = installation.start_worker("w", script=WORKER)
    await until(lambda: _half_asked(provider), seconds=60)
    first.kill()
    installation.start_worker("w", script=WORKER)
    ended = await installation.settled(SHAKY_ACTS, seconds=120)
    assert ended["succeeded"] > SHAKY_ACTS * 0.9
    assert set(provider.done.values()) <= {0, 1}
    assert max(provider.asked.values()) <= 5, "a first try and four more"


async def _half_asked(provider: ActProvider) -> bool:
    return provider.asked.total() > SHAKY_ACTS / 2
