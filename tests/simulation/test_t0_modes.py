"""T0 (d) and (e): no word in a request or in a stored draft makes a simulation real, and nothing
that happens in one does: no retry, no wait, no called workflow, no new version."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartwheel.accounts.first_start import create_token, ensure_owner
from cartwheel.app import create_app
from cartwheel.database import Database
from cartwheel.paths import DataFolder
from cartwheel.settings import Settings
from cartwheel.statements import Sql
from tests.conftest import browser
from tests.simulation.playing import MESSAGE, graph_of
from tests.simulation.sealed import Canary, connect_everything

Json = Any
TRACES = ("event", "run", "step", "token", "effect", "outbox_message")
MODES: list[tuple[str, Json]] = [
    ("mode", "live"), ("mode", "real"), ("simulate", False), ("simulated", False),
    ("is_simulation", False), ("dry_run", False), ("test", False), ("sandbox", False),
    ("send", True), ("real", True), ("live", True), ("use", "live"), ("transport", "http"),
    ("carrier", "worker"), ("environment", "production"), ("status", "active"),
    ("run_id", "01M80SN8RF4CYYHZ4CJVZ27CM0"), ("effect_key", "1"), ("on_unknown", "send_again"),
]  # fmt: skip


@dataclass
class Stage:
    """An application in this process, with a canary that its connections lead to."""

    loop: asyncio.AbstractEventLoop
    database: Database
    client: httpx.AsyncClient
    canary: Canary

    def post(self, path: str, body: Json) -> httpx.Response:
        return self.loop.run_until_complete(self.client.post(path, json=body))

    def put(self, path: str, body: Json) -> httpx.Response:
        return self.loop.run_until_complete(self.client.put(path, json=body))

    def left(self) -> dict[str, int]:
        """What ran or left for real: everything that is not nothing."""
        found = {table: self.loop.run_until_complete(self._rows(table)) for table in TRACES}
        return {name: n for name, n in {**found, "canary": self.canary.count()}.items() if n}

    async def _rows(self, table: str) -> int:
        return int((await self.database.fetch(Sql(f"SELECT count(*) FROM {table}")))[0][0])


@pytest.fixture(scope="module")
def stage(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("modes")
    path = folder / "cartwheel.db"
    shutil.copy(sqlite_template, path)
    sqlite3.connect(path).execute("PRAGMA journal_mode=WAL")
    loop, canary = asyncio.new_event_loop(), Canary()
    made = loop.run_until_complete(_staged(path, loop, canary))
    yield made
    loop.run_until_complete(made.client.aclose())
    loop.run_until_complete(made.database.close())
    loop.close()


async def _staged(path: Path, loop: asyncio.AbstractEventLoop, canary: Canary) -> Stage:
    url = f"sqlite:///{path}"
    database = await Database.open(url)
    await ensure_owner(database)
    await connect_everything(database, canary.port)
    trusted = frozenset({f"127.0.0.1:{canary.port}"})
    key = "QUJD" * 10 + "QUI="
    given = Settings(
        data=DataFolder(path.parent), database_url=url, secret_key=key, allow_private=trusted
    )
    client = browser(create_app(given, database))
    client.headers["Authorization"] = f"Bearer {await create_token(database, 'tests')}"
    return Stage(loop, database, client, canary)


def graph(port: int, trigger: str = "trigger.order_created") -> dict[str, Json]:
    """Acts of several kinds, at the canary where that can be, around a wait."""
    call = {"method": "POST", "url": f"http://127.0.0.1:{port}/", "connection": "c-http"}
    mail = {"to": "a@example.com", "subject": "Hi", "body": "Hi", "connection": "c-smtp"}
    nodes: dict[str, tuple[str, Json]] = {
        "t": (trigger, {}),
        "call": ("action.http_request", call),
        "wait": ("flow.delay", {"amount": 1, "unit": "hours"}),
        "mail": ("action.send_email", mail),
        "sms": ("action.send_sms", {**MESSAGE, "connection": "c-twilio"}),
    }
    return graph_of(nodes, "t > call", "call > wait", "wait > mail", "mail > sms")


def places(body: Json) -> Iterator[dict[str, Json]]:
    """Every object of a body, itself included."""
    if isinstance(body, dict):
        yield body
        for value in body.values():
            yield from places(value)
    elif isinstance(body, list):
        for value in body:
            yield from places(value)


@st.composite
def flips(draw: st.DrawFn) -> list[tuple[int, str, Json]]:
    """Words to put into some of a body's objects."""
    chosen = st.tuples(st.integers(0, 40), st.sampled_from(MODES))
    return [(place, *mode) for place, mode in draw(st.lists(chosen, min_size=1, max_size=4))]


def flipped(body: Json, words: list[tuple[int, str, Json]]) -> Json:
    changed = deepcopy(body)
    for place, name, value in words:
        objects = list(places(changed))
        objects[place % len(objects)][name] = value
    return changed


@settings(max_examples=60, deadline=None)
@given(words=flips())
def test_no_word_in_a_request_makes_it_real(
    stage: Stage, words: list[tuple[int, str, Json]]
) -> None:
    body = {"graph": graph(stage.canary.port), "event": {"sample": True}, "answers": {"call": {}}}
    answer = stage.post("/api/workflows/simulate", flipped(body, words))
    assert answer.status_code in {200, 422}, answer.text
    assert stage.left() == {}


@settings(max_examples=30, deadline=None)
@given(stored=flips(), asked=flips())
def test_no_word_in_a_stored_draft_makes_it_real(
    stage: Stage, stored: list[tuple[int, str, Json]], asked: list[tuple[int, str, Json]]
) -> None:
    made = stage.post(
        "/api/workflows", {"name": "T0", "graph": flipped(graph(stage.canary.port), stored)}
    )
    assert made.status_code in {201, 422}, made.text
    if made.status_code == 201:
        path = f"/api/workflows/{made.json()['id']}/simulate"
        assert stage.post(path, {}).status_code in {200, 422}
        assert stage.post(path, flipped({"event": {"sample": True}}, asked)).status_code < 500
    assert stage.left() == {}


def test_it_stays_one_across_retries_waits_and_new_versions(stage: Stage) -> None:
    drawn = graph(stage.canary.port)
    made = stage.post("/api/workflows", {"name": "Versions", "graph": drawn}).json()
    path = f"/api/workflows/{made['id']}"
    answers = {"call": [{"status": 503}, {}], "mail": [{"status": 451}, {}]}
    then = [{"after": "PT26H", "event": {"sample": True}}]
    for version in (1, 2):
        assert stage.post(f"{path}/activate", {}).json()["version"] == version
        for use in ("draft", "live"):
            found = stage.post(
                f"{path}/simulate", {"use": use, "answers": answers, "then": then}
            ).json()
            assert (found["status"], len(found["further_runs"])) == ("succeeded", 1)
            assert [step["attempts"] for step in found["steps"]] == [1, 2, 1, 2, 1]
        drawn["nodes"][-1]["config"]["text"] = "Something new"
        stage.put(f"{path}/draft", {"graph": drawn, "revision": made["revision"]})
    for deed in ("retry", "resume", "cancel"):
        assert stage.post(f"/api/runs/simulated-0/{deed}", {}).status_code == 404
    assert stage.left() == {}


def test_it_stays_one_in_a_called_workflow(stage: Stage) -> None:
    acting = graph(stage.canary.port, "trigger.called")
    called = stage.post("/api/workflows", {"name": "Called", "graph": acting}).json()["id"]
    assert stage.post(f"/api/workflows/{called}/activate", {}).status_code == 200
    nodes: dict[str, tuple[str, Json]] = {
        "t": ("trigger.order_created", {}),
        "sub": ("flow.sub_workflow", {"workflow": called}),
    }
    found = stage.post("/api/workflows/simulate", {"graph": graph_of(nodes, "t > sub")}).json()
    assert [step["status"] for step in found["steps"]] == ["succeeded", "succeeded"]
    inside = {step["node_id"] for step in found["steps"][1]["inside"]["steps"]}
    assert inside == {"t", "call", "wait", "mail", "sms"}
    assert stage.left() == {}
