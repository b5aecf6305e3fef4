"""A book that is locked or away takes nothing in and loses nothing (F7)."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx

from cartwheel import schema
from cartwheel.database import Database
from tests.recovery.conftest import Activate, calling, installed
from tests.recovery.installation import ACCEPT, Installation, Process
from tests.recovery.ledger import Ledger
from tests.recovery.postgres import PrivatePostgres
from tests.recovery.provider import Provider
from tests.runs.conftest import until
from tests.valkey import Valkey

LOCKED_SECONDS, RECOVERY_SECONDS = 20.0, 10.0
STOPS_APART_SECONDS, EVENTS_A_SECOND, FEWEST_STOPS = (5.0, 40.0), 50, 4


async def test_f7_a_locked_book_takes_nothing_in_and_goes_on_afterwards(
    installation: Installation, api: Process, activate: Activate, ledger: Ledger, chaos: bool
) -> None:
    """A worker that starts meanwhile waits."""
    await activate(1)
    async with installation.client() as client:
        async with _locked(installation.database):
            installation.fault("locked")
            worker = installation.start_worker("w")
            sending = [
                asyncio.create_task(installation.post(client, f"o{number}")) for number in range(20)
            ]
            await until(lambda: _refused(installation), seconds=60)
            assert (await client.get("/readyz")).status_code == 503
            await asyncio.sleep(LOCKED_SECONDS if chaos else 0)
        await asyncio.gather(*sending)
        await installation.settled(20, seconds=RECOVERY_SECONDS if chaos else 60)
    assert worker.is_alive
    assert api.is_alive
    await ledger.check(20, least={"accept": 1}, keys=20)


async def _refused(installation: Installation) -> bool:
    return installation.refusals[503] > 0


@asynccontextmanager
async def _locked(database: Database) -> AsyncIterator[None]:
    """Somebody else holds a write transaction."""
    if database.is_sqlite:
        held = sqlite3.connect(database.url.removeprefix("sqlite:///"), isolation_level=None)
        held.execute("BEGIN IMMEDIATE")
        yield
        held.close()
        return
    connection = await asyncpg.connect(database.url)
    async with connection.transaction():
        await connection.execute("LOCK TABLE event, run IN ACCESS EXCLUSIVE MODE")
        yield
    await connection.close()


async def test_f7_a_postgresql_that_is_stopped_at_once_again_and_again_loses_nothing(
    tmp_path: Path, provider: Provider, valkey: Valkey, chaos: bool
) -> None:
    events = 5_000 if chaos else 60
    with PrivatePostgres() as postgres:
        await schema.migrate(postgres.url)
        database = await Database.open(postgres.url)
        async with installed(tmp_path, database, provider, valkey) as installation:
            await calling(installation)(1, on_unknown="send_again")
            await _stop_under_load(installation, postgres, events, chaos)
            await Ledger("test_f7_postgresql_stopped", installation).check(
                events + 1, least={"accept": FEWEST_STOPS if chaos else 1}, keys=events + 1
            )
        await database.close()


async def _stop_under_load(
    installation: Installation, postgres: PrivatePostgres, events: int, chaos: bool
) -> None:
    api = await installation.start_api()
    worker = installation.start_worker("w")
    async with installation.client() as client:
        await installation.post(client, "before")
        await installation.settled(1)
        installation.phase = ACCEPT
        sending = asyncio.create_task(_send_steadily(installation, client, events))
        await until(lambda: _is_under_way(installation))
        while not sending.done():
            installation.fault("postgresql stopped")
            await asyncio.to_thread(postgres.stop_at_once)
            await asyncio.to_thread(postgres.start_again)
            pause = random.uniform(*STOPS_APART_SECONDS)
            await asyncio.wait({sending}, timeout=pause if chaos else None)
        await sending
    await installation.settled(events + 1, seconds=RECOVERY_SECONDS if chaos else 60)
    assert worker.is_alive
    assert api.is_alive


async def _is_under_way(installation: Installation) -> bool:
    return len(installation.answer_ms) > 1


async def _send_steadily(
    installation: Installation, client: httpx.AsyncClient, events: int
) -> None:
    loop = asyncio.get_running_loop()
    began, sent = loop.time(), []
    for number in range(events):
        await asyncio.sleep(began + number / EVENTS_A_SECOND - loop.time())
        sent.append(asyncio.create_task(installation.post(client, f"o{number}")))
    await asyncio.gather(*sent)
