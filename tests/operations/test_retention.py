"""What is over goes when its workspace keeps it no longer; what may still move stays whole."""

import httpx
import pytest

from cartwheel import tally
from cartwheel.clock import first_id_at, now_ms
from cartwheel.database import Database
from cartwheel.schema import metadata
from cartwheel.statements import Rows, Sql, Transaction
from cartwheel.upkeep.retention import DAY_MS
from cartwheel.upkeep.sweeping import sweep_one
from tests.conftest import HomeWorkspace
from tests.operations.fleet import count
from tests.runs.conftest import START, Shop, chain

_RUN = (
    "workspace_id", "id", "workflow_id", "version", "event_id", "subject", "status", "created_at",
    "finished_at", "wake_at", "fence", "crashes", "next_token", "step_count",
)  # fmt: skip
_RUN_TYPES = (
    "int", "text", "text", "int", "text", "text", "text", "bigint",
    "bigint", "bigint", "int", "int", "int", "int",
)  # fmt: skip
PARTS = {
    "token": ("id, node_id, iteration, state, attempt, round", "1, 'wait', '', 'waiting', 0, 0"),
    "step": (
        "node_id, iteration, sequence, status, attempts, started_at", "'start', '', 1, 'done', 1, 1"
    ),
    "effect": (
        "id, node_id, iteration, round, delivery, status, request, attempts, started_at",
        "$2, 'call', '', 0, 'plain', 'sent', '{}', 1, 1",
    ),
    "outbox_message": (
        'id, channel, "to", text, node_id, iteration, workflow_id, created_at',
        "$2, 'sms', '+1', 'hi', 'tell', '', 'w', 1",
    ),
}  # fmt: skip


@pytest.fixture
async def shop(database: Database, workspace: HomeWorkspace) -> Shop:
    made = Shop(database)
    await made.activate(chain(START))
    return made


async def past(database: Database, days: int, status: str, *, ended: int | None = None) -> str:
    """A run, whole, whose event came `days` ago, and which ended `ended` days ago."""
    now = now_ms()
    at, name = now - days * DAY_MS, f"{days:04}{status[:8].upper():0<12}"
    run_id = first_id_at(at)[:10] + name[:16]
    row = await database.fetch(Sql("SELECT workflow_id FROM workflow_version"))
    finished = None if ended is None else now - ended * DAY_MS

    def write() -> Transaction[None]:
        yield Sql(
            "INSERT INTO event (workspace_id, id, type, source, source_id, body_hash, data, "
            "received_at, routed_at, depth) VALUES (1, $1, 'x', 'api', '', '', '{}', $2, $2, 0)",
            (run_id, at),
        )
        values = (1, run_id, row[0][0], 1, run_id, "", status, at, finished, None, 1, 0, 2, 1)
        yield Rows("run", _RUN, _RUN_TYPES, [values])
        for table, (columns, given) in PARTS.items():
            args = (run_id, run_id) if "$2" in given else (run_id,)
            yield Sql(
                f"INSERT INTO {table} (workspace_id, run_id, {columns}) VALUES (1, $1, {given})",
                args,
            )

    await database.run(write())
    return run_id


async def whole(database: Database, run_id: str) -> set[str]:
    """Which tables still know the run."""
    tables = [(table, "run_id") for table in PARTS] + [("run", "id"), ("event", "id")]
    return {t for t, column in tables if await count(database, f"{t} WHERE {column} = '{run_id}'")}


EVERYTHING = {*PARTS, "run", "event"}


async def test_a_run_that_waits_since_two_years_stays_whole(database: Database, shop: Shop) -> None:
    waiting = await past(database, 730, "waiting")
    set_aside = await past(database, 729, "quarantined")
    over = await past(database, 730, "succeeded", ended=729)
    just_over = await past(database, 700, "failed", ended=2)

    gone = await sweep_one(database)

    assert gone == {"outbox": 2, "runs": 1, "events": 1, "counters": 0}
    assert await whole(database, waiting) == EVERYTHING
    assert await whole(database, set_aside) == EVERYTHING
    assert await whole(database, over) == set()
    assert await whole(database, just_over) == EVERYTHING - {"outbox_message"}
    assert tally.counts["swept", "runs"] >= 1


async def test_an_event_that_a_waiting_run_heard_stays_with_it(
    database: Database, shop: Shop
) -> None:
    waiting = await past(database, 400, "paused")
    heard = await past(database, 399, "succeeded", ended=398)

    def hear() -> Transaction[None]:
        yield Sql(
            "INSERT INTO awaited_event (workspace_id, run_id, token_id, way, event_type, paths, "
            "key, armed_at, event_id) VALUES (1, $1, 1, 0, 'x', '', '', 1, $2)",
            (waiting, heard),
        )

    await database.run(hear())

    assert await sweep_one(database) == {"outbox": 1, "runs": 1, "events": 0, "counters": 0}
    assert await whole(database, heard) == {"event"}


async def test_a_counter_goes_when_its_window_has_rolled_past_it(
    database: Database, shop: Shop
) -> None:
    def count_up() -> Transaction[None]:
        for key, ago in (("anna:1", 8), ("ben", 6), ("ćma", 30)):
            at = now_ms() - ago * DAY_MS
            yield Sql(
                "INSERT INTO counter (workspace_id, name, key, window_ms, touched_at) "
                "VALUES (1, 'a:b', $1, $2, $3)",
                (key, 7 * DAY_MS, at),
            )
            yield Sql(
                "INSERT INTO counter_entry (workspace_id, name, key, id, amount, counted_at) "
                "VALUES (1, 'a:b', $1, 'x', 1, $2)",
                (key, at),
            )

    await database.run(count_up())
    gone = await sweep_one(database)
    assert gone is not None
    assert gone["counters"] == 2
    assert await count(database, "counter WHERE key = 'ben'") == 1
    assert await count(database, "counter_entry") == 1


async def test_a_workspace_is_swept_by_one_worker_an_hour(database: Database, shop: Shop) -> None:
    assert await sweep_one(database) is not None
    assert await sweep_one(database) is None


async def test_days_are_a_setting_and_none_of_them_forgets_a_delivery_too_soon(
    client: httpx.AsyncClient, database: Database, shop: Shop
) -> None:
    over = await past(database, 40, "succeeded", ended=40)
    for_ever = await client.patch("/api/workspace", json={"keep_events_days": 0})
    too_short = await client.patch("/api/workspace", json={"keep_events_days": 29})
    await client.patch("/api/workspace", json={"keep_runs_days": 7})

    await sweep_one(database)

    assert for_ever.json()["keep_events_days"] == 0
    assert too_short.status_code == 422
    assert "at least 30 days" in too_short.text
    assert await whole(database, over) == {"event"}


def test_nothing_refers_to_what_goes_with_a_run() -> None:
    """A sweep takes a run's rows away table by table; deeper, it would have to know an order,
    unless the database itself takes along what hangs on them."""
    tables = metadata().tables.values()
    direct = {
        table.name
        for table in tables
        if any(key.referred_table.name == "run" for key in table.foreign_key_constraints)
    }
    deeper = [
        f"{table.name} → {key.referred_table.name}"
        for table in tables
        for key in table.foreign_key_constraints
        if key.referred_table.name in direct and key.ondelete != "CASCADE"
    ]
    assert deeper == []
