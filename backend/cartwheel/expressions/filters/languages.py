"""The languages of the world, as Babel knows them; loaded when the first text needs them.

Babel costs 5 MB and each language some more, which an installation that writes no dates and no
money in messages should not pay.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

_FALLBACK = "en"


@lru_cache(maxsize=64)
def language(tag: str) -> "Locale":
    """The language of a tag such as `pt-BR`, `zh_TW` or `de`; English where Babel has none."""
    from babel import Locale, UnknownLocaleError

    for candidate in (tag, tag.replace("_", "-").partition("-")[0], _FALLBACK):
        try:
            return Locale.parse(candidate.replace("-", "_"))
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return Locale(_FALLBACK)
