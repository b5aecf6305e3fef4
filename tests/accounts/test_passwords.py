"""Passwords: argon2id, off the event loop, a few at a time."""

import asyncio

import pytest

from cartwheel.accounts import passwords
from cartwheel.errors import Busy


async def test_a_password_is_stored_as_argon2id() -> None:
    assert (await passwords.hash_password("correct horse")).startswith("$argon2id$")


async def test_only_the_right_password_fits() -> None:
    stored = await passwords.hash_password("correct horse")
    assert await passwords.password_fits(stored, "correct horse")
    assert not await passwords.password_fits(stored, "correct hoarse")


async def test_composed_and_decomposed_letters_are_the_same_password() -> None:
    stored = await passwords.hash_password("zażółć gęślą jaźń")
    assert await passwords.password_fits(
        stored, "zaz\u0307o\u0301łc\u0301 ge\u0328s\u0301la\u0328 jaz\u0301n\u0301"
    )


async def test_nobody_has_a_password_that_fits() -> None:
    assert not await passwords.password_fits(None, "a password that nobody has")


async def test_a_hash_made_with_weaker_settings_is_outdated() -> None:
    old = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21l$" + "A" * 43
    assert passwords.is_outdated(old)
    assert not passwords.is_outdated(await passwords.hash_password("correct horse"))


async def test_a_crowd_is_asked_to_come_back_instead_of_filling_the_memory() -> None:
    attempts = [passwords.hash_password("x") for _ in range(passwords.MAX_WAITING + 1)]
    answers = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(isinstance(answer, Busy) for answer in answers) == 1


async def test_the_event_loop_runs_on_while_a_password_is_checked() -> None:
    checking = asyncio.create_task(passwords.hash_password("correct horse"))
    await asyncio.sleep(0)
    assert not checking.done()
    await checking


@pytest.mark.parametrize("password", ["\ud800", "x" * 200, "🛒" * 50])
async def test_any_text_can_be_a_password(password: str) -> None:
    stored = await passwords.hash_password(password)
    assert await passwords.password_fits(stored, password)
