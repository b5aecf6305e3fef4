"""Header rules for requests that leave: what may stand in them, what may follow a redirect."""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

from cartwheel.outbound.body import ACCEPT_ENCODING
from cartwheel.outbound.exchange import ExchangeError, FailureKind

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FORBIDDEN_IN_VALUES = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

_OURS = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# Whatever else a header is called, it may carry a secret: the list names what may stay, not go.
_KEPT_ACROSS_HOSTS = frozenset({"accept", "accept-language", "content-type", "user-agent"})


def _user_agent() -> str:
    try:
        return f"Cartwheel/{version('cartwheel')}"
    except PackageNotFoundError:
        return "Cartwheel"


_DEFAULTS = ((b"user-agent", _user_agent().encode()), (b"accept", b"*/*"))
_ACCEPT_ENCODING = (b"accept-encoding", ACCEPT_ENCODING.encode())


def wire_headers(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """The headers as they leave, names in lower case, with ours added.

    Raises `ExchangeError` for bad ones.
    """
    checked = [
        (_checked_name(name), _checked_value(name, value)) for name, value in headers.items()
    ]
    given = {name for name, _ in checked}
    ours = [pair for pair in _DEFAULTS if pair[0] not in given]
    return [*(pair for pair in checked if pair[0] != b"accept-encoding"), *ours, _ACCEPT_ENCODING]


def without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    """What may be shown to another host than the one it was meant for."""
    return {name: value for name, value in headers.items() if name.lower() in _KEPT_ACROSS_HOSTS}


def without_content(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of a request that has lost its body."""
    return {name: value for name, value in headers.items() if not _describes_content(name)}


def _describes_content(name: str) -> bool:
    return name.lower().startswith("content-")


@lru_cache(maxsize=512)
def _checked_name(name: str) -> bytes:
    if not _NAME.fullmatch(name):
        raise _bad_header(f"“{name[:60]}” cannot be the name of a header.")
    if name.lower() in _OURS:
        raise _bad_header(f"The header “{name}” is set by Cartwheel itself; remove it.")
    return name.lower().encode("ascii")


def _checked_value(name: str, value: str) -> bytes:
    if _FORBIDDEN_IN_VALUES.search(value):
        raise _bad_header(
            f"The header “{name}” contains a line break or another control character."
        )
    try:
        return value.strip().encode()
    except UnicodeEncodeError as error:
        raise _bad_header(f"The header “{name}” contains a character that cannot be sent.") from (
            error
        )


def _bad_header(message: str) -> ExchangeError:
    return ExchangeError(FailureKind.BAD_REQUEST, message)
