"""Apps: the companies and protocols that a merchant connects, and how their secrets are used."""

import base64
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

from cartwheel.catalog.config import ConfigSchema, Schema
from cartwheel.catalog.documents import read_document, read_icon, read_translations
from cartwheel.catalog.refusals import RefusalTable
from cartwheel.catalog.request_block import RequestBlock, Sources, fill_line, fill_url
from cartwheel.node_sdk import HttpRequest, Json, NodeError

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class SecretRule:
    """One place of a request where a secret goes.

    `place` is `header`, `query` or `basic` (then `name` and `value` are user name and password).
    `when` limits the rule to connections whose settings have these values.
    """

    place: str
    name: str
    value: str
    when: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AppChoices:
    """What an app can offer for a setting, such as the tags of a shop.

    `request` asks for them; `items_at` are pointers to the lists in its answer, `value_at` a
    pointer into each entry, and `prefix` goes before it. `events_at` points into what happened
    lately instead, for an app that cannot be asked.
    """

    request: RequestBlock | None = None
    items_at: tuple[str, ...] = ()
    value_at: str = ""
    prefix: str = ""
    events_at: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class App:
    """One app. `fields` is a JSON Schema; a secret field says `"x-secret": true`.

    - `protocol`: `http`, `smtp` or `none` (the sandbox, and apps that only call us).
    - `hosts`: the only hosts that secrets may travel to; insertions like `{connection/shop}`.
    - `webhook`: the signature scheme of the hooks that arrive from there, or None.
    - `channel`: the message channel that a connection of this app carries, or None.
    - `test`: a harmless request that proves the credentials, or None.
    - `choices`: by name, what it can offer for a setting with `x-choices`.
    - `module`: the app's Python package, where its own code stands.
    """

    id: str
    label: str
    description: str
    protocol: str
    folder: Path
    root: Path
    base_url: str = ""
    hosts: tuple[str, ...] = ()
    auth: tuple[SecretRule, ...] = ()
    test: RequestBlock | None = None
    choices: Mapping[str, AppChoices] = field(default_factory=dict)
    refusals: RefusalTable = field(default_factory=RefusalTable)
    webhook: str | None = None
    channel: str | None = None
    channels: tuple[str, ...] = ()
    module: str = ""

    @functools.cached_property
    def fields(self) -> Schema:
        """The JSON Schema of a connection's settings and secrets together."""
        schema: Schema = read_document(self.folder / "fields.schema.json", self.root)
        return schema

    @functools.cached_property
    def form(self) -> ConfigSchema:
        """`fields` as something that can be asked what is wrong with given values."""
        return ConfigSchema(self.fields)

    @functools.cached_property
    def icon_svg(self) -> str:
        return read_icon(self.folder)

    @functools.cached_property
    def translations(self) -> Mapping[str, Json]:
        """Language code → the app's words."""
        return read_translations(self.folder, self.root)

    @property
    def secret_fields(self) -> frozenset[str]:
        """The names of the fields that are encrypted and never shown again."""
        properties = self.fields.get("properties", {})
        return frozenset(name for name, schema in properties.items() if schema.get("x-secret"))


def put_secrets(
    app: App, request: HttpRequest, settings: Mapping[str, Json], secrets: Mapping[str, str]
) -> HttpRequest:
    """The request as it leaves, with the connection's secrets in their places.

    Raises `NodeError` where the request goes to another host than the app's own: a secret never
    travels to a stranger.
    """
    sources: Sources = {"connection": settings, "secret": secrets}
    rules = [rule for rule in app.auth if _applies(rule, settings)]
    if rules and not _is_at_home(app, request.url, sources):
        raise NodeError(
            f"The connection “{app.label}” may not be used for {urlsplit(request.url).hostname}.",
            code="wrong_host",
            fix="Choose the connection that belongs to this address, or none.",
        )
    for rule in rules:
        request = _put(rule, request, sources)
    return request


def _applies(rule: SecretRule, settings: Mapping[str, Json]) -> bool:
    return all(settings.get(name) == value for name, value in rule.when.items())


def _is_at_home(app: App, url: str, sources: Sources) -> bool:
    homes = (fill_url(pattern, sources) for pattern in app.hosts)
    origins = {_origin(home if "://" in home else f"https://{home}") for home in homes}
    return _origin(url) in origins


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _put(rule: SecretRule, request: HttpRequest, sources: Sources) -> HttpRequest:
    name, value = fill_line(rule.name, sources), fill_line(rule.value, sources)
    if rule.place == "query":
        mark = "&" if "?" in request.url else "?"
        return replace(request, url=f"{request.url}{mark}{quote(name)}={quote(value, safe='')}")
    if rule.place == "basic":
        pair = base64.b64encode(f"{name}:{value}".encode()).decode()
        name, value = "Authorization", f"Basic {pair}"
    return replace(request, headers={**request.headers, name: value})
