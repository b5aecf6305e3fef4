"""Many writers, one commit; one bad item harms nobody else."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from cartwheel.errors import Busy, Crossed
from cartwheel.group_commit import GroupCommit
from cartwheel.statements import Transaction


class Book:
    """Plays transactions in memory; `refusals` are raised first."""

    def __init__(self, *refusals: Exception) -> None:
        self.refusals = list(refusals)
        self.groups: list[list[int]] = []

    async def run(self, transaction: Transaction[Any]) -> Any:
        await asyncio.sleep(0)
        if self.refusals:
            transaction.close()
            raise self.refusals.pop(0)
        try:
            while True:
                next(transaction)
        except StopIteration as end:
            self.groups.append(end.value)
            return end.value


def doubled(items: Sequence[int]) -> Transaction[list[int]]:
    if 13 in items:
        raise ValueError("13 cannot be written")
    yield from ()
    return [2 * item for item in items]


def commits(book: Book, **settings: Any) -> GroupCommit[int, int]:
    return GroupCommit(book, doubled, **settings)  # type: ignore[arg-type]


async def test_what_arrives_together_is_written_together() -> None:
    book = Book()
    group = commits(book)
    answers = await asyncio.gather(*(group.submit(number) for number in range(20, 70)))
    assert answers == [2 * number for number in range(20, 70)]
    assert len(book.groups) <= 2


async def test_a_bad_item_fails_alone() -> None:
    group = commits(Book())
    answers = await asyncio.gather(
        *(group.submit(number) for number in range(10, 20)), return_exceptions=True
    )
    assert [type(answer) for answer in answers].count(ValueError) == 1
    assert isinstance(answers[3], ValueError)
    assert answers[:3] == [20, 22, 24]


async def test_two_groups_that_crossed_are_written_at_the_second_try() -> None:
    group = commits(Book(Crossed("crossed")))
    assert await group.submit(4) == 8


async def test_a_busy_book_refuses_everybody_and_is_asked_again_by_them() -> None:
    book = Book(Busy("locked"))
    group = commits(book)
    answers = await asyncio.gather(
        *(group.submit(number) for number in range(5)), return_exceptions=True
    )
    assert all(isinstance(answer, Busy) for answer in answers)
    assert await group.submit(1) == 2


async def test_too_much_at_once_is_refused_before_anything_is_written() -> None:
    group = commits(Book(), backlog=3)
    answers = await asyncio.gather(
        *(group.submit(number) for number in range(5)), return_exceptions=True
    )
    assert [isinstance(answer, Busy) for answer in answers] == [False, False, False, True, True]


async def test_closing_writes_what_is_waiting() -> None:
    book = Book()
    group = commits(book, patience_seconds=10.0)
    waiting = [asyncio.create_task(group.submit(number, can_wait=True)) for number in range(3)]
    await asyncio.sleep(0)
    await group.close()
    assert [await each for each in waiting] == [0, 2, 4]


async def test_what_can_wait_is_written_with_the_next_that_cannot() -> None:
    book = Book()
    group = commits(book, patience_seconds=10.0)
    patient = asyncio.create_task(group.submit(1, can_wait=True))
    await asyncio.sleep(0.01)
    assert book.groups == []
    assert (await group.submit(2), await patient) == (4, 2)
    assert book.groups == [[2, 4]]


async def test_what_can_wait_is_written_after_a_while_all_the_same() -> None:
    group = commits(Book(), patience_seconds=0.01)
    assert await group.submit(1, can_wait=True) == 2


async def test_a_writer_that_went_away_does_not_hold_up_the_others() -> None:
    group = commits(Book(), patience_seconds=10.0)
    gone = asyncio.create_task(group.submit(1))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await group.submit(2) == 4
