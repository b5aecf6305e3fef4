"""Scenarios: three days in no time, retries, answers, later events, and bounds."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from cartwheel.node_sdk import Again, Call, Context, Each, Emit, Json, Verdict, Wait
from cartwheel.runs.tokens import RunStatus, StepStatus
from cartwheel.simulation.driver import Played
from cartwheel.simulation.scenario import Answer, HappenedEvent, KnownConnection, LaterEvent
from tests.engine.node_types import node_type
from tests.simulation.playing import DELAY, MESSAGE, NOON, RULES_ABOVE_100, plan_of, played

ORDER: tuple[str, Json] = ("trigger.order_created", {})
WHATSAPP: tuple[str, Json] = ("action.send_whatsapp", MESSAGE)
TWILIO = KnownConnection(
    "c2", "twilio", "Our number", True, {"account_sid": "AC123", "from": "+15005550006"}
)


def nodes_of(found: Played) -> list[str]:
    return [step.node_id for step in found.runs[0].steps]


def test_a_condition_and_a_message_on_the_triggers_sample() -> None:
    plan = plan_of(
        {"t": ORDER, "c": ("condition.if", {"rules": RULES_ABOVE_100}), "w": WHATSAPP},
        "t > c", "c.then > w",
    )  # fmt: skip
    found = played(plan)
    assert found.runs[0].status == RunStatus.SUCCEEDED
    assert nodes_of(found) == ["t", "c", "w"]
    assert [(m.message.channel, m.message.text) for m in found.messages] == [
        ("whatsapp", "Hi Lena")
    ]
    assert found.runs[0].edges == ("t > c", "c.then > w")


def test_a_path_that_is_not_taken_has_neither_steps_nor_edges() -> None:
    plan = plan_of(
        {"t": ORDER, "c": ("condition.if", {"rules": RULES_ABOVE_100}), "w": WHATSAPP},
        "t > c", "c.then > w",
    )  # fmt: skip
    found = played(plan, HappenedEvent("order_created", {"order": {"total": "5.00"}}))
    assert nodes_of(found) == ["t", "c"]
    assert found.runs[0].edges == ("t > c",)
    assert found.messages == ()


def test_three_days_of_waiting_pass_at_once() -> None:
    plan = plan_of({"t": ORDER, "d": ("flow.delay", DELAY), "w": WHATSAPP}, "t > d", "d > w")
    found = played(plan)
    assert found.ended_at == NOON + timedelta(days=3)
    assert found.messages[0].at == NOON + timedelta(days=3)
    wait = found.runs[0].steps[1]
    assert (wait.started_at, wait.finished_at) == (NOON, NOON + timedelta(days=3))


def test_what_follows_when_nobody_decided_in_time_happens_once() -> None:
    plan = plan_of(
        {"t": ORDER, "a": ("flow.approval", {"title": "Refund?", "people": ["owner"]}),
         "w": WHATSAPP},
        "t > a", "a.timed_out > w",
    )  # fmt: skip
    found = played(plan, answers={"a": [Answer(decision="timed_out")]})
    assert nodes_of(found) == ["t", "a", "w"]
    assert len(found.messages) == 1


def test_an_answer_of_500_is_tried_again_in_simulated_time() -> None:
    plan = plan_of({"t": ORDER, "w": WHATSAPP}, "t > w")
    found = played(plan, answers={"w": [Answer(500), Answer(503), Answer(200)]})
    step = found.runs[0].steps[1]
    assert (step.status, step.attempts) == (StepStatus.SUCCEEDED, 3)
    assert found.ended_at > NOON + timedelta(seconds=106)
    assert len(found.messages) == 1


def test_a_provider_that_always_fails_ends_in_the_error_branch() -> None:
    nodes = {"t": ORDER, "w": WHATSAPP, "s": ("action.send_sms", MESSAGE)}
    found = played(plan_of(nodes, "t > w", "w.error > s"), answers={"w": [Answer(500)]})
    assert found.runs[0].status == RunStatus.SUCCEEDED
    assert [m.message.channel for m in found.messages] == ["sms"]


def test_a_failure_without_an_error_branch_fails_the_run_with_its_words() -> None:
    plan = plan_of(
        {"t": ORDER, "h": ("action.http_request", {"method": "POST", "url": "https://a.example"})},
        "t > h",
    )
    found = played(plan, answers={"h": [Answer(404, body="No such page")]})
    finish = found.runs[0].finish
    assert finish is not None
    assert finish.node_id == "h"
    assert finish.error is not None
    assert "404" in finish.error.message


def test_a_connection_that_breaks_in_the_middle_leaves_the_step_unknown() -> None:
    plan = plan_of({"t": ORDER, "w": WHATSAPP}, "t > w")
    found = played(plan, answers={"w": [Answer(lost=True)]})
    assert found.runs[0].steps[1].status is StepStatus.UNKNOWN
    assert found.messages == ()


def test_a_known_connection_shows_the_exact_request_that_would_leave() -> None:
    plan = plan_of({"t": ORDER, "s": ("action.send_sms", MESSAGE)}, "t > s")
    found = played(plan, connections=(TWILIO,))
    (left,) = found.requests
    assert left.request.method == "POST"
    assert "AC123" in left.request.url
    assert [m.message.text for m in found.messages] == ["Hi Lena"]


def test_a_connection_that_does_not_exist_fails_the_step_with_a_sentence() -> None:
    config = {**MESSAGE, "connection": "gone"}
    found = played(
        plan_of({"t": ORDER, "s": ("action.send_sms", config)}, "t > s"), connections=(TWILIO,)
    )
    error = found.runs[0].steps[1].error
    assert error is not None
    assert error.code == "missing_connection"


# --- drafts with problems ---


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("action.send_sms", {}),
        ("action.send_sms", {"to": "{{ broken", "text": "x"}),
        ("action.no_such_thing", {}),
        ("flow.delay", {"amount": "soon", "unit": "days"}),
    ],
)
def test_what_is_wrong_with_a_step_shows_in_the_step(kind: str, config: Json) -> None:
    found = played(plan_of({"t": ORDER, "x": (kind, config)}, "t > x"))
    assert found.runs[0].status == RunStatus.FAILED
    error = found.runs[0].steps[1].error
    assert error is not None
    assert error.message.endswith(".")


def test_a_drawing_that_goes_in_circles_is_played_once_around() -> None:
    nodes = {"t": ORDER, "a": WHATSAPP, "b": WHATSAPP}
    found = played(plan_of(nodes, "t > a", "a > b", "b > a"))
    assert nodes_of(found) == ["t", "a", "b"]


# --- flow control that has no node types yet ---


async def _each(ctx: Context, config: Mapping[str, Json]) -> Verdict:
    return Each(ctx.scope["order"]["line_items"])


async def _hold(ctx: Context, config: Mapping[str, Json]) -> Verdict:
    wanted = {"order.id": ctx.scope["order"]["id"]}
    match = {"type": "order_paid", "where": wanted}
    return Wait(for_event=match, timeout=ctx.now + timedelta(days=2))


async def _ask(ctx: Context, config: Mapping[str, Json]) -> Verdict:
    return Wait(for_person={"role": "owner"}, timeout=ctx.now + timedelta(days=1))


async def _call(ctx: Context, config: Mapping[str, Json]) -> Verdict:
    return Call("other", {"a": 1})


async def _again(ctx: Context, config: Mapping[str, Json]) -> Verdict:
    done = ctx.passes == 3
    return Emit("done", {"passes": ctx.passes}) if done else Again(timedelta(hours=1))


async def _always(ctx: Context, config: Mapping[str, Json]) -> Verdict:
    return Again(timedelta(days=1))


MADE = (
    node_type("flow.each", _each, body=True),
    node_type("flow.hold", _hold),
    node_type("flow.ask", _ask),
    node_type("flow.call", _call),
    node_type("flow.again", _again),
    node_type("flow.always", _always),
)


def test_a_body_sees_its_item_and_gives_its_results() -> None:
    text = {"to": "+48600100200", "text": "{{ index }} {{ item.sku }} {{ order.name }}"}
    nodes: dict[str, tuple[str, Json]] = {
        "t": ORDER,
        "e": ("flow.each", {}),
        "s": ("action.send_sms", text),
    }
    found = played(plan_of(nodes, "t > e", "e.body > s", made=MADE))
    assert [m.iteration for m in found.messages] == ["0", "1", "2"]
    assert found.messages[1].message.text.startswith("1 ")
    each = next(step for step in found.runs[0].steps if step.node_id == "e")
    assert len(each.output["results"]) == 3


def test_a_later_event_wakes_the_step_that_waits_for_it() -> None:
    plan = plan_of({"t": ORDER, "h": ("flow.hold", {}), "w": WHATSAPP}, "t > h", "h > w", made=MADE)
    order = {"order": {"id": "77"}, "customer": {"phone": "+48600100200", "first_name": "Ola"}}
    paid = LaterEvent(timedelta(hours=26), HappenedEvent("order_paid", {"order": {"id": "77"}}))
    found = played(plan, HappenedEvent("order_created", order), then=[paid])
    assert found.ended_at == NOON + timedelta(hours=26)
    assert len(found.messages) == 1
    assert len(found.runs) == 1


def test_an_event_of_another_order_does_not_wake_it() -> None:
    plan = plan_of({"t": ORDER, "h": ("flow.hold", {}), "w": WHATSAPP}, "t > h", "h > w", made=MADE)
    other = LaterEvent(timedelta(hours=1), HappenedEvent("order_paid", {"order": {"id": "78"}}))
    found = played(plan, HappenedEvent("order_created", {"order": {"id": "77"}}), then=[other])
    assert found.ended_at == NOON + timedelta(days=2)
    assert found.messages == ()


def test_the_events_own_customer_is_whom_a_run_is_about() -> None:
    waiting = {"event_type": "order_created", "match": "customer", "amount": 4, "unit": "hours"}
    nodes = {"t": ORDER, "h": ("flow.wait_for_event", waiting), "w": WHATSAPP}
    plan = plan_of(nodes, "t > h", "h.timed_out > w")
    lena, ola = ({"customer": {"email": f"{name}@example.com"}} for name in ("lena", "ola"))
    for buyer, reminders in ((lena, 0), (ola, 1)):
        bought = LaterEvent(timedelta(hours=1), HappenedEvent("order_created", {**buyer}))
        happened = HappenedEvent(
            "order_created", {"customer": {"phone": "+48600100200", **lena["customer"]}}
        )
        found = played(plan, happened, then=[bought], starts_once=True)
        assert len(found.messages) == reminders, buyer


def test_a_later_event_that_nobody_waits_for_starts_the_workflow_once_more() -> None:
    plan = plan_of({"t": ORDER, "w": WHATSAPP}, "t > w")
    second = HappenedEvent(
        "order_created", {"customer": {"phone": "+48600100200", "first_name": "Ola"}}
    )
    found = played(plan, then=[LaterEvent(timedelta(days=1), second)])
    assert len(found.runs) == 2
    assert [m.message.text for m in found.messages] == ["Hi Lena", "Hi Ola"]


def test_a_later_event_of_another_kind_starts_nothing() -> None:
    plan = plan_of({"t": ORDER, "w": WHATSAPP}, "t > w")
    found = played(plan, then=[LaterEvent(timedelta(days=1), HappenedEvent("order_paid", {}))])
    assert len(found.runs) == 1


def test_a_person_answers_what_the_scenario_says() -> None:
    plan = plan_of({"t": ORDER, "a": ("flow.ask", {})}, "t > a", made=MADE)
    found = played(plan, answers={"a": [Answer(body={"approved": True})]})
    assert found.runs[0].steps[1].output == {"approved": True}
    assert found.ended_at == NOON


def test_a_person_who_never_answers_lets_the_time_run_out() -> None:
    plan = plan_of({"t": ORDER, "a": ("flow.ask", {})}, "t > a", made=MADE)
    assert played(plan).ended_at == NOON + timedelta(days=1)


def test_a_called_workflow_gives_back_what_the_scenario_says() -> None:
    plan = plan_of({"t": ORDER, "c": ("flow.call", {})}, "t > c", made=MADE)
    found = played(plan, answers={"c": [Answer(body={"result": 3})]})
    assert found.runs[0].steps[1].output == {"result": 3}


def test_a_step_that_repeats_waits_between_its_passes() -> None:
    plan = plan_of({"t": ORDER, "a": ("flow.again", {})}, "t > a", made=MADE)
    found = played(plan)
    assert found.ended_at == NOON + timedelta(hours=3)
    assert found.runs[0].steps[1].output == {"passes": 3}


def test_a_simulation_ends_after_a_year_with_a_sentence() -> None:
    plan = plan_of({"t": ORDER, "a": ("flow.always", {})}, "t > a", made=MADE)
    found = played(plan)
    assert found.stopped == "The simulation was stopped after one year; something here still waits."
    assert found.runs[0].status == RunStatus.WAITING


def test_the_same_scenario_always_plays_the_same() -> None:
    plan = plan_of({"t": ORDER, "w": WHATSAPP}, "t > w")
    answers = {"w": [Answer(500), Answer(200)]}
    assert played(plan, answers=answers) == played(plan, answers=answers)
