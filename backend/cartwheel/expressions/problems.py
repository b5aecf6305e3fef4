"""What can be wrong with a text or a condition, in words for the merchant who wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text: line and column, both counted from 1."""

    line: int
    column: int

    @classmethod
    def at(cls, source: str, index: int) -> "Position":
        """The place of the character at `index`."""
        line_start = source.rfind("\n", 0, index) + 1
        return cls(source.count("\n", 0, index) + 1, index - line_start + 1)


class TemplateError(Exception):
    """This text cannot be read or filled in; the message says why and what to do."""

    def __init__(self, message: str, position: Position | None = None) -> None:
        super().__init__(message)
        self.message, self.position = message, position


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One fault in a rule tree. `path` leads to it through the tree: `rules.1.value`."""

    path: str
    message: str


class RuleError(Exception):
    """These conditions cannot be used; `problems` names every fault, the first one leads."""

    def __init__(self, problems: Sequence[RuleProblem]) -> None:
        super().__init__(problems[0].message)
        self.problems = tuple(problems)
        self.path, self.message = problems[0].path, problems[0].message
