"""The graph check learns which variables a text reads, and where."""

from cartwheel.expressions.texts import compile_text
from cartwheel.expressions.variable import Variable


def paths(source: str) -> list[str]:
    return [".".join(variable.path) for variable in compile_text(source).variables]


def test_a_plain_text_names_its_variables_with_their_places() -> None:
    text = compile_text("Hello {{ customer.first_name }},\n{{order.line_items[0].title}}")

    assert text.variables == (
        Variable(("customer", "first_name"), "customer.first_name", (), 1, 10),
        Variable(("order", "line_items", "0", "title"), "order.line_items[0].title", (), 2, 3),
    )


def test_filters_and_defaults_are_known() -> None:
    (variable,) = compile_text("{{ a.b | upcase | default: 'x' }}").variables

    assert variable.filters == ("upcase", "default")
    assert variable.has_default


def test_variables_in_conditions_and_arguments_are_found() -> None:
    source = "{% if a.b > c.d and e %}{{ f | plus: g.h }}{% elsif i == j %}{% endif %}"

    assert paths(source) == ["a.b", "c.d", "e", "f", "g.h", "i", "j"]


def test_case_and_when_are_read() -> None:
    assert paths("{% case a.b %}{% when c.d, 'x' %}{{ e }}{% endcase %}") == ["a.b", "c.d", "e"]


def test_a_loop_variable_is_followed_to_its_list() -> None:
    source = "{% for item in order.line_items %}{{ item.titel }}{{ forloop.index }}{% endfor %}"

    assert paths(source) == ["order.line_items", "order.line_items.0.titel"]


def test_nested_loops_are_followed() -> None:
    source = "{% for a in x.list %}{% for b in a.parts %}{{ b.c }}{% endfor %}{{ b.c }}{% endfor %}"

    assert paths(source) == ["x.list", "x.list.0.parts", "x.list.0.parts.0.c", "b.c"]


def test_an_assigned_name_stands_for_what_was_assigned() -> None:
    assert paths("{% assign c = order.customer %}{{ c.name }}") == [
        "order.customer",
        "order.customer.name",
    ]


def test_the_texts_own_values_are_not_variables() -> None:
    source = (
        "{% assign n = 5 %}{% assign m = order.total | plus: n %}{% capture t %}x{% endcapture %}"
        "{{ n }}{{ m }}{{ t }}{{ now }}{{ today | date }}{{ 'literal' }}"
    )

    assert paths(source) == ["order.total"]


def test_a_part_that_is_only_known_later_ends_the_path() -> None:
    assert paths("{{ steps[order.name].id | upcase }}") == ["steps", "order.name"]
