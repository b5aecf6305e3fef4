"""The catalogue as the API shows it: built once per process and language, kept as the bytes that
are sent.

Whoever names a language gets the words in it, in the places of the English ones: all languages
together would be a third more.
"""

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
def node_type_listing(language: str | None = None) -> Listing:
    """Every node type in every version that is installed, in one language or in all."""
    return _listing(map(node_type_json, load_registry().types), language)


@functools.cache
def app_listing(language: str | None = None) -> Listing:
    """Every app that is installed, in one language or in all."""
    return _listing(map(app_json, load_registry().apps.values()), language)


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


def _listing(items: Iterable[dict[str, Json]], language: str | None) -> Listing:
    body = orjson.dumps({"items": [said_in(language, each) for each in items]})
    return Listing(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def said_in(language: str | None, item: dict[str, Json]) -> dict[str, Json]:
    """A node type or an app in one language; what has no words in it stays English.

    Search words are added to the English ones, by which people search, too.
    """
    if language is None:
        return item
    words = item["translations"].get(language, {})
    ports, samples = words.get("ports", {}), words.get("samples", {})
    whole = laid_over({**item, "translations": {}}, words)
    if "search" in item:
        whole["search"] = [*item["search"], *words.get("search_words", ())]
        whole["ports"] = [
            {**port, "label": ports.get(port["id"], port["label"])} for port in item["ports"]
        ]
        whole["samples"] = [
            {**sample, "title": samples.get(sample["name"], sample["title"])}
            for sample in item["samples"]
        ]
    return whole


def laid_over(english: dict[str, Json], words: Json) -> dict[str, Json]:
    """The same with other words wherever they have a place in it."""
    if not isinstance(words, dict):
        return english
    return {
        key: laid_over(value, words.get(key)) if isinstance(value, dict) else words.get(key, value)
        for key, value in english.items()
    }
