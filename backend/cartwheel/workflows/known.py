"""What a workspace has that a graph may name: connections and tables."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from cartwheel.connections.choosing import PublicConnection
from cartwheel.connections.rows import public_connections
from cartwheel.database import Database
from cartwheel.records.store import tables_of
from cartwheel.records.tables import Table


@dataclass(frozen=True, slots=True)
class Known:
    """`tables` by id; None: nobody looked, so that nothing is said about them."""

    connections: tuple[PublicConnection, ...] = ()
    tables: Mapping[str, Table] | None = field(default=None)

    @property
    def mark(self) -> Hashable:
        """Changes with whatever a check of a graph depends on."""
        connections = tuple((each.id, each.app, each.is_default) for each in self.connections)
        tables = (
            ()
            if self.tables is None
            else tuple((table.id, table.name, table.columns) for table in self.tables.values())
        )
        return connections, tables


async def known_to(database: Database, workspace_id: int) -> Known:
    """What a workspace has now."""
    tables = await tables_of(database, workspace_id)
    return Known(
        tuple(await public_connections(database, workspace_id)),
        {table.id: table for table in tables},
    )
