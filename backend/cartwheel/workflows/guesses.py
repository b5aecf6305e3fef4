"""Guesses at what somebody meant to write, within a budget for one whole check."""

from cartwheel.expressions.suggestions import closest

_MOST_GUESSES = 100


class Guesses:
    """Comparing names is slow; a graph with thousands of wrong ones is answered without."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, tuple[str, ...]], str | None] = {}

    def closest(self, name: str, candidates: tuple[str, ...]) -> str | None:
        """The candidate most like `name`, or None; always None once the budget is spent."""
        key = (name, candidates)
        if key not in self._known:
            if len(self._known) >= _MOST_GUESSES:
                return None
            self._known[key] = closest(name, candidates)
        return self._known[key]
