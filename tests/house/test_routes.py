"""TRUST.md T21: no route is open by accident."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from cartwheel.accounts.access import LOOPBACK_PATHS, OPEN_PATHS, PAGES, open_path
from cartwheel.app import RAW_ROUTES

# Who may enter is decided before any database is asked.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STRANGER = ("203.0.113.7", 50_000)


def _routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Every method and path template that somebody registered."""
    for context in iter_route_contexts(app.routes):
        for method in context.methods or ():
            yield method, str(context.path)
    for route in RAW_ROUTES:
        yield route.method, route.path


@on_sqlite
async def test_every_route_is_listed_as_open_or_answers_401_to_a_stranger(app: FastAPI) -> None:
    transport = httpx.ASGITransport(app, client=STRANGER)
    let_in = []
    async with httpx.AsyncClient(transport=transport, base_url="https://localhost") as stranger:
        for method, path in _routes(app):
            if open_path(method, path) in OPEN_PATHS:
                continue
            answer = await stranger.request(method, path.replace("{", "").replace("}", ""))
            if answer.status_code != 401:
                let_in.append(f"{method} {path} → {answer.status_code}")
    assert not let_in, "Open by accident; list them in OPEN_PATHS with a reason, or move them."


@on_sqlite
def test_no_route_hides_among_the_canvas_pages(app: FastAPI) -> None:
    hidden = [path for method, path in _routes(app) if open_path(method, path) is PAGES]
    assert not hidden, "GET routes outside /api are taken for pages of the canvas and are open."


def test_every_open_path_says_why() -> None:
    assert all(len(row.why) > 10 for row in (*OPEN_PATHS, *LOOPBACK_PATHS, PAGES))


@on_sqlite
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/workflows/1/nothing",
        "/api/session/",
        "/api//session",
        "/hooks",
        "/hooks/shopify",
        "/hooks/shopify/key/more",
        "/approve/",
        "/metrics/",
    ],
)
async def test_an_address_that_is_not_there_is_closed_too(
    app: FastAPI, method: str, path: str
) -> None:
    transport = httpx.ASGITransport(app, client=STRANGER)
    async with httpx.AsyncClient(transport=transport, base_url="https://localhost") as stranger:
        assert (await stranger.request(method, path)).status_code == 401


@on_sqlite
@pytest.mark.parametrize(
    "path", ["//api/session", "/./api/session", "/%61pi/tokens", "/API/tokens"]
)
async def test_a_twisted_path_opens_nothing(app: FastAPI, path: str) -> None:
    transport = httpx.ASGITransport(app, client=STRANGER)
    async with httpx.AsyncClient(transport=transport, base_url="https://localhost") as stranger:
        answer = await stranger.get(path)
    assert answer.headers["content-type"] != "application/json"
