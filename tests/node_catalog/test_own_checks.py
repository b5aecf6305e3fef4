"""Settings that cannot come to anything are told where they are written, before a run fails."""

from typing import Any

import pytest

from cartwheel.catalog.registry import load_registry

CLOSED = {"mode": "business_hours", "opens": "09:00", "closes": "09:00"}
NOBODY = {"branches": [{"id": "a", "share": 0}, {"id": "b", "share": 0}]}
TWICE = {"people": ["anna@shop.example", "Anna@shop.example "]}
BACKWARDS = {"cases": [{"id": "a", "operator": "between", "value": ["100", "50"]}]}


@pytest.mark.parametrize(
    ("kind", "config", "field"),
    [
        ("flow.wait_until", CLOSED, "/closes"),
        ("flow.wait_until", {**CLOSED, "closes": "08:00"}, None),
        ("flow.split", NOBODY, "/branches"),
        ("flow.split", {"branches": [{"id": "a"}]}, None),
        ("condition.switch", BACKWARDS, "/cases/0/value"),
        ("data.counter", {"amount": "many"}, "/amount"),
        ("data.counter", {"amount": "1", "limit": "-3"}, "/limit"),
        ("data.counter", {"amount": "{{ order.total }}"}, None),
        ("flow.approval", {"people": ["owner"], "escalate_to": ["Anna"]}, "/escalate_to/0"),
        ("flow.approval", {"people": ["anna@shop.example", "{{ order.email }}"]}, None),
        ("flow.approval", {"people": ["me", "owner"]}, "/people/0"),
        ("flow.approval", {**TWICE, "rule": "some", "needed": 2}, "/needed"),
        ("flow.approval", {**TWICE, "rule": "some", "needed": 1}, None),
        ("flow.task", {"assignee": "warehouse"}, "/assignee"),
        ("flow.task", {"assignee": "{{ order.email }}"}, None),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    kind: str, config: dict[str, Any], field: str | None
) -> None:
    check = load_registry().latest(kind).own_check
    assert check is not None
    assert [fault.field for fault in check(config, None)] == ([field] if field else [])
