"""Performs one step: settings filled in and checked, the handler called, its answer judged.

Worker and simulator share all of it. What differs stands behind `Carrier`: the worker's sends,
the simulator's writes down.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Protocol
from uuid import UUID

from cartwheel.catalog.node_type import Handler, NodeType
from cartwheel.catalog.refusals import refusal
from cartwheel.catalog.scope_values import read_value
from cartwheel.expressions.compared import compared
from cartwheel.expressions.problems import RuleError, TemplateError
from cartwheel.node_sdk import (
    END,
    NOT_AUTHORISED,
    ConnectionInfo,
    EmailRequest,
    Emit,
    FindRows,
    HttpRequest,
    InDoubt,
    Json,
    Judgement,
    NodeError,
    OutboxMessage,
    RecordCommand,
    Request,
    Response,
    RetryLater,
    Verdict,
)
from cartwheel.runs.flow import DONE_PORT, Flow
from cartwheel.runs.messages import (
    is_mail,
    is_sandbox,
    outbox_mail,
    outbox_message,
    sandbox_output,
)
from cartwheel.runs.mishaps import NO_NODE_TYPE, NOBODY_KNOWS, OUR_BUG
from cartwheel.runs.patience import PutOff, put_off
from cartwheel.runs.plan import PlannedStep
from cartwheel.runs.templates import Surroundings
from cartwheel.runs.tokens import Failure, Place, Postponed, StepStatus, Token
from cartwheel.values import dataclass

_EFFECTS = UUID("5f0c6f9e-1c1e-5d5a-9d0a-0d6d0c3f7a11")
_MARKS = 5 << 76 | 0b10 << 62
_WITHOUT_MARKS = (1 << 128) - 1 - (0xF << 76) - (0b11 << 62)
_GRACE_SECONDS = 60.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StepKey:
    """Names one act outside: `round` rises when a person has a refused act done anew."""

    run_id: str
    node_id: str
    iteration: str = ""
    round: int = 0

    @property
    def effect_key(self) -> str:
        """The key that the provider and our own book know this act by."""
        parts = (self.run_id, self.node_id, self.iteration, str(self.round))
        return _key("/".join(parts))


@lru_cache(maxsize=4096)
def _key(place: str) -> str:
    """`uuid5` of the place (RFC 9562, section 5.5), asked for several times in a step's life."""
    digest = hashlib.sha1(_EFFECTS.bytes + place.encode(), usedforsecurity=False).digest()
    number = int.from_bytes(digest[:16]) & _WITHOUT_MARKS | _MARKS
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Carrier(Protocol):
    """Carries requests out, or only notes them.

    `send` and `fetch` raise `RetryLater` when nothing has happened outside, `InDoubt` when it may
    have, `PutOff` when it is not the moment, and `NodeError` for everything that is final. `doubt`
    says what follows from a doubt. `heed` takes in what an answer said about the connection itself,
    and raises `PutOff` where the step must wait until it is mended.
    """

    def now(self) -> datetime: ...

    def connection(
        self, planned: PlannedStep, config: Mapping[str, Json]
    ) -> ConnectionInfo | None: ...

    async def send(
        self,
        step: StepKey,
        planned: PlannedStep,
        config: Mapping[str, Json],
        connection: ConnectionInfo | None,
        request: Request | OutboxMessage,
    ) -> Response: ...

    def doubt(
        self, planned: PlannedStep, effect_key: str, message: str
    ) -> NodeError | RetryLater: ...

    async def heed(self, connection: ConnectionInfo, error: NodeError | RetryLater) -> None: ...

    async def fetch(
        self,
        step: StepKey,
        planned: PlannedStep,
        connection: ConnectionInfo | None,
        request: HttpRequest,
    ) -> Response: ...

    async def find_rows(self, step: StepKey, wanted: FindRows) -> Mapping[str, Json]: ...

    async def keep(self, step: StepKey, command: RecordCommand) -> Mapping[str, Json]: ...


@dataclass(frozen=True, slots=True)
class Performed:
    """What a step did. `input` are its settings as they were filled in; `request` is what it
    sent or would have sent, without secrets."""

    result: Verdict | Failure | Postponed
    input: Json = None
    request: Request | OutboxMessage | None = None


async def perform(
    planned: PlannedStep, token: Token, around: Surroundings, carrier: Carrier, run_id: str
) -> Performed:
    """Perform a token's step. Raises nothing: every mishap is a `Failure` or a `Postponed`."""
    if planned.fault is not None or planned.node_type is None:
        return Performed(planned.fault or NO_NODE_TYPE, dict(planned.settings.constant))
    handler = planned.node_type.run
    if handler is None:
        return Performed(Emit(DONE_PORT))
    step = Step(planned, planned.node_type, token, around, carrier, run_id)
    result = await step.outcome(handler)
    return Performed(result, step.config, step.request)


class Step:
    """One performance of one step; the context that its handler sees."""

    def __init__(
        self,
        planned: PlannedStep,
        node_type: NodeType,
        token: Token,
        around: Surroundings,
        carrier: Carrier,
        run_id: str,
    ) -> None:
        self._planned, self._node_type, self._token = planned, node_type, token
        self._around, self._carrier = around, carrier
        self._key = StepKey(run_id, token.node_id, token.iteration, token.round)
        self._sending = self._has_kept = False
        self.config: dict[str, Json] = dict(planned.settings.constant)
        self.request: Request | OutboxMessage | None = None
        self.connection: ConnectionInfo | None = None

    # --- what the handler may know and do ---

    @property
    def scope(self) -> Mapping[str, Json]:
        return self._around.scope

    @property
    def now(self) -> datetime:
        return self._around.now

    @property
    def passes(self) -> int:
        return self._token.passes

    @cached_property
    def effect_key(self) -> str:
        return self._key.effect_key

    async def send(self, request: Request) -> Response:
        if is_sandbox(self._node_type, self.connection) and isinstance(request, EmailRequest):
            return await self._carry(outbox_mail(request))
        return self._judged(await self._carry(request))

    async def fetch(self, request: HttpRequest) -> Response:
        answer = await self._carrier.fetch(self._key, self._planned, self.connection, request)
        return self._judged(answer)

    async def find_rows(self, wanted: FindRows) -> Mapping[str, Json]:
        return await self._carrier.find_rows(self._key, wanted)

    async def keep(self, command: RecordCommand) -> Mapping[str, Json]:
        if self._has_kept:
            raise RuntimeError("a step changes the shop's tables at most once")
        self._has_kept = True
        return await self._carrier.keep(self._key, command)

    @property
    def node_id(self) -> str:
        return self._token.node_id

    def read(self, path: str) -> Json:
        return read_value(self._around.scope, path)

    def evaluate(self, rules: Json) -> Judgement:
        around = self._around
        try:
            judged = self._planned.rules(rules).judge(
                around.scope,
                types=self._planned.types,
                names=self._planned.names,
                locale=around.locale,
                timezone=around.timezone,
                now=around.now,
            )
        except (RuleError, TemplateError) as error:
            raise NodeError(error.message, code="bad_setting") from None
        return Judgement(judged.holds, judged.words, compared(judged.comparisons))

    # --- performing ---

    async def outcome(self, handler: Handler) -> Verdict | Failure | Postponed:
        """The verdict of the handler, or what became of it."""
        try:
            return self._known_port(await self._handled(handler))
        except InDoubt as doubt:
            return await self._doubtful(doubt.message)
        except (NodeError, RetryLater) as error:
            return await self._refused(error)
        except PutOff as error:
            return error.postponed
        except TimeoutError:
            return await self._timed_out()
        except Exception:  # noqa: BLE001  (logged whole; the run goes on without the step)
            _log.exception("Step %s failed by a bug", self._key)
            return NOBODY_KNOWS if self._sending else OUR_BUG

    async def _handled(self, handler: Handler) -> Verdict:
        self.config = self._planned.settings.fill(self._node_type, self._around)
        self.connection = self._chosen_connection()
        if is_sandbox(self._node_type, self.connection) and not is_mail(self._node_type):
            return await self._to_outbox()
        if self._node_type.effect == "none" and self._node_type.request is None:
            return await handler(self, self.config)
        async with asyncio.timeout(self._node_type.timeout_seconds + _GRACE_SECONDS):
            return await handler(self, self.config)

    async def _to_outbox(self) -> Verdict:
        message = outbox_message(self._node_type, self.config)
        answer = await self._carry(message)
        return Emit(DONE_PORT, sandbox_output(self._node_type, self.config, answer))

    def _chosen_connection(self) -> ConnectionInfo | None:
        if not self._node_type.connection_apps:
            return None
        found = self._carrier.connection(self._planned, self.config)
        if found is None and not self._node_type.connection_optional:
            raise NodeError(
                "This step has no connection to work with.",
                code="missing_connection",
                fix="Choose a connection in the step, or add one under Connections.",
            )
        return found

    async def _carry(self, request: Request | OutboxMessage) -> Response:
        if self.request is not None:
            raise RuntimeError("a step acts outside at most once")
        self.request, self._sending = request, True
        try:
            answer = await self._carrier.send(
                self._key, self._planned, self.config, self.connection, request
            )
        except (NodeError, RetryLater, InDoubt, PutOff):
            self._sending = False
            raise
        self._sending = False
        return answer

    def _judged(self, answer: Response) -> Response:
        refused = refusal(self._node_type.refusals, answer, self._carrier.now())
        if refused is not None:
            raise refused
        return answer

    # --- what became of it ---

    def _known_port(self, verdict: Verdict) -> Verdict | Failure:
        if isinstance(verdict, Emit) and verdict.port not in (END, *self._planned.ports):
            _log.error("Step %s left by an unknown port %r", self._key, verdict.port)
            return OUR_BUG
        return verdict

    async def _refused(self, error: NodeError | RetryLater) -> Failure | Postponed:
        """Never, or later; what is about the connection is everybody's who uses it."""
        pause = isinstance(error, RetryLater) and error.pause
        if self.connection is not None and (pause or _is_about_the_connection(error)):
            try:
                await self._carrier.heed(self.connection, error)
            except PutOff as put:
                return put.postponed
        if isinstance(error, NodeError):
            return Failure(error.code, error.message, error.fix)
        plan, now = self._node_type.retry, self._carrier.now()
        return put_off(error, plan, self._token, now, self._spread())

    def _spread(self) -> float:
        """A little more than 1, different for each step."""
        return 1 + int(self.effect_key[:4], 16) / 0xFFFF / 10

    async def _doubtful(self, message: str) -> Failure | Postponed:
        if self.request is None:  # It only read, and reading again does no harm.
            return await self._refused(RetryLater(message))
        error = self._carrier.doubt(self._planned, self.effect_key, message)
        return await self._refused(error)

    async def _timed_out(self) -> Failure | Postponed:
        if self._sending:
            return await self._doubtful("The step took too long.")
        return await self._refused(RetryLater("The step took too long."))


def _is_about_the_connection(error: NodeError | RetryLater) -> bool:
    return isinstance(error, NodeError) and error.code == NOT_AUTHORISED


Recorded = Callable[[Place], tuple[StepStatus, Json] | None]
"""What a driver knows of the step at a place: how it ended and what it gave."""


def collect(flow: Flow, opener: Token, recorded: Recorded) -> dict[str, Json]:
    """What a body's node gives when its last pass has ended: `{"results": [...]}`, one for each
    pass, in the order of the items.

    The result of a pass is the output of its last step: the one furthest along the drawn order
    among those that ran. Steps inside an inner body belong to the inner node's result.
    """
    body = [node_id for node_id in flow.bodies[opener.node_id] if node_id in flow.order]
    backwards = sorted(body, key=flow.order.__getitem__, reverse=True)
    results: list[Json] = []
    for iteration in passes_of(opener):
        found = (recorded((node_id, iteration)) for node_id in backwards)
        ran = (each[1] for each in found if each and each[0] is not StepStatus.SKIPPED)
        results.append(next(ran, None))
    return {"results": results}


def passes_of(opener: Token) -> list[str]:
    """The iterations of all passes through the token's body."""
    prefix = f"{opener.iteration}." if opener.iteration else ""
    return [f"{prefix}{number}" for number in range(int((opener.wait or {}).get("size", 0)))]
