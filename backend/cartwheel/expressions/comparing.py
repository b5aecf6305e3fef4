"""Liquid's comparisons, with numbers that arrive as text.

A shop sends `"369.97"`; `{% if order.total > 100 %}` compares it as the number it is.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from liquid.ast import Node
from liquid.builtin.expressions.logical import (
    BooleanExpression,
    ContainsExpression,
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LogicalAndExpression,
    LogicalOrExpression,
    LtExpression,
    NeExpression,
)
from liquid.builtin.expressions.primitive import Blank, Empty
from liquid.builtin.tags.case_tag import MultiExpressionBlockNode
from liquid.context import RenderContext
from liquid.expression import Expression
from liquid.token import Token
from liquid.undefined import Undefined

from cartwheel.expressions.filters.filter import is_container
from cartwheel.expressions.filters.lists import alike
from cartwheel.expressions.values import as_number, as_text, as_time, is_blank

if TYPE_CHECKING:
    from cartwheel.expressions.rendering import Rendering

Comparison = Callable[[object, object], bool]


def equal(left: object, right: object) -> bool:
    """Liquid's `==`: also nothing to nothing, and `empty` and `blank` to what is."""
    left, right = _plain(left), _plain(right)
    for keyword, value in ((left, right), (right, left)):
        if isinstance(keyword, Blank):
            return is_blank(value)
        if isinstance(keyword, Empty):
            return value is not None and is_blank(value) and not as_text(value)
    return alike(left, right)


def before(left: object, right: object) -> bool | None:
    """Whether `left` comes before `right`: as numbers, else as times, else as words.

    None where they are equal or where no order between them makes sense.
    """
    left, right = _plain(left), _plain(right)
    numbers = as_number(left), as_number(right)
    if numbers[0] is not None and numbers[1] is not None:
        return _order(numbers[0], numbers[1])
    if not isinstance(left, str) or not isinstance(right, str):
        return None
    times = as_time(left), as_time(right)
    if times[0] is not None and type(times[0]) is type(times[1]):
        return _order(times[0], times[1])
    return _order(left, right)


def _order(left: object, right: object) -> bool | None:
    return None if left == right else bool(left < right)  # type: ignore[operator]


def _plain(value: object) -> object:
    return None if isinstance(value, Undefined) else value


def _contains(left: object, right: object) -> bool:
    left, right = _plain(left), _plain(right)
    if left is None or right is None:
        return False
    if is_container(right):
        return False
    if isinstance(left, dict):
        return as_text(right) in left
    if isinstance(left, list | tuple | range):
        return any(alike(element, right) for element in left)
    return as_text(right) in as_text(left)


_COMPARISONS: dict[type[Expression], Comparison] = {
    EqExpression: equal,
    NeExpression: lambda left, right: not equal(left, right),
    LtExpression: lambda left, right: before(left, right) is True,
    GtExpression: lambda left, right: before(right, left) is True,
    LeExpression: lambda left, right: before(left, right) is True or equal(left, right),
    GeExpression: lambda left, right: before(right, left) is True or equal(left, right),
    ContainsExpression: _contains,
}


class Compared(Expression):
    """Two sides and what is asked of them."""

    __slots__ = ("compare", "left", "right")

    def __init__(self, original: Expression, compare: Comparison) -> None:
        super().__init__(original.token)
        self.left, self.right = original.children()
        self.compare = compare

    def evaluate(self, context: RenderContext) -> object:
        left, right = self.left.evaluate(context), self.right.evaluate(context)
        cast("Rendering", context).spend_on(left)
        return self.compare(left, right)

    def children(self) -> list[Expression]:
        return [self.left, self.right]


class AnyOf(Expression):
    """The values of one `when`, of which one must equal the `case`."""

    __slots__ = ("left", "others")

    def __init__(self, token: Token, left: Expression, others: list[Expression]) -> None:
        super().__init__(token)
        self.left, self.others = left, others

    def evaluate(self, context: RenderContext) -> list[bool]:
        """One True where one is equal: python-liquid prints the block once for each."""
        left = self.left.evaluate(context)
        return [any(equal(left, other.evaluate(context)) for other in self.others)]

    def children(self) -> list[Expression]:
        return self.others


def compare_as_shops_mean(node: Node) -> None:
    """Puts our comparisons into a parsed node in place of python-liquid's."""
    for expression in node.expressions():
        if isinstance(expression, BooleanExpression):
            expression.expression = _replaced(expression.expression)
    if isinstance(node, MultiExpressionBlockNode):
        original = node.expression
        replacement = AnyOf(original.token, original.left, original.expressions)
        node.expression = replacement  # type: ignore[assignment]


def _replaced(expression: Expression) -> Expression:
    if isinstance(expression, LogicalAndExpression | LogicalOrExpression):
        left, right = _replaced(expression.left), _replaced(expression.right)
        return type(expression)(expression.token, left, right)
    compare = _COMPARISONS.get(type(expression))
    return Compared(expression, compare) if compare else expression
