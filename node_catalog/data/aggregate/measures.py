"""What is worked out over entries: sums, averages, the smallest, the largest, how many differ."""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from cartwheel.node_sdk import Json, NodeError

_CENT = Decimal("0.01")


def measured(entries: Sequence[Json], measures: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
    """Each measure by its name. Entries without the member are left out of it."""
    return {measure["name"]: _measure(entries, measure) for measure in measures}


def inside(value: Json, path: str) -> Json:
    """A member of an entry, by a path such as `product.vendor`."""
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _measure(entries: Sequence[Json], measure: Mapping[str, Json]) -> Json:
    found = [inside(entry, str(measure["member"])) for entry in entries]
    there = [each for each in found if each is not None and each != ""]
    if measure["function"] == "different":
        return len({str(each) for each in there})
    numbers = [_number(each, measure) for each in there]
    result = _FUNCTIONS[measure["function"]](numbers)
    return None if result is None else f"{result:f}"


def _number(value: Json, measure: Mapping[str, Json]) -> Decimal:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or abs(number.adjusted()) > 30:
        raise NodeError(
            f"“{measure['name']}” cannot be worked out: “{str(value)[:60]}” is no number.",
            code="bad_value",
            fix="Choose a member that holds numbers.",
        )
    return number


def _average(numbers: Sequence[Decimal]) -> Decimal | None:
    if not numbers:
        return None
    return (sum(numbers, Decimal(0)) / len(numbers)).quantize(_CENT, ROUND_HALF_UP)


_FUNCTIONS: Mapping[str, Callable[[Sequence[Decimal]], Decimal | None]] = {
    "sum": lambda numbers: sum(numbers, Decimal(0)),
    "average": _average,
    "smallest": lambda numbers: min(numbers, default=None),
    "largest": lambda numbers: max(numbers, default=None),
}
