"""What a step calls is played too: the called workflow, inside the step."""

from typing import Any

from cartwheel.node_sdk import Json
from cartwheel.runs.called import NOT_ON
from cartwheel.runs.tokens import Failure
from cartwheel.simulation.scenario import Answer, Callee
from tests.simulation.playing import MESSAGE, plan_of, played

ORDER_PLACED = ("trigger.order_created", {})
BEGIN = ("trigger.called", {})
CALL = ("flow.sub_workflow", {"workflow": "greets"})
STOP = ("flow.stop", {"label": "{{ steps.call.result.x }}"})


def values(text: str) -> tuple[str, Json]:
    return ("data.set", {"values": [{"name": "x", "value": text}]})


CALLER = plan_of({"t": ORDER_PLACED, "call": CALL, "end": STOP}, "t > call", "call > end")
GREETS = plan_of(
    {
        "b": BEGIN,
        "w": ("flow.delay", {"amount": 2, "unit": "days"}),
        "m": ("action.send_sms", MESSAGE),
        "x": values("done"),
    },
    "b > w", "w > m", "m > x",
)  # fmt: skip


def callees(**known: Any) -> Any:
    async def find(workflow_id: str, version: int | None) -> Callee | Failure:
        plan = known.get(workflow_id)
        return Callee(workflow_id, workflow_id, version or 3, plan) if plan else NOT_ON

    return find


def test_a_called_workflow_is_played_with_its_waits_and_messages() -> None:
    result = played(CALLER, callees=callees(greets=GREETS))
    [run] = result.runs
    assert run.finish is not None
    assert (run.status, run.finish.label) == ("succeeded", "done")
    assert (result.ended_at - run.steps[0].started_at).days == 2  # type: ignore[operator]
    assert [(m.node_id, m.message.channel) for m in result.messages] == [("call", "sms")]
    inner = run.calls["call", ""]
    assert inner.callee.version == 3
    assert [step.node_id for step in inner.run.steps] == ["b", "w", "m", "x"]


def test_an_answer_for_the_calling_step_takes_the_place_of_the_called_workflow() -> None:
    answers = {"call": [Answer(body={"result": {"x": "said"}, "label": None})]}
    [run] = played(CALLER, callees=callees(greets=GREETS), answers=answers).runs
    assert run.finish is not None
    assert (run.finish.label, dict(run.calls)) == ("said", {})


def test_a_step_inside_is_answered_by_its_path() -> None:
    inner = plan_of(
        {"b": BEGIN, "h": ("action.http_request", {"method": "GET", "url": "https://a.example/"})},
        "b > h",
    )
    answers = {"call/h": [Answer(status=404)]}
    result = played(CALLER, callees=callees(greets=inner), answers=answers)
    [run] = result.runs
    assert run.finish is not None
    assert run.finish.error is not None
    assert run.finish.error.code == "call_failed"
    assert [(each.node_id, each.iteration) for each in result.requests] == [("call", "")]


def test_a_workflow_that_is_not_on_says_what_a_run_would_say() -> None:
    [run] = played(CALLER, callees=callees()).runs
    assert run.finish is not None
    assert run.finish.error == NOT_ON


def test_workflows_that_call_one_another_for_ever_are_stopped_in_a_test_run_too() -> None:
    again = plan_of({"b": BEGIN, "call": CALL}, "b > call")
    [run] = played(CALLER, callees=callees(greets=again)).runs
    assert run.finish is not None
    assert run.finish.error is not None
    assert "in a circle" in run.finish.error.message
    depth, inner = 0, run
    while inner.calls:
        inner, depth = inner.calls["call", ""].run, depth + 1
    assert depth == 8


async def test_the_answer_shows_the_steps_inside(client: Any) -> None:
    from tests.runs.conftest import START, chain, node

    sets = node("x", "data.set@1", values=[{"name": "x", "value": "in"}])
    graph = chain({**node("b", "trigger.called@1"), "label": "Begin"}, sets)
    made = (await client.post("/api/workflows", json={"name": "Greets", "graph": graph})).json()
    await client.post(f"/api/workflows/{made['id']}/activate")
    calls = chain(START, node("call", "flow.sub_workflow@1", workflow=made["id"]))
    answer = await client.post("/api/workflows/simulate", json={"graph": calls})
    inside = answer.json()["steps"][1]["inside"]
    assert (inside["workflow_name"], inside["version"], inside["status"]) == (
        "Greets", 1, "succeeded",
    )  # fmt: skip
    assert [(s["node_id"], inside["names"][s["node_id"]]) for s in inside["steps"]] == [
        ("b", "Begin"), ("x", "Set values"),
    ]  # fmt: skip
