"""What is wrong with a switch's settings that their form cannot say."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from cartwheel.node_sdk import Json, SettingFault


def check(config: Mapping[str, Json], app: str | None) -> Iterator[SettingFault]:  # noqa: ARG001
    """Nothing lies in a range that ends before it begins."""
    for number, case in enumerate(config.get("cases") or []):
        bounds = case.get("value") if case.get("operator") == "between" else None
        if not isinstance(bounds, list) or len(bounds) != 2:
            continue
        first, last = (_number(bound) for bound in bounds)
        if first is not None and last is not None and first > last:
            yield SettingFault(
                f"/cases/{number}/value",
                f"Nothing is between {first:f} and {last:f}: the range ends before it begins.",
                "Write the smaller number first.",
            )


def _number(text: Json) -> Decimal | None:
    try:
        number = Decimal(str(text).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
