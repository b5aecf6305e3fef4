"""Many processes may start first on one shared folder; there is one key."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from cartwheel.connections.vault import load_secret_key
from cartwheel.paths import DataFolder
from cartwheel.settings import Settings

STARTERS = 8


def test_whoever_comes_first_makes_the_key_and_all_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(STARTERS) as starters:
        for number in range(30):
            folder = tmp_path / str(number)
            together = Barrier(STARTERS)

            def start(folder: Path = folder, together: Barrier = together) -> bytes:
                together.wait()
                return load_secret_key(Settings(DataFolder(folder), "sqlite://"))

            keys = {each.result() for each in [starters.submit(start) for _ in range(STARTERS)]}
            assert len(keys) == 1
            assert [entry.name for entry in folder.iterdir()] == ["secret.key"]
            assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600
