"""Filters that pick from lists, sort and join them."""

from collections.abc import Callable
from decimal import Decimal

from cartwheel.expressions.filters.filter import FilterRefusal, Functions, is_container, to_text
from cartwheel.expressions.lookup import MISSING, read, step_into
from cartwheel.expressions.values import as_number, as_text, joined

MOST_ELEMENTS = 10_000
"""The longest list that a text may make."""

Test = Callable[[object], bool]


def _elements(value: object) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list | tuple | range):
        return [value]
    if len(value) > MOST_ELEMENTS:
        raise FilterRefusal(f"This list has more than {MOST_ELEMENTS} entries.")
    return list(value)


def _at(element: object, key: object) -> object:
    """What stands in `element` under the path `key`, None where nothing does."""
    path = tuple(to_text(key).split("."))
    found = read(element, path) if isinstance(element, dict) else MISSING
    return None if found is MISSING else found


def alike(one: object, other: object) -> bool:
    """Whether two plain values are equal; a number equals the text that writes it.

    Lists and objects are never compared by content: that could take as long as the data is large.
    """
    if is_container(one) or is_container(other):
        return one is other
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    left, right = as_number(one), as_number(other)
    return left == right if left is not None and right is not None else one == other


def _test(key: object, value: object) -> Test:
    if value is None:
        return lambda element: _at(element, key) not in (None, False)
    return lambda element: alike(_at(element, key), value)


def _where(value: object, key: object, wanted: object = None) -> list[object]:
    test = _test(key, wanted)
    return [each for each in _elements(value) if test(each)]


def _reject(value: object, key: object, unwanted: object = None) -> list[object]:
    test = _test(key, unwanted)
    return [each for each in _elements(value) if not test(each)]


def _find(value: object, key: object, wanted: object = None) -> object:
    return next(iter(_where(value, key, wanted)), None)


def _find_index(value: object, key: object, wanted: object = None) -> int | None:
    test = _test(key, wanted)
    places = (place for place, each in enumerate(_elements(value)) if test(each))
    return next(places, None)


def _compact(value: object, key: object = None) -> list[object]:
    kept = _elements(value)
    return [each for each in kept if (each if key is None else _at(each, key)) is not None]


def _identity(value: object) -> object:
    # Lists and objects are the same only where they are one: see `alike`.
    return id(value) if is_container(value) else as_text(value)


def _uniq(value: object, key: object = None) -> list[object]:
    first: dict[object, object] = {}
    for each in _elements(value):
        first.setdefault(_identity(each if key is None else _at(each, key)), each)
    return list(first.values())


def _rank(value: object) -> tuple[int, Decimal, str]:
    """Numbers before words before nothing, so that any list can be sorted."""
    number = as_number(value)
    if number is not None:
        return (0, number, "")
    has_words = value is not None and not is_container(value)
    return (1, Decimal(0), as_text(value)) if has_words else (2, Decimal(0), "")


def _natural_rank(value: object) -> tuple[int, Decimal, str]:
    group, number, text = _rank(value)
    return (group, number, text.casefold())


def _sorted(rank: Callable[[object], tuple[int, Decimal, str]]) -> Callable[..., list[object]]:
    def sort(value: object, key: object = None) -> list[object]:
        elements = _elements(value)
        return sorted(elements, key=lambda each: rank(each if key is None else _at(each, key)))

    return sort


def _end(name: str) -> Callable[[object], object]:
    def pick(value: object) -> object:
        found = step_into(value, name) if isinstance(value, list | tuple | range) else None
        return None if found is MISSING else found

    return pick


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | list | tuple | dict | range) else 0


def _join(value: object, separator: object = " ") -> str:
    return joined((as_text(each) for each in _elements(value)), to_text(separator))


FUNCTIONS: Functions = {
    "compact": _compact,
    "concat": lambda value, other: _elements(value) + _elements(other),
    "find": _find,
    "find_index": _find_index,
    "first": _end("first"),
    "has": lambda value, key, wanted=None: bool(_where(value, key, wanted)),
    "join": _join,
    "last": _end("last"),
    "map": lambda value, key: [_at(each, key) for each in _elements(value)],
    "reject": _reject,
    "reverse": lambda value: _elements(value)[::-1],
    "size": _size,
    "sort": _sorted(_rank),
    "sort_natural": _sorted(_natural_rank),
    "uniq": _uniq,
    "where": _where,
}
