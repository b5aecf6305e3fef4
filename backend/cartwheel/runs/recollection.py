"""What a run must be told of its own past before it goes on: no more than what it can still see.

A list of thousands with a wait in each pass is taken up thousands of times. So only what stands
around the live tokens is read back: the steps outside of bodies, those of the passes that are open,
and the acts of steps that may have to go on. What ended passes gave is read when a body closes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from cartwheel.database import Database
from cartwheel.node_sdk import Json
from cartwheel.runs import reading
from cartwheel.runs.effects import StoredEffect
from cartwheel.runs.execution import StepKey, passes_of
from cartwheel.runs.flow import Flow
from cartwheel.runs.tokens import Place, StepStatus, Token
from cartwheel.statements import Row, Sql

Results = Mapping[Place, tuple[StepStatus, Json]]
FEW_STEPS = 300
"""So many records are read at once; asking for some of them would cost more."""
_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class StoredJourney:
    """What the book knows of a run that moved before: of its steps those that it can still see."""

    tokens: tuple[Token, ...]
    steps: tuple[Row, ...]
    effects: Mapping[str, StoredEffect]

    def results(self) -> Results:
        """How the steps ended and what they gave, by place."""
        return {(row[0], row[1]): (StepStatus(row[2]), _parsed(row[3])) for row in self.steps}


class Recollection:
    """Reads one run back."""

    def __init__(self, database: Database, flow: Flow, workspace_id: int, run_id: str) -> None:
        self._database, self._flow = database, flow
        self._place = (workspace_id, run_id)

    async def of_journey(self, step_count: int) -> StoredJourney:
        """Everything that the run needs to go on; `step_count` is how much it has recorded."""
        rows = await self._database.fetch(reading.stored_tokens(*self._place))
        tokens = tuple(reading.read_token(row) for row in rows)
        if step_count <= FEW_STEPS:
            steps = await self._database.fetch(reading.stored_steps(*self._place))
        else:
            steps = [row for each in self._around(tokens) for row in await self._fetch(each)]
        return StoredJourney(tokens, tuple(steps), await self._effects(tokens))

    async def of_body(self, opener: Token) -> Results:
        """What the steps of a body gave, in all of its passes."""
        steps = [
            row
            for each in self._steps(self._flow.bodies[opener.node_id], passes_of(opener))
            for row in await self._fetch(each)
        ]
        return StoredJourney((), tuple(steps), {}).results()

    async def _fetch(self, statement: Sql) -> Sequence[Row]:
        return await self._database.fetch(statement)

    def _around(self, tokens: Sequence[Token]) -> Iterator[Sql]:
        """The steps in the passes that tokens stand in, and around them."""
        openers = {token.id: token for token in tokens}
        open_passes: dict[str, set[str]] = {}
        for token in tokens:
            if token.parent is not None:
                opener = openers[token.parent].node_id
                open_passes.setdefault(opener, set()).add(token.iteration)
            if token.passes and token.node_id in self._flow.bodies:
                open_passes.setdefault(token.node_id, set()).add(token.last_pass)
        yield from self._steps(self._flow.order, [""])
        for opener, iterations in open_passes.items():
            yield from self._steps(self._flow.bodies[opener], sorted(iterations))

    def _steps(self, nodes: Iterable[str], iterations: Sequence[str]) -> Iterator[Sql]:
        for some_nodes in _batches(sorted(nodes)):
            for some in _batches(iterations):
                yield reading.steps_at(*self._place, some_nodes, some)

    async def _effects(self, tokens: Sequence[Token]) -> Mapping[str, StoredEffect]:
        """Acts that a token which stands there began; every other one is over."""
        keys = [StepKey(self._place[1], t.node_id, t.iteration, t.round).effect_key for t in tokens]
        found = [
            row
            for some in _batches(keys)
            for row in await self._fetch(reading.stored_effects(self._place[0], some))
        ]
        return {row[0]: StoredEffect(*tuple(row)[1:]) for row in found}


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _parsed(text: str | None) -> Json:
    return None if text is None else orjson.loads(text)
