"""One step: the handler called, its answer judged, every mishap in words."""

import logging
from collections.abc import Mapping
from datetime import timedelta

import pytest

from cartwheel.catalog.node_type import RetryPlan
from cartwheel.clock import to_ms
from cartwheel.node_sdk import (
    Context,
    Emit,
    HttpRequest,
    Json,
    NodeError,
    OutboxMessage,
    Response,
    RetryLater,
    Verdict,
)
from cartwheel.runs.execution import StepKey
from cartwheel.runs.patience import LONGEST_PAUSES
from cartwheel.runs.plan import PlannedStep
from cartwheel.runs.tokens import Failure, Token
from tests.engine.drawing import NOON
from tests.engine.node_types import node_type
from tests.engine.performing import (
    SANDBOX,
    TWILIO,
    Notebook,
    failure,
    performed,
    planned,
    postponed,
    saying,
    sending,
)

# --- what the handler says ---


def test_a_verdict_is_passed_on() -> None:
    assert performed(saying(Emit("done", {"a": 1}, "Because."))).result == Emit(
        "done", {"a": 1}, "Because."
    )


def test_a_trigger_emits_without_a_handler() -> None:
    assert performed(planned("trigger.order_created", {})).result == Emit("done")


def test_conditions_say_what_they_compared() -> None:
    rules = {
        "combinator": "and",
        "rules": [{"field": "order.total", "operator": ">", "value": "100"}],
    }
    result = performed(planned("condition.if", {"rules": rules})).result
    assert isinstance(result, Emit)
    assert result.port == "otherwise"
    assert "9.50" in (result.words or "")


def test_a_node_error_is_a_failure_with_its_words() -> None:
    found = performed(
        saying(NodeError("No such order.", code="not_found", fix="Check the number."))
    )
    assert found.result == Failure("not_found", "No such order.", "Check the number.")


def test_a_port_that_the_node_does_not_have_is_our_bug_and_loud(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert failure(performed(saying(Emit("sideways")))).code == "internal"
    assert "sideways" in caplog.text


def test_a_bug_fails_the_step_with_a_plain_sentence_and_is_loud(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        found = failure(performed(saying(ZeroDivisionError("secret detail"))))
    assert found.code == "internal"
    assert "secret detail" not in found.message
    assert "ZeroDivisionError" in caplog.text


def test_a_step_acts_outside_at_most_once() -> None:
    async def run(ctx: Context, config: Mapping[str, Json]) -> Verdict:
        await ctx.send(HttpRequest("POST", "https://example.com"))
        await ctx.send(HttpRequest("POST", "https://example.com"))
        return Emit()

    carrier = Notebook()
    step = planned("action.say", {}, node_type("action.say", run, effect="write"))
    assert failure(performed(step, carrier)).code == "internal"
    assert len(carrier.sent) == 1


# --- later ---


def test_a_refusal_for_now_is_tried_again_as_the_node_plans_it() -> None:
    step = saying(RetryLater("Busy."), retry=RetryPlan((30.0, 76.0)))
    first = postponed(performed(step))
    second = postponed(performed(step, token=Token(1, "n", attempt=1)))
    assert timedelta(seconds=30) <= first.until - NOON <= timedelta(seconds=33)
    assert timedelta(seconds=76) <= second.until - NOON <= timedelta(seconds=84)


def test_after_the_last_attempt_the_step_has_failed_and_says_how_often_it_tried() -> None:
    step = saying(RetryLater("Busy."), retry=RetryPlan((30.0,)))
    found = failure(performed(step, token=Token(1, "n", attempt=1)))
    assert (found.code, found.message) == ("gave_up", "Busy. Tried 2 times.")


def test_the_wait_that_the_provider_asks_for_is_kept() -> None:
    step = saying(RetryLater("Busy.", after=timedelta(minutes=5)), retry=RetryPlan((30.0,)))
    until = postponed(performed(step)).until
    assert timedelta(minutes=5) <= until - NOON <= timedelta(minutes=5, seconds=30)


def test_a_pause_that_the_provider_asks_for_costs_no_try() -> None:
    step = saying(RetryLater("Busy.", after=timedelta(seconds=9)), retry=RetryPlan(()))
    found = postponed(performed(step))
    assert (found.spends, found.note["pauses"]["times"]) == (False, 1)


def test_a_provider_that_asks_for_pauses_for_days_is_given_up_on() -> None:
    step = saying(RetryLater("Busy.", after=timedelta(seconds=9)), retry=RetryPlan((30.0,)))
    since = to_ms(NOON - LONGEST_PAUSES - timedelta(hours=1))
    long_put_off = Token(1, "n", wait={"pauses": {"since": since, "times": 90}})
    assert failure(performed(step, token=long_put_off)).code == "gave_up"


def test_pauses_without_end_grow() -> None:
    step = saying(RetryLater("Busy.", after=timedelta(seconds=1)))
    for times, least in ((3, 1), (14, 16), (90, 3600)):
        token = Token(1, "n", wait={"pauses": {"since": to_ms(NOON), "times": times}})
        assert postponed(performed(step, token=token)).until - NOON >= timedelta(seconds=least)


def test_many_steps_do_not_come_back_at_the_same_moment() -> None:
    step = saying(RetryLater("Busy."), retry=RetryPlan((30.0,)))
    moments = {postponed(performed(step, token=Token(1, f"n{n}"))).until for n in range(20)}
    assert len(moments) == 20


def test_an_answer_of_500_is_tried_again_and_one_of_404_is_not() -> None:
    config = {"to": "+48600100200", "text": "Hi"}
    busy = performed(planned("action.send_sms", config), Notebook(Response(500), TWILIO))
    gone = performed(planned("action.send_sms", config), Notebook(Response(404), TWILIO))
    assert postponed(busy)
    assert failure(gone).code == "not_found"


# --- nobody knows ---


@pytest.mark.parametrize("mishap", [ZeroDivisionError(), TimeoutError()])
def test_a_mishap_in_the_middle_of_acting_leaves_the_outcome_unknown(mishap: Exception) -> None:
    assert failure(performed(sending(), Notebook(mishap))).code == "outcome_unknown"


def test_a_time_out_before_acting_is_tried_again() -> None:
    assert postponed(performed(saying(TimeoutError(), retry=RetryPlan((5.0,)))))


# --- connections and the sandbox ---


def test_a_step_without_the_connection_it_needs_fails_with_a_sentence() -> None:
    step = planned("action.send_sms", {"to": "+48600100200", "text": "Hi"})
    assert failure(performed(step)).code == "missing_connection"


def test_the_sandbox_gets_the_message_and_the_step_looks_as_if_sent() -> None:
    step = planned("action.send_sms", {"to": "+48600100200", "text": "Hi"})
    carrier = Notebook(Response(200, body={"id": "out-1"}), SANDBOX)
    found = performed(step, carrier)
    assert carrier.sent == [OutboxMessage("sms", "+48600100200", "Hi")]
    assert isinstance(found.result, Emit)
    assert set(found.result.data) == set(_outputs(step))


def test_an_e_mail_in_the_sandbox_reads_as_the_customer_would_read_it() -> None:
    config = {
        "to": "{{ customer.email }}",
        "subject": "Order {{ order.name }}",
        "body": "A < {{ order.name }}",
    }
    carrier = Notebook(connection=SANDBOX)
    performed(planned("action.send_email", config), carrier)
    (message,) = carrier.sent
    assert isinstance(message, OutboxMessage)
    assert (message.channel, message.subject) == ("email", "Order #7")
    assert message.html is not None


def _outputs(step: PlannedStep) -> Mapping[str, Json]:
    assert step.node_type is not None
    properties: Mapping[str, Json] = step.node_type.output_schema["properties"]
    return properties


# --- the key ---


def test_every_attempt_of_a_step_has_the_same_key() -> None:
    carrier = Notebook()
    for attempt in range(3):
        performed(sending(), carrier, Token(attempt, "n", attempt=attempt))
    assert len(set(carrier.keys)) == 1


def test_another_run_node_iteration_or_round_has_another_key() -> None:
    keys = {
        StepKey("run", "n").effect_key,
        StepKey("other", "n").effect_key,
        StepKey("run", "m").effect_key,
        StepKey("run", "n", "0").effect_key,
        StepKey("run", "n", "", 1).effect_key,
    }
    assert len(keys) == 5


def test_keys_stay_what_they_are_from_release_to_release() -> None:
    assert StepKey("run", "n", "3.0", 1).effect_key == "b61d2042-3309-5878-bd30-23896b8c791f"
