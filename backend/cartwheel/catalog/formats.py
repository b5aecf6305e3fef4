"""The formats that a schema of the catalogue may ask for, all of them asserted.

Few, and without the grammar library behind jsonschema's own complete set, which alone would
cost every process 27 MB and a second.
"""

import functools
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from cronsim import CronSim, CronSimError

if TYPE_CHECKING:
    from jsonschema import FormatChecker

_EMAIL = re.compile(r"[^@\s\"<>,;:]+@[^@\s\"<>,;:.]+(\.[^@\s\"<>,;:.]+)+")
_HOSTNAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    r"(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*",
    re.IGNORECASE,
)
_PHONE = re.compile(r"\+?[0-9(][0-9 ().\-/]{4,24}")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def _is_email(text: str) -> bool:
    return len(text) <= 254 and bool(_EMAIL.fullmatch(text))


def _is_http_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in text


def _is_hostname(text: str) -> bool:
    return bool(_HOSTNAME.fullmatch(text)) or _is_address(text)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2026-11-22")


def _is_date_time(text: str) -> bool:
    try:
        return "T" in text and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    """A date that exists, with or without a time, with or without an offset."""
    try:
        datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


def _is_time(text: str) -> bool:
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("09:30")


def _is_timezone(text: str) -> bool:
    return text in _timezones()


@functools.cache
def _timezones() -> set[str]:
    return available_timezones()


def _is_cron(text: str) -> bool:
    """Five fields, and a time at which they are due."""
    if len(text.split()) != len(["*", "*", "*", "*", "*"]):
        return False
    try:
        return next(CronSim(text, datetime(2024, 1, 1, tzinfo=UTC)), None) is not None
    except CronSimError:
        return False


FORMATS: dict[str, tuple[Callable[[str], bool], str]] = {
    "email": (_is_email, "an e-mail address such as name@example.com"),
    "uri": (_is_http_address, "a web address that begins with https://"),
    "hostname": (_is_hostname, "the name of a server, such as smtp.example.com"),
    "date": (_is_date, "a date such as 2026-11-22"),
    "date-time": (_is_date_time, "a date and time such as 2026-11-22T09:30:00Z"),
    "moment": (_is_moment, "a date that exists such as 2026-12-24, with a time if you like"),
    "time-of-day": (_is_time, "a time of day such as 09:30"),
    "timezone": (_is_timezone, "a time zone such as Europe/Berlin"),
    "cron": (_is_cron, "a cron expression of five fields such as 30 8 * * MON-FRI"),
    "phone": (lambda text: bool(_PHONE.fullmatch(text)), "a phone number such as +48 600 100 200"),
    "decimal": (lambda text: bool(_DECIMAL.fullmatch(text)), "a number such as 12.50"),
}
"""Format name → (test, what the value should have been, for a sentence)."""


@functools.cache
def format_checker() -> "FormatChecker":
    """A checker for exactly the formats above."""
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    for name, (test, _) in FORMATS.items():
        checker.checks(name)(_tolerant(test))
    return checker


def _tolerant(test: Callable[[str], bool]) -> Callable[[object], bool]:
    """A format says something about texts only; other types are another keyword's business."""
    return lambda value: not isinstance(value, str) or test(value)
