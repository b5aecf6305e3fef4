"""Passwords as argon2id hashes, computed off the event loop and never more than a few at once."""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from cartwheel.errors import Busy

MIN_CHARACTERS = 10
MAX_CHARACTERS = 200
AT_ONCE = 2
MAX_WAITING = 32
T = TypeVar("T")

# OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_threads = ThreadPoolExecutor(AT_ONCE, "password")
_under_way = 0  # one bound for the process, touched only on its one event loop


async def hash_password(password: str) -> str:
    """The hash to store. Raises `Busy` when too many are being computed."""
    return await _off_the_loop(lambda: _hasher.hash(_normal(password)))


async def password_fits(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind the hash. None takes the same time and never fits."""
    fits = await _off_the_loop(lambda: _fits(stored or _nobodys_hash(), password))
    return fits and stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)


def _fits(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, _normal(password))
    except (Argon2Error, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    """Checked for addresses we do not know, so that the answer's time does not tell them apart."""
    return _hasher.hash("a password that nobody has")


def _normal(password: str) -> bytes:
    """The same password from every keyboard: composed and decomposed letters are one."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


async def _off_the_loop(work: Callable[[], T]) -> T:
    global _under_way
    if _under_way >= MAX_WAITING:
        raise Busy("Too many people are signing in just now. Try again in a moment.")
    _under_way += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, work)
    finally:
        _under_way -= 1
