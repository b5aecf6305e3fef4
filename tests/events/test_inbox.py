"""What comes in is told to the workers, once."""

import asyncio

import pytest

from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from cartwheel.events.service import Inbox
from cartwheel.events.store import FEW, Accepted, Arrival, NewEvent, store_arrivals
from cartwheel.jobs import Bell
from cartwheel.statements import Alone, Flush, Sql
from tests.conftest import HomeWorkspace


class _Rings(Bell):
    """Counts how often it is asked to ring."""

    def __init__(self) -> None:
        super().__init__(url=None)
        self.asked = 0

    def ring(self) -> None:
        self.asked += 1


async def test_workers_are_rung_for_once_for_each_event(
    database: Database, workspace: HomeWorkspace
) -> None:
    bell = _Rings()
    inbox = Inbox(database, bell)
    for _ in range(3):
        await inbox.take(_arrival())
    await inbox.close()
    assert bell.asked == 3


@pytest.mark.parametrize("number", [FEW, FEW + 1])
async def test_a_few_are_told_of_before_the_disk_has_them_on_postgres_and_a_crowd_after(
    number: int, database: Database, workspace: HomeWorkspace
) -> None:
    inbox = Inbox(database, _Rings())
    accepted = await asyncio.gather(*(inbox.take(_arrival()) for _ in range(number)))
    await inbox.close()
    is_early = number == FEW and not database.is_sqlite
    assert {each.is_told for each in accepted} == {is_early}


def test_what_another_process_showed_is_on_the_disk_before_it_is_called_known() -> None:
    storing = store_arrivals([_arrival()])
    assert isinstance(next(storing), Alone)
    assert isinstance(storing.send([]), Sql)
    assert isinstance(storing.send([("first", "")]), Flush)
    with pytest.raises(StopIteration) as end:
        storing.send([])
    assert end.value.value == [Accepted("first", duplicate=True)]


def _arrival() -> Arrival:
    return Arrival(
        NewEvent(workspace_id=1, id=new_id(), type="order_created", source="api", data="{}",
                 external_id=new_id(), received_at=now_ms())
    )  # fmt: skip
