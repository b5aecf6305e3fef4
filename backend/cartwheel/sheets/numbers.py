"""Numbers as people write them: 1,234.56 and 1.234,56 and 1 234,56."""

import re
from decimal import Decimal, InvalidOperation

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")
_IN_THOUSANDS = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+")
_LONGEST = 40


def read_decimal(text: str, *, decimal_comma: bool | None = None) -> Decimal | None:
    """The number that a text writes, or None where it is none.

    `decimal_comma` says how the file writes its numbers; None: as the number itself tells.
    """
    bare = _SPACES.sub("", text.strip())
    if len(bare) > _LONGEST:
        return None
    if decimal_comma is None:
        decimal_comma = _has_decimal_comma(bare)
    thousands, point = (".", ",") if decimal_comma else (",", ".")
    whole, _, fraction = bare.partition(point)
    if thousands in whole and not _IN_THOUSANDS.fullmatch(whole):
        return None
    plain = whole.replace(thousands, "") + (f".{fraction}" if fraction else "")
    try:
        return Decimal(plain) if _PLAIN.fullmatch(plain) else None
    except InvalidOperation:
        return None


def _has_decimal_comma(bare: str) -> bool:
    """Of two marks the last one is the decimal one; 1,234 alone is a thousand."""
    if "," in bare and "." in bare:
        return bare.rindex(",") > bare.rindex(".")
    return "," in bare and not _IN_THOUSANDS.fullmatch(bare)
