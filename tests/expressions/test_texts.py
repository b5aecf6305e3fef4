"""What merchants write comes out as they mean it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cartwheel.expressions.problems import Position, TemplateError
from cartwheel.expressions.texts import compile_text

Scope = dict[str, Any]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("Hello {{ customer.first_name }}!", "Hello Ann!"),
        ("{{customer.first_name}}{{ order.name }}", "Ann#1042"),
        ("{{ order.line_items.1.title }}", "Pot"),
        ("{{ order.line_items[0].title }}", "Tea"),
        ('{{ order["name"] }}', "#1042"),
        ("{{ order.line_items.first.title }}", "Tea"),
        ("{{ order.line_items.last.title }}", "Pot"),
        ("{{ order.line_items.size }}", "2"),
        ("{{ order.line_items[-1].title }}", "Pot"),
        ("{{ order.tags }}", "VIP, new"),
        (
            "{{ order.line_items.0 }}",
            '{"title": "Tea", "sku": "T-1", "quantity": 2, "price": "10.00"}',
        ),
        ("{{ order.note }}|{{ order.nothing.at.all }}|{{ nobody }}", "||"),
        ("no variables } }} here", "no variables } }} here"),
        ("", ""),
    ],
)
def test_a_plain_text_is_filled_in(source: str, printed: str, scope: Scope) -> None:
    assert compile_text(source).render(scope) == printed


@pytest.mark.parametrize(
    "source",
    [
        "{{ order.name }}",
        "{{ order.line_items.1.title }} and {{ order.tags }}",
        "{{ order.line_items }}",
        "{{ order.line_items.size }}{{ order.tags.first }}{{ order.total }}",
        "{{ order.note }}{{ order.missing }}",
    ],
)
def test_the_fast_path_prints_what_liquid_prints(source: str, scope: Scope) -> None:
    through_liquid = "{% assign nothing = 0 %}" + source

    assert compile_text(source).render(scope) == compile_text(through_liquid).render(scope)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (True, "true"),
        (False, "false"),
        (None, ""),
        (0, "0"),
        (10.0, "10.0"),
        (1e22, "10000000000000000000000"),
        (0.1, "0.1"),
        ([], ""),
        ({}, "{}"),
        ([1, None, "a", [2, 3]], "1, , a, [2, 3]"),
        ("01234", "01234"),
        ("10.00", "10.00"),
    ],
)
def test_a_value_is_printed_as_a_merchant_expects(value: object, printed: str) -> None:
    assert compile_text("{{ value }}").render({"value": value}) == printed


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("{% if order.total > 100 %}big{% else %}small{% endif %}", "big"),
        ("{% if order.total > 1000 %}big{% else %}small{% endif %}", "small"),
        ("{% if order.total == 369.97 %}same{% endif %}", "same"),
        ('{% if order.total == "369.97" %}same{% endif %}', "same"),
        ('{% if "100" > "99.5" %}above{% endif %}', "above"),
        ("{% if order.nothing > 5 %}yes{% else %}no{% endif %}", "no"),
        ("{% if order.nothing <= 5 %}yes{% else %}no{% endif %}", "no"),
        ("{% if order.name > 5 %}yes{% else %}no{% endif %}", "no"),
        ('{% if order.tags contains "VIP" %}vip{% endif %}', "vip"),
        ('{% if order.name contains "42" %}yes{% endif %}', "yes"),
        ("{% if order.note == blank %}blank{% endif %}", "blank"),
        ("{% if customer.phone == empty %}empty{% endif %}", "empty"),
        ("{% if order.note == nil %}nil{% endif %}", "nil"),
        ("{% unless order.note %}none{% endunless %}", "none"),
        ("{% case order.total %}{% when 1, 369.97 %}that{% else %}other{% endcase %}", "that"),
        ("{% case order.name %}{% when 'x' %}x{% else %}other{% endcase %}", "other"),
        (
            "{% for item in order.line_items %}{{ forloop.index }}. {{ item.title }} {% endfor %}",
            "1. Tea 2. Pot ",
        ),
        ("{% for item in order.line_items reversed %}{{ item.title }}{% endfor %}", "PotTea"),
        ("{% for item in order.line_items limit: 1 %}{{ item.title }}{% endfor %}", "Tea"),
        ("{% for item in order.nothing %}x{% else %}none{% endfor %}", "none"),
        ("{% for n in (1..5) %}{% if n == 3 %}{% break %}{% endif %}{{ n }}{% endfor %}", "12"),
        ("{% assign total = order.total | plus: 5 %}{{ total }}", "374.97"),
        ("{% capture hi %}Hi {{ customer.first_name }}{% endcapture %}{{ hi }}!", "Hi Ann!"),
        ("a {%- if true -%} b {%- endif -%} c", "abc"),
        ("a {{- order.name -}} b", "a#1042b"),
        ("{% raw %}{{ not.a.variable }}{% endraw %}", "{{ not.a.variable }}"),
        ("x{% comment %}{{ {% comment %}{% endcomment %} y {% endcomment %}z", "xz"),
        ("x{% # a remark %}z", "xz"),
        (
            '{"total": {{ order.total }}, "a": {"b": {{ order.tags | json }}}}',
            '{"total": 369.97, "a": {"b": ["VIP", "new"]}}',
        ),
        ("{{ steps.5f3.id | plus: 1 }}", "8"),
        ("{{ steps.123.id | plus: 1 }}", "10"),
    ],
)
def test_a_liquid_text_is_filled_in(source: str, printed: str, scope: Scope) -> None:
    scope["steps"] = {"5f3": {"id": 7}, "123": {"id": 9}}

    assert compile_text(source).render(scope) == printed


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("{{ 0.1 | plus: 0.2 }}", "0.3"),
        ("{{ '10.00' | plus: '5' }}", "15.00"),
        ("{{ '19.99' | times: 3 }}", "59.97"),
        ("{{ 7 | divided_by: 2 }}", "3"),
        ("{{ -7 | divided_by: 2 }}", "-4"),
        ("{{ '7.00' | divided_by: 2 }}", "3.50"),
        ("{{ 10.0 | divided_by: 3 }}", "3.3333333333"),
        ("{{ 2.5 | round }}|{{ 3.5 | round }}|{{ -2.5 | round }}", "3|4|-3"),
        ("{{ 2.345 | round: 2 }}", "2.35"),
        ("{{ -7 | modulo: 3 }}", "2"),
        ("{{ nothing | plus: 5 }}", "5"),
        (
            "{{ 12345678901234567890 | times: 98765432109876543210 }}",
            "1219326311370217952237463801111263526900",
        ),
    ],
)
def test_amounts_are_calculated_exactly(source: str, printed: str) -> None:
    assert compile_text(source).render({}) == printed


@pytest.mark.parametrize(
    ("source", "locale", "timezone", "printed"),
    [
        ("{{ order.total | money }}", "de", "UTC", "369,97 €"),
        ("{{ order.total | money }}", "pt-BR", "UTC", "€ 369,97"),
        ("{{ order.total | money: 'JPY' }}", "ja", "UTC", "￥370"),
        ("{{ order.total | money: 'usd' }}", "en", "UTC", "$369.97"),
        ("{{ 12345.5 | number }}", "pl", "UTC", "12 345,5"),
        ("{{ order.created_at | date: 'long' }}", "pl", "UTC", "22 listopada 2026"),
        ("{{ order.created_at | date: '%A, %-d %B' }}", "pl", "UTC", "niedziela, 22 listopada"),
        (
            "{{ order.created_at | date: '%F %R %z' }}",
            "en",
            "Asia/Taipei",
            "2026-11-23 05:05 +0800",
        ),
        ("{{ order.created_at | date }}", "xx-unknown", "UTC", "Nov 22, 2026"),
        ("{{ '2026-01-01' | date: '%F' }}", "en", "America/New_York", "2026-01-01"),
        ("{{ 'someday' | date: '%F' }}", "en", "UTC", "someday"),
        ("{{ 0 | date: '%F' }}", "en", "UTC", "1970-01-01"),
        (
            "{{ 'now' | date: '%F %T' }}{{ now | date: ' %Z' }}",
            "en",
            "UTC",
            "2026-11-22 12:00:00 UTC",
        ),
        ("{{ now }}", "en", "UTC", "2026-11-22T12:00:00Z"),
    ],
)
def test_money_and_dates_follow_the_reader(
    source: str, locale: str, timezone: str, printed: str, scope: Scope
) -> None:
    text = compile_text(source).render(scope, locale=locale, timezone=timezone, now=NOON)

    assert text.replace("\xa0", " ").replace("\u202f", " ") == printed


def test_without_a_moment_now_prints_nothing() -> None:
    assert compile_text("{{ now }}{{ 'now' | date: '%F' }}").render({}) == ""


def test_the_currency_is_the_orders_before_the_workspaces() -> None:
    scope = {"workspace": {"currency": "USD"}, "order": {"currency": "EUR", "total": "5"}}

    assert compile_text("{{ order.total | money }}").render(scope) == "€5.00"


def test_the_currency_of_the_workspace_helps_where_the_data_names_none() -> None:
    scope = {"workspace": {"currency": "USD"}, "order": {"total": "5"}}

    assert compile_text("{{ order.total | money }}").render(scope) == "$5.00"


def test_without_any_currency_the_number_stands_alone() -> None:
    assert compile_text("{{ 5 | money }}").render({}) == "5.00"


@pytest.mark.parametrize(
    ("source", "message", "line", "column"),
    [
        ("a\nb {{ order.name", "The “{{” here is never closed with “}}”.", 2, 3),
        ("{% if a %}", "This {% if %} is never closed: add {% endif %}.", 1, 1),
        ("{% endif %}", "{% endif %} does not belong here: no open block is waiting for it.", 1, 1),
        (
            "{% for a in b %}{% when 1 %}{% endfor %}",
            "{% when %} does not belong here: no open block is waiting for it.",
            1,
            17,
        ),
        ("{{ }}", "There is nothing between these braces. Choose a variable.", 1, 1),
        ("{% esle %}", "There is no instruction “esle”. Did you mean “else”?", 1, 1),
        ("{{ a | monney }}", "There is no filter “monney”. Did you mean “money”?", 1, 8),
        ("{{ a | replace }}", "The filter “replace” is written “replace: old, [new]”.", 1, 8),
        ("{{ a | upcase: 1 }}", "The filter “upcase” is written “upcase” alone.", 1, 8),
        (
            "{% if a = 1 %}{% endif %}",
            "“{% if a = 1 %}” cannot be read. To compare, write “==”.",
            1,
            9,
        ),
        (
            "{{ a b }}",
            "“{{ a b }}” cannot be read. Check the names, quotes and filters in it.",
            1,
            6,
        ),
        (
            "{{ a | }}",
            "“{{ a | }}” cannot be read. Check the names, quotes and filters in it.",
            1,
            4,
        ),
        ("{% comment %}", "This comment never ends: add {% endcomment %}.", 1, 1),
        ("{% raw %}", "This {% raw %} never ends: add {% endraw %}.", 1, 1),
        ("{%%}", "There is no instruction between “{%” and “%}”.", 1, 1),
        ("{% include 'secret' %}", "There is no instruction “include”.", 1, 1),
    ],
)
def test_a_mistake_is_named_with_its_place(
    source: str, message: str, line: int, column: int
) -> None:
    with pytest.raises(TemplateError) as caught:
        compile_text(source)

    assert (caught.value.message, caught.value.position) == (message, Position(line, column))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "{{ 'abc' | plus: 1 }}",
            "“abc” is not a number, so it cannot be calculated with. (filter “plus”)",
        ),
        ("{{ 5 | divided_by: 0 }}", "A number cannot be divided by 0. (filter “divided_by”)"),
        ("{{ 5 | modulo: 0 }}", "A number cannot be divided by 0. (filter “modulo”)"),
        (
            "{{ 5 | money: 'euro' }}",
            "“EURO” is no currency. Write its three letters, as in “EUR”. (filter “money”)",
        ),
        ("{{ '!' | base64_decode }}", "This is not text in base64. (filter “base64_decode”)"),
        (
            "{{ order | upcase }}",
            "This is not a text but a whole object. Choose one of its fields. (filter “upcase”)",
        ),
    ],
)
def test_a_filter_that_cannot_work_says_why(source: str, message: str, scope: Scope) -> None:
    with pytest.raises(TemplateError) as caught:
        compile_text(source).render(scope)

    assert caught.value.message == message


def test_an_unknown_time_zone_is_named() -> None:
    with pytest.raises(TemplateError, match="There is no time zone “Mars/Base”"):
        compile_text("{{ 0 | date: '%F' }}").render({}, timezone="Mars/Base")


def test_missing_variables_are_listed_as_written(scope: Scope) -> None:
    text = compile_text("{{ order.name }} {{ order.note }} {{ customer.nickname }}")

    assert text.missing(scope) == ("order.note", "customer.nickname")


def test_what_has_a_default_or_is_not_printed_is_not_missing(scope: Scope) -> None:
    text = compile_text(
        "{{ order.note | default: '-' }}{% if order.note %}{{ order.note }}{% endif %}"
        "{% for item in order.line_items %}{{ item.color | upcase }}{{ item.size.width }}"
        "{% endfor %}"
    )

    assert text.missing(scope) == ("item.size.width",)


def test_a_text_without_variables_is_constant() -> None:
    assert compile_text("Thank you").is_constant
    assert not compile_text("Thank you {{ name }}").is_constant
    assert not compile_text("{% assign a = 1 %}").is_constant


def test_a_text_of_one_variable_names_it() -> None:
    assert compile_text("{{ order.tags }}").sole_variable == ("order", "tags")
    assert compile_text(" {{ order.tags }}").sole_variable is None
    assert compile_text("order.tags").sole_variable is None


def test_the_same_source_is_compiled_once() -> None:
    assert compile_text("{{ a.b }} once") is compile_text("{{ a.b }} once")
