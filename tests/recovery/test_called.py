"""Death while those are called who wait for room at an address: whoever was called and was not
taken up comes by himself, so nobody is lost, and what had not left before leaves once."""

import asyncio
import signal

import pytest

from cartwheel.outbound.pace import ADDRESS_PACE
from cartwheel.statements import Sql
from tests.recovery.conftest import Activate
from tests.recovery.installation import Installation
from tests.recovery.ledger import Ledger
from tests.recovery.scene import calls, happen, let_go
from tests.runs.conftest import until

IN_HAND, ASLEEP = ADDRESS_PACE.at_first, 6
WORKER = """
from cartwheel.cli import main
from cartwheel.outbound import limits
limits.SHORTEST_SLEEP_SECONDS = 10.0
main(["worker", "--name", "w"])
"""
"""Who is not called comes after ten seconds instead of thirty."""


@pytest.mark.one_database
@pytest.mark.parametrize(
    "point",
    [
        pytest.param("call_up.before_commit", marks=pytest.mark.chaos_only),
        "call_up.after_commit",
    ],
)
async def test_a_worker_that_dies_while_it_calls_loses_nobody_and_sends_nothing_twice(
    point: str, installation: Installation, activate: Activate, ledger: Ledger, chaos: bool
) -> None:
    asleep = 40 if chaos else ASLEEP
    runs = IN_HAND + asleep
    await activate(1, on_unknown="send_again")
    held = installation.provider.hold = asyncio.Event()
    await happen(installation, (f"o{number}" for number in range(runs)))
    dying = installation.start_worker("w", script=WORKER, failpoints=point)
    await calls(installation, IN_HAND)
    sleepers = await until(lambda: _orders_asleep(installation, asleep), seconds=60)
    held.set()
    await dying.died()
    assert dying.process.returncode == -signal.SIGKILL
    installation.fault(point)
    before = {order: installation.provider.bodies[f"{order}/0"] for order in sleepers}
    await installation.database.run(let_go())
    installation.start_worker("w", script=WORKER)
    ended = await installation.settled(runs)
    assert ended == {"succeeded": runs}
    await ledger.check(runs, least={"accept": 1}, keys=runs)
    asked = {order: installation.provider.bodies[f"{order}/0"] for order in sleepers}
    twice = [order for order, times in asked.items() if times != 1 and not before[order]]
    assert not twice, "who slept when the worker died has left once"


async def _orders_asleep(installation: Installation, number: int) -> list[str]:
    """The orders that found no room and have given their hand back; none before all have."""
    rows = await installation.database.fetch(
        Sql(
            "SELECT event.external_id FROM run JOIN event ON event.workspace_id = run.workspace_id "
            "AND event.id = run.event_id WHERE run.status = 'waiting' AND run.lease_by IS NULL"
        )
    )
    return [str(row[0]) for row in rows] if len(rows) == number else []
