"""Carries a step's act outside, once, and knows afterwards how it ended.

Before the request leaves, it is written down with its key (`sending`) and committed. Whoever finds
an act in `sending` after a crash does not guess: the node's delivery class decides.

    keyed   the provider knows the key: the same request goes out again
    plain   nobody can know: the step ends with `outcome_unknown`, unless the workflow says that
            a message twice is better than none (`settings.on_unknown = "send_again"`)

A message for the sandbox is a row in our own book, committed together with its step; it needs no
intent, because it cannot half happen.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from cartwheel import failpoints
from cartwheel.clock import now_ms
from cartwheel.database import dump_json
from cartwheel.node_sdk import (
    ConnectionInfo,
    HttpRequest,
    Json,
    NodeError,
    OutboxMessage,
    Request,
    Response,
    RetryLater,
)
from cartwheel.runs.effects import (
    KEYED,
    StoredEffect,
    read_request,
    read_response,
    request_json,
    response_json,
)
from cartwheel.runs.execution import StepKey
from cartwheel.runs.models import EffectStatus
from cartwheel.runs.plan import PlannedStep
from cartwheel.runs.rows import EffectRow, MessageRow
from cartwheel.runs.tokens import OUTCOME_UNKNOWN


class Transport(Protocol):
    """The way out for one workspace: picks connections, adds secrets, sends.

    `deliver` raises `RetryLater` when nothing can have happened outside, `MaybeSent` when the
    request may have arrived but no answer came, and `NodeError` for what is final.
    """

    def choose(self, planned: PlannedStep, config: Mapping[str, Json]) -> ConnectionInfo | None: ...

    async def deliver(
        self, connection: ConnectionInfo | None, request: Request, key: str
    ) -> Response: ...


class MaybeSent(Exception):
    """The request may have arrived, and no answer tells. The message is for the merchant."""


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
        send_again_when_unknown: bool = False,
    ) -> None:
        self._transport, self._commit_intent = transport, commit_intent
        self._known = dict(known)
        self._workflow_id = workflow_id
        self._send_again = send_again_when_unknown
        self._acts: dict[str, Act] = {}

    def connection(self, planned: PlannedStep, config: Mapping[str, Json]) -> ConnectionInfo | None:
        return self._transport.choose(planned, config)

    async def fetch(
        self,
        step: StepKey,  # noqa: ARG002  (the simulator's carrier needs both)
        planned: PlannedStep,  # noqa: ARG002
        connection: ConnectionInfo | None,
        request: HttpRequest,
    ) -> Response:
        try:
            return await self._transport.deliver(connection, request, "")
        except MaybeSent as error:
            raise NodeError(str(error), code="no_answer", fix="Retry the run later.") from None

    async def send(
        self,
        step: StepKey,
        planned: PlannedStep,
        connection: ConnectionInfo | None,
        request: Request | OutboxMessage,
        effect_key: str,
    ) -> Response:
        if isinstance(request, OutboxMessage):
            return self._to_outbox(step, request, effect_key)
        before = self._known.get(effect_key)
        if before is not None and before.status == EffectStatus.SENT:
            return read_response(before.response)
        delivery = planned.node_type.delivery if planned.node_type else "plain"
        if before is not None and before.is_in_doubt and not self._may_repeat(delivery):
            raise _unknown()
        return await self._act(step, planned, connection, request, effect_key, before)

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

    async def _act(
        self,
        step: StepKey,
        planned: PlannedStep,
        connection: ConnectionInfo | None,
        request: Request,
        effect_key: str,
        before: StoredEffect | None,
    ) -> Response:
        """What leaves is what was written down first, also when it leaves again."""
        if before is not None:
            request = read_request(before.request)
        row = _intent(step, planned, connection, request, effect_key, before)
        act = self._acts[effect_key] = Act(row)
        try:
            await self._commit_intent(row)
        except BaseException:  # Not written down, so it does not leave and has no end to tell.
            del self._acts[effect_key]
            raise
        failpoints.hit("effect", "before_sending")
        try:
            act.answer = await self._transport.deliver(connection, request, effect_key)
        except MaybeSent as error:
            act.in_doubt = True
            raise self._after_doubt(row.delivery, str(error)) from None
        failpoints.hit("effect", "after_answer")
        return act.answer

    def _after_doubt(self, delivery: str, message: str) -> Exception:
        return RetryLater(message) if self._may_repeat(delivery) else _unknown(message)

    def _may_repeat(self, delivery: str) -> bool:
        return delivery == KEYED or self._send_again

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
    return EffectStatus.REFUSED


def _intent(
    step: StepKey,
    planned: PlannedStep,
    connection: ConnectionInfo | None,
    request: Request,
    effect_key: str,
    before: StoredEffect | None,
) -> EffectRow:
    return EffectRow(
        id=effect_key,
        node_id=step.node_id,
        iteration=step.iteration,
        round=step.round,
        delivery=planned.node_type.delivery if planned.node_type else "plain",
        status=EffectStatus.SENDING.value,
        connection_id=connection.id if connection else None,
        request=before.request if before else dump_json(request_json(request)),
        response=None,
        attempts=before.attempts + 1 if before else 1,
        started_at=before.started_at if before else now_ms(),
        finished_at=None,
    )


def _unknown(why: str = "") -> NodeError:
    reason = f" {why}" if why else ""
    return NodeError(
        f"Nobody can tell whether this was done.{reason}",
        code=OUTCOME_UNKNOWN,
        fix="Look at the other side. If it did not arrive, retry the run and choose to send again.",
    )
