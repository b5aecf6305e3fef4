"""What was accepted is there, and there once (F2, F10)."""

import asyncio

import httpx
import pytest

from tests.recovery.conftest import Activate
from tests.recovery.installation import Installation, Process
from tests.recovery.ledger import Ledger

KILLS, SECONDS_BETWEEN_KILLS, LANES = 6, 2.0, 16


async def test_f10_twenty_deliveries_at_once_are_one_run(
    installation: Installation, api: Process, activate: Activate, ledger: Ledger, chaos: bool
) -> None:
    ids = 500 if chaos else 20
    await activate(1)
    installation.start_worker("w")
    async with installation.client() as client:
        for start in range(0, ids, 10):
            orders = [f"o{number}" for number in range(start, start + 10)] * 20
            told = await asyncio.gather(*(installation.post(client, order) for order in orders))
            assert told.count(False) == 10
        await installation.post(client, "o0", total="another body")
        await installation.settled(ids)
    assert await installation.count("event") == ids + 1
    assert await installation.count("event WHERE duplicate_of IS NOT NULL") == 1
    await ledger.check(ids, least={}, keys=ids)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("before_commit", marks=pytest.mark.chaos_only),
        pytest.param("when_seen", marks=pytest.mark.chaos_only),
        "after_commit",
    ],
)
async def test_f2_an_api_that_dies_around_a_commit_answers_nobody_falsely(
    moment: str, installation: Installation, activate: Activate, ledger: Ledger
) -> None:
    if moment == "when_seen" and installation.database.is_sqlite:
        pytest.skip("SQLite shows nothing before its disk has it")
    await activate(1)
    api = await installation.start_api(failpoints=f"store_arrivals.{moment}@3")
    installation.start_worker("w")
    async with installation.client() as client:
        senders = [
            asyncio.create_task(_one_by_one(installation, client, lane)) for lane in range(4)
        ]
        await api.died()
        installation.fault(f"store_arrivals.{moment}")
        await installation.start_api()
        await asyncio.gather(*senders)
        await installation.settled(20)
    await ledger.check(20, least={"accept": 1}, keys=20)


async def _one_by_one(installation: Installation, client: httpx.AsyncClient, lane: int) -> None:
    for number in range(5):
        await installation.post(client, f"o{lane}-{number}")


@pytest.mark.chaos_only
async def test_f2_an_api_killed_at_any_moment_answers_nobody_falsely(
    installation: Installation, activate: Activate, ledger: Ledger
) -> None:
    """Who got no answer asks again under the same id; who got one is not asked back."""
    await activate(1)
    api = await installation.start_api()
    installation.start_worker("w")
    enough = asyncio.Event()
    accepted: list[int] = []

    async def lane(name: int, client: httpx.AsyncClient) -> None:
        while not enough.is_set():
            await installation.post(client, f"o{name}-{len(accepted)}")
            accepted.append(name)

    async with installation.client() as client:
        lanes = [asyncio.create_task(lane(name, client)) for name in range(LANES)]
        for _ in range(KILLS):
            await asyncio.sleep(SECONDS_BETWEEN_KILLS)
            api.kill()
            api = await installation.start_api()
        enough.set()
        await asyncio.gather(*lanes)
    await installation.settled(len(accepted), seconds=300)
    await ledger.check(len(accepted), least={"accept": KILLS}, keys=len(accepted))
