"""What a text is filled in with, beside its variables."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cartwheel.expressions.escapes import Escape
from cartwheel.expressions.lookup import Scope
from cartwheel.expressions.problems import TemplateError
from cartwheel.values import dataclass


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The data, and the language, time zone (IANA name), present moment and sink of one filling.

    `now` is what “now” and “today” mean in the text; None leaves them empty.
    """

    scope: Scope
    escape: Escape = Escape.NONE
    locale: str = "en"
    timezone: str = "UTC"
    now: datetime | None = None

    def zone(self) -> ZoneInfo:
        """The time zone. Raises `TemplateError` where nobody knows its name."""
        return zone(self.timezone)


def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name. Raises `TemplateError` where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise TemplateError(f"There is no time zone “{name}”. Choose one in settings.") from None
