"""Clocks that are off or jump, in one of two workers (F9).

PostgreSQL's clock is everybody's there. SQLite's processes share a machine and its clock, so there
one that is off stands for a clock that was set: its waits end when it says, and none is lost.
"""

import asyncio
import time
from pathlib import Path

import pytest

from tests.recovery.conftest import Activate
from tests.recovery.installation import FAKETIME, Installation
from tests.recovery.ledger import Ledger
from tests.recovery.scene import calls, happen
from tests.runs.conftest import node, until

DELAY_SECONDS, EARLY_SECONDS = 3, 0.5
WATCHED_SECONDS, WATCHED_LONG_SECONDS = 3.0, 20.0
"""A rescue looks every second, and on SQLite believes what it sees after 15 s."""
WAIT = node("wait", "flow.delay@1", amount=DELAY_SECONDS, unit="seconds")


@pytest.fixture(autouse=True)
def faketime() -> None:
    if FAKETIME is None:
        pytest.skip("SKIPPED LOUDLY: libfaketime is not on this machine; F9 is not proved here")


def _long(*skews: str) -> list[object]:
    return [pytest.param(skew, marks=pytest.mark.chaos_only) for skew in skews]


@pytest.mark.parametrize("skew", ["+2h", *_long("-2h", "+3d", "+5m", "-5m")])
async def test_f9_a_worker_whose_clock_is_off_steals_nothing_and_wakes_nobody_early(
    skew: str, installation: Installation, activate: Activate, ledger: Ledger, chaos: bool
) -> None:
    await activate(1, (WAIT,))
    installation.start_worker("off", clock=skew)
    installation.fault(skew)
    installation.start_worker("right")
    installation.provider.delay_seconds = 1.0
    number = await _until_both_hold_some(installation, begin=0)
    hold = installation.provider.hold = asyncio.Event()
    number = await _until_both_hold_some(installation, begin=number)
    await calls(installation, number)
    await asyncio.sleep(WATCHED_LONG_SECONDS if chaos else WATCHED_SECONDS)
    hold.set()
    ended = await installation.settled(number)
    assert ended["succeeded"] == number
    assert not [p.kind for p in installation.processes if "took over" in p.log.read_text()]
    early = _earliest_wake(installation)
    await ledger.check(
        number, least={"accept": 1}, keys=number, most_repeats=0, earliest_after_s=round(early, 2)
    )
    assert installation.database.is_sqlite or early >= DELAY_SECONDS - EARLY_SECONDS


@pytest.mark.chaos_only
async def test_f9_a_clock_that_jumps_three_days_loses_no_wait(
    installation: Installation, activate: Activate, ledger: Ledger, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("+0\n")
    await activate(1, (WAIT,))
    installation.start_worker("w", clock=f"@{clock}")
    await happen(installation, _orders(0, 20))
    await until(lambda: installation.count("run WHERE status = 'waiting'"))
    clock.write_text("+3d\n")
    installation.fault("+3d")
    await happen(installation, _orders(20, 40))
    ended = await installation.settled(40)
    assert ended["succeeded"] == 40
    early = _earliest_wake(installation)
    await ledger.check(40, least={"accept": 1}, keys=40, earliest_after_s=round(early, 2))
    assert installation.database.is_sqlite or early >= DELAY_SECONDS - EARLY_SECONDS


def _orders(start: int, end: int) -> list[str]:
    """Each names the moment at which it happened, and then itself."""
    return [f"{time.time()}-{number}" for number in range(start, end)]


def _earliest_wake(installation: Installation) -> float:
    """The shortest time in seconds from an event to the call that its delay stands before."""
    arrived = installation.provider.arrived_at
    return min(at - float(body.partition("-")[0]) for body, at in arrived.items())


_HOLDERS = "(SELECT DISTINCT lease_by FROM run WHERE lease_by IS NOT NULL) AS holder"


async def _until_both_hold_some(installation: Installation, begin: int) -> int:
    """Orders happen until each of the two workers holds runs; returns how many there are then."""
    number = begin
    async with asyncio.timeout(60):
        while number == begin or await installation.count(_HOLDERS) < 2:
            await happen(installation, _orders(number, number + 1))
            number += 1
            await asyncio.sleep(0.2)
    return number
