"""ISO 8601 durations as scenarios write them: `PT26H`, `P3D`, `P1DT12H30M`, `P2W`."""

import math
import re
from datetime import timedelta

from cartwheel.errors import Invalid

_FORM = re.compile(
    r"P(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,9})S)?)?"
)


def read_duration(written: str) -> timedelta:
    """The duration. Raises `Invalid` for anything else; years and months have no fixed length."""
    found = _FORM.fullmatch(written.strip().upper())
    parts = (
        {unit: int(number) for unit, number in found.groupdict().items() if number} if found else {}
    )
    if not parts:
        raise Invalid(
            f"“{written[:40]}” is not a duration. Write it like PT26H (26 hours) or P3D (3 days).",
            code="bad_duration",
        )
    return timedelta(**parts)


def duration_text(length: timedelta) -> str:
    """The duration in whole seconds, rounded up: `PT93600S`."""
    return f"PT{math.ceil(length.total_seconds())}S"
