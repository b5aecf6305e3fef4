"""Acts cut off by the death of their worker, at providers of each class (F4).

What is decided in one process stands in tests/runs/test_effects.py; here the processes are real.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from cartwheel.connections.models import Connection
from cartwheel.database import Database
from cartwheel.statements import Sql
from tests.recovery.installation import Installation
from tests.runs.acting import CLASSES, ActProvider, provider_at_work
from tests.runs.conftest import START, Shop, chain, node, until

WORKER = """
from cartwheel import worker
from cartwheel.cli import main
from tests.runs.acting import registry_of_acts
worker.load_registry = registry_of_acts
main(["worker", "--name", "w"])
"""

ENDS = {
    # Order: (run, how often it was asked for, how often it was done)
    "keyed": {"held-done": ("succeeded", 2, 1), "held-undone": ("succeeded", 2, 1)},
    "lookup": {"held-done": ("succeeded", 1, 1), "held-undone": ("succeeded", 2, 1)},
    "plain": {"held-done": ("failed", 1, 1), "held-undone": ("failed", 1, 0)},
}


@pytest.fixture
async def provider() -> AsyncIterator[ActProvider]:
    async with provider_at_work() as outside:
        outside.hold = asyncio.Event()
        yield outside


@pytest.mark.one_database
async def test_f4_each_class_ends_an_act_that_was_cut_off_in_its_own_way(
    installation: Installation, provider: ActProvider, database: Database
) -> None:
    shop = Shop(database)
    await connect(database, provider, "acme")
    for delivery in CLASSES:
        act = node("act", f"action.act_{delivery}@1", connection="acme")
        await shop.activate(chain(START, act), event_type=delivery)
        for order in ENDS[delivery]:
            await shop.happen({"order": {"id": f"{order}/{delivery}"}}, type=delivery)
    first = installation.start_worker("w", script=WORKER)
    await until(lambda: _all_asked(provider), seconds=60)
    first.kill()
    assert provider.hold is not None
    provider.hold.set()
    installation.start_worker("w", script=WORKER)
    await installation.settled(6)
    assert await _ends(database, provider) == ENDS
    rows = await database.fetch(Sql("SELECT error FROM run WHERE status = 'failed'"))
    assert all("outcome_unknown" in row[0] for row in rows)


async def _all_asked(provider: ActProvider) -> bool:
    return provider.asked.total() == 6


async def _ends(
    database: Database, provider: ActProvider
) -> dict[str, dict[str, tuple[str, int, int]]]:
    rows = await database.fetch(
        Sql("SELECT event.type, event.data, run.status FROM run JOIN event ON event.id = event_id")
    )
    found: dict[str, dict[str, tuple[str, int, int]]] = {}
    for delivery, data, status in map(tuple, rows):
        order = data.split('"')[5]
        counts = (provider.asked[order], provider.done[order])
        found.setdefault(delivery, {})[order.partition("/")[0]] = (status, *counts)
    return found


async def connect(database: Database, provider: ActProvider, name: str) -> None:
    """A connection to the provider, under this id."""
    settings = {"address": provider.url, "kind": "none"}
    async with database.write() as session:
        session.add(
            Connection(
                workspace_id=1, id=name, app="http", name=name.capitalize(), settings=settings,
                created_at=1, updated_at=1,
            )
        )  # fmt: skip
