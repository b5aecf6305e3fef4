"""Workflows that call one another: what is said when one of them is switched on."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from .conftest import edge, graph, node

Json = Any
PAGE = Path(__file__).parents[2] / "docs" / "problems.md"


def calls(workflow: str, trigger: str = "trigger.called", **pinned: int) -> Json:
    step = node("call", "flow.sub_workflow", {"workflow": workflow, **pinned})
    return graph([node("start", trigger), step], [edge("start", "call")])


def waits(trigger: str) -> Json:
    wait = node("wait", "flow.delay", {"amount": 1, "unit": "days"})
    return graph([node("start", trigger), wait], [edge("start", "wait")])


async def made(client: httpx.AsyncClient, name: str, source: Json) -> str:
    answer = await client.post("/api/workflows", json={"name": name, "graph": source})
    return str(answer.json()["id"])


async def problems(client: httpx.AsyncClient, workflow: str) -> list[Json]:
    answer = await client.post(f"/api/workflows/{workflow}/activate")
    return list(answer.json().get("problems", []))


def is_in_the_docs(problem: Json) -> bool:
    row = f"| `{problem['code']}` | error | {problem['message']} | {problem['fix']} |"
    return row in PAGE.read_text(encoding="utf-8").splitlines()


async def test_a_workflow_that_is_off_or_begins_otherwise_cannot_be_called(
    client: httpx.AsyncClient,
) -> None:
    ordinary = await made(client, "Thank you", waits("trigger.order_created"))
    caller = await made(client, "Caller", calls(ordinary, "trigger.order_created"))
    (problem,) = await problems(client, caller)
    assert problem["code"] == "unknown_workflow"
    assert is_in_the_docs(problem)
    assert await problems(client, ordinary) == []
    (problem,) = await problems(client, caller)
    assert (problem["code"], problem["node_id"], problem["field"]) == (
        "not_callable", "call", "/workflow",
    )  # fmt: skip
    assert is_in_the_docs(problem)


async def test_a_version_that_never_was_cannot_be_called(client: httpx.AsyncClient) -> None:
    called = await made(client, "Discount", waits("trigger.called"))
    assert await problems(client, called) == []
    graphs = {n: calls(called, "trigger.order_created", version=n) for n in (1, 7, 10**12)}
    callers = {n: await made(client, f"Caller {n}", graph) for n, graph in graphs.items()}
    assert await problems(client, callers[1]) == []
    (problem,) = await problems(client, callers[7])
    assert (problem["code"], problem["message"]) == (
        "unknown_workflow", "“Discount” has no version 7.",
    )  # fmt: skip
    (problem,) = await problems(client, callers[10**12])
    assert problem["code"] == "bad_setting"


async def test_a_workflow_may_not_call_itself(client: httpx.AsyncClient) -> None:
    own = await made(client, "Discount", waits("trigger.called"))
    await client.put(f"/api/workflows/{own}/draft", json={"graph": calls(own), "revision": 1})
    (problem,) = await problems(client, own)
    assert is_in_the_docs(problem)


@pytest.mark.parametrize("between", [0, 2])
async def test_a_circle_over_other_workflows_is_shown_as_a_way(
    client: httpx.AsyncClient, between: int
) -> None:
    first = await made(client, "A", waits("trigger.called"))
    assert await problems(client, first) == []
    last = first
    for name in ["B", "C", "D"][: between + 1]:
        last = await made(client, name, calls(last))
        assert await problems(client, last) == []
    await client.put(f"/api/workflows/{first}/draft", json={"graph": calls(last), "revision": 1})
    (problem,) = await problems(client, first)
    way = " → ".join(f"“{name}”" for name in ["A", *["D", "C", "B"][2 - between :], "A"])
    assert problem["message"].endswith(f": {way}.")
