"""T5: whatever stands in a text or in data, it is printed or refused, never executed."""

import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cartwheel.expressions.escapes import Escape
from cartwheel.expressions.filters import FILTERS
from cartwheel.expressions.problems import TemplateError
from cartwheel.expressions.rules import compile_rules
from cartwheel.expressions.texts import compile_text
from tests.expressions.injections import INJECTIONS

# What only comes out where something was calculated, executed or looked into.
_SIGNS = re.compile(
    r"(?<![\w*.'`-])49(?![\w*.])|7777777|uid=\d|root:x:|<class|<function|<module|<bound|built-in"
    r"|object at 0x|Traceback|subclasses__\(\) of"
)


@pytest.fixture
def scope() -> dict[str, Any]:
    return {"order": {"name": "#1042", "tags": ["VIP"]}, "steps": {}, "customer": {"name": "Ann"}}


def test_there_are_more_than_a_hundred_attacks() -> None:
    assert len(set(INJECTIONS)) > 130


def outcome(source: str, scope: dict[str, Any], sink: Escape) -> str:
    """What a text prints, or the sentence that refuses it."""
    try:
        return compile_text(source).render(scope, escape=sink)
    except TemplateError as refusal:
        return refusal.message


@pytest.mark.parametrize("attack", INJECTIONS)
def test_an_attack_as_text_is_printed_or_refused(attack: str, scope: dict[str, Any]) -> None:
    printed = "\n".join(outcome(attack, scope, sink) for sink in Escape)

    assert not _SIGNS.search(printed), printed


SOURCES = [
    "{{ order.name }}",
    "{% assign x = order.name %}{{ x }}",
    "{% capture x %}{{ order.name }}{% endcapture %}{{ x }}",
    "{{ order.name | append: '' | prepend: '' }}",
    "{% for each in order.list %}{{ each }}{% endfor %}",
]


@pytest.mark.parametrize("attack", INJECTIONS)
def test_an_attack_in_the_data_is_printed_letter_by_letter(attack: str) -> None:
    scope = {"order": {"name": attack, "list": [attack]}}

    assert {compile_text(source).render(scope) for source in SOURCES} == {attack}


@pytest.mark.parametrize("attack", INJECTIONS)
def test_an_attack_as_the_name_of_a_field_finds_nothing(attack: str, scope: dict[str, Any]) -> None:
    source = "{{ order[attack] }}{{ [attack] }}{{ order | where: attack | json }}"

    printed = compile_text(source).render({**scope, "attack": attack})

    assert printed == "[]"


@pytest.mark.parametrize("attack", INJECTIONS)
def test_an_attack_in_the_data_is_a_word_to_conditions(attack: str) -> None:
    rules = compile_rules({"rules": [{"field": "a", "operator": "=", "value": "{{ b }}"}]})

    assert rules.judge({"a": attack, "b": attack}).holds
    assert not rules.judge({"a": "49", "b": attack}).holds


ENDLESS = [
    "{% for i in (1..100000000) %}{% endfor %}",
    "{% for i in (1..100000000) reversed %}{% endfor %}",
    "{% for i in (1..100000000) limit: 1 %}{% endfor %}",
    "{% for i in (1..99999999999999999999999999) %}{% endfor %}",
    "{% for i in (1..9999) %}{% for j in (1..9999) %}{% endfor %}{% endfor %}",
    "{% for i in (1..9000) %}{{ i }}{% endfor %}" * 500,
    "{% for i in (1..99999) %}{% if i == 1 or i == 2 %}{% endif %}{% endfor %}",
    "{% for i in (1..99999) %}{% assign n = n | plus: 1 | times: 3 | modulo: 7 %}{% endfor %}",
    "{% for i in (1..99999) %}{{ 0 | date: '%c%c%c%c%c%c%c' }}{% endfor %}",
    "{% for i in (1..99999) %}{% assign x = big | split: '' %}{% endfor %}",
    "{% for i in (1..99999) %}{% assign x = big | url_encode %}{% endfor %}",
    "{% for i in (1..99999) %}{% assign x = list | sort_natural | reverse | uniq %}{% endfor %}",
    "{% for i in (1..99999) %}{% if list contains 'x' %}{% endif %}{% endfor %}",
    "{% for i in (1..99999) %}{% if deep == deeper %}{% endif %}{% endfor %}",
    "{% for i in (1..99999) %}{% case deep %}{% when deeper %}{% endcase %}{% endfor %}",
    "{% for i in (1..99999) %}{% for x in list offset: 9990 %}{% break %}{% endfor %}{% endfor %}",
    "{% for i in (1..99999) %}{% capture x %}{{ big }}{% endcapture %}{% endfor %}",
]
BOMBS = [
    "{% for i in (1..9000) %}{{ big }}{% endfor %}",
    "{% assign a = 'x' %}{% for i in (1..60) %}{% assign a = a | append: a %}{% endfor %}{{ a }}",
    "{{ big | replace: 'x', big }}",
    "{{ list | join: big }}",
    "{{ big | split: '' | join: big }}",
    "{% assign l = list %}{% for i in (1..60) %}{% assign l = l | concat: l %}{% endfor %}",
    "{% assign n = 9 %}{% for i in (1..60) %}{% assign n = n | times: n %}{% endfor %}{{ n }}",
    "{{ 0 | date: '%999999999d%9999999999Y' }}" * 9_000,
    "{{ '9' | times: '9' | round: 999999999 | append: big | append: big | append: big }}",
    "{{ (1..999999999) | join: big }}",
    "{{ list }}" * 9_000,
    "{{ deep }}" * 9_000,
]


@pytest.fixture
def heavy() -> dict[str, Any]:
    return {
        "big": "x" * 100_000,
        "list": [str(number) for number in range(10_000)],
        "deep": {"a": [{"b": list(range(100))} for _ in range(200)]},
        "deeper": {"a": [{"b": list(range(100))} for _ in range(200)]},
    }


@pytest.mark.timeout(20)
@pytest.mark.parametrize("source", ENDLESS)
def test_an_endless_loop_ends_with_a_sentence(source: str, heavy: dict[str, Any]) -> None:
    # A second each on a quiet machine is measured in benchmarks/texts.md; without the bound on
    # work these take from minutes to years.
    with pytest.raises(TemplateError) as caught:
        compile_text(source).render(heavy)
    assert caught.value.message.endswith((".", ")"))


@pytest.mark.timeout(20)
@pytest.mark.parametrize("source", BOMBS)
def test_an_output_bomb_is_defused(source: str, heavy: dict[str, Any]) -> None:
    with pytest.raises(TemplateError):
        compile_text(source).render(heavy)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "source",
    [
        "{{" + " " * 200_000,
        "{%" + " " * 200_000,
        "{% a" + " " * 200_000,
        "{{ a " * 40_000,
        "{% raw %}" * 20_000,
        "{% comment %}" * 20_000,
        "{% if a %}" * 20_000,
        "{% if a %}" * 31 + "{% endif %}" * 31,
        "{{ " + "(" * 1_990 + "}}",
        "{{ " + "a[" * 990 + "}}",
        "{{ '" + '"' * 1_990 + "}}",
        '{{ a["' * 30_000,
        "{% if " + "a and " * 330 + "a %}{% endif %}" + "{% if " + "(" * 1_900 + "%}",
        "{{ a" + "|" * 1_990 + "}}",
        "x" * 300_000,
        "{{ " + "a" * 3_000 + " }}",
    ],
)
def test_a_text_that_is_hard_to_read_is_refused_at_once(source: str) -> None:
    with pytest.raises(TemplateError) as caught:
        compile_text(source)
    assert len(caught.value.message) < 300


def test_deep_conditions_are_judged_or_refused() -> None:
    text = compile_text("{% if " + "a and " * 320 + "a %}yes{% endif %}")

    assert text.render({"a": 1}) == "yes"


# --- anything at all ---

words = st.sampled_from(
    [
        *("{{", "}}", "{%", "%}", "{{-", "-}}", "{%-", "-%}", "|", ":", ",", ".", "..", "(", ")"),
        *("[", "]", "'", '"', "==", "!=", "<", ">=", "=", "contains", "and", "or", " ", "\n", "-"),
        *("if", "elsif", "else", "endif", "unless", "endunless", "case", "when", "endcase", "for"),
        *(
            "in",
            "limit:",
            "offset:",
            "reversed",
            "continue",
            "break",
            "endfor",
            "assign",
            "capture",
        ),
        *("endcapture", "comment", "endcomment", "raw", "endraw", "#", "blank", "empty", "nil"),
        *("true", "a", "b.c", "list", "x[0]", "forloop.index", "1", "-2.5", "(1..3)", "9" * 40),
        *FILTERS,
    ]
)
sources = st.lists(words | st.text(max_size=5), max_size=25).map(" ".join) | st.text(max_size=60)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from(["369.97", "2026-11-22T09:30:00Z", "2026-11-22", "EUR", "\ud800", "\x00"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "b", "c", "size", "currency"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(source=sources, value=values, sink=st.sampled_from(Escape))
@example(source="{{ a | date: '%s' }}", value="9999-12-31T23:59:59-12:00", sink=Escape.NONE)
@example(source="{{ a }}", value=10**5000, sink=Escape.NONE)
@example(source="{{ a | plus: 1 }}", value=float("inf"), sink=Escape.NONE)
def test_a_text_raises_nothing_but_template_errors(
    source: str, value: object, sink: Escape
) -> None:
    scope = {"a": value, "b": {"c": value}, "list": [value, value], "x": [value]}
    with suppress(TemplateError):
        compile_text(source).render(scope, escape=sink, timezone="Asia/Taipei", locale="pl")


arguments = st.lists(
    st.sampled_from(["a", "b", "nil", "''", "'a'", "0", "-1", "3.5", "list", "(1..3)", "9" * 30]),
    max_size=3,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FILTERS)), arguments, values, values)
def test_no_filter_raises_anything_else(
    name: str, written: list[str], one: object, other: object
) -> None:
    source = f"{{{{ a | {name}{': ' if written else ''}{', '.join(written)} }}}}"
    scope = {"a": one, "b": other, "list": [one, other, {"a": one}]}
    with suppress(TemplateError):
        compile_text(source).render(scope, locale="de", timezone="America/New_York")
