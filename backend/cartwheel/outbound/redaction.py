"""Takes secrets out of what is kept, shown or logged, by their value.

Names tell little: a provider echoes a token in an error text, a redirect, a base64 header. So every
spelling in which a secret may come back is looked for: raw, base64 (wherever it starts in the
encoded text), URL-encoded, escaped for JSON and for HTML. Values shorter than four characters are
not looked for, because they would black out half of every text; nothing that short is a secret.
"""

import base64
import html
import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from threading import Lock
from typing import Any
from urllib.parse import quote, quote_plus

HIDDEN = "[hidden]"
SHORTEST_SECRET = 4
MOST_REMEMBERED = 4096

_DEEPEST = 100
_WINDOW = SHORTEST_SECRET
# What encoders leave as it is: strict ones, Python's, JavaScript's, and ours within a URL.
_SAFE_IN_URLS = ("", "/", "!'()*", "!$&'()*+,;=:@/?")

SECRET_HEADERS = frozenset(
    {
        "api-key",
        "apikey",
        "authorization",
        "cookie",
        "proxy-authenticate",
        "proxy-authorization",
        "set-cookie",
        "x-amz-security-token",
        "x-api-key",
        "x-auth-token",
        "x-csrf-token",
        "x-shopify-access-token",
        "x-shopify-storefront-access-token",
        "www-authenticate",
    }
)
_SECRET_ENDINGS = ("-token", "-secret", "-password", "-api-key", "-apikey", "-signature")


class Redactor:
    """Replaces known secrets by `[hidden]` in texts, JSON values and headers.

    Made for the few secrets of one connection: it searches for each of their spellings.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        found = {spelling for secret in secrets for spelling in _spellings(secret)}
        # The longest first: a secret may stand inside another's spelling.
        self._spellings = sorted(found, key=len, reverse=True)

    def text(self, text: str) -> str:
        """The text without the secrets."""
        for spelling in self._spellings:
            if spelling in text:
                text = text.replace(spelling, HIDDEN)
        return text

    def json(self, value: Any) -> Any:
        """A copy of a JSON value without the secrets, in keys and numbers too.

        What lies deeper than 100 levels is hidden unseen.
        """
        return self._cleaned(value, 0) if self._spellings else value

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Headers without the secrets, and without all of a header that exists to carry one."""
        return {
            name: HIDDEN if is_secret_header(name) else self.text(value)
            for name, value in headers.items()
        }

    def _cleaned(self, value: Any, depth: int) -> Any:
        if depth > _DEEPEST:
            return HIDDEN
        match value:
            case str():
                return self.text(value)
            case dict():
                return {
                    self.text(key): self._cleaned(item, depth + 1) for key, item in value.items()
                }
            case list() | tuple():
                return [self._cleaned(item, depth + 1) for item in value]
            case bool() | None:
                return value
        shown = str(value)
        return value if self.text(shown) == shown else HIDDEN


def is_secret_header(name: str) -> bool:
    """Whether a header's value is a secret by the header's nature."""
    lower = name.lower()
    return lower in SECRET_HEADERS or lower.endswith(_SECRET_ENDINGS)


# --- the process's log ----------------------------------------------------------------------


class SecretRegister:
    """The secrets in use in this process, the latest 4,096 of them.

    Made for many secrets and short texts: one pass over the text, however many are remembered.
    """

    def __init__(self) -> None:
        self._secrets: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._by_start: dict[str, list[str]] = {}
        self._lock = Lock()

    def remember(self, secret: str) -> None:
        """Keep this value out of the log from now on."""
        with self._lock:
            if secret not in self._secrets:
                self._learn(secret)
            self._secrets.move_to_end(secret)
            if len(self._secrets) > MOST_REMEMBERED:
                self._forget_the_oldest()

    def text(self, text: str) -> str:
        """The text without anything remembered."""
        if not self._by_start:
            return text
        with self._lock:
            return _replaced_in_one_pass(text, self._by_start)

    def _learn(self, secret: str) -> None:
        self._secrets[secret] = frozenset(_spellings(secret))
        for spelling in self._secrets[secret]:
            same_start = self._by_start.setdefault(spelling[:_WINDOW], [])
            same_start.append(spelling)
            same_start.sort(key=len, reverse=True)

    def _forget_the_oldest(self) -> None:
        for spelling in self._secrets.popitem(last=False)[1]:
            same_start = self._by_start[spelling[:_WINDOW]]
            same_start.remove(spelling)
            if not same_start:
                del self._by_start[spelling[:_WINDOW]]


_register = SecretRegister()
remember = _register.remember
clean_line = _register.text
"""Takes every secret in use out of a line of the log."""


# --- spellings ------------------------------------------------------------------------------


def _spellings(secret: str) -> Iterator[str]:
    if len(secret) < SHORTEST_SECRET:
        return
    yield secret
    yield from _url_spellings(secret)
    yield from _json_spellings(secret)
    yield from _html_spellings(secret)
    yield from _base64_spellings(secret)


def _url_spellings(secret: str) -> Iterator[str]:
    for safe in _SAFE_IN_URLS:
        for encode in (quote, quote_plus):
            encoded = encode(secret, safe, errors="replace")
            yield encoded
            yield _with_lower_hex(encoded)


def _with_lower_hex(encoded: str) -> str:
    head, *escapes = encoded.split("%")
    return head + "".join(f"%{escape[:2].lower()}{escape[2:]}" for escape in escapes)


def _json_spellings(secret: str) -> Iterator[str]:
    for ascii_only in (True, False):
        escaped = json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
        yield escaped
        # PHP, and so WooCommerce, escapes slashes as well.
        yield escaped.replace("/", "\\/")
        # A JSON text inside a JSON text.
        yield json.dumps(escaped, ensure_ascii=ascii_only)[1:-1]


def _html_spellings(secret: str) -> Iterator[str]:
    escaped = html.escape(secret)
    yield escaped
    yield escaped.replace("&#x27;", "&#39;")
    yield escaped.replace("&#x27;", "&#039;")
    yield html.escape(secret, quote=False)


def _base64_spellings(secret: str) -> Iterator[str]:
    """The part of the encoded text that depends on nothing but the secret, for each alignment."""
    raw = secret.encode("utf-8", "surrogatepass")
    for offset in range(3):
        encoded = base64.b64encode(bytes(offset) + raw).decode("ascii").rstrip("=")
        first = (0, 2, 3)[offset]
        last = len(encoded) - (1 if (offset + len(raw)) % 3 else 0)
        core = encoded[first:last]
        yield core
        yield core.translate(_URL_SAFE)


_URL_SAFE = str.maketrans("+/", "-_")


def _replaced_in_one_pass(text: str, index: Mapping[str, list[str]]) -> str:
    kept: list[str] = []
    start = position = 0
    while position <= len(text) - _WINDOW:
        found = _spelling_at(text, position, index)
        if found is None:
            position += 1
            continue
        kept += (text[start:position], HIDDEN)
        start = position = position + len(found)
    return "".join((*kept, text[start:]))


def _spelling_at(text: str, position: int, index: Mapping[str, list[str]]) -> str | None:
    candidates = index.get(text[position : position + _WINDOW], ())
    return next((spelling for spelling in candidates if text.startswith(spelling, position)), None)
