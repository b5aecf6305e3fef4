"""Times in requests: RFC 3339 with an offset, and nothing that merely resembles one."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator


def _text(given: object) -> object:
    """A bare number would be taken for seconds since 1970."""
    is_text = isinstance(given, str) and "T" in given.upper()
    if not (is_text or isinstance(given, datetime)):
        raise ValueError("This must be a time such as 2026-11-22T09:30:00Z.")
    return given


def _as_utc(moment: datetime) -> datetime:
    """A time at the edge of the calendar may have no UTC."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("This time lies outside the calendar.") from None


Moment = Annotated[AwareDatetime, BeforeValidator(_text), AfterValidator(_as_utc)]
