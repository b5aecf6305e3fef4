"""A backup is one file: a tar archive of what it is, the database, and the key if it was asked for.

The database's checksum stands in front of it, so that a copy cut short or changed on its way is
found out before anything is put in place.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from cartwheel.errors import CommandRefused

FORMAT = 1
_MANIFEST, _DATABASE, _KEY = "manifest.json", "database", "secret.key"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself. `database` is `sqlite` or `postgresql`; `key_id` names the
    key that the connections' secrets need, without telling it; `made_at` is RFC 3339."""

    format: int
    made_at: str
    cartwheel: str
    revision: str
    database: str
    key_id: str | None
    sha256: str


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_archive(path: Path, manifest: Manifest, database: Path, key: str | None) -> None:
    """Write all of it, down to the disk."""
    with path.open("wb") as file:
        os.fchmod(file.fileno(), 0o600)
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
            _add_text(archive, _MANIFEST, json.dumps(asdict(manifest), indent=2) + "\n")
            archive.add(database, _DATABASE, filter=_ours_alone)
            if key is not None:
                _add_text(archive, _KEY, key)
        file.flush()
        os.fsync(file.fileno())


class Archive:
    """A backup that is being read. Every method raises `CommandRefused` where it is damaged."""

    def __init__(self, name: str, archive: tarfile.TarFile) -> None:
        self._name, self._archive = name, archive

    def manifest(self) -> Manifest:
        """What the backup says about itself."""
        with self._sound():
            given = json.loads(self._member(_MANIFEST).read())
            if isinstance(given, dict) and given.get("format", 0) > FORMAT:
                raise CommandRefused(
                    f"{self._name} was made by a newer Cartwheel ({given.get('cartwheel')}). "
                    "Restore it with that one."
                )
            return Manifest(**given)

    def key(self) -> str | None:
        """The text of the key file, where the backup holds it."""
        with self._sound():
            return self._member(_KEY).read().decode() if _KEY in self._archive.getnames() else None

    def extract_database(self, target: Path, sha256: str) -> None:
        """Write the database's copy to `target` and hold it against its checksum."""
        with self._sound():
            digest = hashlib.sha256()
            with target.open("wb") as file:
                source = self._member(_DATABASE)
                while piece := source.read(_PIECE):
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            if digest.hexdigest() != sha256:
                raise CommandRefused(_damaged(self._name))

    def _member(self, name: str) -> IO[bytes]:
        member = self._archive.extractfile(name)
        if member is None:
            raise KeyError(name)
        return member

    @contextmanager
    def _sound(self) -> Iterator[None]:
        try:
            yield
        except (tarfile.TarError, EOFError, KeyError, TypeError, ValueError) as error:
            raise CommandRefused(_damaged(self._name)) from error
        except OSError as error:
            if error.errno is not None:  # The disk's, not the archive's.
                raise
            raise CommandRefused(_damaged(self._name)) from error


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """The backup in `path`. Raises `CommandRefused` where there is none."""
    try:
        archive = tarfile.open(path, mode="r:gz")  # noqa: SIM115  (closed below)
    except (tarfile.TarError, EOFError) as error:
        raise CommandRefused(f"{path} is no backup of Cartwheel's, or it is damaged.") from error
    except OSError as error:
        reason = error.strerror or "it is no backup of Cartwheel's"
        raise CommandRefused(f"{path} cannot be read: {reason}.") from None
    with archive:
        yield Archive(str(path), archive)


def _damaged(name: str) -> str:
    return f"{name} is damaged: it is not what was written. Use another backup; nothing was changed"


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))


def _ours_alone(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whose file it was on the old machine is nobody's business on the new one."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry
