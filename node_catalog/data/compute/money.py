"""Amounts, computed as decimals and never as floats. What comes out is a decimal as text."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from decimal import Context as Arithmetic

from cartwheel.node_sdk import Context, Json, NodeError

Entry = Mapping[str, Json]

_EXACT = Arithmetic(prec=50, rounding=ROUND_HALF_UP)
_LARGEST = Decimal(10) ** 30


def amount_of(text: Json) -> Decimal:
    """A number as shops write it: 12.50. Raises `NodeError`."""
    written = str(text).strip() if text is not None else ""
    try:
        number = Decimal(written)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > _LARGEST:
        said = f"“{written[:60]}” is no number." if written else "A number is empty."
        raise NodeError(
            said, code="bad_value", fix="Check the variable, or give it a default such as 0."
        )
    return number


def rounded(number: Decimal, entry: Entry) -> str:
    """With as many places as the entry asks for, halves away from zero."""
    exponent = Decimal(1).scaleb(-int(entry.get("places", 2)))
    return f"{number.quantize(exponent, context=_EXACT):f}"


def _divide(one: Decimal, other: Decimal) -> Decimal:
    if not other:
        raise NodeError(
            "it would divide by zero.",
            code="divided_by_zero",
            fix="Check the number before this step.",
        )
    return _EXACT.divide(one, other)


_OF_TWO: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "add": _EXACT.add,
    "subtract": _EXACT.subtract,
    "multiply": _EXACT.multiply,
    "divide": _divide,
    "percent": lambda one, other: _EXACT.multiply(one, other / 100),
    "smaller": min,
    "larger": max,
}


def _of_two(name: str) -> Callable[[Context, Entry], Json]:
    def work(ctx: Context, entry: Entry) -> str:  # noqa: ARG001
        one, other = amount_of(entry.get("value")), amount_of(entry.get("with"))
        return rounded(_OF_TWO[name](one, other), entry)

    return work


def _round(ctx: Context, entry: Entry) -> str:  # noqa: ARG001
    return rounded(amount_of(entry.get("value")), entry)


OPERATIONS = {**{name: _of_two(name) for name in _OF_TWO}, "round": _round}
