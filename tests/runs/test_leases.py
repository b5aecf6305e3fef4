"""Who may write a run: crashes, takeovers, workers that sleep, runs that end in between."""

import asyncio
import logging
import sqlite3

import pytest
from sqlmodel import text

from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.runs import rescue, speculation
from cartwheel.runs.claims import (
    AbandonedRun,
    ClaimedRun,
    abandoned_runs,
    claim_abandoned,
    extend_leases,
)
from cartwheel.runs.routing import take
from cartwheel.runs.rows import RunRow, RunWrite
from cartwheel.runs.service import cancel_run
from cartwheel.runs.store import commit_group
from cartwheel.statements import Sql, Transaction
from tests.runs.conftest import (
    START,
    Hire,
    Shop,
    Stub,
    Worker,
    answer,
    chain,
    edge,
    node,
    resting,
    until,
)

TELL = node("tell", "action.send_sms@1", to="{{ customer.phone }}", text="Hi")


def call(stub: Stub, node_id: str = "call", **config: object) -> dict[str, object]:
    return node(node_id, "action.http_request@1", method="POST", url=stub.url, **config)


def play(text: str, *args: object) -> Transaction[None]:
    yield Sql(text, args)


def name_of(transaction: object) -> str:
    return str(getattr(transaction, "__name__", ""))


async def expire_leases(shop: Shop) -> None:
    await shop.database.run(play("UPDATE run SET lease_until = 0 WHERE lease_until IS NOT NULL"))


async def statuses(shop: Shop, table: str = "run") -> list[str]:
    rows = await shop.database.fetch(Sql(f"SELECT status FROM {table} ORDER BY id"))
    return [row[0] for row in rows]


async def test_nothing_begins_after_a_branch_has_ended_the_run(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    graph = chain(START, node("end", "flow.stop@1", label="enough"))
    graph["nodes"].append(call(stub))
    graph["edges"].append(edge("start", "call"))
    await shop.activate(graph)
    run = await resting(shop, worker, await shop.happen())
    assert (run.status, stub.requests) == ("succeeded", [])
    assert await shop.count("effect") == 0


async def test_acts_side_by_side_are_closed_by_a_worker_that_lost_the_run(
    shop: Shop, hire: Hire, stub: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    stub.hold = asyncio.Event()
    graph = chain(START, call(stub, "one"), call(stub, "late"))
    graph["nodes"].append(call(stub, "two"))
    graph["edges"].append(edge("start", "two"))
    await shop.activate(graph)
    zombie = await hire()
    event_id = await shop.happen()
    zombie.loop.look()
    await until(lambda: _is(lambda: len(stub.requests) == 2))
    run = await shop.run_of(event_id)
    await cancel_run(shop.database, 1, run.id)
    with caplog.at_level(logging.ERROR):
        stub.hold.set()
        await until(lambda: _is(lambda: zombie.driver.zombies == 1))
    assert await statuses(shop, "effect") == ["sent", "sent"]
    assert (await shop.run_of(event_id)).status == "cancelled"
    assert len(stub.requests) == 2
    assert caplog.records == []


async def test_a_worker_that_may_not_write_its_intent_sends_nothing_and_says_nothing(
    shop: Shop, worker: Worker, stub: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    await shop.activate(chain(START, call(stub, "one"), call(stub, "two")))
    event_id = await shop.happen()
    commit, arrived, go = worker.driver._commit, asyncio.Event(), asyncio.Event()

    async def slow(changes: object) -> bool:
        if stub.requests:  # The second intent: until the first one nobody can cancel the run.
            arrived.set()
            await go.wait()
        return await commit(changes)  # type: ignore[arg-type]

    worker.driver._commit = slow  # type: ignore[method-assign]
    worker.loop.look()
    await arrived.wait()
    await cancel_run(shop.database, 1, (await shop.run_of(event_id)).id)
    with caplog.at_level(logging.ERROR):
        go.set()
        await until(lambda: _is(lambda: worker.driver.zombies == 1))
    assert (len(stub.requests), await statuses(shop, "effect"), caplog.records) == (1, ["sent"], [])


async def test_a_crowd_left_by_a_dead_worker_is_taken_over_under_load(
    shop: Shop, hire: Hire, stub: Stub
) -> None:
    stub.hold = asyncio.Event()
    await shop.activate(chain(START, call(stub), settings={"on_unknown": "send_again"}))
    first = await hire()
    events = [await shop.happen() for _ in range(20)]
    first.loop.look()
    await until(lambda: _is(lambda: len(stub.requests) == len(events)))
    await first.kill()
    stub.hold.set()
    await expire_leases(shop)
    second = await hire()

    async def all_done() -> bool:
        second.loop.look()  # The bell never rests.
        return (await statuses(shop)).count("succeeded") == len(events)

    await until(all_done)
    rows = await shop.database.fetch(Sql("SELECT sum(crashes) FROM run"))
    assert rows[0][0] == 0


async def test_the_abandoned_are_claimed_alone_and_suspects_last(shop: Shop) -> None:
    await shop.activate(chain(START, TELL))
    for crashes in (1, 0, 0):
        await _abandon(shop, crashes=crashes)
    seen = [AbandonedRun(*row) for row in await shop.database.fetch(abandoned_runs(10, 9))]
    taken = [await shop.database.run(claim_abandoned("w", 10, run)) for run in (*seen, seen[0])]
    assert [run and run.crashes for run in taken] == [1, 1, 2, None]


async def test_after_a_book_that_took_no_writes_leases_that_ended_are_not_believed_at_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who lives could not renew them either."""
    monkeypatch.setattr(rescue, "UNCHANGED_SECONDS", 0.0)
    await shop.activate(chain(START, TELL))
    await _abandon(shop, crashes=0)
    taken: list[str] = []

    def start(run: ClaimedRun) -> rescue.Moving:
        taken.append(run.id)
        return rescue.Moving(run, asyncio.create_task(asyncio.sleep(0)), _set())

    watch = rescue.Rescue(shop.database, "w", start, lambda: 9)
    watch.be_patient()
    await watch.all()
    assert taken == []
    monkeypatch.setattr(rescue, "CALM_SECONDS", 0.0)
    watch.be_patient()
    await watch.all()
    assert len(taken) == 1


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


async def test_a_run_whose_answer_kills_the_worker_is_set_aside(
    shop: Shop, hire: Hire, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writing the same intent again is no progress."""
    monkeypatch.setattr(rescue, "CALM_SECONDS", 0.0)
    stub.hold = asyncio.Event()
    await shop.activate(chain(START, call(stub), settings={"on_unknown": "send_again"}))
    event_id = await shop.happen()
    for deaths in range(1, 4):
        worker = await hire()
        worker.loop.look()
        await until(lambda deaths=deaths: _is(lambda: len(stub.requests) == deaths))
        await worker.kill()
        await expire_leases(shop)
    last = await hire()
    run = await resting(shop, last, event_id, "quarantined")
    assert run.error is not None
    assert len(stub.requests) == 3


async def test_a_worker_that_overslept_keeps_its_own_runs_when_nobody_took_them(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    stub.hold = asyncio.Event()
    await shop.activate(chain(START, call(stub)))
    event_id = await shop.happen()
    worker.loop.look()
    await asyncio.wait_for(stub.arrived.wait(), 60)
    await expire_leases(shop)
    await worker.loop._take_over()
    stub.hold.set()
    run = await resting(shop, worker, event_id)
    assert (run.status, worker.driver.zombies, len(stub.requests)) == ("succeeded", 0, 1)


async def test_two_journeys_of_one_run_in_one_process_are_told_apart(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    stub.hold = asyncio.Event()
    await shop.activate(chain(START, call(stub)))
    await shop.happen()
    worker.loop.look()
    await asyncio.wait_for(stub.arrived.wait(), 60)
    await expire_leases(shop)
    await worker.loop._rescue.all()
    assert worker.loop.moving >= 1
    stub.hold.set()
    await until(lambda: _is(lambda: worker.driver.zombies == 1 and worker.loop.moving == 0))
    assert await statuses(shop, "effect") == ["sent"]


async def test_a_database_that_cannot_be_read_is_no_crash_of_the_run(
    shop: Shop, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shop.database.is_sqlite:
        pytest.skip("the same code meets Busy on both; SQLite is the one that is easily refused")
    await shop.activate(chain(START, TELL))
    fetch, refusals = Database.fetch, iter(range(2))

    async def refusing(self: Database, statement: Sql) -> list[object]:
        if "workflow_version" in statement.text and next(refusals, None) is not None:
            with pytest.raises(sqlite3.OperationalError) as caught:
                raise sqlite3.OperationalError("database is locked")
            raise Busy("locked") from caught.value
        return list(await fetch(self, statement))

    monkeypatch.setattr(Database, "fetch", refusing)
    run = await resting(shop, worker, await shop.happen())
    assert run.status == "succeeded"
    rows = await shop.database.fetch(Sql("SELECT fence, crashes FROM run"))
    assert tuple(rows[0]) == (1, 0)


@pytest.mark.parametrize(("ahead", "cut_off", "fence"), [(0, "take", 2), (8, "commit_group", 1)])
async def test_what_was_taken_in_a_commit_whose_answer_was_lost_is_moved_at_once(
    ahead: int, cut_off: str, fence: int, shop: Shop, hire: Hire, stub: Stub,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """At once: not by the rescue, when its lease has ended."""
    await shop.activate(chain(START, call(stub)))
    event_id = await shop.happen()
    run, cut = Database.run, iter([True])

    async def cutting(self: Database, transaction: Transaction[object]) -> object:
        result = await run(self, transaction)
        if name_of(transaction) == cut_off and next(cut, None):
            raise Busy("The connection went away.")
        return result

    monkeypatch.setattr(speculation, "MOST_EVENTS", ahead)
    monkeypatch.setattr(speculation, "YOUNG_MS", 3_600_000)
    monkeypatch.setattr(Database, "run", cutting)
    found = await resting(shop, await hire(), event_id)
    rows = await shop.database.fetch(Sql("SELECT fence, crashes FROM run"))
    assert (found.status, tuple(rows[0]), len(stub.requests)) == ("succeeded", (fence, 0), 1)
    assert "took over run" not in caplog.text


async def test_a_worker_takes_no_more_runs_than_it_can_hold(
    shop: Shop, hire: Hire, stub: Stub
) -> None:
    stub.hold = asyncio.Event()
    for _ in range(4):
        await shop.activate(chain(START, call(stub)))
    worker = await hire()
    worker.loop._capacity = 4
    for _ in range(3):
        await shop.happen()
    worker.loop.look()
    await until(lambda: _is(lambda: len(stub.requests) == 4))
    assert await shop.count("run") == 4
    stub.hold.set()

    async def all_done() -> bool:
        return (await statuses(shop)).count("succeeded") == 12

    await until(all_done)


async def test_an_answer_that_was_refused_says_so_even_from_a_worker_that_lost_the_run(
    shop: Shop, hire: Hire, stub: Stub
) -> None:
    stub.hold, stub.answers = asyncio.Event(), [answer(400)]
    await shop.activate(chain(START, call(stub)))
    zombie = await hire()
    event_id = await shop.happen()
    zombie.loop.look()
    await asyncio.wait_for(stub.arrived.wait(), 60)
    await expire_leases(shop)
    await resting(shop, await hire(), event_id, "failed")
    stub.hold.set()
    await until(lambda: _is(lambda: zombie.driver.zombies == 1))
    assert await statuses(shop, "effect") == ["refused"]


async def _is(condition: object) -> bool:
    return bool(condition())  # type: ignore[operator]


async def _abandon(shop: Shop, crashes: int) -> None:
    event_id = await shop.happen()
    await shop.database.run(
        play(
            "INSERT INTO run (workspace_id, id, workflow_id, version, event_id, subject, status, "
            "created_at, wake_at, lease_by, lease_until, fence, crashes, next_token, step_count) "
            "SELECT 1, $1, workflow_id, 1, $1, '', 'running', 1, 1, 'dead', 1, 3, $2, 1, 0 "
            "FROM workflow_version",
            event_id, crashes,
        )
    )  # fmt: skip


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_heartbeat_and_a_commit_that_meet_go_one_after_the_other(
    shop: Shop, stub: Stub
) -> None:
    """Each held runs that the other wanted, and all writing stood still for a second, until the
    database refused one of them."""
    await shop.activate(chain(START, call(stub)))
    for _ in range(4):
        await shop.happen()
    taken = (await shop.database.run(take("worker", now_ms(), 4))).runs
    first, second, third, fourth = sorted(taken, key=lambda run: run.id)
    writes = [
        _came_to(run, release=run in (first, second)) for run in (third, fourth, first, second)
    ]
    async with shop.database.write() as session:
        await session.exec(
            text("UPDATE run SET wake_at = 1 WHERE id = :id").bindparams(id=fourth.id)
        )
        commit = asyncio.create_task(shop.database.run(commit_group(writes)))
        await until(lambda: _who_wait(shop, 1))
        beat = asyncio.create_task(
            shop.database.run(extend_leases([run.key for run in taken], now_ms()))
        )
        await until(lambda: _who_wait(shop, 2))
    assert await commit == [True] * 4
    assert sorted(await beat) == [third.id, fourth.id]


def _came_to(run: ClaimedRun, *, release: bool) -> RunWrite:
    row = RunRow("running", None, None, next_token=2, step_count=1, release=release)
    return RunWrite(run.workspace_id, run.id, run.fence, row)


async def _who_wait(shop: Shop, number: int) -> bool:
    rows = await shop.database.fetch(
        Sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            "AND datname = current_database()")
    )  # fmt: skip
    return int(rows[0][0]) == number
