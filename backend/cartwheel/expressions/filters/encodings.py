"""Filters that write a value for another language: HTML, URLs, JSON, base64.

Where the text itself stands in that language, the result is marked as escaped already, so that
`{{ name | escape }}` in an HTML message is not escaped twice.
"""

import base64
import binascii
import html
import re
from urllib.parse import quote_plus, unquote_plus

from cartwheel.expressions.escapes import Escape, Escaped
from cartwheel.expressions.filters.filter import FilterRefusal, Functions, to_text
from cartwheel.expressions.surroundings import Surroundings
from cartwheel.expressions.values import as_json

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def _fit(text: str, sink: Escape, surroundings: Surroundings) -> str:
    return Escaped(text) if surroundings.escape is sink else text


def _escape(value: object, *, surroundings: Surroundings) -> str:
    return _fit(html.escape(to_text(value)), Escape.HTML, surroundings)


def _escape_once(value: object, *, surroundings: Surroundings) -> str:
    return _fit(html.escape(html.unescape(to_text(value))), Escape.HTML, surroundings)


def _newline_to_br(value: object, *, surroundings: Surroundings) -> str:
    text = to_text(value)
    # In an HTML message the customer's words are escaped first: only the breaks are markup.
    text = html.escape(text) if surroundings.escape is Escape.HTML else text
    return _fit(_LINE_BREAK.sub("<br>\n", text), Escape.HTML, surroundings)


def _json(value: object, *, surroundings: Surroundings) -> str:
    return _fit(as_json(value), Escape.JSON, surroundings)


def _url_encode(value: object, *, surroundings: Surroundings) -> str:
    return _fit(quote_plus(to_text(value), errors="replace"), Escape.URL, surroundings)


def _bytes(value: object) -> bytes:
    return to_text(value).encode("utf-8", "replace")


def _decode(value: object, *, url_safe: bool) -> str:
    data = b"".join(_bytes(value).split())
    padded = data + b"=" * (-len(data) % 4) if url_safe else data
    try:
        decoded = base64.b64decode(padded, b"-_" if url_safe else None, validate=True)
        return decoded.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise FilterRefusal("This is not text in base64.") from None


FUNCTIONS: Functions = {
    "base64_decode": lambda value: _decode(value, url_safe=False),
    "base64_encode": lambda value: base64.b64encode(_bytes(value)).decode(),
    "base64_url_safe_decode": lambda value: _decode(value, url_safe=True),
    "base64_url_safe_encode": lambda value: base64.urlsafe_b64encode(_bytes(value)).decode(),
    "escape": _escape,
    "escape_once": _escape_once,
    "json": _json,
    "newline_to_br": _newline_to_br,
    "url_decode": lambda value: unquote_plus(to_text(value), errors="replace"),
    "url_encode": _url_encode,
}
