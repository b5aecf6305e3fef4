"""Where files live: what ships with the package, and what a running installation keeps."""

from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _bundled(name: str, in_checkout: str) -> Path:
    """A folder that the wheel carries inside the package and a checkout has at its top level."""
    inside = _PACKAGE / "bundled" / name
    return inside if inside.is_dir() else _PACKAGE.parents[1] / in_checkout


def migrations_folder() -> Path:
    """Alembic's environment and versions."""
    return _bundled("migrations", "migrations")


def frontend_folder() -> Path:
    """The built canvas: index.html and its assets."""
    return _bundled("frontend", "frontend/dist")


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The files of one installation."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "cartwheel.db"

    @property
    def secret_key(self) -> Path:
        return self.root / "secret.key"

    @property
    def lock(self) -> Path:
        return self.root / "cartwheel.lock"
