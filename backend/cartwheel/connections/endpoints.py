"""Connections over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, status

from cartwheel.accounts.caller import AnyCaller
from cartwheel.clock import rfc3339
from cartwheel.connections.forms import secret_names
from cartwheel.connections.schemas import (
    ConnectionChange,
    ConnectionPage,
    ConnectionShape,
    Deleted,
    NewConnection,
    RenewedSecret,
    SavedConnection,
    SecretRenewal,
    UsingWorkflow,
    connection_fields,
)
from cartwheel.connections.service import Connections, Saved

router = APIRouter(prefix="/api/connections", tags=["connections"])


def desk(request: Request) -> Connections:
    """FastAPI dependency: the process's desk for connections."""
    found: Connections = request.app.state.connections
    return found


Desk = Annotated[Connections, Depends(desk)]


@router.get("")
async def list_connections(
    connections: Desk,
    caller: AnyCaller,
    request: Request,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> ConnectionPage:
    """Connections, without their secrets."""
    found = await connections.listed(caller.workspace_id, cursor, limit + 1)
    items = [_shape(saved, connections, request) for saved in found[:limit]]
    return ConnectionPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_connection(
    body: NewConnection, connections: Desk, caller: AnyCaller, request: Request
) -> SavedConnection:
    """Connect an account. It is tested first: 422 `connection_test_failed` has the app's words."""
    return _shape(await connections.create(caller.workspace_id, body), connections, request)


@router.get("/{connection_id}")
async def read_connection(
    connection_id: str, connections: Desk, caller: AnyCaller, request: Request
) -> ConnectionShape:
    """One connection, without its secrets."""
    return _shape(await connections.get(caller.workspace_id, connection_id), connections, request)


@router.patch("/{connection_id}")
async def change_connection(
    connection_id: str,
    body: ConnectionChange,
    connections: Desk,
    caller: AnyCaller,
    request: Request,
) -> SavedConnection:
    """Change a connection; secrets that are left out stay. It is tested again."""
    saved = await connections.change(caller.workspace_id, connection_id, body)
    return _shape(saved, connections, request)


@router.delete("/{connection_id}")
async def delete_connection(connection_id: str, connections: Desk, caller: AnyCaller) -> Deleted:
    """Delete a connection and its secrets. The answer names active workflows that used it."""
    used = await connections.delete(caller.workspace_id, connection_id)
    return Deleted(workflows=[UsingWorkflow(id=found[0], name=found[1]) for found in used])


@router.post("/{connection_id}/test")
async def test_connection(
    connection_id: str, connections: Desk, caller: AnyCaller, request: Request
) -> ConnectionShape:
    """Ask the app whether the connection works; `status` and `error` tell what it said."""
    return _shape(await connections.test(caller.workspace_id, connection_id), connections, request)


@router.post("/{connection_id}/signing-secret")
async def renew_signing_secret(
    connection_id: str,
    connections: Desk,
    caller: AnyCaller,
    body: SecretRenewal | None = None,
) -> RenewedSecret:
    """Change the secret that webhooks are signed with; the former one counts 24 hours more."""
    made, ends_at = await connections.renew_signing_secret(
        caller.workspace_id, connection_id, body.secret if body else None
    )
    until = None if ends_at is None else rfc3339(ends_at)
    return RenewedSecret(signing_secret=made, former_valid_until=until)


def _shape(saved: Saved, connections: Connections, request: Request) -> SavedConnection:
    found = saved.connection
    app = connections.app(found.app)
    hook_url = None
    if app is not None and app.webhook and found.hook_key:
        base = request.app.state.settings.base_url
        hook_url = f"{base}/hooks/{app.id}/{found.hook_key}"
    known = secret_names(app) if app else frozenset()
    fields = connection_fields(found, saved.secrets, known, hook_url)
    return SavedConnection(**fields, signing_secret=saved.revealed)
