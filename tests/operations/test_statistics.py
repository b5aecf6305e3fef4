"""PostgreSQL learns in time that a table is no longer empty."""

import pytest

from cartwheel.accounts.first_start import ensure_owner
from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from cartwheel.events.store import Arrival, NewEvent, store_arrivals
from cartwheel.upkeep.statistics import renew_statistics


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_table_that_outgrew_what_is_known_of_it_is_looked_at_once(
    database: Database,
) -> None:
    await ensure_owner(database)
    assert await database.run(renew_statistics()) == []
    await database.run(store_arrivals([Arrival(_event()) for _ in range(1_000)]))
    assert await database.run(renew_statistics()) == ["event"]
    assert await database.run(renew_statistics()) == []


def _event() -> NewEvent:
    return NewEvent(
        workspace_id=1, id=new_id(), type="order_created", source="api", data="{}",
        received_at=now_ms(),
    )  # fmt: skip
