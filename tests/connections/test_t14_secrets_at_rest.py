"""TRUST.md T14: whoever reads the disk reads no secret, and no ciphertext can be moved."""

import logging
import stat
from pathlib import Path

import httpx
import pytest

from cartwheel.catalog.registry import load_registry
from cartwheel.connections.open import OpenConnections
from cartwheel.connections.vault import (
    BadSecretKey,
    CannotDecrypt,
    Sealed,
    SecretPlace,
    Vault,
    load_secret_key,
)
from cartwheel.database import Database
from cartwheel.node_sdk import NodeError
from cartwheel.outbound.guard import AddressGuard
from cartwheel.paths import DataFolder
from cartwheel.settings import Settings
from cartwheel.statements import Sql, Transaction
from tests.connections.conftest import Provider
from tests.connections.test_connections_api import KEY, SECRET, created, shop

PLACE = SecretPlace(1, "connection", "password")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_file_and_no_log_holds_a_secret(
    client: httpx.AsyncClient,
    provider: Provider,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        made = await created(client, shop(provider))
        await client.post(f"/api/connections/{made['id']}/signing-secret")
    on_disk = b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and "db" in path.name
    )
    assert b"Tea shop" in on_disk
    for secret in (KEY, SECRET, made["signing_secret"]):
        assert secret.encode() not in on_disk
        assert secret not in caplog.text


async def test_a_dump_of_the_table_holds_no_secret(
    client: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    await created(client, shop(provider))
    rows = await database.fetch(Sql("SELECT field, ciphertext FROM connection_secret"))
    assert {row[0] for row in rows} == {"consumer_key", "consumer_secret", "signing_secret"}
    assert all(KEY.encode() not in bytes(row[1]) for row in rows)


def test_a_secret_comes_back_at_its_place() -> None:
    vault = Vault(b"k" * 32)
    assert vault.open(PLACE, vault.seal(PLACE, "Zażółć 🧡")) == "Zażółć 🧡"


@pytest.mark.parametrize(
    "elsewhere",
    [
        SecretPlace(2, "connection", "password"),
        SecretPlace(1, "other", "password"),
        SecretPlace(1, "connection", "token"),
    ],
)
def test_a_ciphertext_does_not_open_in_another_place(elsewhere: SecretPlace) -> None:
    vault = Vault(b"k" * 32)
    with pytest.raises(CannotDecrypt):
        vault.open(elsewhere, vault.seal(PLACE, "secret"))


def test_a_changed_ciphertext_does_not_open() -> None:
    vault = Vault(b"k" * 32)
    sealed = vault.seal(PLACE, "secret")
    for place in range(len(sealed.ciphertext)):
        changed = bytearray(sealed.ciphertext)
        changed[place] ^= 1
        with pytest.raises(CannotDecrypt):
            vault.open(PLACE, Sealed(sealed.key_id, bytes(changed)))


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(CannotDecrypt):
        Vault(b"x" * 32).open(PLACE, Vault(b"k" * 32).seal(PLACE, "secret"))


def test_the_same_secret_looks_different_every_time() -> None:
    vault = Vault(b"k" * 32)
    assert vault.seal(PLACE, "secret") != vault.seal(PLACE, "secret")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_ciphertext_copied_to_another_connection_is_of_no_use_to_a_step(
    client: httpx.AsyncClient, provider: Provider, database: Database, settings: Settings
) -> None:
    victim = await created(client, shop(provider))
    thief = await created(client, shop(provider, secrets={}))
    await database.run(_copy_secrets(victim["id"], thief["id"]))
    guard, vault = AddressGuard(()), Vault(load_secret_key(settings))
    opened = OpenConnections(database, vault, load_registry(), guard)
    assert (await opened.get(1, victim["id"])).secrets["consumer_key"] == KEY
    with pytest.raises(NodeError) as refused:
        await opened.get(1, thief["id"])
    assert refused.value.code == "missing_connection"


def _copy_secrets(source: str, target: str) -> Transaction[None]:
    yield Sql("DELETE FROM connection_secret WHERE connection_id = $1", (target,))
    yield Sql(
        "INSERT INTO connection_secret SELECT workspace_id, $2, field, key_id, ciphertext, "
        "created_at, expires_at FROM connection_secret WHERE connection_id = $1",
        (source, target),
    )


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    installation = Settings(data=DataFolder(tmp_path / "new"), database_url="sqlite:///x")
    key = load_secret_key(installation)
    assert load_secret_key(installation) == key
    assert stat.S_IMODE(installation.data.secret_key.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "short", "not base64!", "QUJD"])
def test_a_key_that_cannot_be_one_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    installation = Settings(data=DataFolder(tmp_path), database_url="sqlite:///x")
    installation.data.secret_key.write_text(text)
    with pytest.raises(BadSecretKey, match="must hold 32 bytes in base64"):
        load_secret_key(installation)
