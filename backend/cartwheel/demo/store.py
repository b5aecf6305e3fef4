"""Reading and writing demo shops."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from cartwheel.database import Database, dump_json
from cartwheel.statements import Row, Sql, Transaction

_COLUMNS = "workspace_id, is_open, per_minute, next_at, moment, kept, told_on, told, changed_at"

USUAL_PACE = 6
"""How much happens in a minute where nobody chose."""

MOST_A_DAY = 10_000


@dataclass(frozen=True, slots=True)
class OpenShop:
    """A demo shop as it stands in the book; times are milliseconds."""

    workspace_id: int
    is_open: bool
    per_minute: int
    next_at: int
    moment: int
    kept: dict[str, Any]
    told_on: str
    told: int
    opened_at: int
    currency: str = "EUR"


async def find_shop(database: Database, workspace_id: int) -> OpenShop | None:
    """A workspace's demo shop, if it ever had one."""
    rows = await database.fetch(
        Sql(f"SELECT {_COLUMNS} FROM demo_shop WHERE workspace_id = $1", (workspace_id,))  # noqa: S608
    )
    return _shop(rows[0]) if rows else None


async def shops_due(database: Database, now: int) -> Sequence[OpenShop]:
    """The open shops in which something happens now, or should have happened."""
    columns = ", ".join(f"d.{name}" for name in _COLUMNS.split(", "))
    rows = await database.fetch(
        Sql(
            f"SELECT {columns}, w.currency FROM demo_shop d JOIN workspace w "  # noqa: S608
            "ON w.id = d.workspace_id WHERE d.is_open AND d.next_at <= $1",
            (now,),
        )
    )
    return [_shop(row) for row in rows]


def _shop(row: Row) -> OpenShop:
    workspace_id, is_open, per_minute, next_at, moment, kept, told_on, told, at, *currency = row
    return OpenShop(
        workspace_id, bool(is_open), per_minute, next_at, moment, orjson.loads(kept), told_on,
        told, at, *currency,
    )  # fmt: skip


def keep_shop(shop: OpenShop) -> Transaction[None]:
    """Open or close a shop, or change its pace; the first time it is made."""
    yield Sql(
        "INSERT INTO demo_shop (workspace_id, is_open, per_minute, next_at, moment, kept, told_on, "
        "told, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
        "ON CONFLICT (workspace_id) DO UPDATE SET is_open = excluded.is_open, "
        "per_minute = excluded.per_minute, next_at = excluded.next_at, "
        "changed_at = excluded.changed_at",
        (
            shop.workspace_id, shop.is_open, shop.per_minute, shop.next_at, shop.moment,
            dump_json(shop.kept), shop.told_on, shop.told, shop.opened_at,
        ),
    )  # fmt: skip


def move_shop(shop: OpenShop, moment: int) -> Transaction[bool]:
    """Write down how the shop goes on after `moment`; False when another did, or it closed."""
    rows = yield Sql(
        "UPDATE demo_shop SET next_at = $3, moment = $4, kept = $5, told_on = $6, told = $7 "
        "WHERE workspace_id = $1 AND moment = $2 AND is_open RETURNING workspace_id",
        (
            shop.workspace_id, moment, shop.next_at, shop.moment, dump_json(shop.kept),
            shop.told_on, shop.told,
        ),
    )  # fmt: skip
    return bool(rows)
