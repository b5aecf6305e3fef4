"""What is kept for some seconds, and how a crowd reads it."""

import asyncio

import pytest

from cartwheel.remembered import Remembered


class Book:
    """Answers when it is told to, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.says = "first"
        self.may_answer = asyncio.Event()

    async def read(self, key: str) -> str:
        self.asked += 1
        said = f"{key}: {self.says}"
        await self.may_answer.wait()
        return said

    async def is_asked(self, times: int) -> None:
        while self.asked < times:  # noqa: ASYNC110  (a turn of the loop each)
            await asyncio.sleep(0)


async def test_a_crowd_reads_once() -> None:
    book = Book()
    remembered = Remembered(book.read, 60)
    crowd = [asyncio.create_task(remembered.get("a")) for _ in range(100)]
    await book.is_asked(1)
    book.may_answer.set()
    assert set(await asyncio.gather(*crowd)) == {"a: first"}
    assert await remembered.get("a") == "a: first"
    assert book.asked == 1


async def test_what_grew_old_is_read_again() -> None:
    book = Book()
    book.may_answer.set()
    remembered = Remembered(book.read, 0)
    await remembered.get("a")
    book.says = "second"
    assert await remembered.get("a") == "a: second"
    assert remembered.known("a") == "a: second"


async def test_a_reading_from_before_a_change_is_not_kept() -> None:
    book = Book()
    remembered = Remembered(book.read, 60)
    before = asyncio.create_task(remembered.get("a"))
    await book.is_asked(1)
    remembered.forget_where(lambda key: key == "a")
    book.says = "second"
    after = asyncio.create_task(remembered.get("a"))
    await book.is_asked(2)
    book.may_answer.set()
    assert await before == "a: first"
    assert await after == "a: second"
    assert await remembered.get("a") == "a: second"


async def test_whoever_gives_up_does_not_stop_the_others() -> None:
    book = Book()
    remembered = Remembered(book.read, 60)
    hasty, patient = (asyncio.create_task(remembered.get("a")) for _ in range(2))
    await book.is_asked(1)
    hasty.cancel()
    book.may_answer.set()
    assert await patient == "a: first"
    with pytest.raises(asyncio.CancelledError):
        await hasty
    assert book.asked == 1


async def test_a_reading_that_fails_is_told_and_tried_again() -> None:
    told = iter([OSError("away"), None])

    async def read(key: str) -> str:
        if (error := next(told)) is not None:
            raise error
        return key

    remembered = Remembered(read, 60)
    with pytest.raises(OSError, match="away"):
        await remembered.get("a")
    assert await remembered.get("a") == "a"
