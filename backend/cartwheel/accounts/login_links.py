"""Links that sign a person in once. Opening the page does nothing; its button posts the token."""

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from cartwheel.accounts.models import LoginLink, Person, Role
from cartwheel.accounts.random_secrets import digest, new_secret
from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from cartwheel.errors import NotFound
from cartwheel.settings import Settings

LASTS_MS = 15 * 60_000


async def make_login_link(database: Database, settings: Settings) -> str:
    """The address of a page that signs the owner of the first workspace in, once, for 15 minutes.

    Raises `NotFound` before the first start, when there is no owner yet.
    """
    token, now = new_secret(), now_ms()
    async with database.write() as session:
        owner = await _owner(session)
        session.add(
            LoginLink(
                workspace_id=owner.workspace_id,
                id=new_id(),
                person_id=owner.id,
                secret_hash=digest(token),
                created_at=now,
                expires_at=now + LASTS_MS,
            )
        )
    return f"{settings.base_url}/login/{token}"


async def use_login_link(session: AsyncSession, token: str) -> Person:
    """Whom the link signs in, inside the caller's transaction. Raises `NotFound` where it is spent.

    One conditional update spends it, so of two who press the button at once only one gets in.
    """
    now = now_ms()
    spent = await session.exec(
        update(LoginLink)
        .where(
            col(LoginLink.secret_hash) == digest(token),
            col(LoginLink.used_at).is_(None),
            col(LoginLink.expires_at) > now,
        )
        .values(used_at=now)
        .returning(col(LoginLink.workspace_id), col(LoginLink.person_id))
    )
    found = spent.first()
    person = await session.get(Person, (found[0], found[1])) if found else None
    if person is None:
        raise NotFound(
            "This sign-in link was used already or is older than 15 minutes. "
            "Make a new one on the server with 'cartwheel login-link'.",
            code="link_spent",
        )
    return person


async def spend_all_links(session: AsyncSession, person: Person) -> None:
    """Links made before a password change must not undo it."""
    await session.exec(
        update(LoginLink)
        .where(
            col(LoginLink.workspace_id) == person.workspace_id,
            col(LoginLink.person_id) == person.id,
            col(LoginLink.used_at).is_(None),
        )
        .values(used_at=now_ms())
    )


async def _owner(session: AsyncSession) -> Person:
    wanted = (
        select(Person)
        .where(Person.role == Role.OWNER.value)
        .order_by(col(Person.workspace_id), col(Person.id))
        .limit(1)
    )
    owner = (await session.exec(wanted)).first()
    if owner is None:
        raise NotFound("There is no owner yet. Start Cartwheel once with 'cartwheel up'.")
    return owner
