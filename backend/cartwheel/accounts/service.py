"""What we decide about people: who gets in, with which password, and what their workspace is."""

from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from cartwheel.accounts import passwords
from cartwheel.accounts.caller import Caller
from cartwheel.accounts.login_links import spend_all_links, use_login_link
from cartwheel.accounts.models import Person, Session, Workspace
from cartwheel.accounts.sessions import (
    NewSession,
    end_all_sessions,
    end_session_of,
    start_session,
)
from cartwheel.accounts.throttle import (
    Throttle,
    account_throttle,
    address_throttle,
    count_attempt,
    forgive,
)
from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized

LINK_SETS_PASSWORD_FOR_MS = 30 * 60_000


async def sign_in(
    database: Database, email: str, password: str, *, address: str, replaces: str | None
) -> NewSession:
    """A session for the one whose password this is; the browser's old session ends.

    Raises `Unauthorized`, with the same words whether the address or the password is wrong, and
    `TooManyAttempts`.
    """
    email = normal_email(email)
    throttles = (account_throttle(email), address_throttle(address))
    await count_attempt(database, throttles)
    person = await _person_by_email(database, email)
    if not await passwords.password_fits(person.password_hash if person else None, password):
        raise Unauthorized("The e-mail address or the password is wrong.", code="wrong_password")
    if person is None:
        raise AssertionError("nobody's password cannot fit")
    await forgive(database, throttles)
    stronger = await _stronger_hash(person, password)
    async with database.write() as session:
        if stronger:
            person.password_hash = stronger
            session.add(person)
        if replaces:
            await end_session_of(session, replaces)
        return start_session(session, person)


async def sign_in_by_link(database: Database, token: str, *, replaces: str | None) -> NewSession:
    """A session for the one whose link this is. Raises `NotFound` where it is spent."""
    async with database.write() as session:
        person = await use_login_link(session, token)
        if replaces:
            await end_session_of(session, replaces)
        return start_session(session, person, by_link=True)


async def set_password(
    database: Database,
    caller: Caller,
    *,
    current: str | None,
    new: str,
    email: str | None,
) -> NewSession:
    """Change the password, sign the person out everywhere, and begin a new session here.

    Raises `Forbidden` where `current` is wrong or missing, `Invalid` where there would be no e-mail
    address to sign in by, `Conflict` where the address is another person's.
    """
    person = await _person_of(database, caller)
    await _prove(database, caller, person, current)
    if not (email or person.email):
        raise Invalid(
            "Give the e-mail address you want to sign in with.",
            code="email_needed",
            problems=[{"in": "body", "pointer": "/email", "message": "This is required."}],
        )
    hashed = await passwords.hash_password(new)
    async with database.write() as session:
        if email:
            person.email = await _free_email(session, normal_email(email), person)
        person.password_hash = hashed
        session.add(person)
        await end_all_sessions(session, person)
        await spend_all_links(session, person)
        return start_session(session, person)


async def whereabouts(database: Database, caller: Caller) -> tuple[Person | None, Workspace]:
    """Who is signed in (None: a program), and the workspace they are in."""
    async with database.read() as session:
        workspace = await _workspace(session, caller)
        if caller.person_id is None:
            return None, workspace
        return await session.get(Person, (caller.workspace_id, caller.person_id)), workspace


async def change_workspace(
    database: Database, caller: Caller, changes: dict[str, Any]
) -> Workspace:
    """The workspace with new settings. `changes` holds checked fields only."""
    async with database.write() as session:
        workspace = await _workspace(session, caller)
        workspace.sqlmodel_update(changes)
        session.add(workspace)
        return workspace


def normal_email(email: str) -> str:
    """The form in which addresses are kept and compared."""
    return email.strip().lower()


async def asks_proof(database: Database, caller: Caller, person: Person | None) -> bool:
    """Whether a new password needs the current one: there is one, and no link was used just now."""
    if person is None or person.password_hash is None:
        return False
    return not await _came_by_link_just_now(database, caller)


async def _prove(database: Database, caller: Caller, person: Person, current: str | None) -> None:
    """Whoever sits at a forgotten open browser must not be able to lock its owner out."""
    if not await asks_proof(database, caller, person):
        return
    throttles: tuple[Throttle, ...] = (account_throttle(person.id),)
    await count_attempt(database, throttles)
    if not await passwords.password_fits(person.password_hash, current or ""):
        raise Forbidden("The current password is wrong.", code="wrong_password")
    await forgive(database, throttles)


async def _came_by_link_just_now(database: Database, caller: Caller) -> bool:
    """A login link is how a person who forgot the password gets in."""
    async with database.read() as session:
        row = await session.get(Session, (caller.workspace_id, caller.session_id))
    return bool(row and row.by_link and row.created_at > now_ms() - LINK_SETS_PASSWORD_FOR_MS)


async def _stronger_hash(person: Person, password: str) -> str | None:
    stored = person.password_hash or ""
    return await passwords.hash_password(password) if passwords.is_outdated(stored) else None


async def _person_by_email(database: Database, email: str) -> Person | None:
    async with database.read() as session:
        return (await session.exec(select(Person).where(Person.email == email))).first()


async def _person_of(database: Database, caller: Caller) -> Person:
    if caller.person_id is None:
        raise Forbidden("An API token has no password. Sign in as a person.")
    async with database.read() as session:
        person = await session.get(Person, (caller.workspace_id, caller.person_id))
    if person is None:
        raise NotFound("This person no longer exists.")
    return person


async def _free_email(session: AsyncSession, email: str, person: Person) -> str:
    holder = (await session.exec(select(Person).where(Person.email == email))).first()
    if holder and (holder.workspace_id, holder.id) != (person.workspace_id, person.id):
        raise Conflict("Somebody else signs in with this e-mail address.", code="email_taken")
    return email


async def _workspace(session: AsyncSession, caller: Caller) -> Workspace:
    workspace = await session.get(Workspace, caller.workspace_id)
    if workspace is None:
        raise NotFound("This workspace no longer exists.")
    return workspace
