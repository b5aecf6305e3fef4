"""What the owner of an installation can set, read once from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cartwheel.errors import CommandRefused
from cartwheel.paths import DataFolder

DEFAULT_PORT = 8400


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's settings.

    `allow_private` holds `host:port` pairs that the address guard lets through although they are
    private, because the owner trusts them. `secret_key` is None until `load_secret_key` made it.
    """

    data: DataFolder
    database_url: str
    redis_url: str | None = None
    public_url: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    allow_private: frozenset[str] = frozenset()
    secret_key: str | None = None
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    late_after_seconds: float = 60.0
    log: str = "text"
    log_level: str = "info"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def base_url(self) -> str:
        """Where people reach this installation, without a slash at the end."""
        host = "localhost" if self.host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else self.host  # noqa: S104
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `CARTWHEEL_*` variables; see the README for each."""
    data = DataFolder(Path(environ.get("CARTWHEEL_DATA_DIR") or "data").absolute())
    return Settings(
        data=data,
        database_url=_database_url(environ.get("CARTWHEEL_DATABASE_URL"), data),
        redis_url=environ.get("CARTWHEEL_REDIS_URL") or None,
        public_url=environ.get("CARTWHEEL_PUBLIC_URL") or None,
        trusted_proxies=_words(environ.get("CARTWHEEL_TRUSTED_PROXIES", "")),
        allow_private=frozenset(_words(environ.get("CARTWHEEL_ALLOW_PRIVATE", ""))),
        secret_key=environ.get("CARTWHEEL_SECRET_KEY") or None,
        host=environ.get("CARTWHEEL_HOST") or "127.0.0.1",
        port=int(environ.get("CARTWHEEL_PORT") or DEFAULT_PORT),
        log=_one_of("CARTWHEEL_LOG", environ, ("text", "json")),
        log_level=_one_of("CARTWHEEL_LOG_LEVEL", environ, ("info", "debug", "warning", "error")),
        late_after_seconds=_seconds("CARTWHEEL_LATE_AFTER_SECONDS", environ, 60.0),
    )


def _seconds(name: str, environ: Mapping[str, str], otherwise: float) -> float:
    """A number of seconds. Raises `CommandRefused`."""
    text = environ.get(name)
    try:
        return float(text) if text else otherwise
    except ValueError:
        raise CommandRefused(f"{name} must be a number of seconds, not {text!r}.") from None


def _one_of(name: str, environ: Mapping[str, str], choices: tuple[str, ...]) -> str:
    """One of the choices, the first where nothing is said. Raises `CommandRefused`."""
    given = (environ.get(name) or choices[0]).lower()
    if given not in choices:
        raise CommandRefused(f"{name} must be one of {', '.join(choices)}, not {given!r}.")
    return given


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.replace(",", " ").split() if word)


def _database_url(given: str | None, data: DataFolder) -> str:
    """`sqlite:///path` or `postgresql://…`, without a driver's name."""
    if not given:
        return f"sqlite:///{data.database}"
    scheme, separator, rest = given.partition("://")
    dialect = {"postgres": "postgresql"}.get(scheme.split("+")[0], scheme.split("+")[0])
    return f"{dialect}{separator}{rest}"
