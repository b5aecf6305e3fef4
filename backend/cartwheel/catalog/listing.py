"""The catalogue as the API shows it: built once per process, kept as the bytes that are sent."""

import functools
import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import orjson

from cartwheel.catalog.apps import App
from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.registry import load_registry
from cartwheel.catalog.samples import Sample
from cartwheel.node_sdk import Json


@dataclass(frozen=True, slots=True)
class Listing:
    """An answer's body, and the tag that says whether somebody has it already."""

    body: bytes
    etag: str


@functools.cache
def node_type_listing() -> Listing:
    """Every node type in every version that is installed."""
    return _listing(node_type_json(each) for each in load_registry().types)


@functools.cache
def app_listing() -> Listing:
    """Every app that is installed."""
    return _listing(app_json(each) for each in load_registry().apps.values())


def node_type_json(node_type: NodeType) -> dict[str, Json]:
    """One node type with everything that a form, a picker and a canvas need."""
    message = node_type.message
    return {
        "type": node_type.name,
        "version": node_type.version,
        "ref": node_type.ref,
        "category": node_type.category,
        "label": node_type.label,
        "description": node_type.description,
        "app": node_type.app,
        "icon": node_type.icon_svg,
        "ports": [{"id": port.id, "label": port.label} for port in node_type.ports],
        "dynamic_ports": node_type.dynamic_ports,
        "effect": node_type.effect,
        "delivery": node_type.delivery,
        "message": asdict(message) if message else None,
        "reversible": node_type.reversible,
        "body": node_type.body,
        "search": list(node_type.search_words),
        "event_type": node_type.event_type,
        "config_schema": node_type.config_schema,
        "output_schema": node_type.output_schema,
        "samples": [sample_json(sample) for sample in node_type.samples],
        "translations": node_type.translations,
    }


def sample_json(sample: Sample) -> dict[str, Json]:
    """One worked example, without its talk with the outside."""
    return {
        "name": sample.name,
        "title": sample.title,
        "config": sample.config,
        "input": sample.input,
        "output": sample.output,
        "port": sample.port,
        "error": sample.error,
    }


def app_json(app: App) -> dict[str, Json]:
    """One app with the form of its connections."""
    return {
        "id": app.id,
        "label": app.label,
        "description": app.description,
        "icon": app.icon_svg,
        "fields": app.fields,
        "channel": app.channel,
        "channels": list(app.channels),
        "webhook": app.webhook is not None,
        "testable": app.test is not None or app.protocol == "smtp",
        "translations": app.translations,
    }


def _listing(items: Iterable[dict[str, Json]]) -> Listing:
    body = orjson.dumps({"items": list(items)})
    return Listing(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
