"""One run in the hands of this worker, from its claim until it rests.

The engine decides, `perform` acts, and what they say gathers here until something must be on
disk: before an act outside, and when the run rests. Steps that only compute cost no commit.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cartwheel.clock import SystemClock, now_ms, to_ms
from cartwheel.database import dump_json
from cartwheel.node_sdk import Emit, Json
from cartwheel.runs import engine
from cartwheel.runs.attending import waits_outside
from cartwheel.runs.carrier import WorkerCarrier
from cartwheel.runs.claims import ClaimedRun
from cartwheel.runs.execution import Performed, StepKey, collect, perform
from cartwheel.runs.flow import DONE_PORT
from cartwheel.runs.listening import Listening
from cartwheel.runs.plan import Plan
from cartwheel.runs.recorder import Changes, RunChange, StepRecord, Timed, write_down
from cartwheel.runs.rows import EffectRow, MessageRow, RecordAct, RunRow, RunWrite, StepRow
from cartwheel.runs.scope import RunScope
from cartwheel.runs.templates import Surroundings
from cartwheel.runs.tokens import (
    Advance,
    Cancel,
    Close,
    Failure,
    Outcome,
    Place,
    Postponed,
    RunState,
    RunStatus,
    Start,
    StepStatus,
    Token,
)

MOST_UNWRITTEN_STEPS = 200
MOST_ACTS_AT_ONCE = 10
STEPS_BETWEEN_BREATHS = 50
_ENDED = {RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED}
_CLOCK = SystemClock()


Results = Mapping[Place, tuple[StepStatus, Json]]
Recall = Callable[[Token], Awaitable[Results]]
"""Reads what the passes of a token's body gave in earlier journeys."""


async def _nothing(_: Token) -> Results:
    return {}


class LeaseLost(BaseException):
    """Another worker has the run now; nothing more may be written for it.

    Not an `Exception`, as `CancelledError` is none: no step may take it for a failure of its own.
    """


class Journey:
    """Moves one claimed run as far as it goes. `write` commits and tells whether we still may."""

    def __init__(
        self,
        run: ClaimedRun,
        plan: Plan,
        scope: RunScope,
        write: Callable[[RunWrite], Awaitable[bool]],
        stored_tokens: frozenset[int] = frozenset(),
        locale: str = "en",
        timezone: str = "UTC",
    ) -> None:
        self._run, self._plan, self._scope, self._write = run, plan, scope, write
        self._locale, self._timezone = locale, timezone
        self._state = RunState(RunStatus.QUEUED)
        self._ready: deque[Start | Close] = deque()
        self._acting: dict[asyncio.Task[Timed], Token] = {}
        self._steps: dict[Place, StepRow] = {}
        self._results: dict[Place, tuple[StepStatus, Json]] = {}
        self._tokens: dict[int, Token] = {}
        self._gone: set[int] = set()
        self._stored = set(stored_tokens)
        self._effects: list[EffectRow] = []
        self._messages: list[MessageRow] = []
        self._records: list[RecordAct] = []
        self._change = RunChange(RunStatus.RUNNING, run.next_token, run.step_count)
        self.takes_turns = False
        self.carrier: WorkerCarrier
        self.listening: Listening
        self.recall: Recall = _nothing

    def let_go(self) -> None:
        """The journey is over. It and its carrier know each other: apart they are freed at once,
        together only when the collector comes by, and a busy worker feels its visits."""
        del self.carrier

    # --- moving ---

    async def begin(self) -> None:
        """Travel from the trigger."""
        now = _CLOCK.now()
        await self._travel(self._state, engine.begin(self._plan, now), now)

    async def go_on(self, state: RunState) -> None:
        """Travel on from what was stored, and from what has come meanwhile."""
        # The look settles what is due by then, so that nothing runs out unseen between both.
        now = _CLOCK.now()
        waiting = [token for token in state.tokens.values() if waits_outside(token)]
        self.listening.remember(waiting)
        if waiting:
            self._state = replace(state, status=RunStatus.RUNNING)
            self._come(await self.listening.look(waiting))
            self._ready.clear()  # All that is ready begins with what follows.
            state = self._state
        await self._travel(state, engine.resume(self._plan, state, now), now)

    async def _travel(self, before: RunState, first: Advance, now: datetime) -> None:
        self._state = before
        self._take_down(first, {}, now)
        try:
            await self._until_rest()
            while unseen := self.listening.unseen(self._state.tokens.values()):
                # What came before a wait stood in the book can only be found once it does.
                await self._flush()
                self._come(await self.listening.look(unseen))
                await self._until_rest()
            await self._flush(rest=True)
        except LeaseLost:
            await self._tell_how_acts_ended()
            raise
        finally:
            for task in self._acting:
                task.cancel()

    def _come(self, outcomes: Sequence[Outcome]) -> None:
        """What tokens waited for has come."""
        if outcomes:
            now = _CLOCK.now()
            self._take_down(engine.advance(self._plan, self._state, outcomes, now), {}, now)

    async def _tell_how_acts_ended(self) -> None:
        """What is on its way outside cannot be called back, so its end is written down by its key,
        though the run is another worker's now."""
        self._ready.clear()
        for task in [t for t, token in self._acting.items() if not self._has_left(token)]:
            del self._acting[task]
            task.cancel()
        while self._acting:
            done, _ = await asyncio.wait(self._acting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                token = self._acting.pop(task)
                if not task.cancelled() and task.exception() is None:
                    self._close_act(token, task.result().performed)
        if self._effects:
            await self._write(self._gathered(rest=False))

    async def _until_rest(self) -> None:
        moved = 0
        while self._ready or self._acting:
            if self._ready and len(self._acting) < MOST_ACTS_AT_ONCE:
                await self._next(self._ready.popleft())
            else:
                await self._one_act()
            moved += 1
            if moved % STEPS_BETWEEN_BREATHS == 0:
                await asyncio.sleep(0)
            if len(self._steps) >= MOST_UNWRITTEN_STEPS:
                await self._flush()

    async def _next(self, command: Start | Close) -> None:
        """A step that acts beside others runs as a task of its own; everything else runs here."""
        token = command.token
        if isinstance(command, Close):
            await self._close(token)
        elif (self._ready or self._acting) and self._acts(token):
            self._acting[asyncio.create_task(self._perform(token))] = token
        else:
            self._happened(token, await self._perform(token))

    async def _close(self, token: Token) -> None:
        """The body is over: gather what its passes gave, in this journey and before it."""
        earlier = await self.recall(token)

        def recorded(place: Place) -> tuple[StepStatus, Json] | None:
            return self._results.get(place) or earlier.get(place)

        emitted = Emit(DONE_PORT, collect(self._plan, token, recorded))
        self._happened(token, Timed(Performed(emitted), _CLOCK.now()))

    def _acts(self, token: Token) -> bool:
        node_type = self._plan.steps[token.node_id].node_type
        return node_type is not None and bool(
            node_type.connection_apps or node_type.effect != "none"
        )

    async def _one_act(self) -> None:
        done, _ = await asyncio.wait(self._acting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            token = self._acting[task]
            timed = task.result()
            del self._acting[task]
            self._happened(token, timed)

    async def _perform(self, token: Token) -> Timed:
        started_at = _CLOCK.now()
        around = Surroundings(
            self._scope.of(token, self._state), started_at, self._locale, self._timezone
        )
        planned = self._plan.steps[token.node_id]
        return Timed(await perform(planned, token, around, self.carrier, self._run.id), started_at)

    def _happened(self, token: Token, timed: Timed) -> None:
        """Close the step's act, let the engine decide, and take both down."""
        self._close_act(token, timed.performed)
        outcome = Outcome(token.id, timed.performed.result)
        now = _CLOCK.now()
        after = engine.advance(self._plan, self._state, [outcome], now)
        self._take_down(after, {token.id: timed}, now)

    def _close_act(self, token: Token, performed: Performed) -> None:
        if performed.request is None:
            return
        act = self.carrier.close(self._effect_key(token), _failure_code(performed))
        if act is not None:
            self._effects.append(act.row)
            self._messages += [act.message] if act.message else []

    def _effect_key(self, token: Token) -> str:
        return StepKey(self._run.id, token.node_id, token.iteration, token.round).effect_key

    def _has_left(self, token: Token) -> bool:
        return self.carrier.is_acting(self._effect_key(token))

    # --- taking down ---

    def _take_down(self, after: Advance, timed: Mapping[int, Timed], now: datetime) -> None:
        changes: Changes = write_down(self._state, after, timed, now)
        self._state, self._change = after.state, self._merged(changes.run)
        for record in changes.steps:
            self._keep(record)
        self.listening.note(changes.tokens)
        for token in changes.tokens.put:
            self._tokens[token.id] = token
        for token_id in changes.tokens.gone:
            self._tokens.pop(token_id, None)
            self._gone.add(token_id)
        self._drop([c.token.id for c in after.commands if type(c) is Cancel])
        self._ready.extend([c for c in after.commands if type(c) is Start or type(c) is Close])

    def _drop(self, cancelled: Sequence[int]) -> None:
        """Begin nothing more for these tokens; what has left already is waited for."""
        if not cancelled:
            return
        self._ready = deque(c for c in self._ready if c.token.id not in cancelled)
        for task, token in list(self._acting.items()):
            if token.id in cancelled and not self._has_left(token):
                del self._acting[task]
                task.cancel()

    def _merged(self, change: RunChange) -> RunChange:
        """A run that failed stays explained by its first failure while other steps end."""
        before = self._change
        if change.status is RunStatus.FAILED and change.error is None and before.error is not None:
            return RunChange(
                change.status, change.next_token, change.step_count, change.wake_at,
                before.stop_label, before.error, before.failed_node,
            )  # fmt: skip
        return change

    def _keep(self, record: StepRecord) -> None:
        place = (record.node_id, record.iteration)
        self._scope.keep(record.node_id, record.iteration, record.output)
        if self._plan.bodies and record.status.is_final:
            self._results[place] = (record.status, record.output)
        self._steps[place] = _step_row(record, self._steps.get(place))

    # --- writing ---

    async def commit_intent(self, row: EffectRow) -> None:
        """Write an act that is about to happen, with everything that led to it."""
        self._effects.append(row)
        await self._flush()

    async def commit_record(self, act: RecordAct) -> None:
        """Carry out a change of the shop's own tables, with everything that led to it."""
        self._records.append(act)
        await self._flush()

    async def _flush(self, *, rest: bool = False) -> None:
        """Write what has gathered. Raises `LeaseLost`."""
        if not await self._write(self._gathered(rest=rest)):
            raise LeaseLost(self._run.id)

    def _gathered(self, *, rest: bool) -> RunWrite:
        """What has gathered, taken out of our hands."""
        write = RunWrite(
            workspace_id=self._run.workspace_id,
            run_id=self._run.id,
            fence=self._run.fence,
            run=self._run_row(rest=rest),
            steps=tuple(self._steps.values()),
            tokens=tuple(self._tokens.values()),
            tokens_gone=tuple(self._gone & self._stored),
            effects=tuple(self._effects),
            messages=tuple(self._messages),
            records=tuple(self._records),
            awaited=self.listening.begun(),
            unheard=self.listening.over(),
            asked=self.listening.asked(),
            unasked=self.listening.unasked(),
            asked_at=now_ms(),
            listens=self.listening.is_waiting,
            is_called=self.listening.is_called,
            takes_turns=self.takes_turns,
        )
        self._stored = (self._stored | self._tokens.keys()) - self._gone
        self._steps, self._tokens, self._gone = {}, {}, set()
        self._effects, self._messages, self._records = [], [], []
        return write

    def _run_row(self, *, rest: bool) -> RunRow:
        change = self._change
        status = change.status if rest else RunStatus.RUNNING
        return RunRow(
            status=status.value,
            wake_at=self._wake_at(status) if rest else now_ms(),
            finished_at=now_ms() if status in _ENDED else None,
            next_token=change.next_token,
            step_count=change.step_count,
            stop_label=change.stop_label,
            error=_error_text(change.error, change.failed_node),
            crashes=0 if change.step_count > self._run.step_count else self._run.crashes,
            release=rest,
        )

    def _wake_at(self, status: RunStatus) -> int | None:
        if status is RunStatus.WAITING and self._change.wake_at is not None:
            return to_ms(self._change.wake_at)
        return None


def _failure_code(performed: Performed) -> str | None:
    """What `WorkerCarrier.close` wants to know of a result."""
    if isinstance(performed.result, Failure):
        return performed.result.code
    return "later" if isinstance(performed.result, Postponed) else None


def _error_text(error: Failure | None, node_id: str | None) -> str | None:
    return dump_json({**error.document(), "node_id": node_id}) if error else None


def _step_row(record: StepRecord, before: StepRow | None) -> StepRow:
    """A record as a row; what it leaves open stays as an unwritten earlier row has it."""
    given = None if record.input is None else dump_json(record.input)
    started_at = to_ms(record.started_at) if record.started_at else now_ms()
    return StepRow(
        node_id=record.node_id,
        iteration=record.iteration,
        sequence=record.sequence,
        status=record.status.value,
        port=record.port,
        input=given if given is not None or before is None else before.input,
        output=None if record.output is None else dump_json(record.output),
        words=record.words,
        error=_error_text(record.error, record.node_id),
        attempts=record.attempts,
        started_at=before.started_at if before else started_at,
        finished_at=to_ms(record.finished_at) if record.finished_at else None,
        wake_at=to_ms(record.wake_at) if record.wake_at else None,
    )
