"""One simulated run, driven step by step in the order of its tokens, and the runs that it calls."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cartwheel.catalog.samples import Sample
from cartwheel.node_sdk import EmailRequest, Emit, Json, OutboxMessage
from cartwheel.runs import engine
from cartwheel.runs.awaited import LOOK_BACK_MS, document_of, is_awaited
from cartwheel.runs.called import CALLED, TOO_DEEP, failed_call, furthest, returned
from cartwheel.runs.execution import Performed, collect, perform
from cartwheel.runs.flow import DONE_PORT
from cartwheel.runs.limits import DEEPEST_LINEAGE
from cartwheel.runs.messages import outbox_mail, outbox_message
from cartwheel.runs.plan import PlannedStep
from cartwheel.runs.recorder import StepRecord, Timed, write_down
from cartwheel.runs.scope import RunScope, Surrounding, contact_of
from cartwheel.runs.templates import Surroundings
from cartwheel.runs.tokens import (
    Advance,
    Arm,
    Close,
    Command,
    Failure,
    Finish,
    Outcome,
    Place,
    RunState,
    RunStatus,
    Start,
    Token,
    TokenState,
    WakeReason,
    Woken,
)
from cartwheel.simulation.carrier import WouldLeave
from cartwheel.simulation.clock import VirtualClock
from cartwheel.simulation.people import nobody_said, people_say
from cartwheel.simulation.recorder import MemoryRecorder
from cartwheel.simulation.scenario import Callee, HappenedEvent
from cartwheel.simulation.stage import Message, PlayedCall, PlayedRun, Stage, manners

_COMMANDS_BETWEEN_BREATHS = 50
_ENDED = (RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED)


@dataclass
class World:
    """What all runs of a simulation share. `runs` are the called ones too."""

    clock: VirtualClock
    runs: list["SimulatedRun"] = field(default_factory=list)
    happened: list[tuple[datetime, HappenedEvent]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    requests: list[WouldLeave] = field(default_factory=list)


class SimulatedRun:
    """One run, driven step by step in the order of its tokens."""

    def __init__(self, world: World, stage: Stage, event: HappenedEvent) -> None:
        self._world, self._stage, self._event = world, stage, event
        self._plan, self._scenario = stage.plan, stage.scenario
        number = len(world.runs)
        world.runs.append(self)
        self._id = f"simulated-{number}"
        self._contact = _contact(stage, event)
        surrounding = Surrounding(
            event_id=f"simulated-event-{number}",
            event_type=event.type,
            received_at=world.clock.now(),
            data=event.data,
            contact=self._contact,
            workspace=stage.scenario.workspace,
            raw=event.raw,
        )
        self._scope = RunScope(surrounding, stage.plan.trigger)
        self._recorder = MemoryRecorder()
        self._edges: dict[str, None] = {}
        self._to_do: deque[Command] = deque()
        self._finish: Finish | None = None
        self._done = 0
        self._began_at = world.clock.now()
        self._heard: list[tuple[HappenedEvent, str]] = []
        self._calls: dict[Place, tuple[Callee, SimulatedRun]] = {}
        self._has_told = self._working = False
        self.state = RunState(RunStatus.QUEUED)

    async def begin(self) -> None:
        self._take(engine.begin(self._plan, self._now))
        await self._go_on()

    async def resume(self) -> None:
        self._advance(nobody_said(self.state.tokens.values(), self._now))
        self._to_do.clear()  # All that is ready begins with what follows.
        self._take(engine.resume(self._plan, self.state, self._now))
        await self._go_on()

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
        await self._go_on()
        return bool(woken)

    def _fits(self, token: Token, event: HappenedEvent) -> bool:
        contact = contact_of(event.data, None) or self._scenario.contact
        match = (token.wait or {}).get("match")
        return is_awaited(match, event.type, document_of(event.data, contact))

    def _look_back(self, token: Token) -> None:
        """What came shortly before a wait still counts, once."""
        is_later = ((token.wait or {}).get("match") or {}).get("later")
        since = self._began_at if is_later else self._now - timedelta(milliseconds=LOOK_BACK_MS)
        for moment, event in self._world.happened:
            is_new = event is not self._event and not self._was_heard_before(token, event)
            if moment >= since and is_new and self._fits(token, event):
                self._heard.append((event, token.node_id))
                self._advance([Outcome(token.id, Woken(WakeReason.EVENT, dict(event.data)))])
                return

    def _was_heard_before(self, token: Token, event: HappenedEvent) -> bool:
        leads = self._plan.leads
        return any(event is heard and leads(by, token.node_id) for heard, by in self._heard)

    def played(self) -> PlayedRun:
        calls = {
            place: PlayedCall(callee, run.played()) for place, (callee, run) in self._calls.items()
        }
        return PlayedRun(
            self._event, self.state.status, self._recorder.steps, tuple(self._edges), self._finish,
            calls,
        )  # fmt: skip

    # --- one command after the other ---

    @property
    def _now(self) -> datetime:
        return self._world.clock.now()

    async def _go_on(self) -> None:
        """Work to the next rest; the end of a called run is told to its caller, once."""
        await self._work()
        if self._stage.tell and self.state.status in _ENDED and not self._has_told:
            self._has_told = True
            await self._stage.tell(self._result())

    def _result(self) -> Woken | Failure:
        finish = self._finish
        if self.state.status is not RunStatus.SUCCEEDED:
            return failed_call(
                self.state.status, finish.error.message if finish and finish.error else None
            )
        steps = ((s.node_id, s.iteration, s.status, s.output) for s in self._recorder.steps)
        return returned(furthest(self._plan, steps), finish.label if finish else None)

    async def _work(self) -> None:
        self._working = True
        try:
            await self._work_off()
        finally:
            self._working = False

    async def _work_off(self) -> None:
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
                await self._answer_wait(command.token)

    async def _perform(self, token: Token) -> None:
        pinned = self._scenario.pins.get(token.node_id)
        if pinned is not None:
            self._advance([Outcome(token.id, pinned)], {token.id: Performed(pinned)})
            return
        scope = self._scope.of(token, self.state)
        workspace = self._scenario.workspace
        around = Surroundings(
            scope=scope,
            now=self._now,
            locale=str(workspace.get("locale", "en")),
            timezone=str(workspace.get("timezone", "UTC")),
        )
        planned = self._plan.steps[token.node_id]
        performed = await perform(planned, token, around, self._stage.carrier, self._id)
        self._note_request(token)
        self._note_message(token, performed)
        self._advance([Outcome(token.id, performed.result)], {token.id: performed})

    def _note_request(self, token: Token) -> None:
        """What a called run would send counts for the step that called."""
        node_id, iteration = self._stage.shown or token.place
        for left in self._stage.carrier.taken_out():
            self._world.requests.append(replace(left, node_id=node_id, iteration=iteration))

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
        self._world.messages.append(
            Message(*(self._stage.shown or token.place), self._now, message)
        )

    def _close(self, token: Token) -> None:
        results = collect(self._plan, token, self._recorder.result)
        self._advance([Outcome(token.id, Emit(DONE_PORT, results))])

    async def _answer_wait(self, token: Token) -> None:
        """People and called workflows answer at once what the scenario says. Without an answer
        people say what the step's sample says, and called workflows are played."""
        kind = (token.wait or {}).get("kind")
        if kind == "event":
            self._look_back(token)
        if kind not in {"person", "call"}:
            return
        answer = self._stage.carrier.answer_for(token.node_id)
        if kind == "call" and (answer or self._scenario.callees is None):
            data = answer.body if answer else _sample_result(self._plan.steps[token.node_id])
            self._advance([Outcome(token.id, Woken(WakeReason.RETURNED, data))])
        elif kind == "call":
            await self._call(token)
        else:
            said = people_say(token, answer, _samples(self._plan.steps[token.node_id]), self._now)
            self._advance([Outcome(token.id, said)] if said else [])

    async def _call(self, token: Token) -> None:
        """Play the called workflow; its end comes back at once, or when its waits are over."""
        wait = token.wait or {}
        assert self._scenario.callees is not None
        if self._stage.deep + 1 > DEEPEST_LINEAGE:
            callee: Callee | Failure = TOO_DEEP
        else:
            callee = await self._scenario.callees(str(wait["workflow"]), wait.get("version"))
        if isinstance(callee, Failure):
            self._advance([Outcome(token.id, callee)])
            return

        async def tell(result: Woken | Failure) -> None:
            self._advance([Outcome(token.id, result)])
            if not self._working:
                await self._go_on()

        data = wait.get("data")
        event = HappenedEvent(CALLED, data if isinstance(data, dict) else {})
        run = SimulatedRun(self._world, self._inside(token, callee, tell), event)
        self._calls[token.place] = (callee, run)
        await run.begin()

    def _inside(
        self, token: Token, callee: Callee, tell: Callable[[Woken | Failure], Awaitable[None]]
    ) -> Stage:
        """The stage of a called run: answers for its steps are given as `<calling step>/<step>`."""
        here, prefix = self._stage, f"{token.node_id}/"
        answers = {
            name.removeprefix(prefix): given
            for name, given in self._scenario.answers.items()
            if name.startswith(prefix)
        }
        scenario = replace(self._scenario, answers=answers, pins={}, contact=self._contact)
        carrier = here.carrier.beside(scenario, **manners(callee.plan))
        return Stage(callee.plan, scenario, carrier, here.deep + 1, here.shown or token.place, tell)

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


def _contact(stage: Stage, event: HappenedEvent) -> Json:
    """Whom a run is about: who the scenario names, else the customer of its event. A called run
    has its caller's customer, unless it is given another."""
    named, told = stage.scenario.contact, contact_of(event.data, None)
    return told or named if stage.deep else named or told


def _samples(planned: PlannedStep) -> tuple[Sample, ...]:
    return planned.node_type.samples if planned.node_type else ()


def _sample_result(planned: PlannedStep) -> Json:
    samples = _samples(planned)
    return next((sample.output for sample in samples if sample.error is None), None)


def _finish_of(commands: Iterable[Command]) -> Finish | None:
    return next((command for command in commands if isinstance(command, Finish)), None)
