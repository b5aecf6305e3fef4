"""Turns a folder's manifest into a `NodeType`, and an app's file into an `App`.

The manifest is trusted here: `catalog.check` has judged it before it was shipped. Only what
makes loading impossible is reported, as `BadDocument`.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from cartwheel.catalog.apps import App, AppChoices, SecretRule
from cartwheel.catalog.documents import BadDocument, read_json
from cartwheel.catalog.lookups import Lookup
from cartwheel.catalog.node_type import Message, NodeType, Port, RetryPlan
from cartwheel.catalog.refusals import RefusalRule, RefusalTable
from cartwheel.catalog.request_block import RequestBlock
from cartwheel.node_sdk import Json

CATEGORY_FOLDERS: Mapping[str, str] = {
    "triggers": "trigger",
    "conditions": "condition",
    "flow": "flow",
    "data": "data",
    "actions": "action",
}
"""Folder of a catalogue → category of the node types in it."""

DEFAULT_RETRY_SECONDS = (30.0, 76.0, 152.0, 308.0)

_DONE = Port("done", "Done")
_ERROR = Port("error", "Error")
_OLD_VERSION = re.compile(r"(?P<name>.+)_v(?P<version>[0-9]+)")


def node_name(folder: Path) -> str:
    """`actions/send_sms` and, for an older version kept loadable, `actions/send_sms_v1` both
    hold `action.send_sms`."""
    old = _OLD_VERSION.fullmatch(folder.name)
    return f"{CATEGORY_FOLDERS[folder.parent.name]}.{old['name'] if old else folder.name}"


def read_node_type(folder: Path, root: Path, package: str, apps: Mapping[str, App]) -> NodeType:
    """The node type in `folder` of the catalogue at `root`. Raises `BadDocument`."""
    file = folder / "manifest.json"
    given = read_json(file)
    try:
        return _node_type(given, folder, root, package, apps)
    except (KeyError, TypeError, AttributeError) as error:
        message = f"The manifest cannot be used ({error!r}). Run: cartwheel nodes check"
        raise BadDocument(file, message) from error


def _node_type(
    given: Mapping[str, Json], folder: Path, root: Path, package: str, apps: Mapping[str, App]
) -> NodeType:
    app = apps.get(given.get("app") or "")
    category = CATEGORY_FOLDERS[folder.parent.name]
    return NodeType(
        name=node_name(folder),
        version=given["version"],
        category=category,
        label=given["label"],
        description=given["description"],
        folder=folder,
        root=root,
        module=f"{package}.{folder.parent.name}.{folder.name}",
        app=given.get("app"),
        ports=_ports(given, category),
        dynamic_ports=given.get("dynamic_ports"),
        effect=given.get("effect", "none"),
        delivery=given.get("delivery", "plain"),
        lookup=_lookup(given, app),
        key_hours=given.get("key_hours"),
        message=Message(**given["message"]) if given.get("message") else None,
        timeout_seconds=given.get("timeout_seconds", 30.0),
        retry=_retry(given),
        join=given.get("join", "any"),
        body=any(port["id"] == "body" for port in given.get("ports", ())),
        reversible=given.get("reversible", False),
        rank=given.get("rank", 50),
        search_words=tuple(given.get("search_words", ())),
        event_type=given.get("event_type"),
        requires=tuple(given.get("requires", ())),
        request=_request(given, app),
        refusals=_refusals(given, app),
        own_app=app,
    )


def _ports(given: Mapping[str, Json], category: str) -> tuple[Port, ...]:
    if "ports" in given:
        return tuple(Port(port["id"], port["label"]) for port in given["ports"])
    return (_DONE, _ERROR) if category == "action" else (_DONE,)


def _retry(given: Mapping[str, Json]) -> RetryPlan:
    default = DEFAULT_RETRY_SECONDS if given.get("effect") == "write" else ()
    return RetryPlan(tuple(given.get("retry", {}).get("delays_seconds", default)))


def _request(given: Mapping[str, Json], app: App | None) -> RequestBlock | None:
    block = given.get("request")
    base = app.base_url if app else ""
    return request_block(block, base, given.get("timeout_seconds", 30.0)) if block else None


def _lookup(given: Mapping[str, Json], app: App | None) -> Lookup | None:
    asked = given.get("lookup")
    if not asked:
        return None
    base = app.base_url if app else ""
    block = {"method": "GET", **asked}
    return Lookup(
        request=request_block(block, base, given.get("timeout_seconds", 30.0)),
        found_at=asked["found_at"],
        absent=asked.get("absent", "empty"),
        answer=asked.get("answer"),
        after_seconds=asked.get("after_seconds", 0.0),
    )


def request_block(given: Mapping[str, Json], base_url: str, timeout_seconds: float) -> RequestBlock:
    """The declared call; a URL that begins with a slash continues the app's `base_url`."""
    url = given["url"]
    return RequestBlock(
        method=given["method"],
        url=f"{base_url}{url}" if url.startswith("/") else url,
        query=given.get("query", {}),
        headers=given.get("headers", {}),
        body=given.get("body"),
        form=given.get("form"),
        output=given.get("output"),
        timeout_seconds=timeout_seconds,
    )


def _refusals(given: Mapping[str, Json], app: App | None) -> RefusalTable:
    own = refusal_table(given.get("errors", {}), app.label if app else RefusalTable().provider)
    return own.over(app.refusals) if app else own


def refusal_table(given: Mapping[str, Json], provider: str) -> RefusalTable:
    """An `errors` object as the table it means."""
    success = given.get("success")
    return RefusalTable(
        provider=provider,
        code_at=tuple(given.get("code_at", ())),
        words_at=tuple(given.get("words_at", ())),
        success=(success["at"], success["is"]) if success else None,
        any_status=given.get("any_status", False),
        rules=tuple(RefusalRule(**rule) for rule in given.get("rules", ())),
    )


def read_app(folder: Path, root: Path, package: str = "") -> App:
    """The app in `folder` of the catalogue at `root`. Raises `BadDocument`."""
    file = folder / "app.json"
    given = read_json(file)
    try:
        return _app(given, folder, root, f"{package}.apps.{folder.name}")
    except (KeyError, TypeError, AttributeError) as error:
        message = f"The app's file cannot be used ({error!r}). Run: cartwheel nodes check"
        raise BadDocument(file, message) from error


def _choices(given: Mapping[str, Json], base_url: str) -> AppChoices:
    asked = given.get("request")
    return AppChoices(
        request=request_block(asked, base_url, 15.0) if asked else None,
        items_at=tuple(given.get("items_at", ())),
        value_at=given.get("value_at", ""),
        prefix=given.get("prefix", ""),
        events_at=tuple(given.get("events_at", ())),
    )


def _app(given: Mapping[str, Json], folder: Path, root: Path, module: str) -> App:
    base_url = given.get("base_url", "")
    test = given.get("test")
    channels = tuple(given.get("channels", ()))
    return App(
        id=folder.name,
        label=given["label"],
        description=given["description"],
        protocol=given["protocol"],
        folder=folder,
        root=root,
        base_url=base_url,
        hosts=tuple(given.get("hosts", ())),
        auth=tuple(SecretRule(**rule) for rule in given.get("auth", ())),
        test=request_block(test, base_url, 15.0) if test else None,
        choices={name: _choices(each, base_url) for name, each in given.get("choices", {}).items()},
        refusals=refusal_table(given.get("errors", {}), given["label"]),
        webhook=given.get("webhook"),
        channel=channels[0] if len(channels) == 1 else None,
        channels=channels,
        module=module,
    )
