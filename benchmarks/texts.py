"""How long texts and conditions take. Run: `python benchmarks/texts.py`, results in `texts.md`.

Compares the fast path for plain texts with the same texts through Liquid, and shows what the
bounds cost: how long the worst texts that are allowed keep a worker busy.
"""

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from cartwheel.expressions import templates
from cartwheel.expressions.pieces import cut
from cartwheel.expressions.problems import TemplateError
from cartwheel.expressions.rules import compile_rules
from cartwheel.expressions.surroundings import Surroundings
from cartwheel.expressions.texts import compile_text

ORDER: Mapping[str, object] = {
    "order": {
        "name": "#1042",
        "total": "369.97",
        "currency": "EUR",
        "created_at": "2026-11-22T09:30:00Z",
        "tags": ["VIP", "new"],
        "customer": {"first_name": "Ann", "email": "ann@example.com"},
        "line_items": [
            {"title": f"Product {number}", "quantity": 1, "price": "19.99", "sku": f"P-{number}"}
            for number in range(20)
        ],
    }
}
PLAIN = {
    "one variable": "{{ order.customer.email }}",
    "a short message": "Hello {{ order.customer.first_name }}, your order {{ order.name }} over "
    "{{ order.total }} {{ order.currency }} has arrived. Thank you!",
}
LIQUID = {
    "a default": "Hello {{ order.customer.nickname | default: 'friend' }}",
    "money and a date": "{{ order.total | money }} on {{ order.created_at | date: 'long' }}",
    "20 line items": "{% for item in order.line_items %}{{ item.quantity }} x {{ item.title }}: "
    "{{ item.price | money }}\n{% endfor %}",
}
RULES = {
    "one condition": [{"field": "order.total", "operator": ">", "value": "100"}],
    "three with a list": [
        {"field": "order.total", "operator": ">", "value": "100"},
        {"field": "order.tags", "operator": "contains", "value": "vip"},
        {"field": "order.line_items.sku", "operator": "=", "value": "P-19"},
    ],
}
_BIG = "{% capture b %}{% for i in (1..9000) %}{{ i }}é, {% endfor %}{% endcapture %}"
_TURNS = "{% for i in (1..99999) %}"
WORST = {
    "endless loop": "{% for i in (1..100000000) %}{{ i }}{% endfor %}",
    "nested loops": _TURNS + _TURNS + "{{ i }}{% endfor %}{% endfor %}",
    "loop of nothing": _TURNS + "{% if i %}{% endif %}{% endfor %}",
    "comparing loop": _TURNS + "{% if i == 1 or i == 2 or i == 3 %}{% endif %}{% endfor %}",
    "calculating loop": _TURNS + "{% assign n = n | plus: 1.5 %}{% endfor %}",
    "dates in a loop": _TURNS + "{{ 0 | date: '" + "%c" * 20 + "' }}{% endfor %}",
    "money in a loop": _TURNS + "{{ i | money: 'EUR' }}{% endfor %}",
    "encoding loop": _BIG + _TURNS + "{% assign c = b | url_encode %}{% endfor %}",
    "sorting loop": _BIG
    + "{% assign b = b | split: ', ' %}"
    + _TURNS
    + "{% assign c = b | sort_natural %}{% endfor %}",
    "JSON loop": _TURNS + "{% assign c = order | json %}{% endfor %}",
    "doubling text": "{% assign a = 'x' %}" + _TURNS + "{% assign a = a | append: a %}{% endfor %}",
    "open brace and spaces": "{{" + " " * 250_000,
    "open brackets": "{{ " + "(" * 1_990 + " }}",
    "nested brackets": "{{ " + "a[" * 990 + " }}",
}


def microseconds(work: Callable[[], object], seconds: float = 0.3) -> float:
    """The time of one call, averaged over as many as fit into `seconds`."""
    work()
    calls, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        for _ in range(20):
            work()
        calls += 20
    return (time.perf_counter() - began) / calls * 1e6


def through_liquid(source: str) -> Callable[[], object]:
    """Fills the text in by Liquid, although it is plain."""
    template = templates.parse(source, cut(source))
    return lambda: templates.render(template, source, Surroundings(ORDER))


def milliseconds_to_end(source: str) -> float:
    """How long it takes until a text is filled in or refused."""
    began = time.perf_counter()
    with suppress(TemplateError):
        compile_text(source).render(ORDER)
    return (time.perf_counter() - began) * 1e3


def main() -> None:
    print(f"Python {sys.version.split()[0]}\n\n| Text | µs | through Liquid, µs |\n|---|---|---|")
    for name, source in PLAIN.items():
        text = compile_text(source)
        fast, slow = (
            microseconds(lambda t=text: t.render(ORDER)),
            microseconds(through_liquid(source)),
        )
        print(f"| {name} | {fast:.1f} | {slow:.1f} |")
    for name, source in LIQUID.items():
        text = compile_text(source)
        print(f"| {name} | – | {microseconds(lambda t=text: t.render(ORDER)):.1f} |")
    print("\n| Conditions | µs |\n|---|---|")
    for name, members in RULES.items():
        rules = compile_rules({"combinator": "and", "rules": members})
        print(f"| {name} | {microseconds(lambda r=rules: r.judge(ORDER)):.1f} |")
    print("\n| Worst case | ms until filled in or refused |\n|---|---|")
    for name, source in WORST.items():
        print(f"| {name} | {milliseconds_to_end(source):.1f} |")


if __name__ == "__main__":
    main()
