"""The API's description: what the framework knows, the raw routes, and every problem that can come.

Problems are documented by rule, because they are answered by rule: whoever must sign in can get a
401, whatever has an id in its path a 404, whatever takes a body a 400, 413, 415 and 422.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cartwheel.web.problems import PROBLEM_JSON
from cartwheel.web.raw_routes import RawRoute

IsOpen = Callable[[str, str], bool]
METHODS = ("get", "put", "post", "delete", "patch")
PROBLEM_SCHEMA = {
    "title": "Problem",
    "description": "RFC 9457. `code` is stable; `detail` is a sentence for a person.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "problems": {
            "description": "Every fault at once, where there can be several",
            "type": "array",
            "items": {"type": "object", "additionalProperties": True},
        },
    },
    "additionalProperties": True,
}
SECURITY_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "An API token, cw_…"},
    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-cartwheel"},
}
_MEANINGS = {
    "400": "The request cannot be read.",
    "401": "Nobody we know asked.",
    "403": "The caller may not do this.",
    "404": "There is no such thing in this workspace.",
    "409": "The thing changed in the meantime, or is in the wrong state.",
    "413": "The body is too large.",
    "415": "The body is not declared as JSON.",
    "422": "The request can be read, but not accepted.",
    "429": "Too many attempts; Retry-After says when to come back.",
    "503": "Nothing was accepted: the database is busy or away. Try again.",
}


def complete(
    document: dict[str, Any], raw_routes: Sequence[RawRoute], is_open: IsOpen
) -> dict[str, Any]:
    """The framework's `document` with raw routes, problems and security, changed in place."""
    _add_raw_routes(document["paths"], raw_routes)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM_SCHEMA
    components["securitySchemes"] = SECURITY_SCHEMES
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                _complete_operation(operations[method], method, path, is_open(method.upper(), path))
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document


def _add_raw_routes(paths: dict[str, Any], raw_routes: Sequence[RawRoute]) -> None:
    for route in raw_routes:
        operation = {"responses": {}, **route.operation}
        names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
        described = [parameter["name"] for parameter in operation.get("parameters", ())]
        operation["parameters"] = [
            *operation.get("parameters", ()),
            *(_path_parameter(name) for name in names if name not in described),
        ]
        paths.setdefault(route.path, {})[route.method.lower()] = operation


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _complete_operation(operation: dict[str, Any], method: str, path: str, is_open: bool) -> None:
    operation["security"] = [] if is_open else [{"token": []}, {"session": []}]
    responses = operation.setdefault("responses", {})
    for status in _problem_statuses(operation, method, path, is_open):
        if status == "422" or status not in responses:
            responses[status] = _problem_response(status)


def _problem_statuses(
    operation: Mapping[str, Any], method: str, path: str, is_open: bool
) -> list[str]:
    statuses = ["503"]
    if not is_open:
        statuses += ["401", "403"]
    if "{" in path:
        statuses.append("404")
    if method != "get":
        statuses += ["400", "403", "404", "409", "413", "415"]
    if operation.get("requestBody") or operation.get("parameters"):
        statuses += ["400", "422"]
    if path in {"/api/session", "/api/password"}:
        statuses += ["401", "429"]
    return sorted(set(statuses))


def _problem_response(status: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": _MEANINGS[status], "content": {PROBLEM_JSON: {"schema": schema}}}
