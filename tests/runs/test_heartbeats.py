"""A heartbeat renews what is held and nothing else."""

from cartwheel.clock import now_ms
from cartwheel.runs.claims import extend_leases
from cartwheel.statements import Sql
from tests.runs.conftest import START, Shop, Worker, chain, node, resting

WAIT = node("wait", "flow.delay@1", amount=1, unit="hours")


async def test_a_heartbeat_that_comes_late_gives_a_resting_run_no_lease(
    shop: Shop, worker: Worker
) -> None:
    await shop.activate(chain(START, WAIT))
    run = await resting(shop, worker, await shop.happen(), "waiting")
    (row,) = await shop.database.fetch(Sql("SELECT fence, lease_until FROM run"))
    assert row[1] is None
    assert await shop.database.run(extend_leases([(1, run.id, row[0])], now_ms())) == []
    (row,) = await shop.database.fetch(Sql("SELECT lease_until FROM run"))
    assert row[0] is None
