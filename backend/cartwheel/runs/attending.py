"""What a run waits for outside of itself: events, people, and the runs of workflows it called.

Everything here may be asked again at any time: what was found stands in the book, and a called
run has the same id whoever starts it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import orjson

from cartwheel.clock import now_ms, to_ms
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.node_sdk import Json
from cartwheel.runs.asked import awaits_person, outcome, woken_by
from cartwheel.runs.asking import closed_of, items_of, people_of, read_people, time_out
from cartwheel.runs.awaited import (
    LOOK_BACK_MS,
    awaits_event,
    document_of,
    is_awaited,
)
from cartwheel.runs.awaiting import armed_waits, events_between, heard_by, mark_heard, who_heard
from cartwheel.runs.calling import Callings
from cartwheel.runs.claims import ClaimedRun, RoutedEvent
from cartwheel.runs.flow import Flow
from cartwheel.runs.scope import contact_of
from cartwheel.runs.tokens import Outcome, Token, TokenState, WakeReason, Woken

BUSY_WAIT_SECONDS = 0.5
ARMED_LATE_MS = 600_000
"""How long after it began a wait may have become visible to routing, if a worker died meanwhile."""


def waits_outside(token: Token) -> bool:
    """Whether the token goes on with an event, an answer, or the end of another run."""
    return token.state is TokenState.CALLING or awaits_event(token) or awaits_person(token)


class Attendant:
    """Looks for one run whether what its tokens wait for has come."""

    def __init__(
        self,
        database: Database,
        callings: Callings,
        flow: Flow,
        run: ClaimedRun,
        event: RoutedEvent,
    ) -> None:
        self._database, self._callings, self._flow = database, callings, flow
        self._run, self._event = run, event
        self._place = (run.workspace_id, run.id)

    async def look(self, tokens: Sequence[Token]) -> list[Outcome]:
        """What has come for these tokens, whose waits stand in the book. Starts their calls.

        A database that is locked or away is waited for: a run in hand must not begin anew.
        """
        while True:
            try:
                return await self._look(tokens)
            except Busy:
                await asyncio.sleep(BUSY_WAIT_SECONDS)

    async def _look(self, tokens: Sequence[Token]) -> list[Outcome]:
        found = await self._heard([token for token in tokens if awaits_event(token)])
        found += await self._answered([token for token in tokens if awaits_person(token)])
        for token in tokens:
            if token.state is TokenState.CALLING:
                result = await self._callings.look(self._run, self._event, token)
                found += [Outcome(token.id, result)] if result is not None else []
        return found

    async def _answered(self, tokens: Sequence[Token]) -> list[Outcome]:
        if not tokens:
            return []
        place, now = (self._run.workspace_id, self._run.id), now_ms()
        if any(token.wake_at is not None and to_ms(token.wake_at) <= now for token in tokens):
            await self._database.run(time_out(*place, now))
        rows = await self._database.fetch(closed_of(*place))
        closed = {row[0]: (row[1], row[2]) for row in rows}
        return [
            Outcome(token.id, await self._answer(token, *closed[token.id]))
            for token in tokens
            if token.id in closed
        ]

    async def _answer(self, token: Token, approval_id: str, status: str) -> Woken:
        place = (self._run.workspace_id, approval_id)
        people = read_people(await self._database.fetch(people_of(*place)))
        items = [(row[0], row[1]) for row in await self._database.fetch(items_of(*place))]
        woken = woken_by(status, outcome(status, people, items))
        # Somebody else ended the wait; the trace says who it was.
        said = (token.wait or {}).get("said")
        return replace(woken, words=said) if said and status == "timed_out" else woken

    async def _heard(self, tokens: Sequence[Token]) -> list[Outcome]:
        if not tokens:
            return []
        await self._look_back(tokens)
        rows = await self._database.fetch(heard_by(*self._place, [token.id for token in tokens]))
        data = {row[0]: orjson.loads(row[2]) for row in rows}
        return [
            Outcome(token.id, Woken(WakeReason.EVENT, data[token.id]))
            for token in tokens
            if token.id in data
        ]

    async def _look_back(self, tokens: Sequence[Token]) -> None:
        waits = armed_waits(*self._place, [token.id for token in tokens])
        armed = dict(tuple(row) for row in await self._database.fetch(waits))
        found = [
            (self._run.id, token.id, event_id)
            for token in tokens
            if token.id in armed and (event_id := await self._early_event(token, armed[token.id]))
        ]
        if found:
            await self._database.run(mark_heard(self._run.workspace_id, found))

    async def _early_event(self, token: Token, armed_at: int) -> str | None:
        """The oldest event that fits and that no wait before this one has heard."""
        match = (token.wait or {})["match"]
        since = armed_at - LOOK_BACK_MS
        if match.get("later"):
            since = self._event.received_at
        rows = await self._database.fetch(
            events_between(
                self._run.workspace_id, match, since,
                min(armed_at + ARMED_LATE_MS, now_ms() + 1),
            )
        )  # fmt: skip
        for event_id, data, contact in map(tuple, rows):
            is_new = event_id != self._event.id and _fits(match, data, contact)
            if is_new and not await self._was_heard_before(token, event_id):
                return str(event_id)
        return None

    async def _was_heard_before(self, token: Token, event_id: str) -> bool:
        """Whether a step that leads to this one heard the event; one beside it may have, too."""
        heard = await self._database.fetch(who_heard(*self._place, event_id))
        return any(self._flow.leads(row[0], token.node_id) for row in heard)


def _fits(match: Mapping[str, Json], text: str, contact: str | None) -> bool:
    data = orjson.loads(text)
    return is_awaited(match, match["type"], document_of(data, contact_of(data, contact)))
