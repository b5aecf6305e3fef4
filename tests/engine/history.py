"""Histories: what an engine of some day decided, move by move, for later engines to decide again.

A run that was begun by one release is continued by the next, so the same outcomes must lead to the
same commands. `python -m tests.engine.history` writes the histories that are not there yet; one
that is there is never written again.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cartwheel.node_sdk import Again, Call, Each, Emit, Stop, Wait
from cartwheel.runs import engine
from cartwheel.runs.flow import Flow, Join, Shape, trace_flow
from cartwheel.runs.tokens import (
    Advance,
    Failure,
    Finish,
    Outcome,
    Postponed,
    Record,
    RunState,
    RunStatus,
    TokenState,
    WakeReason,
    Woken,
)
from tests.engine.drawing import Arrow, Behaviour, Drawing, draw
from tests.engine.playing import Play

FOLDER = Path(__file__).with_name("histories")
_RESULTS = {
    each.__name__: each for each in (Emit, Wait, Each, Call, Again, Stop, Failure, Postponed, Woken)
}
_MOMENTS, _LENGTHS = {"until", "timeout"}, {"quiet", "wait"}


# --- writing ---


class NotedPlay(Play):
    """A play that notes every move and what the engine said to it."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__(drawing)
        self.moves: list[dict[str, Any]] = []

    def begin(self) -> Play:
        self._note("begin")
        return super().begin()

    def tell(self, outcomes: list[Outcome]) -> None:
        self._note("advance", [[each.token_id, written(each.result)] for each in outcomes])
        super().tell(outcomes)

    def resume(self) -> None:
        self._note("resume")
        super().resume()

    def take(self, advance: Advance) -> None:
        self.moves[-1]["said"] = said(advance)
        super().take(advance)

    def retry(self, going_on: Collection[int] = ()) -> None:
        self._note("retry", going_on=list(going_on))
        super().retry(going_on)

    def to_the_end(self, crash_rate: float = 0.0) -> Play:
        """Calls that failed are retried until the called run ends well."""
        super().to_the_end(crash_rate)
        while self.state.status is RunStatus.FAILED and (failed := self._failed_calls()):
            self.retry(failed)
            while self.step():
                pass
        return self

    def _failed_calls(self) -> list[int]:
        failed = [t for t in self.state.tokens.values() if t.state is TokenState.FAILED]
        return [t.id for t in failed if self.drawing.behaviour(t.node_id).kind == "failing_call"]

    def _note(self, move: str, outcomes: list[Any] | None = None, **more: Any) -> None:
        noted = {"move": move, "at": self.now.isoformat(), "outcomes": outcomes or []}
        self.moves.append({**noted, **more})


def history_of(drawing: Drawing) -> dict[str, Any]:
    """The whole history of a run of the drawing."""
    play = NotedPlay(drawing)
    play.to_the_end()
    return {
        "shapes": {name: asdict(shape) for name, shape in drawing.shapes.items()},
        "arrows": [asdict(arrow) for arrow in drawing.arrows],
        "moves": play.moves,
        "status": play.state.status.value,
    }


def written(result: Any) -> dict[str, Any]:
    """A verdict or what else happened, as JSON."""
    values = {name: _plain(getattr(result, name)) for name in type(result).__slots__}
    return {"type": type(result).__name__, **values}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value


def said(advance: Advance) -> list[list[Any]]:
    """The commands of an advance, as far as drivers and traces depend on them."""
    return [_command(command) for command in advance.commands]


def _command(command: engine.Command) -> list[Any]:
    name = type(command).__name__
    if isinstance(command, Finish):
        return [name, command.status.value, command.label, command.node_id]
    token = command.token
    if isinstance(command, Record):
        return [name, token.node_id, token.iteration, command.status.value, command.port]
    wake = token.wake_at.isoformat() if token.wake_at else None
    return [name, token.id, token.node_id, token.iteration, wake]


# --- replaying ---


def replayed(history: dict[str, Any]) -> Iterator[tuple[list[list[Any]], list[list[Any]]]]:
    """For every move what was said then, and what is said now."""
    flow, state = _flow(history), RunState(RunStatus.QUEUED)
    for move in history["moves"]:
        advance = _decide(flow, state, move)
        state = advance.state
        yield move["said"], said(advance)
    yield [[history["status"]]], [[state.status.value]]


def _flow(history: dict[str, Any]) -> Flow:
    shapes = {
        name: Shape(**{**shape, "join": Join(shape["join"])})
        for name, shape in history["shapes"].items()
    }
    return trace_flow("t", shapes, [Arrow(**arrow) for arrow in history["arrows"]])


def _decide(flow: Flow, state: RunState, move: dict[str, Any]) -> Advance:
    at = datetime.fromisoformat(move["at"])
    if move["move"] == "begin":
        return engine.begin(flow, at)
    if move["move"] == "resume":
        return engine.resume(flow, state, at)
    if move["move"] == "retry":
        return engine.retry(flow, state, at, going_on=move["going_on"])
    outcomes = [Outcome(token_id, _read(result)) for token_id, result in move["outcomes"]]
    return engine.advance(flow, state, outcomes, at)


def _read(given: dict[str, Any]) -> Any:
    """A later release may know more fields; those that are not there have their defaults."""
    values = {name: _value(name, value) for name, value in given.items() if name != "type"}
    if given["type"] == "Woken":
        values["reason"] = WakeReason(values["reason"])
    return _RESULTS[given["type"]](**values)


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    return timedelta(seconds=value) if name in _LENGTHS else value


DRAWINGS = {
    "2026-11-branches_and_joins": draw(
        "t > a > j", "t > b > j", "t > c > k", "b > k > z", "j > z",
        joins={"j": Join.ALL, "k": 2}, b=Behaviour("wait"),
    ),
    "2026-11-a_list_with_failures": draw(
        "t > e > z", "e.body > x > y", "x.error > h", "e.body > w", "e.error > c",
        e=Behaviour("each", times=4, parallel=2, on_error="continue"), x=Behaviour("fail"),
        w=Behaviour("retry", times=2),
    ),
    "2026-11-bodies_in_bodies": draw(
        "t > e > z", "e.body > r > m", "r.body > x > y",
        e=Behaviour("each", times=2), r=Behaviour("again", times=2), y=Behaviour("wait"),
    ),
    "2026-11-events_and_calls": draw(
        "t > q > w > c > z", "w.left > late", "t > v", "v.left > late2 > s",
        q=Behaviour("quiet", times=2), w=Behaviour("event", times=1), v=Behaviour("event"),
        c=Behaviour("call"), s=Behaviour("end"),
    ),
    "2026-11-a_failure_stands_still": draw(
        "t > a > b", "t > w > z", a=Behaviour("retry", times=1), b=Behaviour("fail"),
        w=Behaviour("wait"),
    ),
    "2026-11-people_are_asked": draw(
        "t > a > k > z", "t > r", "r.refused > n > w > z", "t > l", "l.left > o",
        "t > e > z", "e.body > p > q",
        a=Behaviour("person", times=1), k=Behaviour("person", port="done", times=1),
        r=Behaviour("person", port="refused", times=1), l=Behaviour("person"),
        w=Behaviour("wait"), e=Behaviour("each", times=3, parallel=2),
        p=Behaviour("person", times=1), joins={"z": Join.ALL},
    ),
    "2026-11-a_failed_call_goes_on": draw(
        "t > c > z", "t > w > y", "t > v", "v.left > x", "t > r > u",
        c=Behaviour("failing_call", times=2), w=Behaviour("wait"), v=Behaviour("event"),
        r=Behaviour("retry", times=1), u=Behaviour("person", times=1),
    ),
    "2026-11-stop_ends_everything": draw(
        "t > w > z", "t > a > s", "a > o", w=Behaviour("wait"), s=Behaviour("stop"), off=("o",)
    ),
}  # fmt: skip


def write_new() -> None:
    """Write the histories of drawings that have none yet."""
    for name, drawing in DRAWINGS.items():
        file = FOLDER / f"{name}.json"
        if not file.exists():
            file.write_text(json.dumps(history_of(drawing), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_new()
