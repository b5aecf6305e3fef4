"""`/approve/{token}`: one person's link. Looking decides nothing, because scanners of mailboxes
look; pressing the button decides, once.

The page is plain HTML without a script, so that it works wherever mail is read.
"""

from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from cartwheel.accounts.cookies import session_secret
from cartwheel.accounts.random_secrets import digest
from cartwheel.accounts.sessions import find_session
from cartwheel.approvals import service, store
from cartwheel.approvals.endpoints import tell
from cartwheel.approvals.link_page import PageContent, page, refusal_page
from cartwheel.approvals.store import Answer, Asking
from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.errors import Conflict, Invalid, NotFound, Problem
from cartwheel.runs.asked import Approver, may_answer
from cartwheel.runs.asking import items_of, people_of, read_people
from cartwheel.statements import Sql
from cartwheel.web.bodies import read_body
from cartwheel.web.raw_routes import RawRoute
from cartwheel.web.strict_json import read_json

_LIMIT_BYTES = 16 * 1024
_LONGEST_COMMENT = 2000


async def look(scope: Scope, receive: Receive, send: Send) -> None:
    """`GET /approve/{token}`: what is asked, and until when. Changes nothing."""
    await _in_words(_look, scope, receive, send)


async def decide(scope: Scope, receive: Receive, send: Send) -> None:
    """`POST /approve/{token}`: decides, once; again it says who decided what and when."""
    await _in_words(_decide, scope, receive, send)


async def _in_words(wanted: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Whoever looks with a browser reads a page also where there is nothing to decide."""
    try:
        await wanted(scope, receive, send)
    except Problem as problem:
        if "text/html" not in Headers(scope=scope).get("accept", ""):
            raise
        await _send_page(send, refusal_page(problem.detail), problem.status)


async def _look(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    asking, number, people = await _find(scope)
    await _show(scope, send, asking, number, people)


async def _decide(scope: Scope, receive: Receive, send: Send) -> None:
    asking, number, _ = await _find(scope)
    decision, comment = _read(scope, await read_body(scope, receive, _LIMIT_BYTES))
    service.check_fits(asking, decision)
    book = _book(scope)
    try:
        answer = Answer(decision, comment[:_LONGEST_COMMENT], "link")
        await service.let_count(book, asking, number, answer)
        workflow_id = await _workflow(book, asking)
        tell(scope["app"].state.bell, asking.workspace_id, asking.run_id, workflow_id)
        status, thanks = 200, service.thanks_for(decision)
    except Conflict:
        status, thanks = 409, None
    asking, number, people = await _find(scope)
    await _show(scope, send, asking, number, people, status, thanks)


async def _find(scope: Scope) -> tuple[Asking, int, list[Approver]]:
    """Raises `NotFound` for a token that opens nothing, and for another workspace's people."""
    token, book = scope["path_params"]["token"], _book(scope)
    rows = await book.fetch(store.find_by_link(digest(token)))
    if not rows:
        raise _unknown()
    number, *rest = tuple(rows[0])
    asking = store.read_asking(rest)
    workspace_id = await _workspace_of(scope)
    if workspace_id is not None and workspace_id != asking.workspace_id:
        raise _unknown()
    people = read_people(await book.fetch(people_of(asking.workspace_id, asking.id)))
    return asking, number, people


def _unknown() -> NotFound:
    return NotFound("This link opens nothing. Look whether it was copied whole.")


async def _workspace_of(scope: Scope) -> int | None:
    """The workspace of whoever is signed in here, if anybody is."""
    headers, state = Headers(scope=scope), scope["app"].state
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        caller = await state.tokens.find(token.strip())
    else:
        secret = session_secret(headers)
        caller = await find_session(state.database, secret) if secret else None
    return caller.workspace_id if caller else None


def _read(scope: Scope, body: bytes) -> tuple[str, str]:
    """The decision and the comment of a form or of JSON. Raises `Invalid`."""
    kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    given: Any
    if kind == "application/json":
        given = read_json(body)
    else:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        given = {name: values[0] for name, values in fields.items()}
    decision = given.get("decision") if isinstance(given, dict) else None
    comment = given.get("comment", "") if isinstance(given, dict) else ""
    if not isinstance(decision, str) or not isinstance(comment, str) or "\0" in comment:
        raise Invalid("Say what you decide.", code="bad_decision")
    return decision, comment.strip()


async def _workflow(book: Database, asking: Asking) -> str:
    rows = await book.fetch(
        Sql(
            "SELECT workflow_id FROM run WHERE workspace_id = $1 AND id = $2",
            (asking.workspace_id, asking.run_id),
        )
    )
    return str(rows[0][0])


async def _show(
    scope: Scope,
    send: Send,
    asking: Asking,
    number: int,
    people: list[Approver],
    status: int = 200,
    thanks: str | None = None,
) -> None:
    place, book, now = (asking.workspace_id, asking.id), _book(scope), now_ms()
    shop = (await book.fetch(Sql("SELECT name FROM workspace WHERE id = $1", place[:1])))[0][0]
    items = await book.fetch(items_of(*place))
    over = store.is_over(asking, now)
    waiting = {p.number for p in may_answer(asking.rule, people, asking.escalate_at, now)}
    own = next(person for person in people if person.number == number)
    if over and not own.decision and status == 200:
        status = 410
    content = PageContent(
        kind=asking.kind,
        title=asking.title,
        text=asking.text,
        shop=str(shop),
        to=own.address,
        due_at=asking.shown_due_at,
        items=tuple(str(row[0]) for row in items),
        is_open=not over and number in waiting,
        said=own.decision,
        end=None if not over and number in waiting else thanks or _end(asking, own, people),
    )
    await _send_page(send, page(content), status)


async def _send_page(send: Send, html: str, status: int) -> None:
    body = html.encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"x-robots-tag", b"noindex"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _end(asking: Asking, own: Approver, people: list[Approver]) -> str:
    """Why there is nothing to decide here any more."""
    if asking.status == "open" and own.decision:
        return service.words_of_answer(own)
    return service.words_of_end(asking, people)


def _book(scope: Scope) -> Database:
    found: Database = scope["app"].state.database
    return found


_PAGE = {"text/html": {"schema": {"type": "string"}}}
_ANSWERS = {
    "200": {"description": "The page", "content": _PAGE},
    "404": {"description": "The link opens nothing"},
    "410": {"description": "The time for it was up", "content": _PAGE},
}
_DECISION = {
    "type": "object",
    "required": ["decision"],
    "properties": {
        "decision": {"enum": ["approved", "refused", "done"]},
        "comment": {"type": "string", "maxLength": _LONGEST_COMMENT},
    },
}
LINKS = (
    RawRoute(
        "GET", "/approve/{token}", look,
        {"tags": ["approvals"], "summary": "Look at what a link asks", "responses": _ANSWERS},
    ),
    RawRoute(
        "POST", "/approve/{token}", decide,
        {
            "tags": ["approvals"],
            "summary": "Decide by a link, once",
            "requestBody": {"content": {"application/json": {"schema": _DECISION}}},
            "responses": {
                **_ANSWERS,
                "409": {"description": "Decided already, by whom and when", "content": _PAGE},
                "422": {"description": "This is no answer to it"},
            },
        },
    ),
)  # fmt: skip
