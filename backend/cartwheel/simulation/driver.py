"""Plays a scenario on a plan: performs steps, jumps from wake to wake, delivers later events."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cartwheel.catalog.samples import Sample
from cartwheel.node_sdk import EmailRequest, Emit, Json, OutboxMessage
from cartwheel.runs import engine
from cartwheel.runs.awaited import LOOK_BACK_MS, document_of, is_awaited
from cartwheel.runs.execution import Performed, collect, perform
from cartwheel.runs.flow import DONE_PORT
from cartwheel.runs.limits import MAXIMUM_STEPS, MAXIMUM_WAIT
from cartwheel.runs.messages import outbox_mail, outbox_message
from cartwheel.runs.plan import Plan, PlannedStep
from cartwheel.runs.recorder import StepRecord, Timed, earliest_wake, write_down
from cartwheel.runs.scope import RunScope, Surrounding, contact_of
from cartwheel.runs.templates import Surroundings
from cartwheel.runs.tokens import (
    Advance,
    Arm,
    Close,
    Command,
    Finish,
    Outcome,
    RunState,
    RunStatus,
    Start,
    Token,
    TokenState,
    WakeReason,
    Woken,
)
from cartwheel.simulation.carrier import SimulatedCarrier, WouldLeave
from cartwheel.simulation.clock import VirtualClock
from cartwheel.simulation.people import nobody_said, people_say
from cartwheel.simulation.recorder import MemoryRecorder
from cartwheel.simulation.scenario import HappenedEvent, Scenario
from cartwheel.simulation.triggers import starts

_COMMANDS_BETWEEN_BREATHS = 50
_TOO_LATE = "The simulation was stopped after one year; something here still waits."
_TOO_LONG = f"The simulation was stopped after {MAXIMUM_STEPS:,} steps."


@dataclass(frozen=True, slots=True)
class Message:
    """A message that somebody would have received."""

    node_id: str
    iteration: str
    at: datetime
    message: OutboxMessage


@dataclass(frozen=True, slots=True)
class PlayedRun:
    """One run as it was played. `edges` are the ids of the edges that tokens took."""

    event: HappenedEvent
    status: RunStatus
    steps: tuple[StepRecord, ...]
    edges: tuple[str, ...]
    finish: Finish | None


@dataclass(frozen=True, slots=True)
class Played:
    """A scenario as it was played. `stopped` says why it did not come to its end."""

    runs: tuple[PlayedRun, ...]
    messages: tuple[Message, ...]
    requests: tuple[WouldLeave, ...]
    ended_at: datetime
    stopped: str | None = None


async def play(plan: Plan, scenario: Scenario) -> Played:
    """Play a scenario to its end, or to the bounds of time and steps.

    Of two things at the same moment, what was awaited happens before what is new. A later event
    goes to the steps that wait for it, and starts a further run if the workflow starts with such
    events. Raises `ValueError` for a plan without a trigger.
    """
    return await _Play(plan, scenario).to_the_end()


class _Play:
    def __init__(self, plan: Plan, scenario: Scenario) -> None:
        self.plan, self.scenario = plan, scenario
        self.clock = VirtualClock(scenario.start)
        send_again = plan.graph.settings.get("on_unknown") == "send_again"
        self.carrier = SimulatedCarrier(scenario, self.clock, send_again_when_unknown=send_again)
        self.messages: list[Message] = []
        self.runs: list[_SimulatedRun] = []
        self.happened: list[tuple[datetime, HappenedEvent]] = []
        self.later = deque(sorted(scenario.then, key=lambda later: later.after))

    async def to_the_end(self) -> Played:
        await self._start(self.scenario.event)
        stopped = None
        while stopped is None and (moment := self._next_moment()) is not None:
            stopped = self._bound(moment)
            if stopped is None:
                self.clock.jump(moment)
                await self._happen(moment)
        return Played(
            runs=tuple(run.played() for run in self.runs),
            messages=tuple(self.messages),
            requests=tuple(self.carrier.requests),
            ended_at=self.clock.now(),
            stopped=stopped,
        )

    def _next_moment(self) -> datetime | None:
        wakes = [wake for run in self.runs if (wake := earliest_wake(run.state)) is not None]
        if self.later:
            wakes.append(self.scenario.start + self.later[0].after)
        return min(wakes, default=None)

    def _bound(self, moment: datetime) -> str | None:
        if moment > self.scenario.start + MAXIMUM_WAIT:
            return _TOO_LATE
        steps = sum(run.state.step_count for run in self.runs)
        return _TOO_LONG if steps > MAXIMUM_STEPS else None

    async def _happen(self, moment: datetime) -> None:
        due = [run for run in self.runs if _is_due(run.state, moment)]
        for run in due:
            await run.resume()
        if not due:
            await self._deliver(self.later.popleft().event)

    async def _deliver(self, event: HappenedEvent) -> None:
        self.happened.append((self.clock.now(), event))
        for run in list(self.runs):
            await run.hand_over(event)
        if starts(self.plan, event.type):
            await self._start(event)

    async def _start(self, event: HappenedEvent) -> None:
        run = _SimulatedRun(self, event, len(self.runs))
        self.runs.append(run)
        await run.begin()


def _is_due(state: RunState, moment: datetime) -> bool:
    wake = earliest_wake(state)
    return wake is not None and wake <= moment


class _SimulatedRun:
    """One run, driven step by step in the order of its tokens."""

    def __init__(self, play: _Play, event: HappenedEvent, number: int) -> None:
        self._play, self._plan, self._event = play, play.plan, event
        self._id = f"simulated-{number}"
        surrounding = Surrounding(
            event_id=f"simulated-event-{number}",
            event_type=event.type,
            received_at=play.clock.now(),
            data=event.data,
            contact=play.scenario.contact,
            workspace=play.scenario.workspace,
        )
        self._scope = RunScope(surrounding, play.plan.trigger)
        self._recorder = MemoryRecorder()
        self._edges: dict[str, None] = {}
        self._to_do: deque[Command] = deque()
        self._finish: Finish | None = None
        self._done = 0
        self._began_at = play.clock.now()
        self._heard: list[tuple[HappenedEvent, str]] = []
        self.state = RunState(RunStatus.QUEUED)

    async def begin(self) -> None:
        self._take(engine.begin(self._plan, self._now))
        await self._work()

    async def resume(self) -> None:
        self._advance(nobody_said(self.state.tokens.values(), self._now))
        self._take(engine.resume(self._plan, self.state, self._now))
        await self._work()

    async def hand_over(self, event: HappenedEvent) -> bool:
        """Give an event to the tokens that wait for it; True when one did."""
        hearing = [
            token
            for token in self.state.tokens.values()
            if token.state is TokenState.WAITING and self._fits(token, event)
        ]
        woken = [Outcome(t.id, Woken(WakeReason.EVENT, dict(event.data))) for t in hearing]
        self._heard += [(event, token.node_id) for token in hearing]
        self._advance(woken)
        await self._work()
        return bool(woken)

    def _fits(self, token: Token, event: HappenedEvent) -> bool:
        contact = contact_of(event.data, None) or self._play.scenario.contact
        match = (token.wait or {}).get("match")
        return is_awaited(match, event.type, document_of(event.data, contact))

    def _look_back(self, token: Token) -> None:
        """What came shortly before a wait still counts, once."""
        is_later = ((token.wait or {}).get("match") or {}).get("later")
        since = self._began_at if is_later else self._now - timedelta(milliseconds=LOOK_BACK_MS)
        for moment, event in self._play.happened:
            is_new = event is not self._event and not self._was_heard_before(token, event)
            if moment >= since and is_new and self._fits(token, event):
                self._heard.append((event, token.node_id))
                self._advance([Outcome(token.id, Woken(WakeReason.EVENT, dict(event.data)))])
                return

    def _was_heard_before(self, token: Token, event: HappenedEvent) -> bool:
        leads = self._plan.leads
        return any(event is heard and leads(by, token.node_id) for heard, by in self._heard)

    def played(self) -> PlayedRun:
        return PlayedRun(
            self._event, self.state.status, self._recorder.steps, tuple(self._edges), self._finish
        )

    # --- one command after the other ---

    @property
    def _now(self) -> datetime:
        return self._play.clock.now()

    async def _work(self) -> None:
        while self._to_do:
            self._done += 1
            if self._done % _COMMANDS_BETWEEN_BREATHS == 0:
                # A long simulation shares its process with webhooks.
                await asyncio.sleep(0)
            command = self._to_do.popleft()
            if isinstance(command, Start):
                await self._perform(command.token)
            elif isinstance(command, Close):
                self._close(command.token)
            elif isinstance(command, Arm):
                self._answer_wait(command.token)

    async def _perform(self, token: Token) -> None:
        pinned = self._play.scenario.pins.get(token.node_id)
        if pinned is not None:
            self._advance([Outcome(token.id, pinned)], {token.id: Performed(pinned)})
            return
        scope = self._scope.of(token, self.state)
        workspace = self._play.scenario.workspace
        around = Surroundings(
            scope=scope,
            now=self._now,
            locale=str(workspace.get("locale", "en")),
            timezone=str(workspace.get("timezone", "UTC")),
        )
        planned = self._plan.steps[token.node_id]
        performed = await perform(planned, token, around, self._play.carrier, self._id)
        self._note_message(token, performed)
        self._advance([Outcome(token.id, performed.result)], {token.id: performed})

    def _note_message(self, token: Token, performed: Performed) -> None:
        kind = self._plan.steps[token.node_id].node_type
        went_out = performed.request is not None and isinstance(performed.result, Emit)
        if kind is None or kind.message is None or not went_out:
            return
        if isinstance(performed.request, OutboxMessage):
            message = performed.request
        elif isinstance(performed.request, EmailRequest):
            message = outbox_mail(performed.request)
        else:
            message = outbox_message(kind, performed.input)
        self._play.messages.append(Message(token.node_id, token.iteration, self._now, message))

    def _close(self, token: Token) -> None:
        results = collect(self._plan, token, self._recorder.result)
        self._advance([Outcome(token.id, Emit(DONE_PORT, results))])

    def _answer_wait(self, token: Token) -> None:
        """People and called workflows answer at once what the scenario says, and without an answer
        what the step's sample says."""
        kind = (token.wait or {}).get("kind")
        if kind == "event":
            self._look_back(token)
        if kind not in {"person", "call"}:
            return
        answer = self._play.carrier.answer_for(token.node_id)
        if kind == "call":
            data = answer.body if answer else _sample_result(self._plan.steps[token.node_id])
            self._advance([Outcome(token.id, Woken(WakeReason.RETURNED, data))])
        else:
            said = people_say(token, answer, _samples(self._plan.steps[token.node_id]), self._now)
            self._advance([Outcome(token.id, said)] if said else [])

    def _advance(
        self, outcomes: list[Outcome], performed: dict[int, Performed] | None = None
    ) -> None:
        self._take(engine.advance(self._plan, self.state, outcomes, self._now), performed)

    def _take(self, advance: Advance, performed: dict[int, Performed] | None = None) -> None:
        timed = {number: Timed(each, self._now) for number, each in (performed or {}).items()}
        changes = write_down(self.state, advance, timed, self._now)
        for step in changes.steps:
            self._scope.keep(step.node_id, step.iteration, step.output)
            self._note_edges(step)
        self._recorder.keep(changes.steps)
        self._to_do = engine.still_to_do(self._to_do, advance)
        self._finish = _finish_of(advance.commands) or self._finish
        self.state = advance.state

    def _note_edges(self, step: StepRecord) -> None:
        ways = self._plan.ways.get((step.node_id, step.port), ()) if step.port else ()
        if step.status == "running":
            ways = self._plan.body_ways(step.node_id)
        self._edges.update(dict.fromkeys(way.edge_id for way in ways))


def _samples(planned: PlannedStep) -> tuple[Sample, ...]:
    return planned.node_type.samples if planned.node_type else ()


def _sample_result(planned: PlannedStep) -> Json:
    samples = _samples(planned)
    return next((sample.output for sample in samples if sample.error is None), None)


def _finish_of(commands: Iterable[Command]) -> Finish | None:
    return next((command for command in commands if isinstance(command, Finish)), None)
