"""T0: a simulation cannot send. Every node type is played with every socket rigged to explode."""

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.playing import SAMPLE_NOW
from cartwheel.catalog.registry import load_registry
from cartwheel.catalog.samples import Sample
from cartwheel.node_sdk import Json
from cartwheel.runs.recorder import StepRecord
from cartwheel.simulation.driver import play
from cartwheel.simulation.scenario import Answer, HappenedEvent, KnownConnection, Scenario
from tests.simulation.playing import plan_of

TYPES = [each for each in load_registry().types if each.category != "trigger"]
FORBIDDEN = (
    "cartwheel.outbound", "cartwheel.connections.open", "cartwheel.connections.store",
    "cartwheel.connections.vault", "cartwheel.runs.store", "cartwheel.runs.carrier",
    "cartwheel.runs.transport", "cartwheel.database", "httpx", "aiohttp", "requests", "smtplib",
    "aiosmtplib", "sqlalchemy",
)  # fmt: skip


def play_samples(node_type: NodeType) -> int:
    """Play every sample of a node type behind a trigger, and find in the step what the sample
    says; tells how many."""
    for sample in node_type.samples:
        plan = plan_of(
            {"t": ("trigger.manual", {}), "n": (node_type.name, dict(sample.config))}, "t > n"
        )
        event = HappenedEvent("manual", dict(sample.input))
        answers = [
            Answer(e.response.status, e.response.headers, e.response.body) for e in sample.exchange
        ]
        scenario = Scenario(event, SAMPLE_NOW, answers={"n": answers}, connections=known(sample))
        found = asyncio.run(play(plan, scenario))
        assert found.stopped is None
        check(found.runs[0].steps[1], sample)
    return len(node_type.samples)


def known(sample: Sample) -> list[KnownConnection]:
    given = sample.connection
    return [KnownConnection(given.id, given.app, given.name, True, given.settings)] if given else []


def check(step: StepRecord, sample: Sample) -> None:
    failed_as = step.error.code if step.error else None
    stopped = "stopped" if sample.stop.get("failed") else None
    assert failed_as == ("gave_up" if sample.later else sample.error or stopped), sample.name
    if failed_as is None and not sample.stop:
        assert (step.port, step.output) == (sample.port, sample.output), sample.name


@pytest.fixture
def exploding_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    # The event loop needs a pair of its own to wake itself up; it leads nowhere.
    def explode(*_: Json, **__: Json) -> None:
        raise AssertionError("a simulation opened a socket")

    for name in ("connect", "connect_ex", "sendto", "sendmsg", "bind"):
        monkeypatch.setattr(socket.socket, name, explode)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, explode)


@pytest.mark.usefixtures("exploding_sockets")
@pytest.mark.parametrize("node_type", TYPES, ids=lambda each: each.ref)
def test_every_node_type_is_played_without_a_socket(node_type: NodeType) -> None:
    assert play_samples(node_type) > 0


def test_the_driver_loads_nothing_that_could_send_or_open_a_secret() -> None:
    code = (
        "import json, sys, cartwheel.simulation.driver;"
        f"print(json.dumps([name for name in {FORBIDDEN!r} if name in sys.modules]))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert json.loads(printed) == []


def test_playing_every_node_type_loads_nothing_that_could_send() -> None:
    code = (
        "import sys, tests.simulation.test_t0_no_transport as t;"
        "[t.play_samples(each) for each in t.TYPES];"
        f"print([name for name in {FORBIDDEN!r} if name in sys.modules])"
    )
    assert _run([sys.executable, "-c", code]).strip() == "[]"


def _run(command: list[str]) -> str:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_connection_in_a_simulation_has_no_place_for_a_secret() -> None:
    assert set(KnownConnection.__dataclass_fields__) == {
        "id",
        "app",
        "name",
        "is_default",
        "settings",
    }
