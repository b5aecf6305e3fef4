"""Every operation of the API, read from its own description, with a body that fits its schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cartwheel.app import create_app
from cartwheel.paths import DataFolder
from cartwheel.settings import Settings
from tests.accounts.objects import BODIES, FILLERS

METHODS = ("get", "put", "post", "patch", "delete")
STREAMS = frozenset({"/api/stream"})  # they never end, so nobody waits for their whole answer


@dataclass(frozen=True)
class Operation:
    """One method and path template, its path and query parameters, and the schema of its body."""

    method: str
    path: str
    in_path: tuple[str, ...]
    in_query: tuple[str, ...]
    body_schema: Mapping[str, Any] | None
    needed_query: Mapping[str, str]
    is_open: bool
    is_stream: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def body(self) -> Any:
        """A small body that fits, or None where there is none."""
        given = BODIES.get((self.method, self.path))
        if given is not None or self.body_schema is None:
            return given
        return _sample(self.body_schema)


def document() -> dict[str, Any]:
    """The API's description."""
    nowhere = Settings(data=DataFolder(Path("/nonexistent")), database_url="sqlite:////nonexistent")
    return create_app(nowhere).openapi()


_DOCUMENT = document()


def operations() -> Iterator[Operation]:
    """Every operation."""
    for path, methods in _DOCUMENT["paths"].items():
        for method in METHODS:
            if method in methods:
                yield _operation(method, path, methods[method])


def _operation(method: str, path: str, found: Mapping[str, Any]) -> Operation:
    parameters = found.get("parameters", ())
    in_query = [each for each in parameters if each["in"] == "query"]
    content = found.get("requestBody", {}).get("content", {}).get("application/json", {})
    answers = [kind for answer in found["responses"].values() for kind in answer.get("content", ())]
    return Operation(
        method=method.upper(),
        path=path,
        in_path=tuple(each["name"] for each in parameters if each["in"] == "path"),
        in_query=tuple(each["name"] for each in in_query),
        body_schema=content.get("schema"),
        needed_query={
            each["name"]: FILLERS.get(each["name"]) or str(_sample(each["schema"]))
            for each in in_query
            if each.get("required")
        },
        is_open=not found["security"],
        is_stream="text/event-stream" in answers or path in STREAMS,
    )


def body_fields(operation: Operation) -> tuple[str, ...]:
    """The names of the fields at the top of an operation's body."""
    schema = _resolved(operation.body_schema or {})
    return tuple(schema.get("properties", ()))


def _sample(schema: Mapping[str, Any]) -> Any:
    """The smallest value that fits: only what is required."""
    schema = _resolved(schema)
    for known in ("const", "default"):
        if schema.get(known) is not None:
            return schema[known]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        return {name: _sample(properties[name]) for name in schema.get("required", ())}
    plain = {"array": [], "boolean": True, "number": 1, "null": None}
    if schema.get("type") == "integer":
        return int(schema.get("minimum", 1))
    return plain.get(schema.get("type", ""), "x" * max(1, schema.get("minLength", 1)))


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _resolved(_DOCUMENT["components"]["schemas"][name])
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _resolved(schema[choice][0])
    return schema
