"""Long graphs and long lists under kill -9 (F19), and test runs that send nothing whatever dies
(F22)."""

import asyncio
from functools import partial
from typing import Any

import httpx
import psutil
import pytest

from cartwheel.statements import Sql
from tests.recovery.installation import DRAIN, Installation, Process
from tests.recovery.ledger import Ledger
from tests.runs.conftest import START, Shop, chain, edge, node, until

Graph = dict[str, Any]


def asks(installation: Installation, name: str, body: str) -> Graph:
    url = f"http://127.0.0.1:{installation.provider.port}/"
    return node(name, "action.http_request@1", method="POST", url=url, body=body)


def long_chain(installation: Installation, length: int) -> Graph:
    """Small steps one after the other, with an act after every tenth."""
    steps = [
        asks(installation, f"n{number}", f"chain/{number}")
        if number % 10 == 9
        else node(f"n{number}", "data.set@1", values=[{"name": "x", "value": "{{ event.id }}"}])
        for number in range(length)
    ]
    return chain(START, *steps, settings={"on_unknown": "send_again"})


def wide_fan(installation: Installation, width: int) -> Graph:
    """That many branches side by side, and one step behind all of them."""
    graph = chain(START, settings={"on_unknown": "send_again"})
    graph["nodes"] += [asks(installation, f"n{n}", f"fan/{n}") for n in range(width)]
    graph["nodes"].append(node("all", "flow.join@1", wait_for="all"))
    for number in range(width):
        graph["edges"] += [edge("start", f"n{number}"), edge(f"n{number}", "all")]
    return graph


def long_list(installation: Installation) -> Graph:
    """An act and a wait in each pass: the run is taken up anew for every entry."""
    graph = chain(
        START,
        node("each", "flow.for_each@1", items="order.line_items", order="at_once", parallel=20),
        settings={"on_unknown": "send_again"},
    )
    graph["nodes"] += [
        asks(installation, "ask", "list/{{ item }}"),
        node("wait", "flow.delay@1", amount=1, unit="seconds"),
    ]
    graph["edges"] += [edge("each", "ask", "body"), edge("ask", "wait")]
    return graph


@pytest.mark.one_database
async def test_f19_long_graphs_and_long_lists_come_to_their_end_through_kills(
    installation: Installation, ledger: Ledger, chaos: bool
) -> None:
    length, width, items = (500, 500, 5_000) if chaos else (40, 20, 20)
    shop = Shop(installation.database)
    await shop.activate(long_chain(installation, length), "long")
    await shop.activate(wide_fan(installation, width), "wide")
    await shop.activate(long_list(installation), "list")
    for kind in ("long", "wide", "list"):
        await shop.happen({"order": {"id": "1", "line_items": list(range(items))}}, type=kind)
    keys = length // 10 + width + items
    installation.provider.delay_seconds = 0.01
    kills = 12 if chaos else 2  # Three deaths without anything new in the book would convict one.
    for part in range(1, kills + 1):
        worker = installation.start_worker("w")
        await until(partial(_has_acted, installation, keys * part // (kills + 1)), seconds=200)
        installation.phase = DRAIN if part == kills else installation.phase
        worker.kill()
    installation.start_worker("w")
    ended = await installation.settled(3, seconds=800)
    assert ended["succeeded"] == 3
    await ledger.check(3, least={"accept": 1, DRAIN: 1}, keys=keys)
    rows = await installation.database.fetch(
        Sql("SELECT count(*) FROM step WHERE node_id = 'wait' AND status = 'succeeded'")
    )
    assert rows[0][0] == items


async def _has_acted(installation: Installation, times: int) -> bool:
    """Different acts: a run that is killed before anything new of it stands in the book would be
    set aside the third time, as it should."""
    return len(installation.provider.calls) > times


@pytest.mark.one_database
async def test_f22_a_test_run_sends_nothing_while_processes_die(
    installation: Installation, api: Process, ledger: Ledger, chaos: bool
) -> None:
    """The graph would call the provider; the API dies in the middle of playing it."""
    graph, times = long_chain(installation, 300), 20 if chaos else 1
    process, answered = api, 0
    async with installation.client() as client:
        for _ in range(times):
            playing = [asyncio.create_task(_play(client, graph)) for _ in range(4)]
            await until(partial(_is_busy, process, _cpu_seconds(process)), seconds=60)
            process.kill()
            await asyncio.gather(*playing)
            process = await installation.start_api()
            answered += await _play(client, graph)
    assert answered == times
    await ledger.check(0, least={"accept": times}, keys=0, answered=answered)
    assert await installation.count("effect") == 0


async def _play(client: httpx.AsyncClient, graph: Graph) -> bool:
    try:
        answer = await client.post("/api/workflows/simulate", json={"graph": graph})
    except httpx.HTTPError:
        return False
    assert answer.json()["status"] == "succeeded", answer.text
    return True


async def _is_busy(process: Process, before: float) -> bool:
    return _cpu_seconds(process) > before


def _cpu_seconds(process: Process) -> float:
    used = psutil.Process(process.process.pid).cpu_times()
    return float(used.user + used.system)
