"""What we keep of the shop's own: tables with their rows, and counters with what was counted."""

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel


class RecordTable(SQLModel, table=True):
    """A table. `columns` is JSON text (`tables.read_columns`); `name_key` is its name as it is
    compared. Whoever changes rows changes this row first, so that they take turns."""

    __tablename__ = "record_table"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        Index("record_table_name", "workspace_id", "name_key", unique=True),
    )

    workspace_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str
    name_key: str
    columns: str
    key_column: str | None = None
    row_count: int = 0
    next_number: int = 1
    created_at: int = Field(sa_type=BigInteger)
    updated_at: int = Field(sa_type=BigInteger)


class RecordRow(SQLModel, table=True):
    """A row. `cells` is JSON text by column key; `key` what tells it apart, NULL in a table without
    a key; `searchable` its values for searching (`tables.searchable`)."""

    __tablename__ = "record_row"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "table_id"], ["record_table.workspace_id", "record_table.id"]
        ),
        Index("record_row_key", "workspace_id", "table_id", "key", unique=True),
    )

    workspace_id: int = Field(primary_key=True)
    table_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    key: str | None = None
    cells: str
    searchable: str
    created_at: int = Field(sa_type=BigInteger)
    updated_at: int = Field(sa_type=BigInteger)


class Counter(SQLModel, table=True):
    """One counter of one key. Whoever counts changes this row first, so that they take turns.

    `window_ms` is the longest window that a step asked for; what is older is let go.
    """

    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),)

    workspace_id: int = Field(primary_key=True)
    name: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    window_ms: int = Field(sa_type=BigInteger)
    touched_at: int = Field(sa_type=BigInteger)


class CounterEntry(SQLModel, table=True):
    """What one step counted, in ten-thousandths. `id` is the step's key: it stands here once."""

    __tablename__ = "counter_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "name", "key"],
            ["counter.workspace_id", "counter.name", "counter.key"],
        ),
        Index("counter_entry_time", "workspace_id", "name", "key", "counted_at"),
    )

    workspace_id: int = Field(primary_key=True)
    name: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    amount: int = Field(sa_type=BigInteger)
    counted_at: int = Field(sa_type=BigInteger)
