"""Drives the engine in any order, with a store that survives crashes."""

import random
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cartwheel.node_sdk import END, Again, Call, Each, Emit, Stop, Verdict, Wait
from cartwheel.runs import engine
from cartwheel.runs.execution import Performed
from cartwheel.runs.flow import Flow
from cartwheel.runs.recorder import StepRecord, Timed, earliest_wake, write_down
from cartwheel.runs.tokens import (
    Advance,
    Arm,
    Cancel,
    Close,
    Failure,
    Finish,
    Outcome,
    Place,
    Postponed,
    RunState,
    RunStatus,
    Start,
    Token,
    TokenState,
    WakeReason,
    Woken,
    restore,
)
from tests.engine.drawing import NOON, Drawing

Result = Verdict | Failure | Postponed
HOUR = timedelta(hours=1)
_HEARING = {"event", "quiet", "person", "failing_call"}
"""What becomes of these depends on who wakes them."""

FAILURE = Failure("refused", "The other side refused.")


def behave(drawing: Drawing, token: Token, now: datetime) -> Result:
    """What the node of a token does, as it was told."""
    told = drawing.behaviour(token.node_id)
    emit = Emit(told.port, {"node": token.node_id})
    results: dict[str, Callable[[], Result]] = {
        "emit": lambda: emit,
        "fail": lambda: FAILURE,
        "stop": lambda: Stop("enough"),
        "end": lambda: Emit(END, {"node": token.node_id}),
        "event": lambda: Wait(
            for_event={"type": "x"}, timeout=now + timedelta(hours=2), timeout_port="left"
        ),
        "quiet": lambda: Wait(
            for_event={"type": "x"}, timeout=now + HOUR, timeout_port="done", quiet=HOUR
        ),
        "wait": lambda: Wait(until=now + timedelta(hours=1)),
        "call": lambda: Call("other", {"a": 1}),
        "failing_call": lambda: Call("other", {"a": 1}),
        "person": lambda: Wait(
            for_person={"kind": "approval", "title": "Refund?", "asked": ["owner"]},
            timeout=now + timedelta(hours=2),
            timeout_port="left",
        ),
        "each": lambda: Each(list(range(told.times)), told.parallel, told.on_error),
        "retry": lambda: (
            Postponed(now + timedelta(minutes=1), "later") if token.attempt < told.times else emit
        ),
        "again": lambda: Again() if token.passes < told.times else emit,
    }
    return results[told.kind]()


@dataclass
class Store:
    """What would be in the database."""

    tokens: dict[int, Token] = field(default_factory=dict)
    steps: dict[tuple[str, str], StepRecord] = field(default_factory=dict)
    status: RunStatus = RunStatus.QUEUED
    next_token: int = 1
    step_count: int = 0

    def load(self, flow: Flow) -> RunState:
        visited = [place for place in self.steps if place[0] in flow.merges]
        return restore(self.status, self.tokens.values(), self.next_token, visited, self.step_count)


class Play:
    """One run of a drawing. Commands are carried out in the order that `pick` chooses."""

    def __init__(self, drawing: Drawing, chance: random.Random | None = None) -> None:
        self.drawing, self.flow, self.chance = drawing, drawing.flow, chance
        self.now = NOON
        self.store = Store()
        self.state = RunState(RunStatus.QUEUED)
        self.to_do: list[Start | Close] = []
        self.armed: dict[int, Token] = {}
        self.finishes: list[Finish] = []
        self.ended: Counter[Place] = Counter()
        """How often each place was recorded as ended; more than once is a broken promise."""
        self.failed_calls: Counter[Place] = Counter()
        self.most_open = 0

    # --- the whole run ---

    def to_the_end(self, crash_rate: float = 0.0) -> "Play":
        """Play until the run has ended, or until nothing can happen any more."""
        self.begin()
        while self.step():
            if self.chance is not None and self.chance.random() < crash_rate:
                self.crash()
        return self

    def begin(self) -> "Play":
        self.take(engine.begin(self.flow, self.now))
        return self

    def step(self) -> bool:
        """Carry out something; False when there is nothing left to do."""
        calling = [t for t in self.armed.values() if t.state is TokenState.CALLING]
        wake = earliest_wake(self.state)
        choices: list[Callable[[], None]] = []
        choices += [self.perform_some] if self.to_do else []
        choices += [lambda: self.answer(calling[0])] if calling else []
        hopeful = self.hopeful()
        choices += [lambda: self.hear(hopeful[0])] if hopeful else []
        choices += [lambda: self.wake(wake)] if wake is not None and not hopeful else []
        if not choices:
            return False
        choose = self.chance.choice if self.chance else (lambda given: given[0])
        choose(choices)()
        return True

    # --- what happens ---

    def pending(self) -> list[Token]:
        """Take over the tokens whose steps are to be performed."""
        tokens = [command.token for command in self.to_do]
        self.to_do = []
        return tokens

    def perform_some(self) -> None:
        """Perform one or several pending steps and tell their outcomes together."""
        number = self.chance.randint(1, len(self.to_do)) if self.chance else 1
        if self.chance:
            self.chance.shuffle(self.to_do)
        commands, self.to_do = self.to_do[:number], self.to_do[number:]
        outcomes = [Outcome(c.token.id, self.result_of(c)) for c in commands]
        self.tell(outcomes + self.echoes(outcomes))

    def echoes(self, outcomes: list[Outcome]) -> list[Outcome]:
        """Outcomes that arrive twice, and ones that nobody waits for."""
        if self.chance is None or self.chance.random() > 0.3:
            return []
        strangers = [
            Outcome(number, Woken(WakeReason.EVENT))
            for number, token in self.state.tokens.items()
            if token.state in {TokenState.READY, TokenState.PARKED, TokenState.OPEN}
            and self.drawing.behaviour(token.node_id).kind not in _HEARING
        ]
        return [*outcomes, *strangers, Outcome(10**6, Emit())]

    def result_of(self, command: Start | Close) -> Result:
        if isinstance(command, Close):
            return Emit("done", {"results": []})
        return behave(self.drawing, command.token, self.now)

    def tell(self, outcomes: list[Outcome]) -> None:
        self.take(engine.advance(self.flow, self.state, outcomes, self.now))

    def hopeful(self) -> list[Token]:
        """The tokens whose event will come."""
        kinds = {"event", "person"}
        waiting = [t for t in self.state.tokens.values() if (t.wait or {}).get("kind") in kinds]
        return [t for t in waiting if self._heard(t) < self.drawing.behaviour(t.node_id).times]

    @staticmethod
    def _heard(token: Token) -> int:
        return int((token.wait or {}).get("events", 0))

    def hear(self, token: Token) -> None:
        told = self.drawing.behaviour(token.node_id)
        woken = Woken(WakeReason.EVENT, {"heard": True})
        if told.kind == "person":
            woken = Woken(WakeReason.PERSON, {"decision": told.port}, told.port)
        self.tell([Outcome(token.id, woken)])

    def answer(self, token: Token) -> None:
        told = self.drawing.behaviour(token.node_id)
        fails = told.kind == "failing_call" and self.failed_calls[token.place] < told.times
        self.failed_calls[token.place] += fails
        back = Woken(WakeReason.RETURNED, {"back": True})
        self.tell([Outcome(token.id, FAILURE if fails else back)])

    def wake(self, moment: datetime) -> None:
        self.now = max(self.now, moment)
        self.resume()

    def crash(self) -> None:
        """Forget everything that is not in the store, and go on from there."""
        self.state = self.store.load(self.flow)
        self.to_do, self.armed = [], {}
        self.armed = {t.id: t for t in self.state.tokens.values() if t.state is TokenState.CALLING}
        self.resume()

    def resume(self) -> None:
        pending = {command.token.id for command in self.to_do}
        advance = engine.resume(self.flow, self.state, self.now)
        self.take(advance)
        self.to_do = [c for n, c in enumerate(self.to_do) if not self._is_repeated(n, pending)]

    def _is_repeated(self, number: int, pending: set[int]) -> bool:
        """A claim begins everything that is ready; what was pending here is begun already."""
        command = self.to_do[number]
        earlier = [c.token.id for c in self.to_do[:number]]
        return command.token.id in pending and command.token.id in earlier

    def retry(self, going_on: Collection[int] = ()) -> None:
        """Go on with a failed run; `going_on` are the tokens whose called run goes on."""
        self.take(engine.retry(self.flow, self.state, self.now, going_on=going_on))

    # --- taking down ---

    def take(self, advance: Advance) -> None:
        timed = {c.token.id: Timed(Performed(Emit()), self.now) for c in self.to_do}
        changes = write_down(self.state, advance, timed, self.now)
        for step in changes.steps:
            self.store.steps[step.node_id, step.iteration] = step
            self.ended[step.node_id, step.iteration] += step.status.is_final
        for token in changes.tokens.put:
            self.store.tokens[token.id] = token
        for token_id in changes.tokens.gone:
            self.store.tokens.pop(token_id, None)
        self.store.status = changes.run.status
        self.store.next_token = changes.run.next_token
        self.store.step_count = changes.run.step_count
        self.state = advance.state
        for command in advance.commands:
            self._obey(command)
        live = self.state.tokens
        self.most_open = max(self.most_open, len({t.iteration for t in live.values()}))
        self.armed = {n: t for n, t in self.armed.items() if live.get(n) is t}

    def _obey(self, command: object) -> None:
        if isinstance(command, Start | Close):
            self.to_do.append(command)
        elif isinstance(command, Arm):
            self.armed[command.token.id] = command.token
        elif isinstance(command, Cancel):
            self.to_do = [c for c in self.to_do if c.token.id != command.token.id]
            self.armed.pop(command.token.id, None)
        elif isinstance(command, Finish):
            self.finishes.append(command)

    # --- looking ---

    @property
    def records(self) -> set[tuple[str, str, str | None]]:
        """(node, iteration, port) of every step that has ended."""
        return {(*place, s.port) for place, s in self.store.steps.items() if s.status.is_final}

    @property
    def order(self) -> list[str]:
        """The nodes whose steps have ended, in that order."""
        ended = [s for s in self.store.steps.values() if s.status.is_final]
        return [s.node_id for s in sorted(ended, key=lambda s: s.sequence)]

    @property
    def finish(self) -> Finish | None:
        return self.finishes[-1] if self.finishes else None


def played(drawing: Drawing) -> Play:
    """A run of the drawing, played to its end in the order in which commands came."""
    return Play(drawing).to_the_end()
