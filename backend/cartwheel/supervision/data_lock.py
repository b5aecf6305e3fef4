"""One `cartwheel up` per data folder, and what others may know about it."""

import fcntl
import json
import os
import socket
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from cartwheel.errors import CommandRefused
from cartwheel.paths import DataFolder


@dataclass(frozen=True, slots=True)
class Installation:
    """What the lock file tells: whose it is while it is held, and the worker's lasting name.

    The worker keeps its name over restarts, so that a new one lets go of what a dead one held.
    """

    worker: str
    process_id: int | None = None
    address: str | None = None


class DataLock:
    """The held lock; the kernel lets go of it however the process ends."""

    def __init__(self, file: IO[str], installation: Installation) -> None:
        self._file = file
        self.installation = installation

    def tell(self, address: str) -> None:
        """Write down where this installation answers."""
        self.installation = replace(self.installation, process_id=os.getpid(), address=address)
        _write(self._file, self.installation)

    def release(self) -> None:
        """Forget the process and let go."""
        _write(self._file, replace(self.installation, process_id=None, address=None))
        self._file.close()


def take_lock(data: DataFolder) -> DataLock:
    """Hold `data` for this process. Raises `CommandRefused` when another one does."""
    make_folder(data.root)
    file = data.lock.open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandRefused(_in_use(data, _read(file))) from None
    return DataLock(file, _read(file) or Installation(_new_worker_name()))


def installation_at(data: DataFolder) -> Installation | None:
    """What the lock file of `data` tells, or None where there is none."""
    try:
        with data.lock.open(encoding="utf-8") as file:
            return _read(file)
    except OSError:
        return None


def make_folder(folder: Path) -> None:
    """See that `folder` is there and can be written. Raises `CommandRefused`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CommandRefused(
            f"The data folder {folder} cannot be made: {_reason(error)}. "
            "Choose another one with --data."
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CommandRefused(
            f"The data folder {folder} cannot be written by this user. "
            "Change its permissions, or choose another one with --data."
        )


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _in_use(data: DataFolder, other: Installation | None) -> str:
    known = other is not None and other.process_id is not None
    which = f" (process {other.process_id})" if other and known else ""
    where = f" It answers at {other.address}." if other and other.address else ""
    return (
        f"Cartwheel runs on {data.root} already{which}.{where} "
        "Stop that one first, or choose another folder with --data."
    )


def _new_worker_name() -> str:
    return f"{socket.gethostname()[:40]}-{os.urandom(4).hex()}"


def _read(file: IO[str]) -> Installation | None:
    file.seek(0)
    try:
        return Installation(**json.loads(file.read()))
    except (ValueError, TypeError):
        return None


def _write(file: IO[str], installation: Installation) -> None:
    file.seek(0)
    file.truncate()
    file.write(json.dumps(asdict(installation)))
    file.flush()
