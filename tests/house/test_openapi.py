"""The API does what its description says: schemathesis asks everything, we answer nothing wrong."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckFunction
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import negative_data_rejection

from cartwheel.accounts.first_start import FIRST_WORKSPACE, ensure_owner
from cartwheel.accounts.models import Role
from cartwheel.accounts.tokens import add_token
from cartwheel.app import create_app
from cartwheel.database import Database
from cartwheel.paths import DataFolder
from cartwheel.settings import Settings
from cartwheel.statements import Sql, Transaction
from tests.accounts.operations import document
from tests.house.conftest import API

# A body can fit its schema and still be refused for its meaning (a graph with problems, say): 422.
# NUL is refused in every text alike, which no schema can say; tests/web proves it.
# Streams never end, and the numbers are open to the machine that asks here.
NOT_ASKED = "^/(api/stream|metrics)$"
CONFIG = SchemathesisConfig.from_dict(
    {
        "request-timeout": 120,
        "generation": {"allow-x00": False},
        "checks": {
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "401", "403", "404", "409", "422", "429"]
            }
        },
    }
)
schema = schemathesis.openapi.from_dict(document(), config=CONFIG)
WRONG: list[CheckFunction] = [negative_data_rejection]
"""Not checked where a query holds a list: one of one value is written as that value is, an empty
one is not there at all, and nobody could tell that it was wrong."""
NOT_HTTP = b"Invalid HTTP request received."
"""What the HTTP server itself says where a drawn header is none; no operation was asked then."""


@dataclass(frozen=True)
class Service:
    """Where the application listens, and a token that may do everything there."""

    url: str
    token: str


@pytest.fixture(scope="module")
def service(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The application on a port of its own, because schemathesis asks from outside the loop."""
    folder = tmp_path_factory.mktemp("service")
    data = DataFolder(folder)
    shutil.copy(sqlite_template, data.database)
    url = f"sqlite:///{data.database}"
    token = asyncio.run(_owners_token(url))
    app = create_app(
        Settings(
            data=data, database_url=url, secret_key="QUJD" * 10 + "QUI=",
            late_after_seconds=24 * 60 * 60,  # No worker is there for the runs that are started.
        )
    )  # fmt: skip
    running = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="on"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        thread.join(0.02)
        assert thread.is_alive(), "the server did not start"
    port = running.servers[0].sockets[0].getsockname()[1]
    yield Service(f"http://127.0.0.1:{port}", token)
    running.should_exit = True
    thread.join(10)


@schema.exclude(path_regex=NOT_ASKED).parametrize()
@settings(
    settings.get_profile(API),
    deadline=None, derandomize=True, suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_every_operation_does_what_its_description_says(case: Case[Any], service: Service) -> None:
    headers = {"Authorization": f"Bearer {service.token}"}
    answer = case.call(base_url=service.url, headers=headers)
    if answer.content != NOT_HTTP:
        way = {"base_url": service.url, "headers": headers}
        has_list = any(isinstance(value, list) for value in (case.query or {}).values())
        case.validate_response(
            answer, headers=headers, transport_kwargs=way, excluded_checks=WRONG if has_list else []
        )


async def _owners_token(url: str) -> str:
    database = await Database.open(url)
    await ensure_owner(database)
    row, made = await add_token(database, FIRST_WORKSPACE, "schemathesis")
    await database.run(_promote(row.id))
    await database.close()
    return made


def _promote(token_id: str) -> Transaction[None]:
    yield Sql("UPDATE api_token SET role = $2 WHERE id = $1", (token_id, Role.OWNER.value))
