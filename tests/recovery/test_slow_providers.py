"""Providers that are slow (F12): each call keeps its deadline and ends as its class decides, who
calls somebody else does not notice, and a call that takes longer than a lease stays in its hands.

Docs: docs/decisions/0016-acts-in-doubt.md and 0029-storage-and-pace.md.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import orjson
import pytest

from cartwheel.connections.models import Connection
from cartwheel.database import Database
from cartwheel.outbound.pace import ADDRESS_PACE
from cartwheel.statements import Sql
from tests.recovery.installation import DRAIN, Installation
from tests.recovery.ledger import Ledger, percentiles
from tests.recovery.slow import (
    CROWD,
    LATE,
    RESET,
    SILENT,
    TRICKLE,
    SlowProvider,
    hanging_port,
    slow_provider,
)
from tests.runs.acting import CLASSES, ActProvider, provider_at_work
from tests.runs.conftest import START, Shop, chain, node, until

HANG, SWIFT = "hang", "swift"
WORKER = """
import os
from cartwheel import worker
from cartwheel.catalog.node_type import RetryPlan
from cartwheel.cli import main
from cartwheel.outbound import guard, pool
from cartwheel.runs import claims, rescue, routing, tasks
from tests.runs.acting import registry_of_acts
os.environ["CARTWHEEL_ALLOW_PRIVATE"] = "{allowed}"
guard.CONNECT_SECONDS = pool.CONNECT_SECONDS = {connect}
claims.LEASE_MS = routing.LEASE_MS = tasks.LEASE_MS = int({lease} * 1000)
tasks.HEARTBEAT_SECONDS = {heartbeat}
rescue.UNCHANGED_SECONDS = 1.5 * {heartbeat}
worker.load_registry = lambda: registry_of_acts(RetryPlan(({pause},)), {deadline})
main(["worker", "--name", "{name}"])
"""


@dataclass(frozen=True)
class Times:
    """Seconds of one length of the test. A call may take `deadline`, which is longer than a lease;
    `late` is just within it. `slack` is what a busy machine may add."""

    deadline: float
    connect: float
    late: float
    lease: float
    heartbeat: float
    slack: float
    pause: float = 0.1

    def expected(self, how: str) -> float:
        """How long a step takes with the first try; a body that trickles is given 10 seconds."""
        return {
            LATE: self.late, TRICKLE: min(self.deadline, 10.0), RESET: 0.0,
            SILENT: self.deadline, HANG: 2 * self.connect + self.pause,
        }[how]  # fmt: skip


SHORT = Times(deadline=6.0, connect=2.0, late=3.5, lease=3.0, heartbeat=0.4, slack=10.0)
LONG = Times(deadline=30.0, connect=10.0, late=29.0, lease=20.0, heartbeat=5.0, slack=1.0)
LOOKS_EVERY = 1.0
"""Seconds between two looks at what is due: a second try may begin so much later."""

DONE, UNKNOWN = ("succeeded", None, 1, 1), ("failed", "outcome_unknown", 1, 1)
AGAIN, NOBODY = ("succeeded", None, 2, 1), ("failed", "gave_up", 0, 0)
ENDS = {
    # (run, code of its error, how often it was asked for, how often done): keyed, lookup, plain.
    LATE: (DONE, DONE, DONE),
    TRICKLE: (DONE, DONE, DONE),
    RESET: (DONE, DONE, DONE),
    SILENT: (AGAIN, DONE, UNKNOWN),
    HANG: (NOBODY, NOBODY, NOBODY),
}


@pytest.fixture
async def provider() -> AsyncIterator[SlowProvider]:
    async with slow_provider() as outside:
        yield outside


@pytest.mark.one_database
async def test_f12_a_slow_provider_keeps_nobody_longer_than_its_deadline_and_holds_up_nobody_else(
    installation: Installation, provider: SlowProvider, ledger: Ledger, chaos: bool
) -> None:
    times = LONG if chaos else SHORT
    crowd, swift = (40, 500) if chaos else (20, 40)
    provider.late_seconds = times.late
    with hanging_port() as hanging:
        await _set_up(installation, provider, hanging)
        _start_workers(installation, times, hanging)
        await _swift_ones(installation, "first", 1)
        alone = await _swift_ones(installation, "alone", swift) if chaos else {}
        for how, delivery in product(ENDS, CLASSES):
            installation.fault(how)
            await _happen(installation, how, delivery)
        for number in range(crowd):
            await _happen(installation, CROWD, "plain", number)
        await until(lambda: _all_are_slow(provider), seconds=60)
        meanwhile = await _swift_ones(installation, "meanwhile", swift)
        still_slow = await installation.count("run WHERE lease_by IS NOT NULL")
        await until(lambda: _has_left_alone(installation, provider), seconds=60)
        provider.is_well = True
        total = 1 + swift * (1 + chaos) + len(ENDS) * len(CLASSES) + crowd
        await installation.settled(total, seconds=600)
    assert still_slow, "the slow ones had ended before the swift ones had"
    assert await _ends(installation, provider) == ENDS
    took = await _seconds_taken(installation)
    line = await ledger.check(
        total, least={"accept": 15}, swift_alone_ms=alone, swift_meanwhile_ms=meanwhile,
        left_alone=provider.left_alone, took_s=took,
    )  # fmt: skip
    assert line["ended"]["succeeded"] == total - len(CLASSES) - 1 - provider.left_alone
    for how, seconds in took.items():
        tries = LOOKS_EVERY if how in {SILENT, HANG} else 0
        assert times.expected(how) - 0.1 <= min(seconds)
        assert max(seconds) <= times.expected(how) + tries + times.slack, how
    await _stayed_in_their_hands(installation)
    if chaos:
        assert meanwhile["p95"] <= 2 * alone["p95"] + 500


async def _set_up(installation: Installation, provider: SlowProvider, hanging: int) -> None:
    shop = Shop(installation.database)
    for how in (*ENDS, CROWD, SWIFT):
        port = hanging if how == HANG else provider.port
        await _connect(installation.database, how, port)
        for delivery in CLASSES:
            act = node("act", f"action.act_{delivery}@1", connection=how)
            await shop.activate(chain(START, act), f"{how}_{delivery}")


async def _connect(database: Database, name: str, port: int) -> None:
    settings = {"address": f"http://127.0.0.1:{port}", "kind": "none"}
    async with database.write() as session:
        session.add(
            Connection(
                workspace_id=1, id=name, app="http", name=name.capitalize(), settings=settings,
                created_at=1, updated_at=1,
            )
        )  # fmt: skip


def _start_workers(installation: Installation, times: Times, hanging: int) -> None:
    """Two: each would take over what the other lets slip."""
    allowed = f"127.0.0.1:{installation.provider.port},127.0.0.1:{hanging}"
    for name in ("one", "two"):
        script = WORKER.format(allowed=allowed, name=name, **vars(times))
        installation.start_worker(name, script=script)


async def _happen(installation: Installation, how: str, delivery: str, number: Any = 0) -> None:
    order = {"order": {"id": f"{how}/{delivery}/{number}"}}
    await Shop(installation.database).happen(order, f"{how}_{delivery}")


async def _all_are_slow(provider: SlowProvider) -> bool:
    """Everybody but those who hang was asked."""
    slow = [how for how in ENDS if how != HANG]
    return all(provider.asked[f"{how}/{each}/0"] for how, each in product(slow, CLASSES))


async def _swift_ones(installation: Installation, name: str, number: int) -> dict[str, float]:
    """So many runs at a provider that is not slow; from event to end in ms when all have ended."""
    before = await installation.count(_SWIFT_DONE)
    for each in range(number):
        await _happen(installation, SWIFT, "plain", f"{name}{each}")

    async def done() -> bool:
        return await installation.count(_SWIFT_DONE) == before + number

    await until(done, seconds=120)
    rows = await installation.database.fetch(
        Sql(
            "SELECT run.finished_at - event.received_at FROM run JOIN event ON event.id = event_id "
            "WHERE event.type = 'swift_plain' AND event.data LIKE $1",
            (f"%/{name}%",),
        )
    )
    return percentiles([row[0] for row in rows])


_SWIFT_DONE = (
    "run JOIN event ON event.id = event_id "
    "WHERE event.type = 'swift_plain' AND run.status = 'succeeded'"
)


async def _has_left_alone(installation: Installation, provider: SlowProvider) -> bool:
    """Somebody of the crowd has been waiting for longer than a call may take."""
    failed = await installation.count(
        "run JOIN event ON event.id = event_id "
        "WHERE event.type = 'crowd_plain' AND run.status = 'failed'"
    )
    return failed > 0


Ends = dict[str, tuple[tuple[str, str | None, int, int], ...]]


async def _ends(installation: Installation, provider: SlowProvider) -> Ends:
    rows = await installation.database.fetch(
        Sql(
            "SELECT event.type, run.status, run.error FROM run "
            "JOIN event ON event.id = event_id ORDER BY event.type"
        )
    )
    found: dict[str, list[tuple[str, str | None, int, int]]] = {how: [] for how in ENDS}
    for kind, status, error in map(tuple, rows):
        how, _, delivery = kind.partition("_")
        if how in found:
            order = f"{how}/{delivery}/0"
            code = error.partition('"code":"')[2].partition('"')[0] if error else None
            found[how].append((status, code, provider.asked[order], provider.done[order]))
    return {how: tuple(ends) for how, ends in found.items()}


async def _seconds_taken(installation: Installation) -> dict[str, list[float]]:
    """How long each step at a slow provider took, as it was recorded."""
    rows = await installation.database.fetch(
        Sql(
            "SELECT event.type, step.finished_at - step.started_at FROM step "
            "JOIN run ON run.id = step.run_id JOIN event ON event.id = run.event_id "
            "WHERE step.node_id = 'act'"
        )
    )
    found: dict[str, list[float]] = {how: [] for how in ENDS}
    for kind, taken in map(tuple, rows):
        how = kind.partition("_")[0]
        if how in found:
            found[how].append(taken / 1000)
    return found


async def _stayed_in_their_hands(installation: Installation) -> None:
    """Who needed one try was claimed once, and nobody took anything over."""
    rows = await installation.database.fetch(
        Sql(
            "SELECT event.type, run.fence, run.crashes FROM run JOIN event ON event.id = event_id "
            "WHERE event.type LIKE 'late_%' OR event.type IN ('silent_plain', 'trickle_plain')"
        )
    )
    assert len(rows) == 5
    assert {tuple(row)[1:] for row in rows} == {(1, 0)}
    assert not [p.kind for p in installation.processes if "took over" in p.log.read_text()]
    installation.phase = DRAIN


# --- an address that is called without a connection ---

SILENT_CALLS = 300
HASTY_WORKER = """
import os
from cartwheel.cli import main
os.environ["CARTWHEEL_ALLOW_PRIVATE"] = "{allowed}"
main(["worker", "--name", "w"])
"""


@pytest.mark.one_database
async def test_f12_a_crowd_at_a_silent_address_holds_few_hands_and_is_called_when_it_answers(
    installation: Installation,
) -> None:
    async with provider_at_work() as silent, provider_at_work() as swift:
        silent.hold = asyncio.Event()
        shop = Shop(installation.database)
        for name, outside in (("silent", silent), ("swift", swift)):
            await shop.activate(chain(START, _call(outside)), name)
        for number in range(SILENT_CALLS):
            await shop.happen({"order": {"id": f"held/{number}"}}, "silent")
        allowed = f"127.0.0.1:{silent.port},127.0.0.1:{swift.port}"
        installation.start_worker("w", script=HASTY_WORKER.format(allowed=allowed))
        await until(lambda: _all_but_few_rest(installation), seconds=60)
        await shop.happen({"order": {"id": "witness"}}, "swift")
        await until(lambda: _asked(swift, 1), seconds=60)
        await installation.settled(1)
        assert silent.asked.total() == ADDRESS_PACE.at_first
        assert await installation.count("run WHERE lease_by IS NOT NULL") == ADDRESS_PACE.at_first
        silent.hold.set()
        ended = await installation.settled(SILENT_CALLS + 1)
    assert ended == {"succeeded": SILENT_CALLS + 1}
    assert set(silent.asked.values()) == {1}


def _call(outside: ActProvider) -> dict[str, Any]:
    body = {"key": "{{ order.id }}", "order": "{{ order.id }}", "class": "plain"}
    return node("call", "action.http_request@1", method="POST", url=f"{outside.url}/acts",
                body=orjson.dumps(body).decode())  # fmt: skip


async def _all_but_few_rest(installation: Installation) -> bool:
    """Those who found no room have given their hand back."""
    resting = await installation.count("run WHERE status = 'waiting' AND lease_by IS NULL")
    return resting == SILENT_CALLS - ADDRESS_PACE.at_first


async def _asked(outside: ActProvider, number: int) -> bool:
    return outside.asked.total() >= number
