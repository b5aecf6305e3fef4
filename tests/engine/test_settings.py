"""The settings of a step: filled in, turned into what is wanted, and refused in words."""

from collections.abc import Mapping
from typing import Any

import pytest

from cartwheel.catalog.node_type import NodeType
from cartwheel.node_sdk import (
    Context,
    Emit,
    HttpRequest,
    Json,
    Verdict,
)
from tests.engine.node_types import node_type
from tests.engine.performing import SANDBOX, Notebook, failure, performed, planned

# --- settings ---


def test_variables_are_filled_in_before_the_handler_sees_the_settings() -> None:
    step = planned(
        "action.send_sms", {"to": "{{ customer.phone }}", "text": "Hi {{ customer.first_name }}"}
    )
    found = performed(step, Notebook(connection=SANDBOX))
    assert found.input == {"to": "+48600100200", "text": "Hi Ann"}


def test_a_nested_text_is_filled_in_without_touching_the_drawn_settings() -> None:
    config = {
        "method": "POST",
        "url": "https://example.com",
        "body": {"a": [{"b": "{{ order.name }}"}]},
    }
    step = planned("action.http_request", config)
    carrier = Notebook()
    performed(step, carrier)
    (request,) = carrier.sent
    assert isinstance(request, HttpRequest)
    assert request.body == {"a": [{"b": "#7"}]}
    assert config["body"] == {"a": [{"b": "{{ order.name }}"}]}


def test_settings_without_variables_are_shared_by_all_runs() -> None:
    step = planned("condition.if", {"rules": {"combinator": "and", "rules": []}})
    assert step.settings.fields == ()


def test_a_field_that_comes_out_empty_fails_with_its_name_and_a_fix() -> None:
    step = planned("action.send_sms", {"to": "+48600100200", "text": "{{ customer.nickname }}"})
    found = failure(performed(step, Notebook(connection=SANDBOX)))
    assert (found.code, found.message) == ("missing_setting", "“Message” came out empty.")
    assert found.fix is not None


def test_a_field_that_comes_out_wrong_fails_by_its_own_schema() -> None:
    config = {"to": "{{ order.name }}", "subject": "Hi", "body": "Hello"}
    found = failure(performed(planned("action.send_email", config), Notebook(connection=SANDBOX)))
    assert found.code == "bad_setting"


def test_a_field_that_comes_out_too_long_fails() -> None:
    schema = _schema({"type": "string", "maxLength": 3, "title": "Code", "x-template": True})
    step = planned(
        "action.say", {"field": "{{ customer.first_name }}{{ order.name }}"}, _echo(schema)
    )
    assert failure(performed(step)).message == "“Code” came out longer than 3 characters."


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"type": "integer"}, "{{ count }}", 3),
        ({"type": "number"}, "{{ order.total }}", 9.5),
        ({"type": "array"}, "{{ order.line_items }}", [{"sku": "A"}, {"sku": "B"}]),
        ({"type": "boolean"}, "{% if count %}true{% endif %}", True),
        ({"type": ["integer", "null"]}, "{{ nothing }}", None),
        ({"type": "string"}, "{{ count }}", "3"),
    ],
)
def test_a_text_becomes_the_kind_of_value_that_its_field_takes(
    schema: dict[str, Any], text: str, value: Json
) -> None:
    step = planned("action.say", {"field": text}, _echo(_schema({**schema, "x-template": True})))
    assert performed(step).result == Emit("done", value)


def test_a_text_that_is_no_number_fails_where_a_number_is_wanted() -> None:
    schema = _schema({"type": "integer", "title": "Points", "x-template": True})
    step = planned("action.say", {"field": "{{ customer.first_name }}"}, _echo(schema))
    assert failure(performed(step)).code == "bad_setting"


@pytest.mark.parametrize(
    ("ref", "config", "code"),
    [
        ("action.send_sms", {"to": "+48600100200"}, "missing_setting"),
        ("action.send_sms", {"to": "+48600100200", "text": "{{ oops"}, "bad_setting"),
        ("flow.delay", {"amount": -1, "unit": "days"}, "bad_setting"),
        ("action.teleport", {}, "unknown_node_type"),
    ],
)
def test_what_is_wrong_in_the_drawing_is_the_steps_failure(
    ref: str, config: dict[str, Json], code: str
) -> None:
    found = failure(performed(planned(ref, config)))
    assert found.code == code
    assert found.fix


def _schema(field: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {"field": field}}


def _echo(schema: dict[str, Any]) -> NodeType:
    async def run(ctx: Context, config: Mapping[str, Json]) -> Verdict:
        return Emit("done", config["field"])

    return node_type("action.say", run, schema)
