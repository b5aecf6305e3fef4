"""Runs that travel before their event is routed: quicker, and never twice."""

import asyncio
import logging
from functools import partial

import pytest

from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.runs import speculation
from cartwheel.runs.claims import ClaimedRun
from cartwheel.statements import Sql, Statement, Together, Transaction, Whole
from tests.runs.conftest import START, Hire, Shop, Stub, Worker, chain, node, resting, until


def call(stub: Stub) -> dict[str, object]:
    return node("call", "action.http_request@1", method="POST", url=stub.url)


@pytest.fixture(autouse=True)
def slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that happens in a test grows old in it."""
    monkeypatch.setattr(speculation, "YOUNG_MS", 3_600_000)


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the transactions that change something, in their order."""
    seen: list[str] = []
    run = Database.run

    async def noted(self: Database, transaction: Transaction[object]) -> object:
        seen.append(str(getattr(transaction, "__name__", "")))
        return await run(self, transaction)

    monkeypatch.setattr(Database, "run", noted)
    return seen


async def test_one_commit_stands_between_an_event_and_its_first_act(
    shop: Shop, worker: Worker, stub: Stub, commits: list[str]
) -> None:
    stub.hold = asyncio.Event()
    await shop.activate(chain(START, call(stub)))
    commits.clear()  # Before it happens: the worker may look by itself at any moment.
    await shop.happen()
    worker.loop.look()
    await until(lambda: _requests(stub, 1))
    assert commits == ["commit_group"]
    stub.hold.set()


async def test_two_workers_that_hear_of_the_same_event_act_once(
    shop: Shop, hire: Hire, stub: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    await shop.activate(chain(START, call(stub)))
    workers = [await hire(), await hire()]
    with caplog.at_level(logging.ERROR):
        for number in range(1, 11):
            await shop.happen()
            for worker in workers:
                worker.loop.look()
            await until(partial(_succeeded, shop, number))
    assert (len(stub.requests), await shop.count("run"), caplog.records) == (10, 10, [])
    assert sum(worker.driver.zombies for worker in workers) == 0


async def test_the_workflows_of_one_event_go_ahead_together(
    shop: Shop, worker: Worker, stub: Stub, commits: list[str]
) -> None:
    for _ in range(3):
        await shop.activate(chain(START, call(stub)))
    commits.clear()
    await shop.happen()
    worker.loop.look()
    await until(lambda: _succeeded(shop, 3))
    assert (len(stub.requests), commits.count("take")) == (3, 0)


async def test_an_event_that_is_not_young_is_routed_first(
    shop: Shop, hire: Hire, stub: Stub, commits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speculation, "YOUNG_MS", 1_000)
    await shop.activate(chain(START, call(stub)))
    event_id = await shop.happen()
    await shop.database.run(_older_by(5_000))
    commits.clear()
    await resting(shop, await hire(), event_id)
    assert commits[0] == "take"


async def test_a_crowd_is_routed_first_and_then_moved(
    shop: Shop, hire: Hire, stub: Stub, commits: list[str]
) -> None:
    await shop.activate(chain(START, call(stub)))
    crowd = speculation.MOST_EVENTS + 1
    for _ in range(crowd):
        await shop.happen()
    commits.clear()
    await hire()
    await until(lambda: _succeeded(shop, crowd))
    assert commits[0] == "take"


async def test_a_run_that_stumbles_before_anything_is_written_is_routed_and_counted(
    shop: Shop, worker: Worker, stub: Stub, commits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.activate(chain(START, call(stub)))
    seen: list[ClaimedRun] = []

    async def stumble(run: ClaimedRun, *_: object) -> None:
        seen.append(run)
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(worker.loop, "_drive", stumble)
    commits.clear()
    await shop.happen()
    worker.loop.look()
    await until(lambda: _has_stumbled(seen, 2))
    assert (commits[:1], stub.requests) == (["take"], [])
    rows = await shop.database.fetch(Sql("SELECT count(*) FROM run WHERE lease_until IS NOT NULL"))
    assert rows[0][0] == 1


async def _has_stumbled(seen: list[ClaimedRun], times: int) -> bool:
    return len(seen) == times


async def test_where_one_workflow_had_its_run_already_the_others_begin_anew(
    shop: Shop, hire: Hire, stub: Stub
) -> None:
    """A restored backup may hold one of an event's runs, and the event as if nobody had seen it.
    No row tells then how far a run came of which nothing else is written."""
    await shop.activate(chain(START, call(stub)))
    event_id = await shop.happen()
    await resting(shop, first := await hire(), event_id)
    first.loop.stop()
    await shop.activate(chain(START, call(stub)))
    await shop.database.run(_as_if_nobody_had_seen_it())
    second = await hire()
    second.loop.look()
    await until(lambda: _succeeded(shop, 2))
    steps = await shop.database.fetch(Sql("SELECT count(*) FROM step GROUP BY run_id"))
    assert (len(stub.requests), [row[0] for row in steps]) == (2, [2, 2])


async def test_an_act_waits_for_few_journeys_to_the_database(
    shop: Shop, worker: Worker, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL is told everything as one. On SQLite each is a call: the event is stamped; its run
    is inserted and others that wait hear it; what stands in the run's steps and acts is written."""
    stub.hold = asyncio.Event()
    told: list[int] = []
    run = Database.run

    async def counted(self: Database, transaction: Transaction[object]) -> object:
        is_group = getattr(transaction, "__name__", "") == "commit_group"
        return await run(self, _counting(transaction, told) if is_group else transaction)

    monkeypatch.setattr(Database, "run", counted)
    await shop.activate(chain(START, call(stub)))
    await shop.happen()
    worker.loop.look()
    await until(lambda: _requests(stub, 1))
    assert told[0] == (3 if shop.database.is_sqlite else 1)
    stub.hold.set()


def _counting(transaction: Transaction[object], told: list[int]) -> Transaction[object]:
    """The same, with the number of statements that ask something noted at its end."""
    number = 0
    try:
        statement = next(transaction)
        while True:
            answer = yield statement
            number += _asks(statement) and not (isinstance(statement, Whole) and not answer)
            statement = transaction.send(answer)
    except StopIteration as end:
        told.append(number)
        return end.value


def _asks(statement: Statement) -> bool:
    if isinstance(statement, Together):
        return any(_asks(part) for part in statement.parts)
    return not hasattr(statement, "rows") or bool(statement.rows)


async def _requests(stub: Stub, number: int) -> bool:
    return len(stub.requests) == number


async def _succeeded(shop: Shop, number: int) -> bool:
    return await shop.count("run WHERE status = 'succeeded'") == number


def _as_if_nobody_had_seen_it() -> Transaction[None]:
    yield Sql("UPDATE activation SET live_from = 0")
    yield Sql("UPDATE event SET routed_at = NULL")


def _older_by(milliseconds: int) -> Transaction[None]:
    yield Sql("UPDATE activation SET live_from = live_from - $1", (2 * milliseconds,))
    yield Sql("UPDATE event SET received_at = $1", (now_ms() - milliseconds,))
