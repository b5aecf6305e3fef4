"""A naive interpreter, written from docs/decisions/0004-engine.md alone.

It has no tokens and no states. It goes through each pass in the drawn order: when it comes to a
node, everything that can reach the node has been decided, so it knows who arrives.

`Expected.records` holds what is recorded if nothing is cut short. Where a failure or a stop cuts
something short (`is_exact` is False), a real run records a part of it, depending on the order.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from cartwheel.runs.flow import Join
from tests.engine.drawing import Arrow, Behaviour, Drawing

RecordedPort = tuple[str, str, str | None]
"""(node, iteration, port)"""


@dataclass
class Expected:
    """What a run comes to: its records, and the ends it may have."""

    records: set[RecordedPort] = field(default_factory=set)
    fails: bool = False
    stops: bool = False
    halts: bool = False
    is_cut: bool = False
    is_exact: bool = True

    @property
    def ends(self) -> set[str]:
        """The final statuses that are possible. A stop as a failure may come to nothing where a
        failure ends its pass first (`is_cut`)."""
        possible = {"failed"} if self.fails or self.halts else set()
        if self.stops or (self.halts and self.is_cut and not self.fails):
            possible.add("succeeded")
        return possible or {"succeeded"}


def interpret(drawing: Drawing) -> Expected:
    """What the rules say about a drawing."""
    expected = Expected()
    interpreter = _Interpreter(drawing, expected)
    if not interpreter.play(["t"], ""):
        expected.fails, expected.is_exact = True, False
    return expected


class _Interpreter:
    def __init__(self, drawing: Drawing, expected: Expected) -> None:
        self.drawing, self.expected = drawing, expected
        self.order = _topological(drawing)

    def play(self, entries: Iterable[str], iteration: str) -> bool:
        """Play one pass that begins at `entries`; False when a failure in it was not taken."""
        arrived = Counter(entries)
        whole = True
        for node_id in self.order:
            if arrived[node_id]:
                ports, taken = self.run(node_id, arrived[node_id], iteration)
                whole = whole and taken
                for port in ports:
                    arrived.update(arrow.target for arrow in self.leaving(node_id, port))
        return whole

    def run(self, node_id: str, arrived: int, iteration: str) -> tuple[list[str], bool]:
        """Run a node; gives the ports it leaves by, and whether nothing failed for good."""
        shape = self.drawing.shapes[node_id]
        if shape.passes_by:
            self.note(node_id, iteration, shape.passes_by)
            return [shape.passes_by], True
        if shape.join is Join.COUNT and arrived < shape.count:
            self.note(node_id, iteration, None)
            return [], True
        behaviour = self.drawing.behaviour(node_id)
        if behaviour.kind == "stop":
            self.expected.is_exact = False
            if behaviour.port == "failed":
                self.expected.halts = True
            else:
                self.expected.stops = True
            self.note(node_id, iteration, None)
            return [], True
        if behaviour.kind == "end":
            self.note(node_id, iteration, None)
            return [], True
        if behaviour.kind in {"fail", "failing_call"} or not self.repeat(
            node_id, behaviour, iteration
        ):
            return self.fail(node_id, iteration)
        port = "done" if behaviour.kind in {"each", "wait", "call", "quiet"} else behaviour.port
        if behaviour.kind in {"event", "person"}:
            port = behaviour.port if behaviour.times else behaviour.left
        self.note(node_id, iteration, port)
        return [port], True

    def fail(self, node_id: str, iteration: str) -> tuple[list[str], bool]:
        if self.leaving(node_id, "error"):
            self.note(node_id, iteration, "error")
            return ["error"], True
        self.note(node_id, iteration, None)
        return [], False

    def repeat(self, node_id: str, behaviour: Behaviour, iteration: str) -> bool:
        """Play the body of a node; False when a pass failed and the node does not go on."""
        entries = [arrow.target for arrow in self.leaving(node_id, "body")]
        if behaviour.kind not in {"each", "again"} or not entries:
            return True
        good = True
        for number in range(behaviour.times):
            inner = f"{iteration}.{number}" if iteration else str(number)
            if not self.play(entries, inner):
                self.expected.is_exact, self.expected.is_cut = False, True
                good = good and behaviour.kind == "each" and behaviour.on_error == "continue"
        return good

    def leaving(self, node_id: str, port: str) -> list[Arrow]:
        return [a for a in self.drawing.arrows if (a.source, a.source_port) == (node_id, port)]

    def note(self, node_id: str, iteration: str, port: str | None) -> None:
        self.expected.records.add((node_id, iteration, port))


def _topological(drawing: Drawing) -> list[str]:
    order: list[str] = []
    left = set(drawing.shapes)
    while left:
        free = sorted(
            n for n in left if not any(a.target == n and a.source in left for a in drawing.arrows)
        )
        order += free
        left -= set(free)
    return order
