"""The engine agrees with the naive interpreter, whatever the graph, the order and the crashes."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartwheel.runs.flow import Join, Shape
from tests.conftest import CHAOS
from tests.engine.drawing import Arrow, Behaviour, Drawing
from tests.engine.playing import Play
from tests.engine.reference import interpret

MANY = settings(max_examples=2_000 if CHAOS else 200, deadline=None)
KINDS = (
    "emit", "emit", "emit", "left", "left", "fail", "wait", "retry", "call", "each", "again", "end",
    "event", "quiet", "person", "failing_call",
)  # fmt: skip
PORTS = ("done", "done", "left", "error")
SEEDS = st.integers(0, 2**32)
SIZES = st.integers(1, 7)


class Artist:
    """Draws a random graph: bodies in bodies, joins, failures, nodes that are switched off."""

    def __init__(self, chance: random.Random, size: int) -> None:
        self.chance, self.size = chance, size
        self.shapes: dict[str, Shape] = {"t": Shape()}
        self.behaviours: dict[str, Behaviour] = {}
        self.arrows: dict[tuple[str, str, str], Arrow] = {}

    def drawing(self) -> Drawing:
        self.scope("t", "done", "n", 0)
        return Drawing(self.shapes, self.behaviours, tuple(self.arrows.values()))

    def scope(self, entry: str, port: str, prefix: str, depth: int) -> None:
        """Nodes that are reached from `entry` by `port`, and their bodies."""
        names = [f"{prefix}{n}" for n in range(self.chance.randint(1, max(1, self.size - depth)))]
        for place, name in enumerate(names):
            self.node(name, depth)
            for _ in range(self.chance.randint(1, 3)):
                source = self.chance.choice(["", *names[:place]])
                if source:
                    self.connect(source, self.chance.choice(PORTS), name)
                else:
                    self.connect(entry, port, name)

    def node(self, name: str, depth: int) -> None:
        chance = self.chance
        kind = chance.choice(KINDS) if chance.random() > 0.02 else "stop"
        repeats = kind in {"each", "again"}
        self.behaviours[name] = Behaviour(
            kind="emit" if kind == "left" else kind,
            port="left" if kind == "left" else "done",
            times=chance.randint(0, 1)
            if kind in {"event", "person"}
            else chance.randint(kind != "each", 3),
            parallel=chance.randint(1, 3),
            on_error=chance.choice(["stop", "continue"]),
        )
        join = chance.choice([Join.ANY, Join.ANY, Join.ALL, Join.COUNT])
        self.shapes[name] = Shape(join, chance.randint(1, 3), "body" if repeats else None)
        if chance.random() < 0.08:
            self.shapes[name] = Shape(passes_by="done")
        elif repeats and depth < 2 and chance.random() < 0.8:
            self.scope(name, "body", f"{name}_", depth + 1)

    def connect(self, source: str, port: str, target: str) -> None:
        key = (source, port, target)
        self.arrows.setdefault(key, Arrow(f"e{len(self.arrows)}", *key))


def random_drawing(seed: int, size: int) -> Drawing:
    return Artist(random.Random(seed), size).drawing()


@MANY
@given(seed=SEEDS, size=SIZES)
def test_any_order_of_outcomes_comes_to_what_the_rules_say(seed: int, size: int) -> None:
    drawing = random_drawing(seed, size)
    agree(Play(drawing, random.Random(seed)).to_the_end(), drawing)


@MANY
@given(seed=SEEDS, size=SIZES)
def test_crashes_change_nothing(seed: int, size: int) -> None:
    drawing = random_drawing(seed, size)
    agree(Play(drawing, random.Random(seed)).to_the_end(crash_rate=0.3), drawing)


@MANY
@given(seed=SEEDS, size=SIZES)
def test_nothing_is_left_behind_when_a_run_has_succeeded(seed: int, size: int) -> None:
    play = Play(random_drawing(seed, size), random.Random(seed)).to_the_end()
    if play.state.status == "succeeded":
        assert not play.state.tokens
        assert not play.state.scopes
        assert not play.store.tokens
        assert not play.to_do
        assert all(step.status.is_final for step in play.store.steps.values())


def agree(play: Play, drawing: Drawing) -> None:
    expected = interpret(drawing)
    assert play.state.status.value in expected.ends
    assert len(play.finishes) == 1
    assert set(play.ended.values()) <= {1} | {0}
    if expected.is_exact:
        assert play.records == expected.records
    else:
        beyond = play.records - expected.records
        assert {port for _, _, port in beyond} <= {None}


@pytest.mark.parametrize("seed", range(20))
def test_the_same_order_gives_the_same_trace(seed: int) -> None:
    drawing = random_drawing(seed, 7)
    first = Play(drawing, random.Random(seed)).to_the_end()
    second = Play(drawing, random.Random(seed)).to_the_end()
    assert list(first.store.steps.items()) == list(second.store.steps.items())
