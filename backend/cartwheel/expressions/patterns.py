"""Regular expressions, run by RE2: whatever is written, the time stays proportional to the text.

Python's own `re` takes 12 s for `^(a+)+$` on 28 letters, and holds every other run while it does.
"""

from functools import lru_cache
from typing import Final

from cartwheel.expressions.comparison import Pattern
from cartwheel.expressions.rule_parts import Refused

LONGEST_PATTERN: Final = 1_000
"""In bytes of UTF-8."""
_MEMORY = 1024 * 1024


def compile_pattern(written: object) -> Pattern:
    """The compiled pattern. Raises `Refused`."""
    if not isinstance(written, str) or not written:
        raise Refused("Write a pattern to match.")
    if "{{" in written:
        raise Refused("A pattern cannot hold variables. Use “contains” with a variable.")
    if len(written.encode("utf-8", "replace")) > LONGEST_PATTERN:
        raise Refused(f"A pattern can be {LONGEST_PATTERN} bytes long, not longer.")
    return _compiled(written)


@lru_cache(maxsize=256)
def _compiled(written: str) -> Pattern:
    # Imported with the first pattern: 4 MB that most installations never need.
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        pattern: Pattern = re2.compile(written.encode("utf-8", "replace"), options)
    except re2.error as error:
        raise Refused(_reason(str(error))) from None
    return pattern


def _reason(error: str) -> str:
    if "invalid perl operator" in error:
        return "Patterns cannot look ahead or behind: “(?=”, “(?!” and “(?<” are not available."
    if "too large" in error or "repetition size" in error:
        return "This pattern repeats too much. Up to 1,000 repetitions are possible, nested or not."
    return (
        "This pattern cannot be read. Check its brackets, and put “\\” before signs meant as such."
    )
