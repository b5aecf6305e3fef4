"""Workers that die, sleep and come back; acts cut off in the middle (F1, F4, F6, F14)."""

import asyncio
import signal

import pytest

from cartwheel.statements import Sql
from tests.recovery.conftest import Activate
from tests.recovery.deliveries import SigningShop, connected_shop
from tests.recovery.installation import DRAIN, Installation, Process
from tests.recovery.ledger import Ledger
from tests.recovery.scene import calls, happen, let_go, runs
from tests.runs.conftest import until

WORK_BETWEEN_KILLS_SECONDS = 2.0
MOST_KILLS = 12


async def test_f1_a_worker_killed_again_and_again_loses_and_repeats_nothing(
    installation: Installation, api: Process, activate: Activate, ledger: Ledger, chaos: bool
) -> None:
    events = 10_000 if chaos else 160
    await activate(2, on_unknown="send_again")
    shop = await connected_shop(installation)
    if chaos:
        await _kill_while_it_works(shop, events)
        least, most_repeats = {"accept": 4, "drain": 1}, 0.05
    else:
        await _kill_at_milestones(shop, events)
        least, most_repeats = {"accept": 2, "drain": 1}, None
    ended = await installation.settled(events, seconds=300)
    assert ended["succeeded"] == events
    line = await ledger.check(events, least=least, keys=2 * events, most_repeats=most_repeats)
    assert not chaos or sum(sum(found.values()) for found in line["faults"].values()) >= 10


async def _kill_while_it_works(shop: SigningShop, events: int) -> None:
    """kill -9 after every two seconds of work, until all runs have ended or it was often enough: a
    slow machine would meet more faults over the same work, and each costs what was in flight."""

    async def all_accepted_and_run() -> None:
        async with here.client() as client:
            await shop.deliver(client, range(events))
        await here.settled(events, seconds=600)

    here = shop.installation
    over = asyncio.create_task(all_accepted_and_run())
    for _ in range(MOST_KILLS):
        worker = here.start_worker("w")
        working = asyncio.create_task(calls(here, here.provider.total + 1))
        await asyncio.wait({over, working}, return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        await asyncio.wait({over}, timeout=WORK_BETWEEN_KILLS_SECONDS)
        if over.done():
            return
        worker.kill()
    here.start_worker("w")
    await over


async def _kill_at_milestones(shop: SigningShop, events: int) -> None:
    """Twice while orders come in, once after the last."""
    here, part = shop.installation, events // 4
    here.provider.delay_seconds = 0.02
    worker = here.start_worker("w")
    async with here.client() as client:
        for number in range(4):
            await shop.deliver(client, range(number * part, (number + 1) * part))
            if number in (1, 2, 3):
                here.phase = DRAIN if number == 3 else here.phase
                await calls(here, 2 * part * number + part // 4)
                worker.kill()
                worker = here.start_worker("w")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("settings", "status", "times"), [({}, "failed", 1), (None, "succeeded", 2)]
)
async def test_f4_a_call_cut_off_in_the_middle_ends_as_its_class_decides(
    installation: Installation, activate: Activate, settings: dict[str, str] | None,
    status: str, times: int,
) -> None:  # fmt: skip
    """Never sent twice, and said to be unknown; or sent again where the merchant chose so."""
    installation.provider.hold = asyncio.Event()
    await activate(1, **({"on_unknown": "send_again"} if settings is None else settings))
    await happen(installation, ["o1"])
    worker = installation.start_worker("w")
    await calls(installation, 1)
    worker.kill()
    installation.provider.hold = None
    installation.start_worker("w")
    ended = await installation.settled(1)
    assert ended[status] == 1
    assert installation.provider.total == times
    rows = await installation.database.fetch(Sql("SELECT error FROM run"))
    assert ("outcome_unknown" in str(rows[0][0])) == (status == "failed")


async def test_f6_a_worker_that_slept_through_its_lease_changes_nothing(
    installation: Installation, activate: Activate, ledger: Ledger, chaos: bool
) -> None:
    """Fewer at a time than one silent address is called at once; the first to the real end of a
    lease."""
    crowd, times = (25, 8) if chaos else (10, 1)
    await activate(1, on_unknown="send_again")
    for each in range(times):
        await _sleep_through(installation, each, crowd, to_the_end=chaos and each == 0)
    number = crowd * times
    await ledger.check(number, least={"accept": 1, "drain": 2}, keys=number, fenced=number)


async def _sleep_through(
    installation: Installation, each: int, crowd: int, *, to_the_end: bool
) -> None:
    hold = installation.provider.hold = asyncio.Event()
    called = installation.provider.total
    await happen(installation, (f"o{each}-{number}" for number in range(crowd)))
    zombie = installation.start_worker("zombie")
    await calls(installation, called + crowd)
    await zombie.freeze()
    installation.provider.hold = None
    hold.set()
    if not to_the_end:
        await installation.database.run(let_go())
    second = installation.start_worker("second")
    ended = await installation.settled(crowd * (each + 1), seconds=200)
    before = await runs(installation)
    zombie.send(signal.SIGCONT)
    await until(lambda: _has_lost(zombie, crowd), seconds=60)
    for worker in (zombie, second):
        worker.send(signal.SIGTERM)
        await worker.died()
    assert ended["succeeded"] == crowd * (each + 1)
    assert await runs(installation) == before


async def _has_lost(zombie: Process, number: int) -> bool:
    """It says so of each run whose fence refused its writing."""
    return zombie.log.read_text().count("went on elsewhere") == number


@pytest.mark.one_database
async def test_f14_a_run_that_kills_its_worker_is_set_aside_and_takes_nobody_along(
    installation: Installation, activate: Activate, ledger: Ledger, chaos: bool
) -> None:
    events, poison = (5_000, 5) if chaos else (40, 1)
    await activate(1, on_unknown="send_again")
    every = events // poison
    orders = [f"{'poison' if n % every == 7 else 'o'}{n}" for n in range(events)]
    for start in range(0, events, 500):
        await happen(installation, orders[start : start + 500])
    await _outlive(installation, events, deaths=4 * poison)
    ended = await installation.statuses()
    assert (ended["quarantined"], ended["succeeded"]) == (poison, events - poison)
    await ledger.check(events, least={"drain": 3 * poison}, keys=events - poison)


async def _outlive(installation: Installation, events: int, deaths: int) -> None:
    """Start a worker again whenever it died, until all runs have ended."""
    over = asyncio.create_task(installation.settled(events, seconds=600))
    for _ in range(deaths):
        worker = installation.start_worker("w", script=_POISONED)
        dead = asyncio.create_task(worker.died())
        await asyncio.wait({over, dead}, return_when=asyncio.FIRST_COMPLETED)
        dead.cancel()
        if over.done():
            return
        installation.fault("poisoned")
    over.cancel()


_POISONED = """
import os
from cartwheel.cli import main
from cartwheel.runs import journey
real = journey.perform
async def perform(planned, token, around, *rest):
    if around.scope["order"]["id"].startswith("poison") and token.node_id != "start":
        os._exit(9)
    return await real(planned, token, around, *rest)
journey.perform = perform
main(["worker", "--name", "w"])
"""
