"""Whether a declared request inserts only what is there, and never a secret."""

import re
from collections.abc import Iterator, Mapping

from cartwheel.catalog.apps import App
from cartwheel.catalog.check.fault import Fault
from cartwheel.catalog.config import Schema, schema_at
from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.pointers import pointer
from cartwheel.catalog.request_block import CONVERSIONS, RequestBlock
from cartwheel.node_sdk import Json

_IN_TEXT = re.compile(r"\{([a-z]+)(/[^{}]*)?\}")
_BEFORE = frozenset({"config", "connection", "key"})
_AFTER = _BEFORE | {"status", "headers", "body"}
_OPTIONS = frozenset({"as", "else"})


def request_faults(node_type: NodeType, apps: Mapping[str, App]) -> Iterator[Fault]:  # noqa: ARG001
    """What is wrong with a node type's `request` and `lookup`."""
    fields = node_type.own_app.fields if node_type.own_app else {}
    file = node_type.folder / "manifest.json"
    for place, message in _lookup_faults(node_type, fields):
        yield Fault(file, f"/lookup{place}", message)
    block = node_type.request
    if block is None:
        return
    for place, message in block_faults(block, node_type.config_schema, fields):
        yield Fault(file, f"/request{place}", message)
    outputs = node_type.output_schema.get("properties", {})
    for name in sorted(set(block.output or {}) ^ set(outputs)):
        yield Fault(file, "/request/output", f"“{name}” stands here or in the output, not in both.")


def block_faults(block: RequestBlock, config: Schema, fields: Schema) -> Iterator[tuple[str, str]]:
    """(JSON pointer inside the block, sentence) of every insertion that leads nowhere."""
    parts: Mapping[str, Json] = {
        "url": block.url,
        "query": block.query,
        "headers": block.headers,
        "body": block.body,
        "form": block.form,
    }
    known = {"config": config, "connection": fields}
    for name, part in parts.items():
        yield from _walk(part, (name,), known, _BEFORE)
    yield from _walk(block.output, ("output",), known, _AFTER)
    if not block.url.startswith(("https://", "{connection/", "{config/")):
        yield "/url", "A path needs an app with a base_url to continue."


def _lookup_faults(node_type: NodeType, fields: Schema) -> Iterator[tuple[str, str]]:
    lookup = node_type.lookup
    if lookup is None:
        return
    config = node_type.config_schema
    yield from block_faults(lookup.request, config, fields)
    known = {"config": config, "connection": fields}
    yield from _walk(lookup.answer, ("answer",), known, _AFTER)


def _walk(
    part: Json, path: tuple[str, ...], known: Mapping[str, Schema], sources: frozenset[str]
) -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        found = [(hit[1], hit[2] or "") for hit in _IN_TEXT.finditer(part)]
        messages = [message for each in found for message in _source(*each, known, sources)]
        yield from ((pointer(path), message) for message in messages)
    elif isinstance(part, Mapping) and any(key.startswith("$") for key in part):
        yield from ((pointer(path), message) for message in _insertion(part, known, sources))
    elif isinstance(part, Mapping | list):
        entries = part.items() if isinstance(part, Mapping) else enumerate(part)
        for key, child in entries:
            yield from _walk(child, (*path, str(key)), known, sources)


def _insertion(
    part: Mapping[str, Json], known: Mapping[str, Schema], sources: frozenset[str]
) -> Iterator[str]:
    names = [key for key in part if key.startswith("$")]
    if len(names) != 1 or set(part) - set(names) - _OPTIONS:
        yield "An insertion has one source, and beside it only “as” and “else”."
    if part.get("as", "same") not in CONVERSIONS:
        yield f"“as” knows no “{part['as']}”."
    yield from _source(names[0].removeprefix("$"), str(part[names[0]]), known, sources)


def _source(
    name: str, place: str, known: Mapping[str, Schema], sources: frozenset[str]
) -> Iterator[str]:
    if name not in sources:
        yield f"“{name}” is no source here; there are {', '.join(sorted(sources))}."
        return
    schema = known.get(name)
    if schema is None:
        return
    field = schema_at(schema, place) if place else None
    if field is None:
        yield f"“{place}” is no field of the {name}."
    elif field.get("x-secret"):
        yield "A secret never stands in a request; the app's “auth” adds it when it leaves."
