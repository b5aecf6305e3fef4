"""Shops that are connected, and a look at what was stored of what they sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields

import pytest

from cartwheel.connections.vault import Vault, load_secret_key
from cartwheel.database import Database
from cartwheel.settings import Settings
from cartwheel.statements import Sql
from tests.conftest import HomeWorkspace
from tests.webhooks.senders import Sender, connect


@pytest.fixture
def vault(settings: Settings) -> Vault:
    """The installation's own vault."""
    return Vault(load_secret_key(settings))


@pytest.fixture
async def shopify(database: Database, vault: Vault, workspace: HomeWorkspace) -> Sender:
    """A connected Shopify shop."""
    return await connect(database, vault, "shopify")


@pytest.fixture
async def woocommerce(database: Database, vault: Vault, workspace: HomeWorkspace) -> Sender:
    """A connected WooCommerce shop."""
    return await connect(database, vault, "woocommerce")


@pytest.fixture
async def standard(database: Database, vault: Vault, workspace: HomeWorkspace) -> Sender:
    """A connected program that speaks Standard Webhooks."""
    return await connect(database, vault, "standard")


@pytest.fixture(params=["shopify", "woocommerce", "standard"])
def sender(request: pytest.FixtureRequest) -> Sender:
    """Each kind of sender."""
    found: Sender = request.getfixturevalue(request.param)
    return found


@dataclass(frozen=True)
class Stored:
    """An event as it lies in the book."""

    id: str
    type: str
    source: str
    external_id: str | None
    label: str | None
    contact: str | None
    data: str
    raw: bytes | None
    routed_at: int | None
    duplicate_of: str | None


@pytest.fixture
def stored(database: Database) -> Callable[[], Awaitable[list[Stored]]]:
    """Every event in the book, the oldest first."""

    async def look() -> list[Stored]:
        columns = ", ".join(each.name for each in fields(Stored))
        rows = await database.fetch(Sql(f"SELECT {columns} FROM event ORDER BY received_at, id"))
        return [Stored(*tuple(row)) for row in rows]

    return look
