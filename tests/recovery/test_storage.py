"""A disk that is full, and one whose flushes fail (F8): nothing is promised, nothing is lost."""

import asyncio
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from cartwheel.database import Database
from cartwheel.errors import Busy, StorageFull
from cartwheel.statements import Row, Sql, Transaction
from tests.recovery.conftest import calling, installed
from tests.recovery.installation import Installation, Process
from tests.recovery.ledger import Ledger
from tests.recovery.provider import Provider
from tests.recovery.scene import calls
from tests.running import wait_until
from tests.runs.conftest import until
from tests.valkey import Valkey

DISK_MIB = 64
FLUSHES_BEFORE_THE_FAULT = 20
SENDERS = 4
LARGE = "x" * 200_000
"""The log of SQLite has room of its own for a while."""
CANNOT_WRITE = "what runs did cannot be written down yet: The storage is full"
ANSWERS_BYTES = 1_000_000
"""What a round's acts bring back: far more than fits behind the last order that found no room, so a
worker cannot have written it all down before it meets the full disk."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(folder))
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("SKIPPED LOUDLY: no file system can be mounted here; F8 full is not proved")
    yield folder
    subprocess.run(("umount", "-l", str(folder)), check=True)


@asynccontextmanager
async def _installed_on(
    disk: Path, template: Path, provider: Provider, valkey: Valkey
) -> AsyncIterator[Installation]:
    """An installation whose database is on the disk, and everything else beside it."""
    path = disk / "cartwheel.db"
    shutil.copyfile(template, path)
    with closing(sqlite3.connect(path)) as prepared:
        prepared.execute("PRAGMA journal_mode=WAL")
    database = await Database.open(f"sqlite:///{path}")
    async with installed(disk.parent, database, provider, valkey) as installation:
        yield installation
    await database.close()


async def test_f8_a_full_disk_takes_nothing_in_and_everything_goes_on_once_there_is_room(
    small_disk: Path, sqlite_template: Path, provider: Provider, valkey: Valkey, chaos: bool
) -> None:
    """Acts are on their way when the disk fills up; how they ended is written down afterwards."""
    held, rounds = (25, 6) if chaos else (5, 1)
    async with _installed_on(small_disk, sqlite_template, provider, valkey) as installation:
        await calling(installation)(1)
        api, worker = await installation.start_api(), installation.start_worker("w")
        async with installation.client() as client:
            number = 0
            for turn in range(rounds):
                number += await _fill_and_free(installation, client, small_disk, worker, turn, held)
            ended = await installation.settled(number)
            await until(lambda: _is_ready(client))
        _took_it_calmly(api, worker)
        assert ended["succeeded"] == number
        ledger = Ledger("test_f8_full", installation)
        await ledger.check(number, least={"accept": 1}, keys=number, most_repeats=0)
        assert await installation.count("step WHERE attempts > 1") == 0
        assert await _is_whole(installation)


async def _fill_and_free(
    installation: Installation,
    client: httpx.AsyncClient,
    disk: Path,
    worker: Process,
    turn: int,
    held: int,
) -> int:
    """Returns how many orders were taken in. The acts end once an order has found no room."""
    installation.provider.says = b'"' + b"x" * (ANSWERS_BYTES // held) + b'"'
    hold = installation.provider.hold = asyncio.Event()
    called = installation.provider.total
    for number in range(held):
        await installation.post(client, f"held{turn}-{number}")
    await calls(installation, called + held)
    full, refused = asyncio.Event(), installation.refusals[503]
    with _full(disk):
        installation.fault("full")
        names = [f"o{turn}-{sender}" for sender in range(SENDERS)]
        sending = [asyncio.create_task(_send_until(full, installation, client, n)) for n in names]
        await until(lambda: _refuses(installation, refused), seconds=60)
        await until(lambda: _says_so(client), seconds=60)
        told = _times_told(worker, CANNOT_WRITE)
        hold.set()
        installation.provider.hold = None
        await until(lambda: _told(worker, CANNOT_WRITE, told), seconds=60)
        full.set()
    return held + sum(await asyncio.gather(*sending))


async def _send_until(
    over: asyncio.Event, installation: Installation, client: httpx.AsyncClient, name: str
) -> int:
    """Report orders, each until it is taken in; returns how many."""
    sent = 0
    while not over.is_set():
        await installation.post(client, f"{name}-{sent}", words=LARGE)
        sent += 1
    return sent


@contextmanager
def _full(disk: Path) -> Iterator[None]:
    """Something else takes all the room there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
    yield
    ballast.unlink()


async def _says_so(client: httpx.AsyncClient) -> bool:
    answer = await client.get("/readyz")
    said = answer.json()
    return answer.status_code == 503 and (said["code"], said["database"]) == (
        "storage_full", "full",
    )  # fmt: skip


async def _refuses(installation: Installation, before: int) -> bool:
    return installation.refusals[503] > before


async def _is_ready(client: httpx.AsyncClient) -> bool:
    return (await client.get("/readyz")).is_success


async def _told(process: Process, words: str, before: int = 0) -> bool:
    return _times_told(process, words) > before


def _times_told(process: Process, words: str) -> int:
    return process.log.read_text().count(words)


def _took_it_calmly(*processes: Process) -> None:
    for process in processes:
        assert process.is_alive
        assert "Traceback" not in process.log.read_text()


async def _is_whole(installation: Installation) -> bool:
    rows = await installation.database.fetch(Sql("PRAGMA integrity_check"))
    return [tuple(row) for row in rows] == [("ok",)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_BUSY])
async def test_f8_a_connection_that_met_a_failed_flush_is_not_used_again(
    database: Database, code: int
) -> None:
    """What it remembers of the file may not be what is there. One that was only kept waiting
    stays."""
    await database.run(_play("CREATE TEMP TABLE of_this_connection (x)"))
    with pytest.raises(Busy):
        await database.run(_fail(code))
    rows = await database.run(_play("SELECT count(*) FROM sqlite_temp_master"))
    assert rows[0][0] == (0 if code == sqlite3.SQLITE_IOERR_FSYNC else 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_f8_less_than_a_mebibyte_counts_as_full_though_a_little_still_fits(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [1 << 20]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free[0]))
    await database.prove_storage()
    free[0] -= 1
    with pytest.raises(StorageFull):
        await database.prove_storage()


def _play(text: str) -> Transaction[list[Row]]:
    return (yield Sql(text))


def _fail(code: int) -> Transaction[None]:
    yield Sql("SELECT 1")
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    raise error


@pytest.mark.parametrize("victim", ["api", pytest.param("worker", marks=pytest.mark.chaos_only)])
async def test_f8_flushes_that_fail_promise_nothing_and_everything_goes_on_afterwards(
    victim: str, tmp_path: Path, sqlite_template: Path, provider: Provider, valkey: Valkey,
    chaos: bool,
) -> None:  # fmt: skip
    """Every flush of one process fails from the twentieth on; then the disk works again."""
    number = 1_000 if chaos else 160
    disk = tmp_path / "disk"
    disk.mkdir()
    async with _installed_on(disk, sqlite_template, provider, valkey) as installation:
        await calling(installation)(1)
        processes = {
            "api": await installation.start_api(),
            "worker": installation.start_worker("w"),
        }
        async with installation.client() as client:
            await installation.post(client, "before")
            await installation.settled(1)
            installation.phase = "accept"
            with _failing_flushes(processes[victim]):
                installation.fault("EIO")
                sending = asyncio.create_task(_send(installation, client, number))
                await until(lambda: _fails(installation, client, processes[victim]), seconds=60)
            await sending
            ended = await installation.settled(number + 1)
            await until(lambda: _is_ready(client))
        assert ended["succeeded"] == number + 1
        _took_it_calmly(*processes.values())
        await Ledger(f"test_f8_eio_{victim}", installation).check(
            number + 1, least={"accept": 1}, keys=number + 1, most_repeats=0
        )
        assert await _is_whole(installation)


async def _send(installation: Installation, client: httpx.AsyncClient, number: int) -> None:
    for start in range(0, number, 4):
        await asyncio.gather(*(installation.post(client, f"o{start + n}") for n in range(4)))


async def _fails(installation: Installation, client: httpx.AsyncClient, victim: Process) -> bool:
    """The API refuses and says why; the worker says why and waits."""
    if victim.kind == "worker":
        return await _told(victim, "The storage reports an error", before=2)
    answer = await client.get("/readyz")
    return installation.refusals[503] > 0 and answer.json().get("code") == "storage_failing"


@contextmanager
def _failing_flushes(victim: Process) -> Iterator[None]:
    """The kernel says EIO to each flush of the process from the twentieth on."""
    fault = f"inject=fsync,fdatasync:error=EIO:when={FLUSHES_BEFORE_THE_FAULT}+"
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("SKIPPED LOUDLY: strace is not on this machine; F8 fsync is not proved here")
    command = (strace, "-f", "-qq", "-e", "trace=fsync,fdatasync", "-e", fault,
               "-p", str(victim.process.pid))  # fmt: skip
    said = victim.log.with_suffix(".strace")
    with said.open("wb") as output:
        tracer = subprocess.Popen(command, stderr=output)
    wait_until(lambda: tracer.poll() is not None or _is_traced(victim))
    yield
    assert tracer.poll() is None, f"strace could not trace: {said.read_text()[-500:]}"
    tracer.terminate()
    tracer.wait()
    assert b"EIO" in said.read_bytes()


def _is_traced(victim: Process) -> bool:
    """Whether all its threads are: what is flushed before counts for nothing."""
    threads = Path(f"/proc/{victim.process.pid}/task").glob("*/status")
    try:
        return not any("TracerPid:\t0\n" in each.read_text() for each in threads)
    except OSError:  # One ended in between.
        return False
