"""What happens in a fault's scene, and what one waits for in it."""

from collections.abc import Iterable, Sequence

from cartwheel.clock import new_id, now_ms
from cartwheel.database import dump_json
from cartwheel.events.store import Arrival, NewEvent, store_arrivals
from cartwheel.statements import Sql, Transaction
from tests.recovery.installation import Installation
from tests.runs.conftest import until


async def calls(installation: Installation, number: int) -> None:
    """Until the provider was called as often."""

    async def enough() -> bool:
        return installation.provider.total >= number

    await until(enough, seconds=60)


async def happen(installation: Installation, orders: Iterable[str]) -> None:
    """Orders that lie in the book before any worker looks."""
    await installation.database.run(
        store_arrivals([Arrival(_order_event(order)) for order in orders])
    )


def _order_event(order: str) -> NewEvent:
    data = dump_json({"order": {"id": order}})
    return NewEvent(
        workspace_id=1, id=new_id(), type="order_created", source="api", data=data,
        received_at=now_ms(), external_id=order,
    )  # fmt: skip


async def runs(installation: Installation) -> Sequence[tuple[object, ...]]:
    """Every run as it stands, to see whether it changes after its end."""
    rows = await installation.database.fetch(
        Sql("SELECT id, status, finished_at, fence, step_count FROM run ORDER BY id")
    )
    return [tuple(row) for row in rows]


def let_go() -> Transaction[None]:
    """Every lease is let go of, as a supervisor does for a worker that it saw die."""
    yield Sql("UPDATE run SET lease_until = 0 WHERE lease_until IS NOT NULL")
