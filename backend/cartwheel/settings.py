"""What the owner of an installation can set, read once from the environment.

What cannot be right is refused here, by the setting's name, before anything starts. A sentence
never repeats a value that may hold a password.
"""

import base64
import binascii
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from cartwheel.errors import CommandRefused
from cartwheel.paths import DataFolder

DEFAULT_PORT = 8400
KEY_BYTES = 32
USUAL_BYTES_IN_HAND = 32_000_000
_REDIS = re.compile(r"rediss?://([^/?]+)(/[0-9]{0,4})?(\?.*)?|unix:///.+")
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^\[\]:]*)(?::([0-9]{1,5}))?")
_PAIR = re.compile(r"[^/@]+:([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's settings.

    `allow_private` holds `host:port` pairs that the address guard lets through although they are
    private, because the owner trusts them. `secret_key` is None until `load_secret_key` made it.
    `bytes_in_hand` is how much stored data of large runs a worker has in hand at a time.
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
    bytes_in_hand: int = USUAL_BYTES_IN_HAND

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def base_url(self) -> str:
        """Where people reach this installation, without a slash at the end."""
        host = "localhost" if self.host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else self.host  # noqa: S104
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `CARTWHEEL_*` variables; see the README for each. Raises `CommandRefused`."""
    data = DataFolder(Path(environ.get("CARTWHEEL_DATA_DIR") or "data").absolute())
    return Settings(
        data=data,
        database_url=_database_url(environ.get("CARTWHEEL_DATABASE_URL"), data),
        redis_url=_redis_url(environ.get("CARTWHEEL_REDIS_URL")),
        public_url=_public_url(environ.get("CARTWHEEL_PUBLIC_URL")),
        trusted_proxies=_proxies(environ.get("CARTWHEEL_TRUSTED_PROXIES", "")),
        allow_private=_pairs(environ.get("CARTWHEEL_ALLOW_PRIVATE", "")),
        secret_key=_secret_key(environ.get("CARTWHEEL_SECRET_KEY")),
        host=environ.get("CARTWHEEL_HOST") or "127.0.0.1",
        port=int(environ.get("CARTWHEEL_PORT") or DEFAULT_PORT),
        log=_one_of("CARTWHEEL_LOG", environ, ("text", "json")),
        log_level=_one_of("CARTWHEEL_LOG_LEVEL", environ, ("info", "debug", "warning", "error")),
        late_after_seconds=_seconds("CARTWHEEL_LATE_AFTER_SECONDS", environ, 60.0),
        bytes_in_hand=_megabytes("CARTWHEEL_MB_IN_HAND", environ, USUAL_BYTES_IN_HAND),
    )


def key_in(text: str) -> bytes | None:
    """The key that a text holds as base64; None where it holds none."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


# --- reading ---


def _seconds(name: str, environ: Mapping[str, str], otherwise: float) -> float:
    """A number of seconds. Raises `CommandRefused`."""
    text = environ.get(name)
    try:
        seconds = float(text.encode("ascii")) if text else otherwise
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise CommandRefused(f"{name} must be a number of seconds, not {str(text)[:200]!r}.")
    return seconds


def _megabytes(name: str, environ: Mapping[str, str], otherwise: int) -> int:
    """A whole number of megabytes, as bytes. Raises `CommandRefused`."""
    text = environ.get(name)
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and int(text)):
        raise CommandRefused(f"{name} must be a whole number of megabytes, not {text[:200]!r}.")
    return int(text) * 1_000_000


def _one_of(name: str, environ: Mapping[str, str], choices: tuple[str, ...]) -> str:
    """One of the choices, the first where nothing is said. Raises `CommandRefused`."""
    given = (environ.get(name) or choices[0]).lower()
    if given not in choices:
        raise CommandRefused(f"{name} must be one of {', '.join(choices)}, not {given[:200]!r}.")
    return given


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.replace(",", " ").split() if word)


def _database_url(given: str | None, data: DataFolder) -> str:
    """`sqlite:///path` or `postgresql://…`, without a driver's name."""
    if not given:
        return f"sqlite:///{data.database}"
    scheme, separator, rest = given.partition("://")
    dialect = {"postgres": "postgresql"}.get(scheme.split("+")[0], scheme.split("+")[0])
    fits = {"postgresql": _are_hosts(re.split("[/?]", rest)[0]), "sqlite": rest[:1] == "/" != rest}
    if not rest or not fits.get(dialect):
        raise CommandRefused(
            "CARTWHEEL_DATABASE_URL must be like postgresql://user:password@host/name. "
            "Leave it out, and SQLite is used."
        )
    return f"{dialect}{separator}{rest}"


def _are_hosts(text: str) -> bool:
    """Whether each `host:port` behind the user and password can be one; several have commas."""
    found = [_HOST.fullmatch(host) for host in text.rpartition("@")[2].split(",")]
    return all(each and 0 < int(each[1] or 1) < 65_536 for each in found)


def _redis_url(given: str | None) -> str | None:
    found = _REDIS.fullmatch(given) if given else None
    if given and (found is None or not _are_hosts(found[1] or "")):
        raise CommandRefused(
            "CARTWHEEL_REDIS_URL must be like redis://host:6379/0. "
            "Leave it out, and a server of our own is started."
        )
    return given.rstrip("/") if given else None


def _public_url(given: str | None) -> str | None:
    if not given:
        return None
    try:
        parts = urlsplit(given)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or set(given) & set("?# "):
        raise CommandRefused(
            f"CARTWHEEL_PUBLIC_URL must be like https://flows.example.com, not {given[:200]!r}."
        )
    return given


def _proxies(text: str) -> tuple[str, ...]:
    """Addresses and networks: a name would never be met, as connections come from addresses."""
    words = _words(text)
    for word in words:
        try:
            ip_network(word if word != "*" else "::/0", strict=False)
        except ValueError:
            raise CommandRefused(
                "CARTWHEEL_TRUSTED_PROXIES must be addresses or networks, such as 10.0.0.7 or "
                f"172.16.0.0/12, not {word[:200]!r}."
            ) from None
    return words


def _pairs(text: str) -> frozenset[str]:
    for word in _words(text):
        found = _PAIR.fullmatch(word)
        if found is None or not 0 < int(found[1]) < 65_536:
            raise CommandRefused(
                "CARTWHEEL_ALLOW_PRIVATE must be pairs such as erp.local:8080, without http://, "
                f"not {word[:200]!r}."
            )
    return frozenset(_words(text))


def _secret_key(given: str | None) -> str | None:
    if given and key_in(given) is None:
        raise CommandRefused(
            f"CARTWHEEL_SECRET_KEY must hold {KEY_BYTES} bytes in base64. Put back the key this "
            "installation was started with; a new one is made by 'openssl rand -base64 32'."
        )
    return given or None
