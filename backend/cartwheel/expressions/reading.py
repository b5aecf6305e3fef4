"""Which variables a Liquid text reads, and whether its filters exist.

Names that the text makes itself are followed to where they come from: in
`{% for item in order.line_items %}{{ item.title }}` the last is `order.line_items.0.title`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.expressions import Path as PathExpression
from liquid.builtin.expressions.filtered import Filter as FilterExpression
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.context import RenderContext
from liquid.expression import Expression
from liquid.template import BoundTemplate

from cartwheel.expressions.filters import FILTERS
from cartwheel.expressions.lookup import Path
from cartwheel.expressions.problems import Position, TemplateError
from cartwheel.expressions.suggestions import did_you_mean
from cartwheel.expressions.variable import Variable

_MOMENTS = ("now", "today")


def variables_of(template: BoundTemplate, source: str) -> tuple[Variable, ...]:
    """The variables, in the order of the text. Raises `TemplateError` for an unknown filter."""
    reader = _Reader(template, source)
    for node in template.nodes:
        reader.read_node(node)
    return tuple(reader.variables)


@dataclass
class _Reader:
    template: BoundTemplate
    source: str
    variables: list[Variable] = field(default_factory=list)
    names: list[dict[str, Path | None]] = field(default_factory=lambda: [{}])
    """The text's own names, innermost last, with the path they stand for; None for a value."""

    def read_node(self, node: Node) -> None:
        for expression in node.expressions():
            self._read(expression)
        self.names[0].update(self._made_by(node))
        self.names.append(self._made_inside(node))
        for child in node.children(RenderContext(self.template)):
            self.read_node(child)
        self.names.pop()

    def _made_by(self, node: Node) -> dict[str, Path | None]:
        if isinstance(node, AssignNode):
            return {str(node.name): self._origin(node.expression)}
        return {str(name): None for name in node.template_scope()}

    def _made_inside(self, node: Node) -> dict[str, Path | None]:
        names: dict[str, Path | None] = {str(name): None for name in node.block_scope()}
        if isinstance(node, ForNode):
            origin = self._origin(node.expression.iterable)
            names[str(node.expression.identifier)] = None if origin is None else (*origin, "0")
        return names

    def _origin(self, expression: Expression) -> Path | None:
        if isinstance(expression, FilteredExpression) and not expression.filters:
            expression = expression.left
        return self._path(expression) if isinstance(expression, PathExpression) else None

    def _read(self, expression: Expression, filters: tuple[str, ...] = ()) -> None:
        if isinstance(expression, PathExpression):
            self._note(expression, filters)
        if isinstance(expression, FilteredExpression):
            self._check_filters(expression.filters or [])
            names = tuple(each.name for each in expression.filters or [])
            self._read(expression.left, names)
        for child in self._others(expression):
            self._read(child)

    @staticmethod
    def _others(expression: Expression) -> Iterator[Expression]:
        for child in expression.children():
            if not isinstance(expression, FilteredExpression) or child is not expression.left:
                yield child

    def _note(self, expression: PathExpression, filters: tuple[str, ...]) -> None:
        path = self._path(expression)
        if path is None or path[0] in _MOMENTS:
            return
        position = Position.at(self.source, expression.token.start_index)
        self.variables.append(
            Variable(path, str(expression), filters, position.line, position.column)
        )

    def _path(self, expression: PathExpression) -> Path | None:
        """The path up to the first part that is only known when the text is filled in."""
        segments: list[str] = []
        for segment in expression.path:
            if isinstance(segment, PathExpression):
                break
            segments.append(str(segment))
        for names in reversed(self.names):
            if segments and segments[0] in names:
                origin = names[segments[0]]
                return None if origin is None else (*origin, *segments[1:])
        return tuple(segments) or None

    def _check_filters(self, filters: list[FilterExpression]) -> None:
        for each in filters:
            problem = _misuse(each)
            if problem is not None:
                raise TemplateError(problem, Position.at(self.source, each.token.start_index))


def _misuse(written: FilterExpression) -> str | None:
    known = FILTERS.get(written.name)
    if known is None:
        return f"There is no filter “{written.name}”." + did_you_mean(written.name, FILTERS)
    names = [str(name) for argument in written.args if (name := getattr(argument, "name", None))]
    return known.misuse(len(written.args) - len(names), names)
