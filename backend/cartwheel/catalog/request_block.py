"""Declared requests: what a plain HTTP action sends and gives, written as data in its manifest.

Values are inserted where they belong and never glued into a text that somebody parses later:

- `{"$config": "/to"}` in a body or form is replaced by the value itself, so JSON stays JSON.
  `"as"` converts it (see `CONVERSIONS`), `"else"` stands in for a missing one; without `else`
  a missing value leaves its key out.
- `{config/to}` inside a URL is percent-encoded (unless the URL begins with it: then it is the
  address); inside a header it may not break the line.

Sources: `config`, `connection` (its public settings), `key` (the step's effect key); in the
output also `status`, `headers` and `body` of the answer.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from cartwheel.catalog.pointers import MISSING, look_up
from cartwheel.node_sdk import ConnectionInfo, HttpRequest, Json, NodeError, Response

Sources = Mapping[str, Json]

_INSERTION = re.compile(r"\{(config|connection|secret|key)((?:/[^{}]+)?)\}")
_SIGIL = "$"


@dataclass(frozen=True, slots=True)
class RequestBlock:
    """One declared call; `output` shapes the step's data from the answer."""

    method: str
    url: str
    query: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json = None
    form: Mapping[str, Json] | None = None
    output: Json = None
    timeout_seconds: float = 30.0


def build_request(
    block: RequestBlock,
    config: Mapping[str, Json],
    connection: ConnectionInfo | None,
    key: str = "",
) -> HttpRequest:
    """The exact request that would leave. Raises `NodeError` where a needed value is missing."""
    sources: Sources = {
        "config": config,
        "connection": connection.settings if connection else {},
        "key": key,
    }
    form = fill(block.form, sources) if block.form is not None else None
    return HttpRequest(
        method=block.method,
        url=_url(block, sources),
        headers={name: fill_line(text, sources) for name, text in block.headers.items()},
        body=fill(block.body, sources),
        form={name: _plain(value) for name, value in form.items()} if form is not None else None,
        timeout_seconds=block.timeout_seconds,
    )


def read_output(block: RequestBlock, config: Mapping[str, Json], response: Response) -> Json:
    """The step's data, shaped from the answer; what the answer lacks is null."""
    sources: Sources = {
        "config": config,
        "status": response.status,
        "headers": response.headers,
        "body": response.body,
    }
    return fill(block.output, sources, keep_missing=True)


def fill(template: Json, sources: Sources, *, keep_missing: bool = False) -> Json:
    """`template` with every insertion replaced by its value."""
    found = _fill(template, sources, keep_missing)
    return None if found is MISSING else found


def _fill(template: Json, sources: Sources, keep_missing: bool) -> Json:
    if isinstance(template, list):
        items = [_fill(item, sources, keep_missing) for item in template]
        return [item for item in items if item is not MISSING]
    if not isinstance(template, dict):
        return template
    if source := next((name for name in template if name.startswith(_SIGIL)), None):
        value = _value(template, source, sources)
        return None if value is MISSING and keep_missing else value
    filled = {name: _fill(value, sources, keep_missing) for name, value in template.items()}
    return {name: value for name, value in filled.items() if value is not MISSING}


def _value(insertion: Mapping[str, Json], source: str, sources: Sources) -> Json:
    value = look_up(sources.get(source.removeprefix(_SIGIL)), insertion[source])
    if value is MISSING or value is None or value == "":
        return insertion.get("else", MISSING)
    convert = CONVERSIONS[insertion.get("as", "same")]
    return [convert(item) for item in value] if isinstance(value, list) else convert(value)


def fill_line(text: str, sources: Sources) -> str:
    """A header's text with its insertions. Raises `NodeError` where one would break the line."""
    line = _INSERTION.sub(lambda found: _plain(_needed(found, sources)), text)
    if any(mark in line for mark in "\r\n\0"):
        raise NodeError("A line break has no place in a request header.", code="bad_setting")
    return line


def fill_url(text: str, sources: Sources) -> str:
    """A URL with its insertions percent-encoded; a leading one is taken as it is."""
    return _INSERTION.sub(
        lambda found: (
            _plain(_needed(found, sources))
            if found.start() == 0
            else quote(_plain(_needed(found, sources)), safe="")
        ),
        text,
    )


def _url(block: RequestBlock, sources: Sources) -> str:
    url = fill_url(block.url, sources)
    query = fill(block.query, sources)
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query, doseq=True)}"


def _needed(found: re.Match[str], sources: Sources) -> Json:
    value = look_up(sources.get(found[1]), found[2])
    if value is MISSING or value is None or value == "":
        owner = "The connection" if found[1] in {"connection", "secret"} else "This step"
        name = found[2].rpartition("/")[2].replace("_", " ")
        raise NodeError(
            f"{owner} has no “{name}”, which the request needs.",
            code="missing_setting",
            fix="Fill it in and try again.",
        )
    return value


def _plain(value: Json) -> str:
    """A value as it stands in a form or a URL."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _phone(value: Json) -> str:
    text = str(value).strip()
    digits = "".join(filter(str.isdecimal, text))
    return f"+{digits.removeprefix('00')}" if text.startswith(("+", "00")) else digits


def _slack_text(value: Json) -> str:
    # Slack's own three; without this a customer called "<!channel>" would wake everybody.
    return str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


CONVERSIONS: Mapping[str, Callable[[Json], Json]] = {
    "same": lambda value: value,
    "text": _plain,
    "phone": _phone,
    "phone-digits": lambda value: _phone(value).removeprefix("+"),
    "slack-text": _slack_text,
}
"""What `"as"` may say: the same value; its text; +48600100200; 48600100200; shown literally."""
