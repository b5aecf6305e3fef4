"""The stage for faults: a shop, its provider, a Redis, and processes for real."""

import asyncio
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from cartwheel.accounts.first_start import create_token, ensure_owner
from cartwheel.database import Database
from tests.recovery.installation import Installation, Process
from tests.recovery.ledger import Ledger
from tests.recovery.provider import Provider
from tests.runs.conftest import START, Shop, chain, node
from tests.valkey import Valkey

LONGEST_CHAOS_SECONDS = 900


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "one_database: on SQLite only, but for --chaos")
    config.addinivalue_line("markers", "chaos_only: with --chaos only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--chaos"):
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.timeout(LONGEST_CHAOS_SECONDS))


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


@asynccontextmanager
async def installed(
    data: Path, database: Database, provider: Provider, valkey: Valkey
) -> AsyncIterator[Installation]:
    """A shop in the book; no process runs yet, and none after the block."""
    await ensure_owner(database)
    made = Installation(data, database, provider, valkey.url)
    made.token = await create_token(database, "tests")
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
async def installation(
    tmp_path: Path, database: Database, provider: Provider, valkey: Valkey
) -> AsyncIterator[Installation]:
    """A shop in the book of this test; no process runs yet."""
    async with installed(tmp_path, database, provider, valkey) as made:
        yield made


Activate = Callable[..., Awaitable[str]]


def calling(installation: Installation) -> Activate:
    """Makes a live workflow that calls the provider so many times; `steps` come before the calls
    and `settings` are the graph's."""

    async def make(calls: int = 1, steps: tuple[Any, ...] = (), **settings: Any) -> str:
        url = f"http://127.0.0.1:{installation.provider.port}/"
        acts = [
            node(f"call{number}", "action.http_request@1", method="POST", url=url,
                 body=f"{{{{ order.id }}}}/{number}")
            for number in range(calls)
        ]  # fmt: skip
        graph = chain(START, *steps, *acts, settings=settings)
        return await Shop(installation.database).activate(graph)

    return make


@pytest.fixture
def activate(installation: Installation) -> Activate:
    """Makes live workflows, see `calling`."""
    return calling(installation)


@pytest.fixture
def ledger(request: pytest.FixtureRequest, installation: Installation) -> Ledger:
    """The books of this test's installation."""
    return Ledger(request.node.name, installation)


@pytest.fixture
async def api(installation: Installation) -> Process:
    """The API of the installation, answering."""
    return await installation.start_api()
