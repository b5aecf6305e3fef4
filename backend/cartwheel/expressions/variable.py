"""A variable that a text reads."""

from dataclasses import dataclass

from cartwheel.expressions.lookup import Path


@dataclass(frozen=True, slots=True)
class Variable:
    """One use of a variable, for the check of a graph.

    `path` is where the value stands in the scope; a list's entry in a loop is "0" there. `written`
    is what the merchant wrote; `line` and `column`, counted from 1, are where.
    """

    path: Path
    written: str
    filters: tuple[str, ...]
    line: int
    column: int

    @property
    def has_default(self) -> bool:
        """Whether the text says what to print where the value is missing."""
        return "default" in self.filters
