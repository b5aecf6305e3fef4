"""Signing in and out, the password, API tokens, and the workspace's settings."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, status

from cartwheel.accounts import service, tokens
from cartwheel.accounts.caller import AnyCaller, Caller, needs
from cartwheel.accounts.cookies import (
    clear_session_cookie,
    require_safe_transport,
    session_secret,
    set_session_cookie,
)
from cartwheel.accounts.models import Role
from cartwheel.accounts.schemas import (
    NewPassword,
    NewToken,
    NewTokenShape,
    SessionShape,
    SignIn,
    TokenPage,
    TokenShape,
    WorkspaceChange,
    WorkspaceShape,
    person_shape,
    token_fields,
    workspace_shape,
)
from cartwheel.accounts.sessions import NewSession, end_session
from cartwheel.accounts.tokens import TokenBook
from cartwheel.database import Database, database

router = APIRouter(prefix="/api", tags=["accounts"])
Book = Annotated[Database, Depends(database)]
Admin = Annotated[Caller, Depends(needs(Role.ADMIN))]


def token_book(request: Request) -> TokenBook:
    """FastAPI dependency: the process's memory of tokens."""
    book: TokenBook = request.app.state.tokens
    return book


@router.get("/session")
async def read_session(book: Book, caller: AnyCaller) -> SessionShape:
    """Who is signed in, where, and the token that every change must carry."""
    return await _described(book, caller)


@router.post("/session")
async def sign_in(body: SignIn, book: Book, request: Request, response: Response) -> SessionShape:
    """Sign in with an e-mail address and a password; the answer sets the session cookie."""
    require_safe_transport(request.scope)
    started = await service.sign_in(
        book,
        body.email,
        body.password,
        address=request.client.host if request.client else "",
        replaces=session_secret(request.headers),
    )
    return await _welcome(book, started, response)


@router.post("/login-links/{token}")
async def use_login_link(
    token: str, book: Book, request: Request, response: Response
) -> SessionShape:
    """Sign in with a link. It works once, and only for this request: opening it does nothing."""
    require_safe_transport(request.scope)
    started = await service.sign_in_by_link(book, token, replaces=session_secret(request.headers))
    return await _welcome(book, started, response)


@router.delete("/session", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(book: Book, caller: AnyCaller, response: Response) -> None:
    """Sign this browser out. An API token has no session, so for one this does nothing."""
    await end_session(book, caller)
    clear_session_cookie(response)


@router.post("/password")
async def set_password(
    body: NewPassword, book: Book, caller: AnyCaller, request: Request, response: Response
) -> SessionShape:
    """Set the password. Every other browser is signed out; this one gets a new session."""
    require_safe_transport(request.scope)
    started = await service.set_password(
        book, caller, current=body.current, new=body.new, email=body.email
    )
    return await _welcome(book, started, response)


@router.get("/tokens")
async def list_tokens(
    book: Book,
    caller: Admin,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> TokenPage:
    """API tokens that work, newest first."""
    found = await tokens.list_tokens(book, caller.workspace_id, before=cursor, limit=limit + 1)
    page = found[:limit]
    items = [TokenShape.model_validate(token_fields(token)) for token in page]
    return TokenPage(items=items, next=page[-1].id if len(found) > limit else None)


@router.post("/tokens", status_code=status.HTTP_201_CREATED)
async def create_token(body: NewToken, book: Book, caller: Admin) -> NewTokenShape:
    """Make an API token. The answer is the only place where it is ever shown."""
    row, token = await tokens.add_token(book, caller.workspace_id, body.name)
    return NewTokenShape.model_validate({**token_fields(row), "token": token})


@router.delete("/tokens/{token_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_token(
    token_id: str,
    book: Book,
    caller: Admin,
    remembered: Annotated[TokenBook, Depends(token_book)],
) -> None:
    """End an API token. Other processes let it in for up to ten seconds more."""
    await tokens.revoke_token(book, caller.workspace_id, token_id)
    remembered.forget(token_id)


@router.get("/workspace")
async def read_workspace(book: Book, caller: AnyCaller) -> WorkspaceShape:
    """The workspace's settings."""
    _, workspace = await service.whereabouts(book, caller)
    return workspace_shape(workspace)


@router.patch("/workspace")
async def change_workspace(body: WorkspaceChange, book: Book, caller: Admin) -> WorkspaceShape:
    """Change the workspace's settings; what is left out stays."""
    changes = body.model_dump(exclude_unset=True)
    return workspace_shape(await service.change_workspace(book, caller, changes))


async def _welcome(book: Database, started: NewSession, response: Response) -> SessionShape:
    set_session_cookie(response, started.secret)
    return await _described(book, started.caller)


async def _described(book: Database, caller: Caller) -> SessionShape:
    person, workspace = await service.whereabouts(book, caller)
    return SessionShape(
        person=person_shape(person) if person else None,
        workspace=workspace_shape(workspace),
        csrf=caller.csrf,
        needs_password=bool(person and person.password_hash is None),
        asks_current_password=await service.asks_proof(book, caller, person),
    )
