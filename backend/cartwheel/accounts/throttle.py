"""Slows down guessing of passwords: per account and per network address, kept in the database.

An attempt is counted before the password is looked at and forgiven when it fits, so a burst of
parallel guesses cannot pass while none of them has failed yet.
"""

import ipaddress
from dataclasses import dataclass

from cartwheel.accounts.random_secrets import digest
from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.errors import Problem
from cartwheel.statements import Sql, Transaction

FIRST_BLOCK_MS = 30_000
LONGEST_BLOCK_MS = 15 * 60_000
FORGOTTEN_AFTER_MS = 60 * 60_000
TABLE_KEEPS_MS = 24 * 60 * 60_000

_COUNT = """
INSERT INTO login_throttle (key, failures, blocked_until, updated_at) VALUES ($1, 1, 0, $2)
ON CONFLICT (key) DO UPDATE SET
  failures = CASE WHEN login_throttle.updated_at < $3 THEN 1 ELSE login_throttle.failures + 1 END,
  updated_at = $2
RETURNING failures, blocked_until
"""


class TooManyAttempts(Problem):
    """Signing in failed too often. Wait a while."""

    status, code = 429, "too_many_attempts"


@dataclass(frozen=True, slots=True)
class Throttle:
    """One thing whose attempts are counted, how many are free before it is blocked, and what is
    said then."""

    key: str
    free_failures: int
    words: str = "Signing in failed too often."


def account_throttle(name: str) -> Throttle:
    """For one account, by what a person types or by id. Stored hashed: it may be any text."""
    return Throttle(f"account:{digest(name.strip().lower())}", 5)


def address_throttle(address: str) -> Throttle:
    """For one network address; an IPv6 customer has a whole /64."""
    try:
        network = ipaddress.ip_network((address, 64 if ":" in address else 32), strict=False)
    except ValueError:
        return Throttle("address:unknown", 20)
    return Throttle(f"address:{network}", 20)


async def count_attempt(database: Database, throttles: tuple[Throttle, ...]) -> None:
    """Count one attempt. Raises `TooManyAttempts`, and counts nothing, while one is blocked."""
    await database.run(_count(throttles, now_ms()))


async def forgive(database: Database, throttles: tuple[Throttle, ...]) -> None:
    """The password was right: what was counted for it does not stand."""
    await database.run(_forgive(throttles))


def _count(throttles: tuple[Throttle, ...], now: int) -> Transaction[None]:
    yield from count_within(throttles, now)


def count_within(throttles: tuple[Throttle, ...], now: int) -> Transaction[None]:
    """The same inside the transaction of what is counted, which is undone with it."""
    for throttle in throttles:
        rows = yield Sql(_COUNT, (throttle.key, now, now - FORGOTTEN_AFTER_MS))
        failures, blocked_until = rows[0]
        if blocked_until > now:
            raise _blocked(throttle, blocked_until - now)
        if failures >= throttle.free_failures:
            until = now + _block_ms(failures - throttle.free_failures)
            yield Sql(
                "UPDATE login_throttle SET blocked_until = $2 WHERE key = $1", (throttle.key, until)
            )


def _block_ms(beyond: int) -> int:
    return min(FIRST_BLOCK_MS << min(beyond, 10), LONGEST_BLOCK_MS)


def _blocked(throttle: Throttle, remaining_ms: int) -> TooManyAttempts:
    seconds = -(-remaining_ms // 1000)
    return TooManyAttempts(
        f"{throttle.words} Try again in {seconds} seconds.",
        headers={"Retry-After": str(seconds)},
    )


def _forgive(throttles: tuple[Throttle, ...]) -> Transaction[None]:
    """The account starts afresh; an address only gets back this one attempt."""
    account, *others = throttles
    yield Sql("DELETE FROM login_throttle WHERE key = $1", (account.key,))
    for throttle in others:
        yield Sql(
            "UPDATE login_throttle SET failures = failures - 1, blocked_until = 0"
            " WHERE key = $1 AND failures > 0",
            (throttle.key,),
        )
