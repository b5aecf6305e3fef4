"""Filters that calculate, always with `Decimal`, so that 0.1 plus 0.2 is 0.3.

Nothing (a missing value, an empty text) counts as 0. A text that is no number is refused: a wrong
amount in a customer's message is worse than a step that says why it stopped.
"""

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

from cartwheel.expressions.filters.filter import FilterRefusal, Functions, to_text
from cartwheel.expressions.lookup import read
from cartwheel.expressions.values import as_number, as_text, is_blank

# Bounds the exponent as well: repeated squaring must end, and no number prints a page of zeros.
_CALCULATION = Context(
    prec=40, Emin=-60, Emax=60, traps=[InvalidOperation, DivisionByZero, Overflow]
)
_FRACTION_DIGITS = 10
_MOST_ROUNDING_DIGITS = 20


def to_number(value: object) -> Decimal:
    """The value as a number, 0 for nothing. Raises `FilterRefusal`."""
    number = Decimal(0) if is_blank(value) else as_number(value)
    if number is None:
        shown = as_text(value)[:40]
        raise FilterRefusal(f"“{shown}” is not a number, so it cannot be calculated with.")
    return number


def add_up(values: list[object]) -> Decimal:
    """The sum of the values. Raises `FilterRefusal`."""
    total = Decimal(0)
    for value in values:
        total = _calculate(_CALCULATION.add, total, to_number(value))
    return total


def _calculate(operation: Callable[[Decimal, Decimal], Decimal], a: Decimal, b: Decimal) -> Decimal:
    try:
        return operation(a, b)
    except DivisionByZero:
        raise FilterRefusal("A number cannot be divided by 0.") from None
    except InvalidOperation:
        if not b:
            raise FilterRefusal("A number cannot be divided by 0.") from None
        raise FilterRefusal("The result of this calculation is too large.") from None
    except DecimalException:
        raise FilterRefusal("The result of this calculation is too large.") from None


def _binary(
    operation: Callable[[Decimal, Decimal], Decimal],
) -> Callable[[object, object], Decimal]:
    def calculate(value: object, other: object) -> Decimal:
        return _calculate(operation, to_number(value), to_number(other))

    return calculate


def _divide(value: object, other: object) -> Decimal:
    dividend, divisor = to_number(value), to_number(other)
    if _is_whole(dividend) and _is_whole(divisor):
        return _calculate(_floor_division, dividend, divisor)
    quotient = _calculate(_CALCULATION.divide, dividend, divisor)
    exponent = quotient.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_FRACTION_DIGITS:
        return round_to(quotient, _FRACTION_DIGITS).normalize(_CALCULATION)
    return quotient


def _floor_division(dividend: Decimal, divisor: Decimal) -> Decimal:
    quotient = _CALCULATION.divide(dividend, divisor)
    return quotient.to_integral_value(ROUND_FLOOR)


def _is_whole(number: Decimal) -> bool:
    """Whether it was written without a decimal point; Liquid divides such numbers whole."""
    return number.as_tuple().exponent == 0


def round_to(number: Decimal, digits: int) -> Decimal:
    """Rounded to that many digits after the point, halves away from zero, as shops round."""
    places = max(0, min(digits, _MOST_ROUNDING_DIGITS))
    try:
        return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=90))
    except InvalidOperation:
        raise FilterRefusal("This number is too large to be rounded.") from None


def _round(value: object, digits: object = 0) -> Decimal:
    return round_to(to_number(value), int(min(to_number(digits), Decimal(_MOST_ROUNDING_DIGITS))))


def _modulo(value: object, other: object) -> Decimal:
    dividend, divisor = to_number(value), to_number(other)
    remainder = _calculate(_CALCULATION.remainder, dividend, divisor)
    # The sign follows the divisor, as in Liquid; Decimal's follows the dividend.
    return remainder + divisor if remainder and (remainder < 0) != (divisor < 0) else remainder


def _ceil(value: object) -> Decimal:
    return to_number(value).to_integral_value(ROUND_CEILING)


def _floor(value: object) -> Decimal:
    return to_number(value).to_integral_value(ROUND_FLOOR)


def _sum(value: object, key: object = None) -> Decimal:
    elements = list(value) if isinstance(value, list | tuple | range) else [value]
    if key is not None:
        path = tuple(to_text(key).split("."))
        elements = [read(each, path) if isinstance(each, dict) else None for each in elements]
    return add_up([each for each in elements if isinstance(each, str | int | float | Decimal)])


FUNCTIONS: Functions = {
    "abs": lambda value: abs(to_number(value)),
    "at_least": _binary(max),
    "at_most": _binary(min),
    "ceil": _ceil,
    "divided_by": _divide,
    "floor": _floor,
    "minus": _binary(_CALCULATION.subtract),
    "modulo": _modulo,
    "plus": _binary(_CALCULATION.add),
    "round": _round,
    "sum": _sum,
    "times": _binary(_CALCULATION.multiply),
}
