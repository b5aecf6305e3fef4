"""What comes from data cannot leave the place where it is printed."""

import json
from typing import Any

import pytest

from cartwheel.expressions.escapes import Escape
from cartwheel.expressions.problems import TemplateError
from cartwheel.expressions.texts import compile_text

EVIL = '<img src=x onerror="alert(1)">\'&\\\r\n"}'


@pytest.fixture
def scope() -> dict[str, Any]:
    return {
        "name": EVIL,
        "url": "https://shop.example/a b?x=1&y=2#z",
        "tags": ["a", '"'],
        "n": None,
    }


@pytest.mark.parametrize(
    "source", ["<b>{{ name }}</b>", "{% if true %}<b>{{ name }}</b>{% endif %}"]
)
def test_html_is_written_as_text(source: str, scope: dict[str, Any]) -> None:
    printed = compile_text(source).render(scope, escape=Escape.HTML)

    assert printed.startswith("<b>&lt;img src=x onerror=&quot;")
    assert printed.count("<") == 2


@pytest.mark.parametrize(
    "source",
    [
        "{{ name | escape }}",
        "{{ name | escape_once }}",
        "{% capture x %}{{ name }}{% endcapture %}{{ x }}",
        "{% capture x %}{{ name }}{% endcapture %}{% capture y %}{{ x }}{% endcapture %}{{ y }}",
    ],
)
def test_html_is_not_escaped_twice(source: str, scope: dict[str, Any]) -> None:
    once = compile_text("{{ name }}").render(scope, escape=Escape.HTML)

    assert compile_text(source).render(scope, escape=Escape.HTML) == once


@pytest.mark.parametrize(
    "source",
    [
        "{{ name | upcase | downcase }}",
        "{{ name | escape | append: name }}",
        "{{ name | newline_to_br }}",
        "{{ tags | first | append: name }}",
        "{% assign x = name | escape %}{{ x | replace: '&lt;', '<' }}",
        "{% assign x = name | url_encode | url_decode %}{{ x }}",
        "{{ name | json }}",
        "{{ name | base64_encode | base64_decode }}",
        "{% capture x %}{{ name }}{% endcapture %}{{ x | url_decode | append: name }}",
    ],
)
def test_no_filter_brings_markup_back(source: str, scope: dict[str, Any]) -> None:
    printed = compile_text(source).render(scope, escape=Escape.HTML)

    assert "<img" not in printed.lower()


def test_line_breaks_become_markup_where_the_merchant_asks(scope: dict[str, Any]) -> None:
    scope["note"] = "a\r\n<b>"

    printed = compile_text("{{ note | newline_to_br }}").render(scope, escape=Escape.HTML)

    assert printed == "a<br>\n&lt;b&gt;"


@pytest.mark.parametrize(
    "source", ['{"a": "{{ name }}"}', '{"a": "{% if true %}{{ name }}{% endif %}"}']
)
def test_a_value_stays_inside_its_json_string(source: str, scope: dict[str, Any]) -> None:
    printed = compile_text(source).render(scope, escape=Escape.JSON)

    assert json.loads(printed) == {"a": EVIL}


def test_a_whole_value_can_be_put_into_json(scope: dict[str, Any]) -> None:
    printed = compile_text('{"tags": {{ tags | json }}, "n": {{ n | json }}}').render(
        scope, escape=Escape.JSON
    )

    assert json.loads(printed) == {"tags": ["a", '"'], "n": None}


def test_a_value_stays_inside_its_part_of_a_url(scope: dict[str, Any]) -> None:
    printed = compile_text("https://api.example/o/{{ url }}?q={{ name }}").render(
        scope, escape=Escape.URL
    )

    assert printed.startswith("https://api.example/o/https%3A%2F%2Fshop.example%2Fa%20b%3Fx%3D1")
    assert "\n" not in printed
    assert "<" not in printed


def test_a_value_that_begins_a_url_is_one(scope: dict[str, Any]) -> None:
    printed = compile_text("{{ url }}&from={{ url }}").render(scope, escape=Escape.URL)

    assert printed.startswith("https://shop.example/a%20b?x=1&y=2#z&from=https%3A%2F%2F")


@pytest.mark.parametrize("source", ["{{ name | url_encode }}", "x{{ name | url_encode }}"])
def test_a_url_is_not_encoded_twice(source: str, scope: dict[str, Any]) -> None:
    assert "%25" not in compile_text(source).render(scope, escape=Escape.URL)


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\nBcc: x", "\x00", "\x0b", "\x85", "\u2028"])
@pytest.mark.parametrize("source", ["Order {{ name }}", "{% if true %}{{ name }}{% endif %}"])
def test_a_header_refuses_a_line_break(mark: str, source: str) -> None:
    with pytest.raises(TemplateError, match="must be a single line"):
        compile_text(source).render({"name": f"a{mark}b"}, escape=Escape.HEADER)


def test_a_header_takes_ordinary_text() -> None:
    text = compile_text("Zażółć {{ name }} 訂單")

    assert text.render({"name": "Ann"}, escape=Escape.HEADER) == "Zażółć Ann 訂單"
