"""Death between a change of the shop's own tables and the record of its step: nothing is written
twice and nothing is lost."""

import pytest

from cartwheel.accounts.first_start import FIRST_WORKSPACE
from cartwheel.records.schemas import NewTable
from cartwheel.records.service import create_table
from cartwheel.statements import Sql
from tests.recovery.installation import Installation
from tests.recovery.scene import happen, let_go
from tests.runs.conftest import START, Shop, chain, node

RUNS = 12


@pytest.mark.one_database
async def test_a_worker_that_dies_after_writing_rows_writes_each_once(
    installation: Installation,
) -> None:
    log = NewTable.model_validate({"name": "Log", "columns": [{"name": "Order"}]})
    table = (await create_table(installation.database, FIRST_WORKSPACE, log)).id
    count = {"name": "Orders", "key": "shop", "amount": "1", "window": 1, "unit": "days"}
    await Shop(installation.database).activate(
        chain(
            START,
            node("log", "data.save_row@1", table=table, cells={"order": "{{ order.id }}"}),
            node("count", "data.counter@1", **count),
        )
    )
    await happen(installation, (f"o{number}" for number in range(RUNS)))
    dying = installation.start_worker("w", failpoints="records.after_keeping@5")
    await dying.died()
    await installation.database.run(let_go())
    installation.start_worker("w")
    assert (await installation.settled(RUNS))["succeeded"] == RUNS
    rows = await installation.database.fetch(Sql("SELECT cells FROM record_row ORDER BY cells"))
    assert [row[0] for row in rows] == sorted(f'{{"order":"o{n}"}}' for n in range(RUNS))
    counted = await installation.database.fetch(
        Sql("SELECT count(*), sum(amount) FROM counter_entry")
    )
    assert tuple(counted[0]) == (RUNS, RUNS * 10_000)
