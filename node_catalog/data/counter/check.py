"""What is wrong with a counter's settings that their form cannot say."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from cartwheel.node_sdk import Json, SettingFault


def check(config: Mapping[str, Json], app: str | None) -> Iterator[SettingFault]:  # noqa: ARG001
    """What is written as it stands, without a variable, must be a number already."""
    for name in ("amount", "limit"):
        text = str(config.get(name) or "").strip()
        if text and "{" not in text and not _can_be_counted(text):
            yield SettingFault(
                f"/{name}",
                f"“{text[:40]}” cannot be counted: it must be a number from 0 on.",
                "Correct the amount.",
            )


def _can_be_counted(text: str) -> bool:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    return number.is_finite() and number >= 0
