"""Routes that stand in front of the web framework, because they are hot or need raw bytes.

They are rows of one table, which also feeds the API description and the tests over every route.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

RawHandler = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class RawRoute:
    """One method and path (`/hooks/{source}/{key}`: braces hold one segment) and who answers it.

    The handler is a plain ASGI application. It finds `scope["path_params"]`, and `scope["caller"]`
    where the path is not open; a `Problem` that it raises becomes the answer. `operation` is its
    OpenAPI operation object.
    """

    method: str
    path: str
    handler: RawHandler
    operation: Mapping[str, Any] = field(default_factory=dict)


def match_path(template: str, path: str) -> dict[str, str] | None:
    """The values of the braces of `template` in `path`, or None where it does not fit."""
    wanted, given = template.split("/"), path.split("/")
    if len(wanted) != len(given):
        return None
    values: dict[str, str] = {}
    for name, text in zip(wanted, given, strict=True):
        if name.startswith("{") and text:
            values[name[1:-1]] = text
        elif name != text:
            return None
    return values


class RawRoutes:
    """Middleware: answers the rows of the table, and hands on everything else."""

    def __init__(self, app: ASGIApp, table: Sequence[RawRoute]) -> None:
        self.app = app
        self._table = tuple(table)
        self._find = lru_cache(maxsize=1024)(self._look_up)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self.app(scope, receive, send)
        else:
            route, values = found
            await route.handler({**scope, "path_params": values}, receive, send)

    def _look_up(self, method: str, path: str) -> tuple[RawRoute, dict[str, str]] | None:
        for route in self._table:
            if route.method == method and (values := match_path(route.path, path)) is not None:
                return route, values
        return None
