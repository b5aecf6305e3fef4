"""Plays a scenario on a plan: performs steps, jumps from wake to wake, delivers later events."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from cartwheel.runs.limits import MAXIMUM_STEPS, MAXIMUM_WAIT
from cartwheel.runs.plan import Plan
from cartwheel.runs.recorder import earliest_wake
from cartwheel.runs.tokens import (
    RunState,
)
from cartwheel.simulation.carrier import WouldLeave
from cartwheel.simulation.clock import VirtualClock
from cartwheel.simulation.run import SimulatedRun, World
from cartwheel.simulation.scenario import HappenedEvent, Scenario
from cartwheel.simulation.stage import Message, PlayedRun, open_stage
from cartwheel.simulation.triggers import starts

_TOO_LATE = "The simulation was stopped after one year; something here still waits."
_TOO_LONG = f"The simulation was stopped after {MAXIMUM_STEPS:,} steps."


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
        self.world = World(self.clock)
        self.stage = open_stage(plan, scenario, self.clock)
        self.runs: list[SimulatedRun] = []
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
            messages=tuple(self.world.messages),
            requests=tuple(self.world.requests),
            ended_at=self.clock.now(),
            stopped=stopped,
        )

    def _next_moment(self) -> datetime | None:
        wakes = [wake for run in self.world.runs if (wake := earliest_wake(run.state)) is not None]
        if self.later:
            wakes.append(self.scenario.start + self.later[0].after)
        return min(wakes, default=None)

    def _bound(self, moment: datetime) -> str | None:
        if moment > self.scenario.start + MAXIMUM_WAIT:
            return _TOO_LATE
        steps = sum(run.state.step_count for run in self.world.runs)
        return _TOO_LONG if steps > MAXIMUM_STEPS else None

    async def _happen(self, moment: datetime) -> None:
        due = [run for run in self.world.runs if _is_due(run.state, moment)]
        for run in due:
            await run.resume()
        if not due:
            await self._deliver(self.later.popleft().event)

    async def _deliver(self, event: HappenedEvent) -> None:
        self.world.happened.append((self.clock.now(), event))
        for run in list(self.world.runs):
            await run.hand_over(event)
        if not self.scenario.starts_once and starts(self.plan, event.type):
            await self._start(event)

    async def _start(self, event: HappenedEvent) -> None:
        run = SimulatedRun(self.world, self.stage, event)
        self.runs.append(run)
        await run.begin()


def _is_due(state: RunState, moment: datetime) -> bool:
    wake = earliest_wake(state)
    return wake is not None and wake <= moment
