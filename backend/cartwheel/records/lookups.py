"""What can be asked of a workspace's tables and counters, whoever answers."""

from collections.abc import Sequence
from typing import Protocol

from cartwheel.node_sdk import Json
from cartwheel.records.tables import StoredRow, Table


class Records(Protocol):
    """A workspace's tables and counters, to be read."""

    async def table(self, table_id: str) -> Table | None:
        """A table, or None."""
        ...

    async def rows(
        self, table: Table, column: str | None, value: Json, limit: int
    ) -> Sequence[StoredRow]:
        """The oldest rows that hold `value` in `column`; without a column the oldest of all."""
        ...

    async def counted(self, name: str, key: str, since: int) -> int:
        """What a counter counted after a time (ms), in ten-thousandths."""
        ...
