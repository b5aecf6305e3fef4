"""Carries a step's act outside, once, and knows afterwards how it ended.

Before the request leaves, it is written down with its key (`sending`) and committed. Whoever finds
an act in `sending` after a crash, or one whose answer never came, does not guess: the node's
delivery class decides (docs/decisions/0016-acts-in-doubt.md).

    keyed   the provider knows the key: the same request goes out again, as long as it does
    lookup  the provider is asked: it happened, it surely did not (then it goes out again), or
            nobody can tell
    plain   nobody can know: the step ends with `outcome_unknown`, unless the workflow says that
            a message twice is better than none (`settings.on_unknown = "send_again"`)

A message for the sandbox is a row in our own book, committed together with its step; it needs no
intent, because it cannot half happen.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from cartwheel import failpoints
from cartwheel.catalog import lookups
from cartwheel.catalog.refusals import refusal
from cartwheel.clock import SystemClock, from_ms, now_ms
from cartwheel.database import dump_json
from cartwheel.node_sdk import (
    NOT_AUTHORISED,
    ConnectionInfo,
    FindRows,
    HttpRequest,
    InDoubt,
    Json,
    NodeError,
    OutboxMessage,
    RecordCommand,
    Request,
    Response,
    RetryLater,
)
from cartwheel.runs.doorway import Visitor
from cartwheel.runs.effect_status import EffectStatus
from cartwheel.runs.effects import (
    StoredEffect,
    read_request,
    read_response,
    request_json,
    response_json,
)
from cartwheel.runs.execution import StepKey
from cartwheel.runs.keeping import Keeper
from cartwheel.runs.mishaps import OUR_BUG
from cartwheel.runs.patience import (
    KEYED,
    LOOKUP,
    PutOff,
    StillInDoubt,
    after_doubt,
    key_counts,
    unknown,
)
from cartwheel.runs.plan import PlannedStep
from cartwheel.runs.rows import EffectRow, MessageRow
from cartwheel.runs.tokens import OUTCOME_UNKNOWN

_CLOCK = SystemClock()


class Transport(Protocol):
    """The way out for one workspace: picks connections, adds secrets, sends.

    `place` is room for one call, held for its block; it raises `PutOff` where there is none just
    now, or the connection may not be used. `deliver` raises
    `RetryLater` when nothing can have happened outside, `InDoubt` when the request may have arrived
    but no answer came, and `NodeError` for what is final. `heed` takes in what a provider said
    about the connection itself, and raises `PutOff` where runs must wait until it is mended.
    """

    def choose(self, planned: PlannedStep, config: Mapping[str, Json]) -> ConnectionInfo | None: ...

    def place(
        self, connection: ConnectionInfo | None, request: Request, who: Visitor
    ) -> AbstractAsyncContextManager[None]: ...

    async def deliver(
        self, connection: ConnectionInfo | None, request: Request, key: str
    ) -> Response: ...

    async def heed(self, connection: ConnectionInfo, error: NodeError | RetryLater) -> None: ...


@dataclass(slots=True)
class Act:
    """One act of this journey: its row, and whether its outcome is in doubt."""

    row: EffectRow
    message: MessageRow | None = None
    answer: Response | None = None
    in_doubt: bool = False


class WorkerCarrier:
    """The worker's way of acting. `commit_intent` writes a row in `sending` and awaits it."""

    def __init__(
        self,
        transport: Transport,
        commit_intent: Callable[[EffectRow], Awaitable[None]],
        known: Mapping[str, StoredEffect],
        workflow_id: str,
        *,
        keeper: Keeper | None = None,
        send_again_when_unknown: bool = False,
    ) -> None:
        self._transport, self._commit_intent = transport, commit_intent
        self._keeper = keeper
        self._known = dict(known)
        self._workflow_id = workflow_id
        self._send_again = send_again_when_unknown
        self._acts: dict[str, Act] = {}

    def now(self) -> datetime:
        return _CLOCK.now()

    def connection(self, planned: PlannedStep, config: Mapping[str, Json]) -> ConnectionInfo | None:
        return self._transport.choose(planned, config)

    async def heed(self, connection: ConnectionInfo, error: NodeError | RetryLater) -> None:
        await self._transport.heed(connection, error)

    async def fetch(
        self,
        step: StepKey,
        planned: PlannedStep,  # noqa: ARG002  (the simulator's carrier needs it)
        connection: ConnectionInfo | None,
        request: HttpRequest,
    ) -> Response:
        async with self._transport.place(connection, request, _visitor(step)):
            return await self._transport.deliver(connection, request, "")

    async def find_rows(self, step: StepKey, wanted: FindRows) -> Mapping[str, Json]:  # noqa: ARG002
        return await self._own_records().find(wanted)

    async def keep(self, step: StepKey, command: RecordCommand) -> Mapping[str, Json]:
        return await self._own_records().keep(step, command)

    def _own_records(self) -> Keeper:
        if self._keeper is None:
            raise RuntimeError("this carrier was made without tables")
        return self._keeper

    async def send(
        self,
        step: StepKey,
        planned: PlannedStep,
        config: Mapping[str, Json],
        connection: ConnectionInfo | None,
        request: Request | OutboxMessage,
    ) -> Response:
        if isinstance(request, OutboxMessage):
            return self._to_outbox(step, request, step.effect_key)
        before = self._known.get(step.effect_key)
        if before is not None and before.status == EffectStatus.SENT:
            return read_response(before.response)
        row = _intent(step, planned, connection, request, before)
        if before is not None and before.is_in_doubt:
            found = await self._settle(step, planned, config, connection, row, before)
            if found is not None:
                return found
        stored = request if before is None else read_request(row.request)
        async with self._transport.place(connection, stored, _visitor(step)):
            return await self._act(connection, stored, row)

    def doubt(self, planned: PlannedStep, effect_key: str, message: str) -> NodeError | RetryLater:
        """What follows where nobody can tell how the act under this key ended."""
        act = self._acts.get(effect_key)
        if act is not None:
            act.in_doubt = True
        return after_doubt(_delivery(planned), message, send_again=self._send_again)

    def is_acting(self, effect_key: str) -> bool:
        """The act was written down and not closed yet, so it may be on its way."""
        return effect_key in self._acts

    def close(self, effect_key: str, code: str | None) -> Act | None:
        """The act of a step that has come to a result; `code` is its failure's, None if it went
        well, `later` if it was put off. Returns the rows to write, or None if it did not act."""
        act = self._acts.pop(effect_key, None)
        if act is None or act.message is not None:
            return act
        status = _final_status(act, code)
        row = replace(act.row, status=status.value, finished_at=now_ms())
        if act.answer is not None:
            row = replace(row, response=dump_json(response_json(act.answer)))
        self._known[effect_key] = StoredEffect(
            status.value, row.request, row.response, row.attempts, row.started_at
        )
        return replace(act, row=row)

    async def _settle(
        self,
        step: StepKey,
        planned: PlannedStep,
        config: Mapping[str, Json],
        connection: ConnectionInfo | None,
        row: EffectRow,
        before: StoredEffect,
    ) -> Response | None:
        """The answer of an act in doubt that turns out to be done; None: send (it) again.

        Raises `NodeError` where nobody can know, and `RetryLater` or `PutOff` to ask later.
        """
        if row.delivery == LOOKUP:
            found = await self._looked_up(step, planned, config, connection, before)
            if found is not None:
                attempt = replace(row, attempts=before.attempts)
                self._acts[row.id] = Act(attempt, answer=found)
            return found
        known = key_counts(planned.node_type, before.started_at, self.now())
        if self._send_again or (row.delivery == KEYED and known):
            return None
        raise unknown()

    async def _looked_up(
        self,
        step: StepKey,
        planned: PlannedStep,
        config: Mapping[str, Json],
        connection: ConnectionInfo | None,
        before: StoredEffect,
    ) -> Response | None:
        lookup = planned.node_type.lookup if planned.node_type else None
        if lookup is None:
            raise unknown()
        known_at = from_ms(before.started_at) + timedelta(seconds=lookup.after_seconds)
        if self.now() < known_at:
            raise PutOff(known_at, "Waits until the other side can tell whether it was done.")
        question = lookups.ask(lookup, config, connection, step.effect_key)
        try:
            async with self._transport.place(connection, question, _visitor(step)):
                told = await self._transport.deliver(connection, question, "")
            _check(planned, told, self.now())
            return lookups.read_answer(lookup, config, told)
        except InDoubt as error:
            raise StillInDoubt(error.message) from None
        except RetryLater as error:
            raise StillInDoubt(error.message, after=error.after, pause=error.pause) from None

    async def _act(
        self, connection: ConnectionInfo | None, request: Request, row: EffectRow
    ) -> Response:
        """What leaves is what was written down first, also when it leaves again."""
        act = self._acts[row.id] = Act(row)
        try:
            await self._commit_intent(row)
        except BaseException:  # Not written down, so it does not leave and has no end to tell.
            del self._acts[row.id]
            raise
        failpoints.hit("effect", "before_sending")
        act.answer = await self._transport.deliver(connection, request, row.id)
        failpoints.hit("effect", "after_answer")
        return act.answer

    def _to_outbox(self, step: StepKey, message: OutboxMessage, effect_key: str) -> Response:
        now = now_ms()
        row = EffectRow(
            id=effect_key, node_id=step.node_id, iteration=step.iteration, round=step.round,
            delivery=KEYED, status=EffectStatus.SENT.value, connection_id=None,
            request=dump_json({"kind": "outbox", "channel": message.channel, "to": message.to}),
            response=None, attempts=1, started_at=now, finished_at=now,
        )  # fmt: skip
        written = MessageRow(
            id=effect_key, channel=message.channel, to=message.to, subject=message.subject,
            text=message.text, html=message.html, node_id=step.node_id, iteration=step.iteration,
            workflow_id=self._workflow_id, created_at=now,
        )  # fmt: skip
        self._acts[effect_key] = Act(row, written)
        return Response(status=200, body={"id": effect_key})


def _final_status(act: Act, code: str | None) -> EffectStatus:
    if code is None:
        return EffectStatus.SENT
    if act.in_doubt or code == OUTCOME_UNKNOWN:
        return EffectStatus.UNKNOWN
    if code == OUR_BUG.code:  # We stumbled over the answer; the act itself is not undone by that.
        done = act.answer is not None and 200 <= act.answer.status < 300
        return EffectStatus.SENT if done else EffectStatus.UNKNOWN
    return EffectStatus.REFUSED


def _visitor(step: StepKey) -> Visitor:
    return Visitor(step.effect_key, step.run_id, step.node_id, step.iteration)


def _delivery(planned: PlannedStep) -> str:
    return planned.node_type.delivery if planned.node_type else "plain"


def _check(planned: PlannedStep, told: Response, now: datetime) -> None:
    """Raises for an answer that is about the connection or the pace, not about the act."""
    refused = refusal(planned.node_type.refusals, told, now) if planned.node_type else None
    if isinstance(refused, RetryLater):
        raise refused
    if isinstance(refused, NodeError) and refused.code == NOT_AUTHORISED:
        raise refused


def _intent(
    step: StepKey,
    planned: PlannedStep,
    connection: ConnectionInfo | None,
    request: Request,
    before: StoredEffect | None,
) -> EffectRow:
    """The row of an attempt. Where a key counts it keeps the time of the first one."""
    delivery = _delivery(planned)
    return EffectRow(
        id=step.effect_key,
        node_id=step.node_id,
        iteration=step.iteration,
        round=step.round,
        delivery=delivery,
        status=EffectStatus.SENDING.value,
        connection_id=connection.id if connection else None,
        request=before.request if before else dump_json(request_json(request)),
        response=None,
        attempts=before.attempts + 1 if before else 1,
        started_at=before.started_at if before and delivery == KEYED else now_ms(),
        finished_at=None,
    )
