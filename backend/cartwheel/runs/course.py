"""A run's state while one `advance` works on it: tokens move, commands gather.

`Course` copies the state's containers once, changes the copies and freezes them at the end. What
follows from a move (`consequences.py`) it only queues.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from cartwheel.node_sdk import Json
from cartwheel.runs.flow import Flow, Join, Way
from cartwheel.runs.tokens import (
    Advance,
    Arm,
    Cancel,
    Close,
    Command,
    Failure,
    Finish,
    Park,
    Record,
    RunState,
    RunStatus,
    Scope,
    Start,
    StepStatus,
    Token,
    TokenState,
    is_closing,
)

_CUT_SHORT = "This step was ended before it was done."
_PENDING = {TokenState.WAITING, TokenState.RETRYING, TokenState.CALLING, TokenState.OPEN}
_AT_REST = {TokenState.FAILED, TokenState.PARKED, TokenState.OPEN}
_STANDING = {RunStatus.FAILED, RunStatus.PAUSED, RunStatus.QUARANTINED}
_OVER = {RunStatus.SUCCEEDED, RunStatus.CANCELLED}


class Course:
    """The working copy. Every method leaves tokens, scope counts and commands in agreement."""

    def __init__(self, flow: Flow, state: RunState, now: datetime) -> None:
        self.flow = flow
        self.now = now
        self.status = state.status
        self.tokens = dict(state.tokens)
        self.next_token = state.next_token
        self.visited = state.visited
        self.step_count = state.step_count
        self.scopes = dict(state.scopes)
        self.commands: list[Command] = []
        self.finish: Finish | None = None
        self.passing: deque[Token] = deque()
        self.ended: deque[Scope] = deque()

    def freeze(self) -> Advance:
        """The state that was reached and what to do about it."""
        commands = self.commands
        if self.finish is not None:
            commands = [c for c in commands if not isinstance(c, Start | Close)]
            commands.append(self.finish)
        state = RunState(
            status=self._final_status(),
            tokens=self.tokens,
            next_token=self.next_token,
            visited=self.visited,
            step_count=self.step_count,
            scopes=self.scopes,
        )
        return Advance(state, tuple(commands))

    def _final_status(self) -> RunStatus:
        if self.finish is not None:
            return self.finish.status
        if self.is_standing or self.status in _OVER:
            return self.status
        busy = any(t.state is TokenState.READY or is_closing(t) for t in self.tokens.values())
        return RunStatus.RUNNING if busy else RunStatus.WAITING

    @property
    def is_standing(self) -> bool:
        """True when outcomes are still taken down but nothing new begins."""
        return self.status in _STANDING

    def begin(self, command: Command) -> None:
        """Have something begun, unless the run stands still."""
        if not self.is_standing:
            self.commands.append(command)

    # --- tokens ---

    def put(self, token: Token) -> None:
        """Store a token that is already on the course in its new form."""
        self.tokens[token.id] = token

    def start(self, token: Token) -> None:
        """Let the token's step run."""
        self.put(token)
        self.begin(Start(token))

    def start_anew(self, token: Token) -> None:
        """Let a step run once more."""
        self.start(self.renew(token))

    def renew(self, token: Token) -> Token:
        """The token ready again, under a new id: a late outcome of the last time does not fit."""
        del self.tokens[token.id]
        again = replace(token, id=self.next_token, state=TokenState.READY, wake_at=None)
        self.next_token += 1
        self.put(again)
        return again

    def arm(self, token: Token) -> None:
        """Let the token wait."""
        self.put(token)
        self.begin(Arm(token))

    def enter(self, way: Way, parent: int | None, iteration: str) -> None:
        """A token arrives at a node."""
        shape = self.flow.shape(way.target)
        token = Token(self.next_token, way.target, iteration, parent, way.edge_id)
        if way.target in self.flow.merges:
            if token.place in self.visited:
                return
            if shape.join is not Join.ANY:
                token = replace(token, state=TokenState.PARKED)
            else:
                self.visited |= {token.place}
        self.next_token += 1
        scope = (parent, iteration)
        self.scopes[scope] = self.scopes.get(scope, 0) + 1
        if token.state is TokenState.PARKED:
            self.put(token)
            self.commands.append(Park(token))
        else:
            self.start_or_pass(token)

    def start_or_pass(self, token: Token) -> None:
        """Let the token's step run, or queue the token when the node is switched off."""
        if self.flow.shape(token.node_id).passes_by is None:
            self.start(token)
        else:
            self.put(token)
            self.passing.append(token)

    def leave(self, token: Token, port: str) -> None:
        """The token goes on by a port; without an edge there it ends."""
        for way in self.flow.ways.get((token.node_id, port), ()):
            self.enter(way, token.parent, token.iteration)
        self.drop(token)

    def drop(self, token: Token) -> None:
        """The token ends here. The last one of a scope ends the scope."""
        if self._remove(token):
            self.ended.append((token.parent, token.iteration))

    def _remove(self, token: Token) -> bool:
        """Take the token away; True when its scope is empty now."""
        del self.tokens[token.id]
        scope = (token.parent, token.iteration)
        self.scopes[scope] -= 1
        if self.scopes[scope]:
            return False
        del self.scopes[scope]
        return True

    def record(
        self,
        token: Token,
        status: StepStatus,
        port: str | None = None,
        output: Json = None,
        words: str | None = None,
        error: Failure | None = None,
    ) -> None:
        """Have the token's step written down."""
        self.step_count += 1
        self.commands.append(
            Record(token, status, self.step_count, port, output, words, error),
        )

    # --- ending ---

    def clear(
        self, tokens: Iterable[Token], failure: Failure | None = None, failed: Token | None = None
    ) -> None:
        """End tokens where they stand. Steps that stand in the book as begun become skipped, but
        for the one that failed: it has its record."""
        for token in list(tokens):
            self.commands.append(Cancel(token))
            is_begun = token.state in _PENDING or token.attempt or token.passes
            if is_begun and token != failed:
                self.record(token, StepStatus.SKIPPED, words=_CUT_SHORT, error=failure)
            self._remove(token)

    def fail_run(self, node_id: str | None, failure: Failure, label: str | None = None) -> None:
        """The run fails and stands still; its tokens stay where they are."""
        if self.is_standing:
            return
        self.status = RunStatus.FAILED
        for token in self.tokens.values():
            if token.state not in _AT_REST:
                self.commands.append(Cancel(token))
        self.finish = Finish(RunStatus.FAILED, label, failure, node_id)

    def end_run(self, status: RunStatus, label: str | None = None) -> None:
        """The run ends here and now, whatever its tokens do."""
        self.clear(self.tokens.values())
        self.finish = Finish(status, label)
