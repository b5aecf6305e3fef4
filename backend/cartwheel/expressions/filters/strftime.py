"""Liquid's date formats (`%d %B %Y`), written in the reader's language.

Own code, because the C library's `strftime` knows one language per process and obeys a width such
as `%999999999d` to the last byte.
"""

import re
from collections.abc import Callable
from datetime import datetime

from cartwheel.expressions.filters.languages import language

_DIRECTIVE = re.compile(r"%([-_0^]?)([a-zA-Z%])")
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ENGLISH_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_COMPOSED = {
    "c": "%a %b %e %H:%M:%S %Y",
    "D": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "r": "%I:%M:%S %p",
    "R": "%H:%M",
    "T": "%H:%M:%S",
    "x": "%m/%d/%y",
    "X": "%H:%M:%S",
}
_NUMBERS: dict[str, tuple[Callable[[datetime], int], int, str]] = {
    # directive: (number, width, what fills it up)
    "C": (lambda t: t.year // 100, 2, "0"),
    "d": (lambda t: t.day, 2, "0"),
    "e": (lambda t: t.day, 2, " "),
    "G": (lambda t: t.isocalendar().year, 4, "0"),
    "H": (lambda t: t.hour, 2, "0"),
    "I": (lambda t: t.hour % 12 or 12, 2, "0"),
    "j": (lambda t: t.timetuple().tm_yday, 3, "0"),
    "k": (lambda t: t.hour, 2, " "),
    "l": (lambda t: t.hour % 12 or 12, 2, " "),
    "L": (lambda t: t.microsecond // 1000, 3, "0"),
    "m": (lambda t: t.month, 2, "0"),
    "M": (lambda t: t.minute, 2, "0"),
    "N": (lambda t: t.microsecond * 1000, 9, "0"),
    "s": (lambda t: int(t.timestamp()), 1, "0"),
    "S": (lambda t: t.second, 2, "0"),
    "u": (lambda t: t.isoweekday(), 1, "0"),
    "V": (lambda t: t.isocalendar().week, 2, "0"),
    "w": (lambda t: t.isoweekday() % 7, 1, "0"),
    "y": (lambda t: t.year % 100, 2, "0"),
    "Y": (lambda t: t.year, 4, "0"),
}


def format_time(moment: datetime, pattern: str, locale: str) -> str:
    """`moment` after the pattern; what is no directive stays as it is written."""

    def replacement(match: re.Match[str]) -> str:
        return _directive(match, moment, locale)

    return _DIRECTIVE.sub(replacement, pattern)


def _directive(match: re.Match[str], moment: datetime, locale: str) -> str:
    flag, letter = match.groups()
    if letter in _COMPOSED:
        return format_time(moment, _COMPOSED[letter], locale)
    if letter in _NUMBERS:
        number, width, fill = _NUMBERS[letter]
        fill = {"-": "", "_": " ", "0": "0"}.get(flag, fill)
        return str(number(moment)).rjust(width, fill) if fill else str(number(moment))
    word = _word(letter, moment, locale)
    if word is None:
        return match.group()
    return word.upper() if flag == "^" else word


def _word(letter: str, moment: datetime, locale: str) -> str | None:
    if letter in "aA":
        return _day(moment, locale, short=letter == "a")
    if letter in "bBh":
        return _month(moment, locale, short=letter != "B")
    if letter in "pP":
        half = "AM" if moment.hour < 12 else "PM"
        return half.lower() if letter == "P" else half
    written = {
        "n": "\n",
        "t": "\t",
        "z": _offset(moment),
        "Z": moment.tzname() or "",
        "%": "%",
    }
    return written.get(letter)


def _offset(moment: datetime) -> str:
    offset = moment.utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset else 0
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


def _is_english(locale: str) -> bool:
    return locale.replace("_", "-").partition("-")[0] == "en"


def _day(moment: datetime, locale: str, *, short: bool) -> str:
    if _is_english(locale):
        name = _ENGLISH_DAYS[moment.weekday()]
        return name[:3] if short else name
    names = language(locale).days["format"]["abbreviated" if short else "wide"]
    return str(names[moment.weekday()])


def _month(moment: datetime, locale: str, *, short: bool) -> str:
    if _is_english(locale):
        name = _ENGLISH_MONTHS[moment.month - 1]
        return name[:3] if short else name
    names = language(locale).months["format"]["abbreviated" if short else "wide"]
    return str(names[moment.month])
