"""What the web framework refuses by itself, told as problem documents like everything else."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cartwheel.errors import Invalid, NotFound, Problem
from cartwheel.web.problems import problem_response
from cartwheel.web.raw_routes import RawRoute, match_path

_A_TIME = "This must be a time such as 2026-11-22T09:30:00Z."
_WORDS = {
    "missing": "This is required.",
    "extra_forbidden": "There is no such field here.",
    "string_type": "This must be a text.",
    "string_too_short": "This must have {min_length} characters or more.",
    "string_too_long": "This must have {max_length} characters or fewer.",
    "greater_than_equal": "This must be {ge} or more.",
    "less_than_equal": "This must be {le} or less.",
    "enum": "This must be one of these: {choices}.",
    "literal_error": "This must be one of these: {choices}.",
    "datetime_parsing": _A_TIME,
    "datetime_from_date_parsing": _A_TIME,
    "timezone_aware": _A_TIME,
    "int_parsing": "This must be a whole number.",
    "int_type": "This must be a whole number.",
    "bool_type": "This must be true or false.",
    "list_type": "This must be a list.",
    "dict_type": "This must be an object.",
    "model_attributes_type": "This must be an object.",
}


def invalid_request(error: RequestValidationError) -> Invalid:
    """Every fault of a request at once, each with its place as a JSON pointer."""
    problems = [_fault(fault) for fault in error.errors()]
    first = problems[0]
    place = f"{first['in']} {first['pointer']}".strip()
    more = f" ({len(problems) - 1} more.)" if len(problems) > 1 else ""
    return Invalid(f"In {place}: {first['message']}{more}", problems=problems)


def _fault(fault: Mapping[str, Any]) -> dict[str, str]:
    where, *steps = fault["loc"]
    pointer = "".join(f"/{_escaped(step)}" for step in steps)
    if fault["type"] == "missing" and not steps:
        return {"in": str(where), "pointer": "", "message": "A JSON body is required."}
    return {"in": str(where), "pointer": pointer, "message": _words(fault)}


def _escaped(step: object) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")


def _words(fault: Mapping[str, Any]) -> str:
    limits = fault.get("ctx") or {}
    if limits.get("min_length") == 1 and fault["type"] == "string_too_short":
        return "This must not be empty."
    known = _WORDS.get(fault["type"])
    if known:
        return known.format(**limits, choices=_choices(str(limits.get("expected", ""))))
    message = str(fault["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return message if message.endswith((".", "?", "!")) else f"{message}."


def _choices(expected: str) -> str:
    """`'a', 'b' or 'c'` without the English in it."""
    return ", ".join(re.findall(r"'([^']*)'", expected)) or expected


class Refusals:
    """Exception handlers for the framework's own errors."""

    def __init__(self, raw_routes: Sequence[RawRoute]) -> None:
        self._raw = [(route.path, frozenset({route.method})) for route in raw_routes]

    async def invalid(self, _request: Request, error: Exception) -> Response:
        """A request whose body or parameters do not fit."""
        assert isinstance(error, RequestValidationError)
        return problem_response(invalid_request(error))

    async def refused(self, request: Request, error: Exception) -> Response:
        """No such path, or not with this method."""
        assert isinstance(error, HTTPException)
        return problem_response(self._problem(request, error))

    def _problem(self, request: Request, error: HTTPException) -> Problem:
        if error.status_code == 404:
            return NotFound("There is nothing at this address.")
        if error.status_code == 405:
            allowed = ", ".join(sorted(self._methods(request)))
            return Problem(
                f"This address does not answer {request.method}; it answers {allowed}.",
                code="method_not_allowed",
                status=405,
                headers={"Allow": allowed},
            )
        return Problem(str(error.detail), status=error.status_code, headers=error.headers)

    def _methods(self, request: Request) -> set[str]:
        """All methods of the path: the framework names those of the first route only.

        `/workflows/validate` fits `/workflows/{id}` too; the template with fewer braces is meant.
        """
        contexts = iter_route_contexts(request.app.routes)
        rows = [(context.path or "", context.methods or set()) for context in contexts] + self._raw
        fitting = [row for row in rows if match_path(row[0], request.url.path) is not None]
        braces = min((path.count("{") for path, _ in fitting), default=0)
        named = [methods for path, methods in fitting if path.count("{") == braces]
        return set().union(*named) or {"GET", "HEAD"}
