"""A shop with a waitlist."""

from typing import Any

import httpx
import pytest

from cartwheel.database import Database
from cartwheel.records.schemas import NewTable, TableDetail
from cartwheel.records.service import create_table
from tests.runs.conftest import (  # noqa: F401  (fixtures of the worker's stage)
    Shop,
    Stub,
    hire,
    registry,
    shop,
    stub,
    trusted,
    worker,
)

WAITLIST: dict[str, Any] = {
    "name": "Waitlist",
    "columns": [
        {"name": "E-mail"},
        {"name": "Units", "type": "number"},
        {"name": "Deposit", "type": "money"},
        {"name": "Since", "type": "date"},
        {"name": "Size", "type": "choice", "choices": ["S", "M", "L"]},
        {"name": "Told", "type": "yes_no"},
    ],
    "key": "E-mail",
}


async def waitlist(database: Database, workspace_id: int = 1) -> TableDetail:
    """The table, in the book."""
    return await create_table(database, workspace_id, NewTable.model_validate(WAITLIST))


@pytest.fixture
async def table(client: httpx.AsyncClient) -> str:
    """The id of the waitlist, made through the API."""
    made = await client.post("/api/tables", json=WAITLIST)
    assert made.status_code == 201, made.text
    found: str = made.json()["id"]
    return found
