"""Whether a manifest agrees with itself, its folder and its schemas."""

import re
from collections.abc import Iterator, Mapping

from cartwheel.catalog.apps import App
from cartwheel.catalog.check.fault import Fault
from cartwheel.catalog.config import schema_at
from cartwheel.catalog.node_type import NodeType

_VERSIONED = re.compile(r".+_v(?P<version>[0-9]+)")


def manifest_faults(node_type: NodeType, apps: Mapping[str, App]) -> Iterator[Fault]:
    """What no schema can say about a manifest."""
    found = (
        *_folder(node_type),
        *_app(node_type, apps),
        *_ports(node_type),
        *_trigger(node_type),
        *_heart(node_type),
        *_message(node_type),
        *_act(node_type),
        *_delivery(node_type),
    )
    for place, message in found:
        yield Fault(node_type.folder / "manifest.json", place, message)


Found = Iterator[tuple[str, str]]


def _folder(node_type: NodeType) -> Found:
    old = _VERSIONED.fullmatch(node_type.folder.name)
    if old and int(old["version"]) != node_type.version:
        yield "/version", f"The folder's name says version {old['version']}."


def _app(node_type: NodeType, apps: Mapping[str, App]) -> Found:
    if node_type.app is not None and node_type.app not in apps:
        yield "/app", f"There is no app “{node_type.app}”."
    if node_type.app is not None and node_type.app not in node_type.connection_apps:
        yield "/app", "The settings need a field “connection” that offers this app."


def _ports(node_type: NodeType) -> Found:
    ids = [port.id for port in node_type.ports]
    for port_id in sorted({port_id for port_id in ids if ids.count(port_id) > 1}):
        yield "/ports", f"The port “{port_id}” is there twice."
    if node_type.category == "action" and "error" not in ids:
        yield "/ports", "An action needs the port “error”."
    if node_type.dynamic_ports is not None:
        listed = schema_at(node_type.config_schema, f"{node_type.dynamic_ports}/0") or {}
        if "id" not in listed.get("required", ()):
            yield "/dynamic_ports", "It must lead to a list whose entries require an “id”."


def _trigger(node_type: NodeType) -> Found:
    is_trigger = node_type.category == "trigger"
    if is_trigger != (node_type.event_type is not None):
        yield "/event_type", "Every trigger names its event, and nothing else does."
    _, is_setting, field = (node_type.event_type or "").partition("$config.")
    if is_setting and field not in node_type.config_schema.get("required", ()):
        yield "/event_type", f"The settings need the required field “{field}”."


def _heart(node_type: NodeType) -> Found:
    hearts = [(node_type.folder / "handler.py").is_file(), node_type.request is not None]
    if node_type.category == "trigger" and any(hearts):
        yield "", "A trigger has neither a handler nor a request: its event is what it gives."
    if node_type.category != "trigger" and sum(hearts) != 1:
        yield "", "It needs either a handler.py or a “request”, and not both."


def _message(node_type: NodeType) -> Found:
    message = node_type.message
    if message is None:
        return
    required = node_type.config_schema.get("required", ())
    for part in ("to", "text", "subject"):
        field = getattr(message, part)
        if field is not None and field not in required:
            yield f"/message/{part}", f"The settings need the required field “{field}”."
    if node_type.own_app and message.channel not in node_type.own_app.channels:
        yield "/message/channel", f"Connections of {node_type.own_app.label} carry no such channel."
    if "sandbox" not in node_type.connection_apps:
        yield "/message", "A step that writes to somebody must be able to use the sandbox."


def _act(node_type: NodeType) -> Found:
    table = node_type.refusals
    if node_type.category == "action" and not (table.any_status or table.rules):
        yield "/errors", "An action says what refusals mean, here or in its app."
    if node_type.message is not None and node_type.effect != "write":
        yield "/effect", "A step that writes to somebody acts outside: “write”."


def _delivery(node_type: NodeType) -> Found:
    asks, has_question = node_type.delivery == "lookup", node_type.lookup is not None
    if asks and not has_question:
        yield "/delivery", "“lookup” needs the question to ask, under “lookup”."
    if has_question and not asks:
        yield "/lookup", "It is only asked with the delivery “lookup”."
    if node_type.key_hours is not None and node_type.delivery != "keyed":
        yield "/key_hours", "Only a “keyed” provider remembers keys."
