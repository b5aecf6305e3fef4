"""A crowd of waits that end together holds up nobody who comes now (F18)."""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Integer
from sqlmodel import SQLModel

from cartwheel.clock import new_id
from cartwheel.runs.models import Run, Step
from cartwheel.runs.models import Token as TokenRow
from cartwheel.statements import Rows, Sql, Transaction
from tests.recovery.conftest import Activate
from tests.recovery.installation import DRAIN, Installation
from tests.recovery.ledger import Ledger, percentiles
from tests.recovery.scene import happen
from tests.runs.conftest import START, Shop, chain, node, until

WAIT = node("wait", "flow.delay@1", amount=1, unit="hours")
BATCH = 5_000
LONGEST_START_MS, LARGEST_RSS_MIB = 2_000, 400


async def test_f18_what_happens_now_starts_while_a_crowd_of_waits_drains(
    installation: Installation, activate: Activate, ledger: Ledger, chaos: bool
) -> None:
    crowd, least, most = (100_000, 40, 200) if chaos else (2_000, 10, 10)
    await activate(1)
    await _crowd_is_due(installation, crowd)
    installation.fault("due at once")
    for name in ("one", "two") if chaos else ("one",):
        installation.start_worker(name)
    await until(lambda: installation.count("run WHERE status = 'succeeded'"), seconds=60)
    fresh, at_once = 0, 1 if chaos else most  # Few, one by one, might come after a short crowd.
    while fresh < most and await installation.count("run WHERE wake_at = 1"):
        await happen(installation, (f"o{fresh + each}" for each in range(at_once)))
        fresh += at_once
        await asyncio.sleep(0.25 if chaos else 0)
    assert fresh >= least, "the crowd was gone too soon"
    installation.phase = DRAIN
    ended = await installation.settled(crowd + fresh, seconds=600)
    assert ended["succeeded"] == crowd + fresh
    started_ms = percentiles(await _waited_ms(installation))
    await ledger.check(crowd + fresh, least={"accept": 1}, keys=fresh, fresh_started_ms=started_ms)
    assert installation.rss_mib["worker"] <= LARGEST_RSS_MIB
    if chaos:
        assert started_ms["p95"] <= LONGEST_START_MS
    else:
        assert await _started_before_the_end_of_the_crowd(installation) == fresh


async def _crowd_is_due(installation: Installation, crowd: int) -> None:
    """One run comes to its wait for real; the others are its like. All are due."""
    shop = Shop(installation.database)
    await shop.activate(chain(START, WAIT), event_type="crowd")
    await shop.happen(type="crowd")
    worker = installation.start_worker("one")
    await until(lambda: installation.count("run WHERE status = 'waiting'"), seconds=60)
    worker.process.terminate()
    await worker.died()
    rows = await installation.database.fetch(Sql("SELECT id FROM run"))
    for start in range(1, crowd, BATCH):
        likes = [new_id() for _ in range(start, min(start + BATCH, crowd))]
        await installation.database.run(_like(rows[0][0], likes))
    await installation.database.run(_due())


def _like(pattern: str, ids: Sequence[str]) -> Transaction[None]:
    for model, name in ((Run, "id"), (TokenRow, "run_id"), (Step, "run_id")):
        columns = {column.name: _array_type(column) for column in _table(model).columns}
        quoted = tuple(f'"{column}"' for column in columns)
        found = yield Sql(
            f"SELECT {', '.join(quoted)} FROM {_table(model).name} WHERE {name} = $1", (pattern,)
        )
        copies = [
            tuple({**dict(zip(columns, tuple(row), strict=True)), **_changes(model, each)}.values())
            for row in found
            for each in ids
        ]
        yield Rows(_table(model).name, quoted, tuple(columns.values()), copies)


def _changes(model: type[SQLModel], run_id: str) -> dict[str, Any]:
    return {"id": run_id, "subject": run_id} if model is Run else {"run_id": run_id}


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]


def _array_type(column: Any) -> str:
    if isinstance(column.type, BigInteger):
        return "bigint"
    return "int" if isinstance(column.type, Integer) else "text"


def _due() -> Transaction[None]:
    yield Sql("UPDATE token SET wake_at = 1 WHERE wake_at IS NOT NULL")
    yield Sql("UPDATE run SET wake_at = 1 WHERE wake_at IS NOT NULL")


_FRESH = (
    "FROM run JOIN event ON event.workspace_id = run.workspace_id AND event.id = run.event_id "
    "WHERE event.type = 'order_created'"
)


async def _waited_ms(installation: Installation) -> list[float]:
    """From each fresh event to its run's start."""
    rows = await installation.database.fetch(
        Sql(f"SELECT run.started_at - event.received_at {_FRESH}")
    )
    return [row[0] for row in rows]


async def _started_before_the_end_of_the_crowd(installation: Installation) -> int:
    rows = await installation.database.fetch(
        Sql(
            f"SELECT count(*) {_FRESH} AND run.started_at < (SELECT max(run.finished_at) FROM run "
            "JOIN event ON event.workspace_id = run.workspace_id AND event.id = run.event_id "
            "WHERE event.type = 'crowd')"
        )
    )
    return int(rows[0][0])
