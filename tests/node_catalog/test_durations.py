"""Lengths of time that make no sense, as they come to a step that runs: each is a sentence."""

from typing import Any

import pytest

from tests.engine.performing import failure, performed, planned

PEOPLE = {"title": "Refund?", "people": ["owner"], "emails": ["anna@example.com"]}


@pytest.mark.parametrize("amount", [-3, 0, 2.5, 10**30, "{{ order.days }}", "soon", None, True])
@pytest.mark.parametrize(
    ("ref", "config"),
    [
        ("flow.delay", {}),
        ("flow.wait_for_event", {"event_type": "order_paid", "match": "any"}),
        ("flow.debounce", {"event_type": "order_paid", "match": "any"}),
        ("flow.approval", PEOPLE),
        ("flow.task", {"title": "Pack it", "assignee": "owner"}),
    ],
)
def test_an_amount_that_is_none_is_the_steps_failure(
    ref: str, config: dict[str, Any], amount: Any
) -> None:
    step = planned(ref, {**config, "amount": amount, "unit": "days"})
    found = failure(performed(step))
    assert found.code in {"bad_setting", "missing_setting"}
    assert found.message
    assert found.fix
