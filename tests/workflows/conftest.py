"""A small catalogue of our own, connections, and short ways to draw a graph."""

import json
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cartwheel.catalog.registry import Catalogue, Registry, build_registry
from cartwheel.connections.choosing import PublicConnection
from cartwheel.workflows.problems import GraphProblem
from cartwheel.workflows.validation import check_graph

Json = Any
TEXT = {"type": "string", "title": "Text", "description": "Some text."}
TEMPLATE = {**TEXT, "x-template": True}
MAYBE = {**TEXT, "type": ["string", "null"]}

CUSTOMER = {
    "type": "object",
    "title": "Customer",
    "properties": {
        "first_name": {**MAYBE, "title": "First name"},
        "email": {**TEXT, "title": "E-mail"},
    },
    "additionalProperties": False,
}
ITEM = {"type": "object", "properties": {"sku": TEXT, "quantity": {"type": "integer"}}}
ORDER = {
    "type": "object",
    "title": "Order",
    "properties": {
        "total": {**TEXT, "x-type": "money", "title": "Total"},
        "line_items": {"type": "array", "items": ITEM, "title": "Items"},
        "address": {"type": ["object", "null"], "properties": {"city": TEXT}},
    },
    "additionalProperties": False,
}
ORDER_CREATED = {"type": "object", "properties": {"order": ORDER, "customer": CUSTOMER}}
RULES = {
    "type": "object",
    "title": "Conditions",
    "x-widget": "rules",
    "properties": {"rules": {"type": "array", "minItems": 1}},
    "required": ["rules"],
}


def _settings(required: tuple[str, ...] = (), **properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _connection(*apps: str, **more: Json) -> Json:
    return {**TEXT, "x-widget": "connection", "x-connection-app": list(apps), **more}


NODE_TYPES: Mapping[str, tuple[Json, Json, Json]] = {
    "triggers/order_created": (
        {"label": "Order placed", "event_type": "order_created"},
        _settings(),
        ORDER_CREATED,
    ),
    "triggers/event": (
        {"label": "Event", "event_type": "$config.event_type"},
        _settings(("event_type",), event_type=TEXT),
        {"type": "object", "additionalProperties": True},
    ),
    "conditions/if": (
        {
            "label": "If",
            "ports": [{"id": "then", "label": "Then"}, {"id": "otherwise", "label": "Otherwise"}],
        },
        _settings(("rules",), rules=RULES),
        {"type": "object", "properties": {"holds": {"type": "boolean"}}},
    ),
    "conditions/switch": (
        {
            "label": "Switch",
            "dynamic_ports": "/cases",
            "ports": [{"id": "otherwise", "label": "Otherwise"}],
        },
        _settings(cases={"type": "array"}),
        {"type": "object", "properties": {"case": TEXT}},
    ),
    "flow/each": (
        {
            "label": "For each",
            "ports": [{"id": "body", "label": "Each"}, {"id": "done", "label": "Done"}],
        },
        _settings(items={**TEXT, "x-widget": "variable", "x-wants": "list"}),
        {"type": "object", "properties": {"results": {"type": "array"}}},
    ),
    "flow/join": (
        {"label": "Join", "join": "$config.wait_for"},
        _settings(wait_for=TEXT, count={"type": "integer"}),
        {"type": "object"},
    ),
    "flow/stop": ({"label": "Stop", "ports": []}, _settings(), {"type": "object"}),
    "actions/send_note": (
        {
            "label": "Send note",
            "app": "notes",
            "effect": "write",
            "message": {
                "channel": "whatsapp",
                "to": "to",
                "text": "text",
                "category": "transactional",
            },
        },
        _settings(
            ("to", "text"),
            connection=_connection("notes", "sandbox"),
            to={**TEMPLATE, "title": "To", "minLength": 1},
            text={**TEMPLATE, "title": "Message", "minLength": 1},
        ),
        {"type": "object", "properties": {"message_id": TEXT}, "additionalProperties": False},
    ),
    "actions/call": (
        {"label": "Call", "app": None, "effect": "write"},
        _settings(
            ("url",),
            connection=_connection("web", **{"x-connection-optional": True}),
            url={**TEMPLATE, "title": "Address"},
            timeout={"type": "integer", "title": "Timeout", "minimum": 1},
        ),
        {"type": "object", "properties": {"status": {"type": "integer"}, "body": {}}},
    ),
}

SAMPLES: Mapping[str, Json] = {
    "triggers/order_created": {
        "title": "An order",
        "output": {
            "order": {"total": "143.60", "line_items": [{"sku": "MUG-1", "quantity": 2}]},
            "customer": {"first_name": "Lena", "email": "lena@example.com"},
        },
    },
    "actions/send_note": {"title": "Sent", "output": {"message_id": "m-1"}},
}


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The node types above, read by the real registry."""
    root = tmp_path_factory.mktemp("catalogue")
    for place, (manifest, config, output) in NODE_TYPES.items():
        folder = root / place
        _write(folder / "manifest.json", {"version": 1, "description": "…", **manifest})
        _write(folder / "config.schema.json", config)
        _write(folder / "output.schema.json", output)
        if place in SAMPLES:
            _write(folder / "samples/one.json", SAMPLES[place])
    return build_registry([Catalogue("sample_catalogue", root)])


def _write(file: Path, value: Json) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value))


# --- drawing --------------------------------------------------------------------------------------


def node(node_id: str, kind: str, config: Json = None, **more: Json) -> Json:
    """A node's JSON; `kind` is a type without its version."""
    return {"id": node_id, "type": f"{kind}@1", "config": config or {}, **more}


def edge(source: str, target: str, port: str = "done") -> Json:
    """An edge's JSON."""
    return {
        "id": f"{source}-{port}-{target}",
        "source": source,
        "sourceHandle": port,
        "target": target,
        "targetHandle": "in",
    }


def graph(nodes: list[Json], edges: list[Json] | None = None) -> Json:
    """A graph's JSON."""
    return {"schema": 1, "nodes": nodes, "edges": edges or [], "settings": {}}


def note(node_id: str = "note", text: str = "Thank you!", **more: Json) -> Json:
    """A step that sends a message."""
    return node(node_id, "action.send_note", {"to": "{{ customer.email }}", "text": text}, **more)


def start(node_id: str = "start") -> Json:
    """The trigger for a new order."""
    return node(node_id, "trigger.order_created")


def flow(*steps: Json) -> Json:
    """A new order, then the steps one after the other."""
    nodes = [start(), *steps]
    edges = [edge(one["id"], other["id"]) for one, other in pairwise(nodes)]
    return graph(nodes, edges)


# --- connections and checking ---------------------------------------------------------------------


def connection(
    connection_id: str = "c1", app: str = "notes", name: str = "Our notes", default: bool = True
) -> PublicConnection:
    """The public side of a connection."""
    return PublicConnection(connection_id, app, name, {}, "ok", default)


SANDBOX = connection("sandbox", "sandbox", "Sandbox", default=False)
NOTES = connection()

Check = Callable[..., list[GraphProblem]]


@pytest.fixture
def check(registry: Registry) -> Check:
    """Checks a graph's JSON; a real connection for notes is there unless others are given."""

    def run(source: Json, *connections: PublicConnection) -> list[GraphProblem]:
        return check_graph(source, registry, connections or (NOTES,))

    return run


@pytest.fixture
def codes(check: Check) -> Callable[..., list[str]]:
    """The codes of a graph's problems."""
    return lambda *args: [problem.code.value for problem in check(*args)]
