"""Graphs for the engine without node types: nodes that behave as they are told."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from cartwheel.runs.flow import Flow, Join, Shape, trace_flow

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Arrow:
    """An edge."""

    id: str
    source: str
    source_port: str
    target: str


@dataclass(frozen=True)
class Behaviour:
    """What a node does: `emit` (by `port`), `fail`, `wait`, `retry` (`times`, then emit), `each`
    (over `times` items), `again` (`times`, then emit), `call`, `stop` (by `failed` as a failure),
    `end` (this path),
    `event` (comes if `times`; else the time is up and it leaves by `left`), `quiet` (after `times`
    events), `person` (who answers by `port` if `times`; else the time is up and it leaves by
    `left`), `failing_call` (the called workflow fails `times` times; a retry goes on in it)."""

    kind: str = "emit"
    port: str = "done"
    times: int = 0
    parallel: int = 1
    on_error: str = "stop"
    left: str = "left"


EMITS = Behaviour()


@dataclass(frozen=True)
class Drawing:
    """Nodes with shape and behaviour, and arrows between them; `t` is the trigger."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    arrows: tuple[Arrow, ...] = ()

    @property
    def flow(self) -> Flow:
        return trace_flow("t", self.shapes, self.arrows)

    def behaviour(self, node_id: str) -> Behaviour:
        return self.behaviours.get(node_id, EMITS)


def draw(
    *paths: str,
    joins: dict[str, Join | int] | None = None,
    off: tuple[str, ...] = (),
    **behaviours: Behaviour,
) -> Drawing:
    """A drawing from paths such as `t > a > b` and `a.error > c`.

    A port stands behind its node's dot; `done` is meant otherwise. Nodes that are told to `each`
    or `again` have a body. A number as join is how many a `count` waits for.
    """
    arrows: dict[tuple[str, str, str], Arrow] = {}
    names = {"t"}
    for path in paths:
        stops = [stop.strip().partition(".") for stop in path.split(">")]
        names |= {name for name, _, _ in stops}
        for (source, _, port), (target, _, _) in pairwise(stops):
            key = (source, port or "done", target)
            arrows[key] = Arrow(f"e{len(arrows)}", *key) if key not in arrows else arrows[key]
    shapes = {name: _shape(name, joins or {}, off, behaviours) for name in sorted(names)}
    return Drawing(shapes, behaviours, tuple(arrows.values()))


def _shape(
    name: str,
    joins: dict[str, Join | int],
    off: tuple[str, ...],
    behaviours: dict[str, Behaviour],
) -> Shape:
    if name in off:
        return Shape(passes_by="done")
    join = joins.get(name, Join.ANY)
    repeats = behaviours.get(name, EMITS).kind in {"each", "again"}
    if isinstance(join, Join):
        return Shape(join=join, body="body" if repeats else None)
    return Shape(join=Join.COUNT, count=join, body="body" if repeats else None)
