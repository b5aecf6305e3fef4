"""API tokens: shown once, stored hashed, and checked hundreds of times a second.

A token that was found is remembered for `REMEMBERED_SECONDS`, so a revoked one may still be let in
by another process for that long; the process that revoked it forgets it at once.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass

from sqlmodel import col, select

from cartwheel.accounts.caller import Caller
from cartwheel.accounts.models import ApiToken, Role
from cartwheel.accounts.random_secrets import TOKEN_PREFIX, digest, new_secret
from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from cartwheel.errors import Busy, NotFound
from cartwheel.statements import Sql, Transaction

REMEMBERED_SECONDS = 10.0
USED_EVERY_MS = 60_000
MOST_REMEMBERED = 1_000

_FIND = """
SELECT workspace_id, id, role, last_used_at FROM api_token
WHERE secret_hash = $1 AND revoked_at IS NULL
"""
_USED = """
UPDATE api_token SET last_used_at = $3
WHERE workspace_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < $4)
"""


@dataclass(slots=True)
class _Remembered:
    caller: Caller
    token_id: str
    until: float
    last_used_at: int


class TokenBook:
    """Finds whom a token stands for. One per process."""

    def __init__(self, database: Database, remembered_seconds: float = REMEMBERED_SECONDS) -> None:
        self._database = database
        self._remembered_seconds = remembered_seconds
        self._remembered: dict[str, _Remembered] = {}
        self._writing: set[asyncio.Task[None]] = set()

    async def find(self, token: str) -> Caller | None:
        """The caller behind a token, or None where there is none or it was revoked."""
        if not token.startswith(TOKEN_PREFIX):
            return None
        secret_hash = digest(token)
        known = self._remembered.get(secret_hash)
        if known is None or known.until <= time.monotonic():
            known = await self._look_up(secret_hash)
        if known is None:
            return None
        self._note_use(known)
        return known.caller

    def forget(self, token_id: str) -> None:
        """A token was revoked: do not let it in again from memory."""
        for secret_hash, known in list(self._remembered.items()):
            if known.token_id == token_id:
                del self._remembered[secret_hash]

    async def close(self) -> None:
        """Let the last notes of use be written."""
        await asyncio.gather(*self._writing, return_exceptions=True)

    async def _look_up(self, secret_hash: str) -> _Remembered | None:
        self._remembered.pop(secret_hash, None)
        rows = await self._database.fetch(Sql(_FIND, (secret_hash,)))
        if not rows:
            return None
        workspace_id, token_id, role, last_used_at = rows[0]
        until = time.monotonic() + self._remembered_seconds
        known = _Remembered(Caller(workspace_id, Role(role)), token_id, until, last_used_at or 0)
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[secret_hash] = known
        return known

    def _note_use(self, known: _Remembered) -> None:
        """`last_used_at` is for people, so a minute's truth is enough and nobody waits for it."""
        now = now_ms()
        if now - known.last_used_at < USED_EVERY_MS:
            return
        known.last_used_at = now
        task = asyncio.create_task(self._write_use(known, now), name="token-used")
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write_use(self, known: _Remembered, now: int) -> None:
        with suppress(Busy):
            await self._database.run(_used(known.caller.workspace_id, known.token_id, now))


def _used(workspace_id: int, token_id: str, now: int) -> Transaction[None]:
    yield Sql(_USED, (workspace_id, token_id, now, now - USED_EVERY_MS))


async def add_token(database: Database, workspace_id: int, name: str) -> tuple[ApiToken, str]:
    """A new token's row, and the token itself, which can never be read again."""
    token = TOKEN_PREFIX + new_secret()
    row = ApiToken(
        workspace_id=workspace_id,
        id=new_id(),
        name=name,
        secret_hash=digest(token),
        created_at=now_ms(),
    )
    async with database.write() as session:
        session.add(row)
    return row, token


async def list_tokens(
    database: Database, workspace_id: int, *, before: str | None, limit: int
) -> list[ApiToken]:
    """Tokens that work, newest first, older than the id `before`."""
    wanted = (
        select(ApiToken)
        .where(ApiToken.workspace_id == workspace_id, col(ApiToken.revoked_at).is_(None))
        .order_by(col(ApiToken.id).desc())
        .limit(limit)
    )
    if before:
        wanted = wanted.where(col(ApiToken.id) < before)
    async with database.read() as session:
        return list(await session.exec(wanted))


async def revoke_token(database: Database, workspace_id: int, token_id: str) -> None:
    """End a token. Raises `NotFound` where this workspace has none of that id."""
    async with database.write() as session:
        row = await session.get(ApiToken, (workspace_id, token_id))
        if row is None or row.revoked_at is not None:
            raise NotFound("There is no such API token.")
        row.revoked_at = now_ms()
        session.add(row)
