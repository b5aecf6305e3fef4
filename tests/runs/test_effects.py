"""How acts outside end, for each delivery class and each way in which a provider can fail (F13).

What is decided stands in docs/decisions/0016-acts-in-doubt.md.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from cartwheel.catalog.node_type import RetryPlan
from cartwheel.catalog.registry import Registry
from cartwheel.clock import from_ms, now_ms
from cartwheel.connections.models import Connection
from cartwheel.connections.rows import note_refused
from cartwheel.connections.store import release_waiting_runs
from cartwheel.errors import Conflict
from cartwheel.notices.troubles import USUAL_FAILURES, failing_workflows
from cartwheel.runs import revival
from cartwheel.runs.schemas import RunDetail
from cartwheel.statements import Sql, Transaction
from tests.runs.acting import ActProvider, http_date, provider_at_work, registry_of_acts
from tests.runs.conftest import START, Hire, Shop, Worker, chain, edge, node, resting, until

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CLASSES = ("keyed", "lookup", "plain")
DONE, UNKNOWN = ("succeeded", None, 1), ("failed", "outcome_unknown", 1)

ENDS = {
    # First answer: (run, code of its error, how often it was done) for keyed, lookup and plain.
    "fine": (DONE, DONE, DONE),
    "500": (DONE, DONE, DONE),
    "503": (DONE, DONE, DONE),
    "garbage": (DONE, DONE, DONE),
    "half": (DONE, DONE, DONE),
    "reset": (DONE, DONE, DONE),
    "504-done": (DONE, DONE, UNKNOWN),
    "502-undone": (DONE, DONE, ("failed", "outcome_unknown", 0)),
    "dropped-done": (DONE, DONE, UNKNOWN),
    "dropped-undone": (DONE, DONE, ("failed", "outcome_unknown", 0)),
    "400": (("failed", "refused", 0),) * 3,
    "404": (("failed", "not_found", 0),) * 3,
}


@pytest.fixture
async def acts() -> AsyncIterator[ActProvider]:
    async with provider_at_work() as outside:
        yield outside


@pytest.fixture
def trusted(acts: ActProvider) -> list[str]:
    return [f"127.0.0.1:{acts.port}"]


@pytest.fixture
def registry() -> Registry:
    return registry_of_acts()


@pytest.fixture
async def connected(shop: Shop, acts: ActProvider) -> Shop:
    """A shop with a connection to the provider."""
    await connect(shop, acts, "acme")
    return shop


async def connect(shop: Shop, acts: ActProvider, connection_id: str) -> None:
    settings = {"address": acts.url, "kind": "none"}
    async with shop.database.write() as session:
        session.add(
            Connection(
                workspace_id=1, id=connection_id, app="http", name=connection_id.capitalize(),
                settings=settings, status="ok", created_at=1, updated_at=1,
            )
        )  # fmt: skip


def step(delivery: str, connection: str = "acme") -> dict[str, object]:
    return node("act", f"action.act_{delivery}@1", connection=connection)


async def order(shop: Shop, order_id: str) -> str:
    return await shop.happen({"order": {"id": order_id}})


def end_of(run: RunDetail, acts: ActProvider, order_id: str) -> tuple[str, str | None, int]:
    return run.status, run.error.code if run.error else None, acts.done[order_id]


@pytest.mark.parametrize("place", range(3), ids=CLASSES)
async def test_every_failure_ends_as_the_class_decides(
    place: int, connected: Shop, worker: Worker, acts: ActProvider
) -> None:
    await connected.activate(chain(START, step(CLASSES[place])))
    events = {order_id: await order(connected, order_id) for order_id in ENDS}
    found = {
        order_id: end_of(await resting(connected, worker, event_id), acts, order_id)
        for order_id, event_id in events.items()
    }
    assert found == {order_id: ends[place] for order_id, ends in ENDS.items()}
    in_doubt = sum(1 for order_id in ENDS if "-" in order_id)
    assert acts.told.total() == (in_doubt if CLASSES[place] == "lookup" else 0)
    assert max(acts.asked.values()) <= 2
    assert (acts.asked["400"], acts.asked["404"]) == (1, 1), "no is no"


@on_sqlite
async def test_a_look_up_gives_the_answer_that_was_lost(
    connected: Shop, worker: Worker, acts: ActProvider
) -> None:
    await connected.activate(chain(START, step("lookup")))
    run = await resting(connected, worker, await order(connected, "dropped-done"))
    assert run.steps[-1].output == {"id": "a-dropped-done"}
    assert (acts.asked.total(), acts.told.total()) == (1, 1)


@on_sqlite
async def test_a_provider_that_cannot_be_asked_leaves_it_unknown_and_is_asked_again_by_a_retry(
    connected: Shop, worker: Worker, acts: ActProvider
) -> None:
    await connected.activate(chain(START, step("lookup")))
    event_id = await order(connected, "dropped-mute")
    run = await _failed_unknown(connected, worker, event_id)
    assert acts.asked.total() == 1
    key = next(iter(acts.keys))
    acts.keys[key] = "told"
    acts.done["told"] = 1
    await revival.retry_run(connected.database, 1, run.id)
    again = await resting(connected, worker, event_id, "succeeded")
    assert (again.steps[-1].output, acts.asked.total()) == ({"id": "a-told"}, 1)


async def _failed_unknown(shop: Shop, worker: Worker, event_id: str) -> RunDetail:
    run = await resting(shop, worker, event_id)
    assert run.error is not None
    assert (run.status, run.error.code) == ("failed", "outcome_unknown")
    return run


@on_sqlite
async def test_a_person_decides_about_a_plain_act_in_doubt(
    connected: Shop, worker: Worker, acts: ActProvider
) -> None:
    await connected.activate(chain(START, step("plain")))
    event_id = await order(connected, "dropped-undone")
    run = await _failed_unknown(connected, worker, event_id)
    assert run.error is not None
    assert run.error.message.startswith("Nobody can tell whether this was done.")
    assert run.error.fix is not None
    with pytest.raises(Conflict):
        await revival.retry_run(connected.database, 1, run.id)
    await revival.retry_run(connected.database, 1, run.id, send_again=True)
    await resting(connected, worker, event_id, "succeeded")
    rows = await connected.database.fetch(Sql("SELECT round, status FROM effect ORDER BY round"))
    assert [tuple(row) for row in rows] == [(0, "unknown"), (1, "sent")]


@on_sqlite
async def test_a_bug_after_the_answer_does_not_undo_the_act(
    connected: Shop, hire: Hire, acts: ActProvider, registry: Registry,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """A person's retry goes on from the answer that came, and sends nothing again."""
    kind = registry.get("action.act_plain", 1)
    sound = kind.run

    async def stumble(ctx: object, config: object) -> object:
        await sound(ctx, config)  # type: ignore[arg-type,misc]
        raise KeyError("id")

    vars(kind).update(run=stumble)
    await connected.activate(chain(START, step("plain")))
    worker = await hire()
    event_id = await order(connected, "fine")
    run = await resting(connected, worker, event_id)
    assert run.error is not None
    assert run.error.code == "internal"
    vars(kind).update(run=sound)
    await revival.retry_run(connected.database, 1, run.id)
    await resting(connected, worker, event_id, "succeeded")
    assert acts.asked.total() == 1


@on_sqlite
async def test_a_provider_that_learns_late_is_asked_late(
    connected: Shop, worker: Worker, acts: ActProvider, registry: Registry
) -> None:
    kind = registry.get("action.act_lookup", 1)
    assert kind.lookup is not None
    object.__setattr__(kind, "lookup", replace(kind.lookup, after_seconds=600.0))
    await connected.activate(chain(START, step("lookup")))
    event_id = await order(connected, "dropped-done")
    await until(partial(_says, connected, worker, "Waits until the other side can tell"))
    rows = await connected.database.fetch(Sql("SELECT wake_at FROM run"))
    assert timedelta(minutes=9) < from_ms(rows[0][0]) - from_ms(now_ms()) < timedelta(minutes=11)
    assert (await connected.run_of(event_id)).status == "waiting"
    assert acts.told.total() == 0


async def _says(shop: Shop, worker: Worker, words: str) -> bool:
    worker.loop.look()
    rows = await shop.database.fetch(Sql("SELECT words FROM step WHERE node_id = 'act'"))
    return bool(rows) and str(rows[0][0]).startswith(words)


@on_sqlite
async def test_a_key_that_the_provider_forgot_is_not_relied_upon(
    connected: Shop, worker: Worker, acts: ActProvider, registry: Registry
) -> None:
    object.__setattr__(registry.get("action.act_keyed", 1), "key_hours", 1e-9)
    await connected.activate(chain(START, step("keyed")))
    await _failed_unknown(connected, worker, await order(connected, "dropped-done"))
    assert acts.asked.total() == 1


@on_sqlite
async def test_what_a_drawn_path_takes_in_hand_is_no_trouble_also_where_nobody_knows_the_outcome(
    connected: Shop, worker: Worker, acts: ActProvider
) -> None:
    """docs/decisions/0042-told-in-time.md"""
    graph = chain(START, step("plain"))
    goes_on = [node("after", "flow.stop@1")], [edge("act", "after", "error")]
    drawn = await connected.activate(
        {**graph, "nodes": graph["nodes"] + goes_on[0], "edges": graph["edges"] + goes_on[1]},
        "order_paid",
    )
    undrawn = await connected.activate(graph)
    for number in range(USUAL_FAILURES):
        data = {"order": {"id": f"dropped-done/{number}"}}
        run = await resting(connected, worker, await connected.happen(data, "order_paid"))
        assert (run.status, run.workflow_id) == ("succeeded", drawn)
        assert ("act", "unknown", "error") in {(s.node_id, s.status, s.port) for s in run.steps}
    assert await connected.database.fetch(failing_workflows(now_ms(), 1)) == []
    for number in range(USUAL_FAILURES):
        await _failed_unknown(connected, worker, await order(connected, f"dropped-undone/{number}"))
    rows = await connected.database.fetch(failing_workflows(now_ms(), 1))
    assert [(row[1], row[3]) for row in rows] == [(undrawn, USUAL_FAILURES)]


# --- pauses and tries ---


@on_sqlite
@pytest.mark.parametrize("asked_in", ["seconds", "date"])
async def test_the_pause_that_a_provider_asks_for_is_kept_within_a_tenth_and_costs_no_try(
    connected: Shop, worker: Worker, acts: ActProvider, asked_in: str
) -> None:
    acts.retry_after = "300" if asked_in == "seconds" else http_date(300)
    await connected.activate(chain(START, step("plain")))
    before = now_ms()
    run = await resting(connected, worker, await order(connected, "429"), "waiting")
    rows = await connected.database.fetch(Sql("SELECT wake_at, attempt FROM token"))
    waited = from_ms(rows[0][0]) - from_ms(before)
    assert timedelta(seconds=299) <= waited <= timedelta(seconds=332)
    assert rows[0][1] == 0
    assert run.steps[-1].status == "retrying"


@on_sqlite
async def test_tries_that_were_spent_stay_spent_when_a_worker_dies(
    connected: Shop, hire: Hire, acts: ActProvider, registry: Registry
) -> None:
    await connected.activate(chain(START, step("plain")))
    event_id = await order(connected, "always")
    kind = registry.get("action.act_plain", 1)
    object.__setattr__(kind, "retry", RetryPlan((600.0, 600.0)))
    _refuse_for_ever(acts)
    for tries in (1, 2, 3):
        worker = await hire()
        await until(partial(_tried, connected, worker, tries))
        await worker.kill()
        await connected.database.run(_wake_all())
    run = await connected.run_of(event_id)
    assert run.error is not None
    assert (run.error.code, acts.asked.total()) == ("gave_up", 3)
    assert "Tried 3 times." in run.error.message


async def _tried(shop: Shop, worker: Worker, tries: int) -> bool:
    worker.loop.look()
    rows = await shop.database.fetch(Sql("SELECT attempts, status FROM step WHERE node_id = 'act'"))
    return bool(rows) and (rows[0][0] == tries and rows[0][1] in {"retrying", "failed"})


def _refuse_for_ever(acts: ActProvider) -> None:
    acts._speak = lambda behaviour, order, writer: writer.write(  # type: ignore[method-assign]
        b"HTTP/1.1 500 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )


def _wake_all() -> Transaction[None]:
    yield Sql("UPDATE token SET wake_at = 1 WHERE wake_at IS NOT NULL")
    yield Sql("UPDATE run SET wake_at = 1, lease_until = NULL WHERE wake_at IS NOT NULL")


# --- connections that are not accepted ---


async def test_runs_of_a_refused_connection_wait_and_go_on_when_it_is_mended(
    connected: Shop, worker: Worker, acts: ActProvider
) -> None:
    await connect(connected, acts, "other")
    await connected.activate(chain(START, step("plain")))
    first, *rest = [await order(connected, f"401/{number}") for number in range(4)]
    waiting = await resting(connected, worker, first, "waiting")
    for event_id in rest:
        await resting(connected, worker, event_id, "waiting")
    assert waiting.error is not None
    assert waiting.error.message == "Waiting for the connection “Acme” to be mended."
    assert waiting.steps[-1].words == waiting.error.message
    late = await order(connected, "late")
    await resting(connected, worker, late, "waiting")
    assert acts.asked["late"] == 0
    assert await _connection(connected) == ("broken", True)
    await _mend(connected, acts)
    for event_id in (first, *rest, late):
        run = await resting(connected, worker, event_id, "succeeded")
        assert (run.error, run.steps[-1].attempts) == (None, 1)
    assert set(acts.done.values()) == {1}


@on_sqlite
async def test_other_connections_of_the_app_go_on(
    connected: Shop, worker: Worker, acts: ActProvider
) -> None:
    await connect(connected, acts, "other")
    await connected.database.run(note_refused(1, "acme", "No.", 1, now_ms()))
    await connected.activate(chain(START, step("plain", "other")))
    assert (await resting(connected, worker, await order(connected, "fine"))).status == "succeeded"


async def _connection(shop: Shop) -> tuple[str, bool]:
    rows = await shop.database.fetch(
        Sql("SELECT status, refused_at FROM connection WHERE id = 'acme'")
    )
    return rows[0][0], rows[0][1] is not None


async def _mend(shop: Shop, acts: ActProvider) -> None:
    """As a test that goes well does it; tests/connections proves that one."""
    acts.is_mended = True

    def mended() -> Transaction[None]:
        yield Sql("UPDATE connection SET refused_at = NULL, status = 'ok', updated_at = 2")

    await shop.database.run(mended())
    await shop.database.run(release_waiting_runs(1, "acme", now_ms()))


# --- the pace of a connection (T13) ---


@on_sqlite
async def test_a_provider_that_takes_few_at_a_time_gets_them_all_and_holds_up_nobody(
    connected: Shop, worker: Worker, acts: ActProvider
) -> None:
    """Twenty at once at a connection that bears 20 a second; another one's act goes at once."""
    await connect(connected, acts, "other")
    acts.per_second, acts.retry_after = 20.0, "0.2"
    await connected.activate(chain(START, step("plain")))
    await connected.activate(chain(START, step("plain", "other")), event_type="other_shop")
    events = [await order(connected, f"many/{number}") for number in range(20)]
    quick = await connected.happen({"order": {"id": "quick"}}, type="other_shop")
    run = await resting(connected, worker, quick, "succeeded")
    assert (run.steps[-1].attempts, acts.done.total() < 20) == (1, True)
    await _all(connected, worker, events)
    assert set(acts.done.values()) == {1}
    line = worker.driver._way_out.doors.lines.of("acme", 0.0)
    assert line.per_second(0.0) < 100, "what was learnt then; by now it may have recovered"


async def _all(shop: Shop, worker: Worker, events: Iterable[str]) -> None:
    for event_id in events:
        await resting(shop, worker, event_id, "succeeded")
