"""The stage for faults: a shop, its provider, a Redis, and processes for real."""

import asyncio
import json
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cartwheel.accounts.first_start import create_token, ensure_owner
from cartwheel.database import Database
from tests.recovery.installation import Installation, Process, Provider
from tests.runs.conftest import START, Shop, chain, node
from tests.valkey import Valkey


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "one_database: on SQLite only, but for --chaos")
    config.addinivalue_line("markers", "chaos_only: with --chaos only")


@pytest.fixture(autouse=True)
def kept_short(request: pytest.FixtureRequest, chaos: bool) -> None:
    """Processes take long to start: the short suite has one fault of each kind, and what does not
    depend on the database on one of them."""
    if chaos:
        return
    if request.node.get_closest_marker("chaos_only"):
        pytest.skip("only with --chaos")
    if request.node.get_closest_marker("one_database") and "postgresql" in request.node.name:
        pytest.skip("on PostgreSQL only with --chaos")


@pytest.fixture
def chaos(request: pytest.FixtureRequest) -> bool:
    """True for the long runs with the counts of the fault plan (`pytest --chaos`)."""
    return bool(request.config.getoption("--chaos"))


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    outside = Provider()
    server = await asyncio.start_server(outside.answer, "127.0.0.1", 0)
    outside.port = server.sockets[0].getsockname()[1]
    yield outside
    server.close()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A socket's path may be about 100 characters long."""
    folder = Path(tempfile.mkdtemp(prefix="cw"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def valkey(short_folder: Path) -> AsyncIterator[Valkey]:
    server = await Valkey(short_folder).started()
    yield server
    server.send(signal.SIGKILL)


@pytest.fixture
async def installation(
    tmp_path: Path, database: Database, provider: Provider, valkey: Valkey
) -> AsyncIterator[Installation]:
    """A shop in the book; no process runs yet."""
    await ensure_owner(database)
    made = Installation(tmp_path, database, provider, valkey.url)
    made.token = await create_token(database, "tests")
    yield made
    made.stop()


Activate = Callable[..., Awaitable[str]]


@pytest.fixture
def activate(installation: Installation, provider: Provider) -> Activate:
    """Makes a live workflow that calls the provider once, `twice` or not at all."""

    async def make(calls: int = 1, **settings: Any) -> str:
        url = f"http://127.0.0.1:{provider.port}/"
        steps = [
            node(f"call{number}", "action.http_request@1", method="POST", url=url,
                 body=f"{{{{ order.id }}}}/{number}")
            for number in range(calls)
        ]  # fmt: skip
        return await Shop(installation.database).activate(chain(START, *steps, settings=settings))

    return make


@pytest.fixture
def ledger(
    request: pytest.FixtureRequest, installation: Installation
) -> Callable[..., Awaitable[None]]:
    """Checks invariant I and prints one line of JSON about the faults that led there."""

    async def check(accepted: int, *, least_faults: int, keys: int | None = None) -> None:
        found = await installation.statuses()
        runs = sum(found.values())
        distinct = len(installation.provider.calls)
        line = {
            "test": request.node.name, "faults": dict(installation.faults), "accepted": accepted,
            "runs": runs, "ended": dict(found), "distinct": distinct,
            "repeats": installation.provider.total - distinct, "lost": accepted - runs,
        }  # fmt: skip
        print(json.dumps(line))
        assert runs == accepted, line
        assert keys is None or distinct == keys, line
        assert await installation.count("run WHERE lease_until IS NOT NULL") == 0, line
        assert await installation.count("event WHERE routed_at IS NULL") == 0, line
        assert sum(installation.faults.values()) >= least_faults, f"too few faults: {line}"

    return check


@pytest.fixture
async def api(installation: Installation) -> Process:
    """The API of the installation, answering."""
    return await installation.start_api()
