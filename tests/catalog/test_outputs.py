"""Outputs that settings decide."""

from cartwheel.catalog.outputs import like
from cartwheel.catalog.registry import Registry


def test_named_values_become_members_of_their_kind(registry: Registry) -> None:
    config = {"values": [{"name": "total", "type": "money", "value": "1"}, {"name": "note"}, 7]}
    properties = registry.get("data.set", 1).output_schema_for(config)["properties"]
    assert properties == {
        "total": {"type": "string", "x-type": "money", "title": "total"},
        "note": {"type": "string", "title": "note"},
    }


def test_an_example_event_gives_its_members(registry: Registry) -> None:
    config = {"event_type": "a.b", "sample": {"points": 3, "customer": {"email": "a@b.c"}}}
    properties = registry.get("trigger.event", 1).output_schema_for(config)["properties"]
    assert properties["points"] == {"type": "integer"}
    assert properties["customer"]["properties"]["email"] == {"type": "string"}


def test_settings_that_say_nothing_leave_the_output_alone(registry: Registry) -> None:
    node_type = registry.get("data.set", 1)
    assert node_type.output_schema_for({}) == node_type.output_schema
    assert node_type.output_schema_for(None) == node_type.output_schema


def test_an_example_of_any_depth_is_described() -> None:
    deep: object = "end"
    for _ in range(100):
        deep = [deep]
    assert like(deep)["type"] == "array"


def test_an_example_list_is_described_by_its_first_entry() -> None:
    assert like([{"a": True}, 5])["items"]["properties"] == {"a": {"type": "boolean"}}
