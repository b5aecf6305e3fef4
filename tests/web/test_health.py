"""Health, readiness, numbers, and the pages that describe the API."""

import re
import sqlite3
import time

import httpx
import pytest
from fastapi import FastAPI

from cartwheel import tally
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.events.models import Event
from cartwheel.pulse import Pulse
from cartwheel.settings import Settings
from cartwheel.web.metrics import metrics_text
from tests.conftest import browser


async def test_a_process_that_answers_is_up(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/healthz")).json() == {"status": "up"}


async def test_ready_means_that_the_database_takes_writes(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/readyz")
    assert answer.json() == {
        "status": "ready",
        "database": "up",
        "redis": "none",
        "oldest_due_run_seconds": 0.0,
        "oldest_unrouted_event_seconds": 0.0,
    }


async def test_a_locked_database_is_not_ready(
    anonymous: httpx.AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not settings.is_sqlite:
        pytest.skip("PostgreSQL has no lock on the whole database")
    holder = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))
    holder.execute("BEGIN IMMEDIATE")
    answer = await anonymous.get("/readyz")
    holder.close()
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.json()["database"] == "away"


async def test_work_that_nobody_does_is_not_ready_once_there_was_time_for_it(
    anonymous: httpx.AsyncClient, app: FastAPI, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.write() as session:
        session.add(Event(workspace_id=1, id="e", type="x", source="api", data={}, received_at=1))
    just_begun = await anonymous.get("/readyz")
    monkeypatch.setattr(app.state.probe, "_began_at", time.monotonic() - 61)
    later = await anonymous.get("/readyz")
    assert just_begun.status_code == 200
    assert just_begun.json()["oldest_unrouted_event_seconds"] > 60
    assert (later.status_code, later.json()["code"]) == (503, "late")
    assert "is a worker running?" in later.json()["detail"]
    assert later.json()["database"] == "up"


async def test_the_machine_itself_reads_the_numbers(app: FastAPI) -> None:
    local = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=local, base_url="http://localhost") as prometheus:
        await prometheus.get("/healthz")
        answer = await prometheus.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    requests = _sample(answer.text, "cartwheel_http_requests_total")
    assert requests == [({"role": "api", "method": "GET", "status": "2xx"}, 1.0)]
    assert "\ncartwheel_oldest_due_run_seconds 0\n" in answer.text
    assert _sample(answer.text, "process_resident_memory_bytes")[0][1] > 2**20


async def test_every_number_is_written_as_prometheus_reads_it(app: FastAPI) -> None:
    tally.observe("run", 70)
    text = metrics_text([app.state.pulse.own()], {"cartwheel_x": ("Help.", None)})
    families = re.findall(r"^# TYPE (\S+) (counter|gauge|histogram)$", text, re.MULTILINE)
    samples = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(families) == len({name for name, _ in families})
    for line in samples:
        assert re.fullmatch(r'[a-z_]+\{([a-z]+="[^"]*",?)+\} [0-9.e+-]+', line), line
    buckets = [value for _, value in _sample(text, "cartwheel_run_seconds_bucket")]
    assert buckets == sorted(buckets)
    assert buckets[-1] == _sample(text, "cartwheel_run_seconds_count")[0][1]


async def test_other_processes_are_shown_unless_they_are_gone_or_not_understood(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = {
        "process": "worker-a-1", "role": "worker", "counts": [["steps", "", 7]],
        "durations": {}, "gauges": {}, "at": time.time(),
    }  # fmt: skip
    gone, newer = {**worker, "process": "w2", "at": 1.0}, {**worker, "process": "w3", "new": 1}

    async def shown(_url: str) -> list[dict[str, object]]:
        return [worker, gone, newer]

    monkeypatch.setattr("cartwheel.pulse.read_numbers", shown)
    text = metrics_text(await Pulse("api", "redis://nowhere").everybody(), {})
    assert ({"role": "worker"}, 7.0) in _sample(text, "cartwheel_steps_total")
    assert "w2" not in text
    assert "w3" not in text


async def test_numbers_can_be_read_while_the_database_is_away(
    app: FastAPI, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise Busy("The database cannot be reached just now.")

    monkeypatch.setattr(database, "fetch", away)
    local = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=local, base_url="http://localhost") as prometheus:
        answer = await prometheus.get("/metrics")
    assert answer.status_code == 200
    assert "\ncartwheel_database_up 0\n" in answer.text


def _sample(text: str, name: str) -> list[tuple[dict[str, str], float]]:
    """The labels, without the process, and the value of each sample of a metric."""
    found = re.findall(rf"^{name}\{{(.*)\}} (\S+)$", text, re.MULTILINE)
    read = [(dict(re.findall(r'(\w+)="([^"]*)"', labels)), float(value)) for labels, value in found]
    for labels, _ in read:
        labels.pop("process")
    return read


@pytest.mark.parametrize(
    ("address", "headers"),
    [("203.0.113.7", {}), ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"})],
)
async def test_a_stranger_does_not(app: FastAPI, address: str, headers: dict[str, str]) -> None:
    remote = httpx.ASGITransport(app, client=(address, 50_000))
    async with httpx.AsyncClient(transport=remote, base_url="http://localhost") as stranger:
        assert (await stranger.get("/metrics", headers=headers)).status_code == 401


async def test_a_token_reads_the_numbers_from_anywhere(
    token_client: httpx.AsyncClient,
) -> None:
    headers = {"X-Forwarded-For": "203.0.113.7"}
    assert (await token_client.get("/metrics", headers=headers)).status_code == 200


async def test_the_api_is_described_on_a_page_without_scripts(
    anonymous: httpx.AsyncClient,
) -> None:
    answer = await anonymous.get("/api/docs")
    assert "/api/session" in answer.text
    assert "<script" not in answer.text


async def test_every_operation_tells_its_problems(anonymous: httpx.AsyncClient) -> None:
    document = (await anonymous.get("/api/openapi.json")).json()
    answers = document["paths"]["/api/tokens/{token_id}"]["delete"]["responses"]
    assert {"204", "401", "403", "404", "503"} <= set(answers)
    assert list(answers["404"]["content"]) == ["application/problem+json"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


async def test_a_proxy_that_was_named_tells_who_asks_and_how(
    settings: Settings, database: Database
) -> None:
    import dataclasses

    from cartwheel.accounts.first_start import ensure_owner
    from cartwheel.app import create_app

    await ensure_owner(database)
    behind = create_app(dataclasses.replace(settings, trusted_proxies=("10.0.0.2",)), database)
    headers = {"X-Forwarded-Proto": "https", "Host": "shop.example.com"}
    guess = {"email": "a@example.com", "password": "a wrong one"}
    codes = []
    for proxy in ("10.0.0.2", "10.0.0.3"):
        transport = httpx.ASGITransport(behind, client=(proxy, 443))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as reader:
            codes.append((await reader.post("/api/session", json=guess, headers=headers)).json())
    assert [answer["code"] for answer in codes] == ["wrong_password", "needs_tls"]


async def test_the_application_opens_and_closes_its_own_database(
    settings: Settings,
) -> None:
    from cartwheel.app import create_app

    app = create_app(settings)
    async with app.router.lifespan_context(app), browser(app) as reader:
        assert (await reader.get("/readyz")).status_code == 200
