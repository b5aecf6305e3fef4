"""Redis only rings (F3): killed, emptied, frozen, nothing is lost and nobody waits for it."""

import asyncio
import signal
from contextlib import suppress

import httpx
import pytest

from tests.recovery.conftest import Activate
from tests.recovery.installation import Installation, Process
from tests.recovery.ledger import Ledger
from tests.valkey import Valkey

FAULT_SECONDS, FLUSH_EVERY_SECONDS = 60.0, 3.0
EVENTS_A_SECOND = 30
LONGEST_ACCEPT_MS, LONGEST_JOURNEY_MS = 1_000, 10_000


@pytest.mark.one_database
@pytest.mark.parametrize(
    "fault", ["killed", "frozen", pytest.param("emptied", marks=pytest.mark.chaos_only)]
)
async def test_f3_runs_go_on_whatever_happens_to_redis(
    fault: str,
    installation: Installation,
    api: Process,
    activate: Activate,
    ledger: Ledger,
    valkey: Valkey,
    chaos: bool,
) -> None:
    await activate(1)
    worker = installation.start_worker("w")
    async with installation.client() as client:
        await installation.post(client, "before")
        await installation.settled(1)
        installation.phase = "accept"
        during = await _during(fault, installation, client, valkey, chaos)
        await installation.settled(1 + during)
        await _mend(valkey, fault)
        await installation.post(client, "after")
        await installation.settled(2 + during)
    assert worker.is_alive
    assert api.is_alive
    alarms = worker.log.read_text().count("redis is away")
    line = await ledger.check(2 + during, least={"accept": 1}, keys=2 + during, alarms=alarms)
    assert alarms <= 1
    if chaos:
        assert line["accept_ms"]["p99"] < LONGEST_ACCEPT_MS
        assert line["trigger_to_end_ms"]["max"] < LONGEST_JOURNEY_MS


async def _during(
    fault: str,
    installation: Installation,
    client: httpx.AsyncClient,
    valkey: Valkey,
    chaos: bool,
) -> int:
    """Do the harm and report orders meanwhile: steadily for a minute, or a few. Returns how many"""
    harm = asyncio.create_task(_harm(installation, valkey, fault))
    await asyncio.sleep(0)
    if not chaos:
        await harm
        await asyncio.gather(*(installation.post(client, f"during{n}") for n in range(30)))
        return 30
    number, loop = int(FAULT_SECONDS * EVENTS_A_SECOND), asyncio.get_running_loop()
    began, sent = loop.time(), []
    for each in range(number):
        await asyncio.sleep(began + each / EVENTS_A_SECOND - loop.time())
        sent.append(asyncio.create_task(installation.post(client, f"during{each}")))
    await asyncio.gather(*sent)
    harm.cancel()
    with suppress(asyncio.CancelledError):
        await harm
    return number


async def _harm(installation: Installation, valkey: Valkey, fault: str) -> None:
    installation.fault(f"redis {fault}")
    match fault:
        case "killed":
            valkey.send(signal.SIGKILL)
        case "frozen":
            valkey.send(signal.SIGSTOP)
        case _:
            while True:
                await valkey.flush()
                await asyncio.sleep(FLUSH_EVERY_SECONDS)
                installation.fault("redis emptied")


async def _mend(valkey: Valkey, fault: str) -> None:
    """A Redis that was killed comes back empty."""
    match fault:
        case "killed":
            await valkey.started()
        case "frozen":
            valkey.send(signal.SIGCONT)
        case _:
            await valkey.flush()
