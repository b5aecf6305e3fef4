"""Guesses what somebody meant to write."""

from collections.abc import Iterable
from difflib import get_close_matches

_ALIKE = 0.6
_LONGEST_NAME = 100


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `name`, or None where none is alike enough to suggest."""
    if len(name) > _LONGEST_NAME:
        return None
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    matches = get_close_matches(name.lower(), by_lower, n=1, cutoff=_ALIKE)
    return by_lower[matches[0]] if matches else None


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """` Did you mean “total”?`, to put behind a sentence, or nothing."""
    match = closest(name, candidates)
    return f" Did you mean “{match}”?" if match else ""
