"""The web application: what stands in front of every route, the routes, and what they share.

Read the middleware as a request meets it, from the top: counted, given its headers, answered
whatever happens, let in or not, taken by a raw route, its body checked; then the framework routes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from cartwheel.accounts import endpoints as accounts
from cartwheel.accounts.access import Gate, open_path
from cartwheel.accounts.first_start import FIRST_WORKSPACE, ensure_owner, sweep
from cartwheel.accounts.link_secrets import LinkSecrets
from cartwheel.accounts.tokens import TokenBook
from cartwheel.approvals import endpoints as approvals
from cartwheel.approvals.links import LINKS
from cartwheel.batches import endpoints as batches
from cartwheel.catalog import endpoints as catalog
from cartwheel.catalog.registry import load_registry
from cartwheel.checklist import endpoints as checklist
from cartwheel.choices import endpoints as choices
from cartwheel.connections import endpoints as connections
from cartwheel.connections.hooks import Hooks
from cartwheel.connections.service import Connections, ensure_sandbox
from cartwheel.connections.testing import ConnectionTester
from cartwheel.connections.vault import Vault, load_secret_key
from cartwheel.database import Database
from cartwheel.demo import endpoints as demo
from cartwheel.errors import Busy
from cartwheel.events import endpoints as events
from cartwheel.events.service import Inbox
from cartwheel.jobs import Bell
from cartwheel.notices import endpoints as notices
from cartwheel.outbound.guard import AddressGuard
from cartwheel.outbox import endpoints as outbox
from cartwheel.paths import frontend_folder
from cartwheel.proofs import endpoints as proofs
from cartwheel.proofs.codes import OwnCodes
from cartwheel.pulse import Pulse
from cartwheel.records import endpoints as records
from cartwheel.runs import endpoints as runs
from cartwheel.runs import overseeing
from cartwheel.runs.field_words import teach_words
from cartwheel.runs.stream import LiveStream
from cartwheel.settings import Settings
from cartwheel.simulation import endpoints as simulation
from cartwheel.templates import endpoints as templates
from cartwheel.web import health
from cartwheel.web.addresses import PlainAddresses
from cartwheel.web.bodies import StrictBodies
from cartwheel.web.docs_page import docs_page
from cartwheel.web.faults import Refusals
from cartwheel.web.frontend import Frontend
from cartwheel.web.headers import SecurityHeaders
from cartwheel.web.metrics import Counted, RequestCounts
from cartwheel.web.openapi import complete
from cartwheel.web.problems import Answered
from cartwheel.web.raw_routes import RawRoute, RawRoutes
from cartwheel.web.readers import Readers
from cartwheel.webhooks.ingress import INGRESS, Ingress
from cartwheel.workflows import endpoints as workflows

ROUTERS = (
    accounts.router,
    catalog.router,
    simulation.router,
    workflows.router,
    runs.router,
    overseeing.router,
    batches.router,
    connections.router,
    events.router,
    outbox.router,
    approvals.router,
    records.router,
    templates.router,
    demo.router,
    checklist.router,
    choices.router,
    proofs.router,
    notices.router,
    health.router,
)
RAW_ROUTES: tuple[RawRoute, ...] = (*INGRESS, *LINKS)
SWEPT_EVERY_SECONDS = 60 * 60
_NO_TELEMETRY: TelemetryConfig = {
    "tracing": False, "metrics": False, "logs": False, "operation_spans": False,
    "auto_configure": False,
}  # fmt: skip
"""Cartwheel counts for itself (`/metrics`); nothing leaves because a variable is set somewhere."""
_DESCRIPTION = (
    "Workflows of an online shop. Programs send 'Authorization: Bearer cw_…'. "
    "Errors are RFC 9457 problem documents; lists are pages with a cursor. "
    "No text may contain NUL (U+0000)."
)


class CartwheelApp(FastAPI):
    """The framework's application behind our own middleware, describing raw routes and problems.

    Our middleware stands in front of the framework, not inside: what a raw route answers never
    meets it.
    """

    front: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await self.front(scope, receive, send)

    async def behind_the_front(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The framework and its routes."""
        await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made at the first question."""
        if self.openapi_schema is None:
            self.openapi_schema = complete(super().openapi(), RAW_ROUTES, _is_open)
        return self.openapi_schema


def create_app(
    settings: Settings, database: Database | None = None, bell: Bell | None = None
) -> CartwheelApp:
    """The application. It opens the database and the bell itself unless they are handed in."""
    counts = RequestCounts()
    refusals = Refusals(RAW_ROUTES)
    app = CartwheelApp(
        title="Cartwheel",
        version=version("cartwheel"),
        description=_DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        telemetry=_NO_TELEMETRY,
        middleware=[Middleware(Answered)],  # Before the framework has its own words for an error.
        exception_handlers={
            RequestValidationError: refusals.invalid,
            HTTPException: refusals.refused,
        },
    )
    app.front = _in_front(app.behind_the_front, settings, counts)
    for router in ROUTERS:
        app.include_router(router)
    app.get("/api/docs", include_in_schema=False)(_docs)
    app.router.default = Frontend(frontend_folder())
    app.state.settings, app.state.counts = settings, counts
    if database is not None:
        _share(app, database, bell or Bell(None), settings)
    return app


async def _docs(request: Request) -> HTMLResponse:
    return HTMLResponse(docs_page(request.app.openapi()))


def _in_front(app: ASGIApp, settings: Settings, counts: RequestCounts) -> ASGIApp:
    """The middleware, as a request meets it."""
    trusted = list(settings.trusted_proxies)
    standing = [
        *([Middleware(ProxyHeadersMiddleware, trusted_hosts=trusted)] if trusted else ()),
        Middleware(Counted, counts=counts),
        Middleware(SecurityHeaders),
        Middleware(Readers),
        Middleware(Answered),
        Middleware(PlainAddresses),
        Middleware(Gate, public_url=settings.public_url),
        Middleware(RawRoutes, table=RAW_ROUTES),
        Middleware(StrictBodies),
        Middleware(GZipMiddleware, minimum_size=4096, compresslevel=5),
    ]
    for each in reversed(standing):
        app = each.cls(app, *each.args, **each.kwargs)
    return app


def _share(app: FastAPI, database: Database, bell: Bell, settings: Settings) -> None:
    """What endpoints find on `app.state`, one of each in a process."""
    app.state.database = database
    app.state.bell = bell
    app.state.tokens = TokenBook(database)
    app.state.pulse = Pulse("api", settings.redis_url)
    app.state.probe = health.Probe(database, app.state.pulse, settings.late_after_seconds)
    app.state.live = LiveStream(database, settings.redis_url)
    registry, vault = load_registry(), Vault(load_secret_key(settings))
    teach_words()
    hooks = Hooks(database, vault, registry)
    tester = ConnectionTester(AddressGuard(settings.allow_private))
    app.state.links = LinkSecrets(load_secret_key(settings))
    app.state.codes = OwnCodes(load_secret_key(settings))
    app.state.connections = Connections(database, vault, registry, tester, hooks)
    app.state.ingress = Ingress(Inbox(database, bell), hooks, registry)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open what was not handed in, see that there is an owner, and close it all at the end."""
    settings: Settings = app.state.settings
    opened = not hasattr(app.state, "database")
    if opened:
        database = await Database.open(settings.database_url)
        _share(app, database, Bell(settings.redis_url), settings)
    await ensure_owner(app.state.database)
    await ensure_sandbox(app.state.database, FIRST_WORKSPACE)
    app.state.live.start()
    app.state.pulse.start()
    sweeping = asyncio.create_task(_sweep_for_ever(app.state.database), name="sweep")
    try:
        yield
    finally:
        sweeping.cancel()
        await app.state.pulse.close()
        await app.state.live.close()
        await app.state.tokens.close()
        await app.state.ingress.close()
        if opened:
            await app.state.bell.close()
            await app.state.database.close()


async def _sweep_for_ever(database: Database) -> None:
    while True:
        with suppress(Busy):
            await sweep(database)
        await asyncio.sleep(SWEPT_EVERY_SECONDS)


def _is_open(method: str, path: str) -> bool:
    return open_path(method, path) is not None
