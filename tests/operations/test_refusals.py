"""What cannot be done is refused with one plain sentence on standard error, and exit code 1."""

import sqlite3
from pathlib import Path

import pytest

from tests.running import cartwheel, free_port


def refusal(*arguments: str, **environment: str) -> str:
    """The one line that a refused command says."""
    done = cartwheel(*arguments, **environment)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    *_, sentence = done.stderr.strip().split("\n")
    return sentence.removeprefix("cartwheel: ")


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none(port: str, tmp_path: Path) -> None:
    said = refusal("up", f"--port={port}", "--data", str(tmp_path))

    assert "Choose a number from 1 to 65535" in said


def test_a_host_that_this_machine_is_not(tmp_path: Path) -> None:
    said = refusal("up", "--host", "192.0.2.1", "--port", str(free_port()), "--data", str(tmp_path))

    assert "This machine has no address '192.0.2.1'" in said


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    said = refusal("up", "--port", str(free_port()), "--data", str(tmp_path / "data"))

    assert "cannot be made: file exists" in said


@pytest.mark.parametrize("command", [("login-link",), ("token", "create", "--name", "x")])
def test_a_folder_without_an_installation(command: tuple[str, ...], tmp_path: Path) -> None:
    said = refusal(*command, "--data", str(tmp_path))

    assert f"There is no Cartwheel in {tmp_path} yet" in said


@pytest.mark.parametrize("command", ["serve", "worker", "up", "migrate"])
def test_a_database_of_a_newer_cartwheel(
    command: str, tmp_path: Path, sqlite_template: Path
) -> None:
    database = tmp_path / "cartwheel.db"
    database.write_bytes(sqlite_template.read_bytes())
    (tmp_path / "secret.key").write_text("QUJD" * 10 + "QUI=\n")
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    port = str(free_port())

    said = refusal(command, "--data", str(tmp_path), CARTWHEEL_PORT=port)

    assert "brought to version 9999 by a newer Cartwheel" in said


def test_a_worker_beside_a_database_that_was_never_prepared(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "cartwheel.db").close()

    assert "Run 'cartwheel migrate' first" in refusal("worker", "--data", str(tmp_path))


def test_a_postgresql_that_is_not_there(tmp_path: Path) -> None:
    url = f"postgresql://nobody:hush-hush@127.0.0.1:{free_port()}/none"

    said = refusal("migrate", "--data", str(tmp_path), CARTWHEEL_DATABASE_URL=url)

    assert "cannot be used" in said
    assert "hush-hush" not in said


def test_a_key_that_is_none(tmp_path: Path, sqlite_template: Path) -> None:
    (tmp_path / "cartwheel.db").write_bytes(sqlite_template.read_bytes())
    (tmp_path / "secret.key").write_bytes(b"\xff short")
    port = str(free_port())

    said = cartwheel("up", "--data", str(tmp_path), CARTWHEEL_PORT=port).stderr

    assert f"{tmp_path / 'secret.key'} must hold 32 bytes" in said
    assert "nothing was started" in said
    assert "Traceback" not in said


def test_a_token_without_a_name(tmp_path: Path) -> None:
    assert "Give the token a name" in refusal("token", "create", "--name", " ")


def test_a_command_that_does_not_exist_shows_those_that_do() -> None:
    done = cartwheel("dance")

    assert done.returncode == 2
    assert "'up'" in done.stderr or "up" in done.stderr
