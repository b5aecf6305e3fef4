"""Clocks that are off or jump, in one of two workers (F9).

PostgreSQL's clock is everybody's there. SQLite's processes share a machine and its clock, so there
one that is off stands for a clock that was set: its waits end when it says, and none is lost.
"""

import asyncio
import signal
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
    hold = installation.provider.hold = asyncio.Event()
    off = installation.start_worker("off", clock=skew)
    installation.fault(skew)
    number = await _holds_some(installation, 1, begin=0)
    await off.freeze()  # Or it might take everything, being the quicker one.
    installation.start_worker("right")
    number = await _holds_some(installation, 2, begin=number)
    off.send(signal.SIGCONT)
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
@pytest.mark.parametrize("jump", ["+3d", "-2h"])
async def test_f9_a_clock_that_jumps_loses_no_wait(
    jump: str, installation: Installation, activate: Activate, ledger: Ledger, tmp_path: Path
) -> None:
    """Where the clock of the machine decides, waits end once it is set right again."""
    clock = tmp_path / "clock"
    clock.write_text("+0\n")
    await activate(1, (WAIT,))
    installation.start_worker("w", clock=f"@{clock}")
    await happen(installation, _orders(0, 20))
    await until(lambda: installation.count("run WHERE status = 'waiting'"))
    clock.write_text(f"{jump}\n")
    installation.fault(jump)
    await happen(installation, _orders(20, 40))
    if jump.startswith("-"):
        await asyncio.sleep(WATCHED_SECONDS)
        clock.write_text("+0\n")
    ended = await installation.settled(40)
    assert ended["succeeded"] == 40
    early = _earliest_wake(installation)
    await ledger.check(40, least={"accept": 1}, keys=40, earliest_after_s=round(early, 2))
    may_be_early = installation.database.is_sqlite and jump.startswith("+")
    assert may_be_early or early >= DELAY_SECONDS - EARLY_SECONDS


def _orders(start: int, end: int) -> list[str]:
    """Each names the moment at which it happened, and then itself."""
    return [f"{time.time()}-{number}" for number in range(start, end)]


def _earliest_wake(installation: Installation) -> float:
    """The shortest time in seconds from an event to the call that its delay stands before."""
    arrived = installation.provider.arrived_at
    return min(at - float(body.partition("-")[0]) for body, at in arrived.items())


_HOLDERS = "(SELECT DISTINCT lease_by FROM run WHERE lease_by IS NOT NULL) AS holder"


async def _holds_some(installation: Installation, holders: int, begin: int) -> int:
    """Three orders happen, and so many workers hold runs; returns how many orders there are."""
    await happen(installation, _orders(begin, begin + 3))

    async def hold() -> bool:
        return await installation.count(_HOLDERS) == holders and installation.provider.total > begin

    await until(hold, seconds=60)
    return begin + 3
