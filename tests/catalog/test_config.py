"""Settings against their schema."""

import pytest

from cartwheel.catalog.config import ConfigFault, ConfigSchema
from cartwheel.catalog.registry import Registry


def form(**properties: object) -> ConfigSchema:
    return ConfigSchema({"type": "object", "properties": properties})


def first_message(schema: ConfigSchema, config: object, *, rendered: bool = True) -> str:
    return schema.faults(config, rendered=rendered)[0].message


def test_every_fault_is_told_at_once_and_at_its_place(registry: Registry) -> None:
    faults = registry.get("action.send_sms", 1).check_config({"text": "", "speed": 3})
    assert [(fault.field, fault.missing) for fault in faults] == [
        ("/speed", False),
        ("/text", True),
        ("/to", True),
    ]


def test_a_missing_setting_is_called_by_the_name_on_the_form(registry: Registry) -> None:
    faults = registry.get("action.send_sms", 1).check_config({"to": "+48600100200"})
    assert faults == [ConfigFault("/text", "“Message” is missing.", missing=True)]


def test_a_text_with_variables_is_excused_while_drawing(registry: Registry) -> None:
    config = {"to": "{{ customer.phone }}", "text": "Hi"}
    assert registry.get("action.send_sms", 1).check_config(config) == []


def test_the_rendered_value_is_not_excused(registry: Registry) -> None:
    config = {"to": "{{ customer.phone }}", "text": "Hi"}
    faults = registry.get("action.send_sms", 1).check_config(config, rendered=True)
    assert [fault.field for fault in faults] == ["/to"]


def test_variables_excuse_only_fields_that_take_them() -> None:
    assert form(name={"type": "string", "maxLength": 3}).faults(
        {"name": "{{ order.name }}"}, rendered=False
    )


def test_one_rendered_value_is_judged_by_its_own_schema(registry: Registry) -> None:
    node_type = registry.get("action.add_tags", 1)
    assert node_type.check_field("/tags/0", "vip") == []
    assert node_type.check_field("/tags/1", "a,b")[0] == ConfigFault(
        "/tags/1", "A tag has no comma; enter each tag on its own."
    )


@pytest.mark.parametrize(
    ("schema", "value", "words"),
    [
        ({"type": "integer"}, "x", "must be a whole number"),
        ({"type": ["string", "null"]}, 1, "must be a text"),
        ({"enum": ["a", "b"]}, "c", "must be one of: a, b"),
        ({"type": "string", "format": "email"}, "nobody", "an e-mail address"),
        ({"type": "string", "format": "uri"}, "ftp://x", "a web address"),
        ({"type": "string", "format": "uri"}, "https://[", "a web address"),
        ({"type": "string", "format": "hostname"}, "a b", "the name of a server"),
        ({"type": "string", "format": "date"}, "22.11.2026", "a date such as"),
        ({"type": "string", "format": "date-time"}, "2026-11-22", "a date and time"),
        ({"type": "string", "format": "phone"}, "call me", "a phone number"),
        ({"type": "string", "format": "decimal"}, "1,5", "a number such as"),
        ({"type": "string", "minLength": 2}, "a", "at least 2 characters"),
        ({"type": "string", "maxLength": 2}, "abc", "too long: 3 characters"),
        ({"type": "array", "minItems": 1}, [], "at least one entry"),
        ({"type": "array", "maxItems": 1}, [1, 2], "at most 1 entries"),
        ({"type": "number", "minimum": 5}, 4, "must be 5 or more"),
        ({"type": "number", "maximum": 5}, 6, "must be 5 or less"),
        ({"type": "string", "pattern": "^a", "x-message": "Begins with a."}, "b", "Begins with a."),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, "does not have the right form"),
    ],
)
def test_each_rule_has_a_sentence(schema: dict[str, object], value: object, words: str) -> None:
    assert words in first_message(form(field={"title": "Field", **schema}), {"field": value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "a@example.com"),
        ("uri", "https://example.com/x?y"),
        ("hostname", "smtp.example.com"),
        ("hostname", "192.0.2.1"),
        ("date", "2026-11-22"),
        ("date-time", "2026-11-22T09:30:00Z"),
        ("phone", "(212) 555-0142"),
        ("decimal", "-12.50"),
    ],
)
def test_each_format_lets_a_good_value_through(name: str, value: str) -> None:
    assert (
        form(field={"type": "string", "format": name}).faults({"field": value}, rendered=True) == []
    )


def test_entries_that_must_differ_are_told_apart(registry: Registry) -> None:
    cases = [{"id": "a", "value": "1"}, {"id": "a", "value": "2"}]
    faults = registry.get("condition.switch", 1).check_config(
        {"field": "order.total", "cases": cases}
    )
    assert faults == [ConfigFault("/cases/1/id", "“a” is there twice.")]


def test_a_wait_longer_than_a_year_is_refused(registry: Registry) -> None:
    faults = registry.get("flow.delay", 1).check_config({"amount": 53, "unit": "weeks"})
    assert [fault.field for fault in faults] == ["/amount"]
    assert "at most one year" in faults[0].message


@pytest.mark.parametrize("config", [[], "text", None, 5, {"rules": 5}, {"rules": {"rules": 1}}])
def test_no_json_breaks_the_check(registry: Registry, config: object) -> None:
    for node_type in registry.types:
        assert isinstance(node_type.check_config(config), list)


def test_texts_with_variables_are_found_however_deep(registry: Registry) -> None:
    config = {"method": "POST", "url": "https://x.y", "body": {"a": [{"b": "{{ c }}"}]}}
    fields = dict(registry.get("action.http_request", 1).template_fields(config))
    assert fields == {"/url": "https://x.y", "/body/a/0/b": "{{ c }}"}


def test_each_text_knows_where_it_will_stand(registry: Registry) -> None:
    config = {
        "url": "https://x.y/{{ a }}",
        "headers": {"X-A": "{{ a }}"},
        "body": '{"a": "{{ a }}"}',
    }
    escapes = registry.get("action.http_request", 1).template_escapes(config)
    assert escapes == {"/url": "url", "/headers/X-A": "header", "/body": "json"}


@pytest.mark.parametrize("body", ["{{ note }}", "note={{ note }}", "{% if a %}b{% endif %}"])
def test_a_body_that_is_not_written_as_json_is_left_as_it_is(registry: Registry, body: str) -> None:
    assert registry.get("action.http_request", 1).template_escapes({"body": body}) == {
        "/body": "none"
    }


def test_ports_come_from_the_settings_and_the_fixed_ones_follow(registry: Registry) -> None:
    cases = [{"id": "pl", "label": "Poland"}, {"id": "de"}, "nonsense", {"label": "no id"}]
    ports = registry.get("condition.switch", 1).ports_for({"cases": cases})
    assert [(port.id, port.label) for port in ports] == [
        ("pl", "Poland"),
        ("de", "de"),
        ("otherwise", "Otherwise"),
    ]


def test_an_action_has_a_way_out_for_errors(registry: Registry) -> None:
    ports = registry.get("action.send_sms", 1).ports_for({})
    assert [port.id for port in ports] == ["done", "error"]
