"""Many writers, one commit: whatever arrived while the last commit ran goes into the next one.

A commit costs one disk flush however much stands in it, so this is where the speed comes from.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

from cartwheel import tally
from cartwheel.database import Database
from cartwheel.errors import Busy, Crossed
from cartwheel.statements import Transaction

Item = TypeVar("Item")
Result = TypeVar("Result")


class GroupCommit(Generic[Item, Result]):
    """Collects items and commits them in groups.

    `transaction` writes a group and returns one result per item, in order. `submit` raises `Busy`
    when the database is locked, full or away (nothing of the item was written) or when `backlog`
    items are waiting already, and whatever `transaction` raises for an item that stands alone: a
    failing group is halved until the bad item is found, and the others are written.

    An item that `can_wait` is committed with the next one that cannot, or after `patience_seconds`:
    where each commit is a flush of the disk, what nobody waits for should not stand in the way.
    """

    def __init__(
        self,
        database: Database,
        transaction: Callable[[Sequence[Item]], Transaction[list[Result]]],
        *,
        largest: int = 256,
        backlog: int = 5_000,
        patience_seconds: float = 0.0,
    ) -> None:
        self._database, self._transaction = database, transaction
        self._largest, self._backlog, self._patience = largest, backlog, patience_seconds
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._arrived, self._urgent = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self.commits = 0
        self._name = getattr(getattr(transaction, "func", transaction), "__name__", "group")

    async def submit(self, item: Item, *, can_wait: bool = False) -> Result:
        """Write the item; the answer comes when it is committed."""
        if len(self._waiting) >= self._backlog:
            raise Busy("Too much is arriving at once. Nothing was accepted; try again in a moment.")
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._commit_groups(), name="group-commit")
        answer: asyncio.Future[Result] = self._task.get_loop().create_future()
        self._waiting.append((item, answer))
        self._arrived.set()
        if not can_wait:
            self._urgent.set()
        return await answer

    async def close(self) -> None:
        """Commit what is waiting, then stop."""
        self._closing = True
        self._arrived.set()
        self._urgent.set()
        if self._task:
            await self._task

    async def _commit_groups(self) -> None:
        while self._waiting or not self._closing:
            await self._arrived.wait()
            await self._have_patience()
            group, self._waiting = self._waiting[: self._largest], self._waiting[self._largest :]
            if not self._waiting and not self._closing:
                self._arrived.clear()
                self._urgent.clear()
            await self._commit(group)

    async def _have_patience(self) -> None:
        """Until something comes that cannot wait, or all has waited long enough."""
        if self._patience and not self._urgent.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience):
                    await self._urgent.wait()

    async def _commit(self, group: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        if not group:
            return
        try:
            results = await self._write([item for item, _ in group])
        except Exception as error:  # noqa: BLE001  (handed to whoever waits for the item)
            await self._separate(group, error)
            return
        self.commits += 1
        tally.add("commits", self._name)
        for (_, answer), result in zip(group, results, strict=True):
            if not answer.done():
                answer.set_result(result)

    async def _write(self, items: Sequence[Item]) -> list[Result]:
        """Once more where two groups of two processes stood in each other's way."""
        try:
            return await self._database.run(self._transaction(items))
        except Crossed:
            return await self._database.run(self._transaction(items))

    async def _separate(
        self, group: list[tuple[Item, asyncio.Future[Result]]], error: Exception
    ) -> None:
        """Halve a failing group; a busy database refuses all alike, so halving would not help."""
        if len(group) > 1 and not isinstance(error, Busy):
            middle = len(group) // 2
            await self._commit(group[:middle])
            await self._commit(group[middle:])
            return
        for _, answer in group:
            if not answer.done():
                answer.set_exception(error)
