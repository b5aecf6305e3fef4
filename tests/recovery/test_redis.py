"""Redis only rings (F3): killed, emptied, frozen, nothing is lost and nobody waits for it."""

import asyncio
import signal

import pytest

from tests.recovery.conftest import Activate
from tests.recovery.installation import Installation, Process
from tests.recovery.test_workers import Ledger
from tests.valkey import Valkey


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
) -> None:
    await activate(1)
    worker = installation.start_worker("w")
    async with installation.client() as client:
        await installation.post(client, "before")
        await installation.settled(1)
        await _harm(valkey, fault)
        installation.faults[fault] += 1
        await asyncio.gather(*(installation.post(client, f"during{n}") for n in range(30)))
        await installation.settled(31, seconds=20)
        await _mend(valkey, fault)
        await installation.post(client, "after")
        await installation.settled(32, seconds=20)
    assert worker.is_alive
    assert api.is_alive
    await ledger(32, least_faults=1, keys=32)


async def _harm(valkey: Valkey, fault: str) -> None:
    match fault:
        case "killed":
            valkey.send(signal.SIGKILL)
        case "frozen":
            valkey.send(signal.SIGSTOP)
        case _:
            await valkey.flush()


async def _mend(valkey: Valkey, fault: str) -> None:
    match fault:
        case "killed":
            await valkey.started()
        case "frozen":
            valkey.send(signal.SIGCONT)
        case _:
            await valkey.flush()
