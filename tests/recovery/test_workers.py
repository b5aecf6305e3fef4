"""Workers that die, sleep and come back; acts cut off in the middle (F1, F4, F6, F14)."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

import pytest

from cartwheel.statements import Sql, Transaction
from tests.recovery.conftest import Activate
from tests.recovery.installation import Installation, Process
from tests.runs.conftest import Shop, until

Ledger = Callable[..., Awaitable[None]]


async def test_f1_a_worker_killed_again_and_again_loses_and_repeats_nothing(
    installation: Installation, api: Process, activate: Activate, ledger: Ledger, chaos: bool
) -> None:
    events, kills = (10_000, 10) if chaos else (200, 3)
    installation.provider.delay_seconds = 0.02
    await activate(2, on_unknown="send_again")
    async with installation.client() as client:
        sending = asyncio.create_task(_deliver(installation, client, events))
        worker = installation.start_worker("w")
        for number in range(1, kills + 1):
            await calls(installation, number * events // (kills + 1))
            worker.kill()
            worker = installation.start_worker("w")
        await sending
        ended = await installation.settled(events, seconds=100)
    assert ended["succeeded"] == events
    await ledger(events, least_faults=kills, keys=2 * events)
    assert installation.provider.total - 2 * events <= 256 * kills


async def _deliver(installation: Installation, client: object, events: int) -> None:
    """Every twentieth order is reported twice."""
    for start in range(0, events, 50):
        orders = [f"o{number}" for number in range(start, min(start + 50, events))]
        again = orders[::20]
        await asyncio.gather(*(installation.post(client, order) for order in orders + again))  # type: ignore[arg-type]


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
    await happen(installation, "o1")
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
    runs = 200 if chaos else 10
    installation.provider.hold = asyncio.Event()
    await activate(1, on_unknown="send_again")
    for number in range(runs):
        await happen(installation, f"o{number}")
    zombie = installation.start_worker("zombie")
    await calls(installation, runs)
    zombie.send(signal.SIGSTOP)
    installation.provider.hold = None
    await installation.database.run(expire_leases())
    installation.start_worker("second")
    ended = await installation.settled(runs)
    before = await _runs(installation)
    zombie.send(signal.SIGCONT)
    zombie.send(signal.SIGTERM)
    await zombie.died()
    assert ended["succeeded"] == runs
    assert await _runs(installation) == before
    await ledger(runs, least_faults=2, keys=runs)


@pytest.mark.one_database
async def test_f14_a_run_that_kills_its_worker_is_set_aside_and_takes_nobody_along(
    installation: Installation, activate: Activate, ledger: Ledger, chaos: bool
) -> None:
    events, poison = (5_000, 5) if chaos else (40, 1)
    await activate(1, on_unknown="send_again")
    for number in range(events):
        await happen(installation, "poison" if number % (events // poison) == 7 else f"o{number}")
    for _ in range(4 * poison):
        worker = installation.start_worker("w", script=_POISONED)
        settled = asyncio.create_task(installation.settled(events))
        dead = asyncio.create_task(worker.died())
        await asyncio.wait({settled, dead}, return_when=asyncio.FIRST_COMPLETED)
        dead.cancel()
        if settled.done():
            break
        settled.cancel()
        installation.faults["poisoned"] += 1
    ended = await installation.statuses()
    assert (ended["quarantined"], ended["succeeded"]) == (poison, events - poison)
    await ledger(events, least_faults=3, keys=events - poison)


_POISONED = """
import os
from cartwheel.cli import main
from cartwheel.runs import journey
real = journey.perform
async def perform(planned, token, around, *rest):
    if around.scope["order"]["id"] == "poison" and token.node_id != "start":
        os._exit(9)
    return await real(planned, token, around, *rest)
journey.perform = perform
main(["worker", "--name", "w"])
"""


# --- the scene ---


async def calls(installation: Installation, number: int) -> None:
    async def enough() -> bool:
        return installation.provider.total >= number

    await until(enough, seconds=60)


async def happen(installation: Installation, order: str) -> None:
    await Shop(installation.database).happen({"order": {"id": order}})


async def _runs(installation: Installation) -> list[tuple[object, ...]]:
    rows = await installation.database.fetch(
        Sql("SELECT id, status, finished_at, fence, step_count FROM run ORDER BY id")
    )
    return [tuple(row) for row in rows]


def expire_leases() -> Transaction[None]:
    yield Sql("UPDATE run SET lease_until = 1 WHERE lease_until IS NOT NULL")
