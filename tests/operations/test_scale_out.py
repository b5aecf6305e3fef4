"""Two APIs, two workers, one PostgreSQL, one Redis: any one of them may die at any time.

Once on one machine with a shared data folder, once as separate hosts (network namespaces, which
need root and the program `ip`), as `compose.yaml` arranges it. Only with `--chaos`.
"""

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from cartwheel.accounts.first_start import create_token, ensure_owner
from cartwheel.database import Database
from cartwheel.paths import DataFolder
from cartwheel.supervision.redis_server import find_own_redis
from tests.operations.fleet import Fleet, KeyedProvider, all_ended, answers, count
from tests.running import free_port
from tests.runs.conftest import START, Shop, chain, node

EVENTS = 300
NETWORK = "10.213.77"
ROLES = ("api", "api", "worker", "worker")
pytestmark = [
    pytest.mark.timeout(500),
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]


@dataclass(frozen=True)
class Host:
    """Where a process runs: how to get in, its address, and where it finds what it needs."""

    inside: tuple[str, ...]
    address: str
    port: int
    data: Path


@dataclass(frozen=True)
class Site:
    """Hosts for `ROLES`, and the address at which they reach everything else."""

    gateway: str
    hosts: tuple[Host, ...]


@pytest.fixture(autouse=True)
def only_with_chaos(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("--chaos"):
        pytest.skip("only with --chaos")


@pytest.fixture(params=["one machine", "separate hosts"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    if request.param == "one machine":
        hosts = (Host((), "127.0.0.1", free_port(), tmp_path / "shared") for _ in ROLES)
        yield Site("127.0.0.1", tuple(hosts))
        return
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("SKIPPED LOUDLY: network namespaces need root and the program 'ip'")
    with contextlib.ExitStack() as stack:
        try:
            yield _namespaces(stack, tmp_path)
        except subprocess.CalledProcessError as error:
            pytest.skip(f"SKIPPED LOUDLY: this machine makes no network namespaces: {error.stderr}")


def _namespaces(stack: contextlib.ExitStack, folder: Path) -> Site:
    """A bridge with a namespace on it for each role."""
    bridge = f"cw{os.getpid() % 10_000}"
    _ip("link", "add", bridge, "type", "bridge")
    stack.callback(_ip, "link", "del", bridge)
    _ip("addr", "add", f"{NETWORK}.1/24", "dev", bridge)
    _ip("link", "set", bridge, "up")
    hosts = []
    for number in range(len(ROLES)):
        name, address = f"{bridge}-{number}", f"{NETWORK}.{number + 11}"
        _ip("netns", "add", name)
        stack.callback(_ip, "netns", "del", name)
        _ip(
            "link",
            "add",
            f"{bridge}v{number}",
            "type",
            "veth",
            "peer",
            "name",
            "eth0",
            "netns",
            name,
        )
        _ip("link", "set", f"{bridge}v{number}", "master", bridge, "up")
        _ip("-n", name, "addr", "add", f"{address}/24", "dev", "eth0")
        _ip("-n", name, "link", "set", "eth0", "up")
        _ip("-n", name, "link", "set", "lo", "up")
        hosts.append(Host(("ip", "netns", "exec", name), address, 8400, folder / name))
    return Site(f"{NETWORK}.1", tuple(hosts))


def _ip(*arguments: str) -> None:
    subprocess.run(("ip", *arguments), check=True, capture_output=True, text=True)


@pytest.fixture
async def provider(site: Site) -> AsyncIterator[KeyedProvider]:
    outside = KeyedProvider()
    outside.give(100 * EVENTS)
    server = await outside.serve(site.gateway)
    yield outside
    server.close()


@pytest.fixture
async def redis_url(site: Site, tmp_path: Path) -> AsyncIterator[str]:
    """A Redis that the hosts reach over TCP."""
    port = free_port()
    command = (
        find_own_redis(DataFolder(tmp_path)).binary,
        "--bind",
        site.gateway,
        "--port",
        str(port),
        "--save",
        "",
    )
    process = subprocess.Popen(  # noqa: ASYNC220
        (*command, "--protected-mode", "no"), stdout=subprocess.DEVNULL
    )
    url = f"redis://{site.gateway}:{port}/0"
    async with asyncio.timeout(60), Redis.from_url(url) as redis:
        while True:
            with contextlib.suppress(RedisError, OSError):
                if await redis.ping():
                    break
            await asyncio.sleep(0.05)
    yield url
    process.kill()
    process.wait()


@pytest.fixture
async def database_at(site: Site, database: Database) -> AsyncIterator[str]:
    """The database's URL over TCP: a forwarder stands before the server's socket file."""
    address, _, query = database.url.partition("?")
    folder = dict(pair.split("=", 1) for pair in query.split("&")).get("host", "")
    if not folder.startswith("/"):
        yield database.url
        return

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")
        with contextlib.suppress(ConnectionError):
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))

    server = await asyncio.start_server(forward, site.gateway, 0)
    port = server.sockets[0].getsockname()[1]
    user = address.partition("://")[2].partition(":")[0]
    yield f"postgresql://{user}@{site.gateway}:{port}/{address.rpartition('/')[2]}"
    server.close()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(65_536):
            target.write(piece)
            await target.drain()
    finally:
        target.close()


async def test_any_process_may_die_and_nothing_is_lost(
    site: Site, database: Database, database_at: str, redis_url: str,
    provider: KeyedProvider,
) -> None:  # fmt: skip
    await ensure_owner(database)
    call = node("call", "action.http_request@1", method="POST",
                url=f"http://{site.gateway}:{provider.port}/", body="{{ order.id }}")  # fmt: skip
    await Shop(database).activate(chain(START, call, settings={"on_unknown": "send_again"}))
    token = await create_token(database, "tests")
    fleets = [_fleet(site, host, database_at, redis_url, provider) for host in site.hosts]
    crew = list(zip(fleets, ROLES, site.hosts, strict=True))
    running = [_start(*member) for member in crew]
    addresses = [f"http://{host.address}:{host.port}" for host in site.hosts[:2]]
    try:
        await asyncio.gather(*(answers(address) for address in addresses))
        killed = 0
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=10) as c:
            for start in range(0, EVENTS, 25):
                posts = (_post(c, addresses, f"o{n}") for n in range(start, start + 25))
                posted = asyncio.gather(*posts)
                if start % 50 == 25:
                    place = killed % len(running)
                    running[place].kill()
                    killed += 1
                    running[place].wait()
                    running[place] = _start(*crew[place])
                await posted
            await all_ended(database, EVENTS, seconds=150)
            numbers = (await c.get(f"{addresses[0]}/metrics")).text
    finally:
        for fleet in fleets:
            fleet.stop()
    calls = sum(len(keys) for keys in provider.keys.values())
    print(json.dumps({"events": EVENTS, "kills": killed, "repeats": calls - len(provider.keys)}))
    assert killed == EVENTS // 50
    assert await count(database, "run WHERE status = 'succeeded'") == EVENTS
    assert await count(database, "run WHERE lease_until IS NOT NULL") == 0
    assert set(provider.keys) == {f"o{number}" for number in range(EVENTS)}
    assert all(len(set(keys)) == 1 for keys in provider.keys.values()), "an act had two keys"
    assert numbers.count('\ncartwheel_runs_in_hand{role="worker"') >= 2


def _fleet(
    site: Site, host: Host, database_url: str, redis_url: str, provider: KeyedProvider
) -> Fleet:
    """One key in the shared folder, made by whoever comes first; hosts apart are given one."""
    logs = host.data.parent / f"logs-{host.address}-{host.port}"
    logs.mkdir()
    settings = {
        "CARTWHEEL_DATA_DIR": str(host.data),
        "CARTWHEEL_DATABASE_URL": database_url,
        "CARTWHEEL_REDIS_URL": redis_url,
        "CARTWHEEL_HOST": host.address,
        "CARTWHEEL_PORT": str(host.port),
        "CARTWHEEL_ALLOW_PRIVATE": f"{site.gateway}:{provider.port}",
    }
    if host.inside:
        settings["CARTWHEEL_SECRET_KEY"] = "QUJD" * 10 + "QUI="
    return Fleet(settings, logs)


def _start(fleet: Fleet, role: str, host: Host) -> subprocess.Popen[bytes]:
    return fleet.start({"api": "serve", "worker": "worker"}[role], inside=host.inside)


async def _post(client: httpx.AsyncClient, addresses: list[str], order: str) -> None:
    """Report an order as a patient sender does: again, elsewhere, until there is a 2xx."""
    event = {"type": "order_created", "id": order, "data": {"order": {"id": order}}}
    for attempt in range(200):
        with contextlib.suppress(httpx.HTTPError):
            answer = await client.post(f"{addresses[attempt % 2]}/api/events", json=event)
            if answer.status_code == 202:
                return
            assert answer.status_code == 503, answer.text
        await asyncio.sleep(0.1)
    raise AssertionError(f"{order} was never accepted")
