"""When a child is started again, and how its output is read."""

import os
import sys

import pytest

from cartwheel.supervision.child import (
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    STEADY_SECONDS,
    Child,
    LineReader,
    Program,
)


@pytest.fixture
def child() -> Child:
    """A program that ends at once."""
    return Child(Program("leaf", (sys.executable, "-c", "raise SystemExit(3)"), {}, 1.0))


def end_at(child: Child, now: float) -> float:
    """Let the child start and end at `now`; returns the pause until its next start."""
    reader, _ = child.start(now, lifeline=0)
    assert child.process is not None
    child.process.wait()
    os.close(reader.descriptor)
    child.plan_restart(now)
    return child.start_at - now


def test_the_pause_doubles_up_to_its_longest(child: Child) -> None:
    pauses = [end_at(child, 0.0) for _ in range(8)]

    assert pauses[:3] == [FIRST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2, FIRST_PAUSE_SECONDS * 4]
    assert pauses[-1] == LONGEST_PAUSE_SECONDS


def test_a_steady_minute_makes_the_pause_short_again(child: Child) -> None:
    for _ in range(5):
        end_at(child, 0.0)
    reader, _ = child.start(0.0, lifeline=0)
    assert child.process is not None
    child.process.wait()
    os.close(reader.descriptor)

    child.plan_restart(STEADY_SECONDS + 1)

    assert child.start_at == STEADY_SECONDS + 1 + FIRST_PAUSE_SECONDS


def test_it_is_said_how_a_child_ended(child: Child) -> None:
    reader, _ = child.start(0.0, lifeline=0)
    assert child.process is not None
    child.process.wait()
    os.close(reader.descriptor)

    assert child.plan_restart(0.0) == (
        "leaf ended by itself (exit code 3); it starts again in 1 s."
    )


def test_lines_are_whole_however_they_arrive() -> None:
    read, write = os.pipe()
    reader = LineReader(read)
    os.write(write, b"on")
    first = reader.read()
    os.write(write, b"e\ntwo\nthr")
    second = reader.read()
    os.close(write)
    third = reader.read()
    os.close(read)

    assert (first, second, third) == (([], False), (["one", "two"], False), (["thr"], True))
