"""Works out named values, each turned into the kind that was asked for."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

import orjson

from cartwheel.node_sdk import Context, Emit, Json, NodeError

MAX_DEPTH = 60
LARGEST_WHOLE = 2**53
"""Beyond it, not every reader of JSON keeps a whole number exact."""

_TRUE, _FALSE = {"true", "yes", "1", "on"}, {"false", "no", "0", "off", ""}


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:  # noqa: ARG001
    return Emit("done", {entry["name"]: _value(entry) for entry in config["values"]})


def _value(entry: Mapping[str, Json]) -> Json:
    text, kind = entry["value"], entry.get("type", "text")
    if kind == "text":
        return text
    convert, wanted = _KINDS[kind]
    try:
        return convert(text.strip())
    except (ValueError, InvalidOperation):
        raise NodeError(
            f"“{entry['name']}” should be {wanted}, but “{text.strip()[:80]}” came out.",
            code="bad_value",
            fix="Change the value, or choose another kind for it.",
        ) from None


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise ValueError(text)
    return number


def _number(text: str) -> int | float:
    number = _decimal(text)
    is_whole = number == number.to_integral_value() and abs(number) < LARGEST_WHOLE
    return int(number) if is_whole else float(number)


def _money(text: str) -> str:
    return f"{_decimal(text):f}"


def _boolean(text: str) -> bool:
    word = text.lower()
    if word not in _TRUE | _FALSE:
        raise ValueError(text)
    return word in _TRUE


def _json(text: str) -> Json:
    value = orjson.loads(text)
    # Neither can be stored as a step's output.
    if "\\u0000" in text or _is_deep(value, MAX_DEPTH):
        raise ValueError(text)
    return value


def _is_deep(value: Json, room: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return room == 0 or any(_is_deep(part, room - 1) for part in inside)


_KINDS: Mapping[str, tuple[Callable[[str], Json], str]] = {
    "number": (_number, "a number"),
    "money": (_money, "an amount such as 12.50"),
    "boolean": (_boolean, "yes or no"),
    "json": (_json, "valid JSON"),
}
