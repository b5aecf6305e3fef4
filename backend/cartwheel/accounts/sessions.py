"""Signed-in browsers: kept on the server, known by a hash, ended by time or by the person."""

from contextlib import suppress
from dataclasses import dataclass

from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from cartwheel.accounts.caller import Caller
from cartwheel.accounts.models import Person, Role, Session
from cartwheel.accounts.random_secrets import digest, new_secret
from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.statements import Sql, Transaction

LASTS_MS = 30 * 24 * 60 * 60_000
IDLE_ENDS_MS = 7 * 24 * 60 * 60_000
SEEN_EVERY_MS = 10 * 60_000

_FIND = """
SELECT s.workspace_id, s.id, s.person_id, s.csrf, s.last_seen_at, p.role
FROM session s JOIN person p ON p.workspace_id = s.workspace_id AND p.id = s.person_id
WHERE s.secret_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3
"""


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that just began. `secret` goes into the cookie and is stored nowhere."""

    secret: str
    caller: Caller


def start_session(session: AsyncSession, person: Person, *, by_link: bool = False) -> NewSession:
    """Begin a session inside the caller's transaction."""
    secret, now = new_secret(), now_ms()
    row = Session(
        workspace_id=person.workspace_id,
        id=new_id(),
        person_id=person.id,
        secret_hash=digest(secret),
        csrf=new_secret(),
        by_link=by_link,
        created_at=now,
        last_seen_at=now,
        expires_at=now + LASTS_MS,
    )
    session.add(row)
    return NewSession(
        secret, Caller(row.workspace_id, Role(person.role), person.id, row.id, row.csrf)
    )


async def find_session(database: Database, secret: str) -> Caller | None:
    """Whose live session this cookie stands for. Asked on every request, so nothing is cached."""
    now = now_ms()
    rows = await database.fetch(Sql(_FIND, (digest(secret), now, now - IDLE_ENDS_MS)))
    if not rows:
        return None
    workspace_id, session_id, person_id, csrf, last_seen_at, role = rows[0]
    if last_seen_at < now - SEEN_EVERY_MS:
        await _seen(database, workspace_id, session_id, now)
    return Caller(workspace_id, Role(role), person_id, session_id, csrf)


async def is_session_live(database: Database, caller: Caller) -> bool:
    """Whether a caller's session still stands. Asking does not count as being seen."""
    now = now_ms()
    rows = await database.fetch(
        Sql(
            "SELECT 1 FROM session WHERE workspace_id = $1 AND id = $2 AND expires_at > $3 "
            "AND last_seen_at > $4",
            (caller.workspace_id, caller.session_id, now, now - IDLE_ENDS_MS),
        )
    )
    return bool(rows)


async def end_session(database: Database, caller: Caller) -> None:
    """Sign this browser out."""
    async with database.write() as session:
        await session.exec(
            delete(Session).where(
                col(Session.workspace_id) == caller.workspace_id,
                col(Session.id) == caller.session_id,
            )
        )


async def end_all_sessions(session: AsyncSession, person: Person) -> None:
    """Sign the person out everywhere, inside the caller's transaction."""
    await session.exec(
        delete(Session).where(
            col(Session.workspace_id) == person.workspace_id, col(Session.person_id) == person.id
        )
    )


async def end_session_of(session: AsyncSession, secret: str) -> None:
    """End the session behind a cookie, inside the caller's transaction."""
    await session.exec(delete(Session).where(col(Session.secret_hash) == digest(secret)))


async def _seen(database: Database, workspace_id: int, session_id: str, now: int) -> None:
    """Reading must work while the database takes no writes, so a busy one is passed over."""
    with suppress(Busy):
        await database.run(_see(workspace_id, session_id, now))


def _see(workspace_id: int, session_id: str, now: int) -> Transaction[None]:
    yield Sql(
        "UPDATE session SET last_seen_at = $3 WHERE workspace_id = $1 AND id = $2",
        (workspace_id, session_id, now),
    )
