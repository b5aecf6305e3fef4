"""The tags whose python-liquid version prints past our escaping or counts nothing."""

from collections.abc import Iterator
from io import StringIO
from typing import Any, TextIO, cast

from liquid import Token
from liquid.ast import BlockNode, Node
from liquid.builtin.content import Literal
from liquid.builtin.expressions import LoopExpression
from liquid.builtin.illegal import Illegal
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.assign_tag import AssignTag
from liquid.builtin.tags.capture_tag import CaptureNode, CaptureTag
from liquid.builtin.tags.case_tag import CaseTag
from liquid.builtin.tags.for_tag import BreakTag, ContinueTag, ForNode, ForTag
from liquid.builtin.tags.if_tag import IfTag
from liquid.builtin.tags.unless_tag import UnlessTag
from liquid.context import RenderContext
from liquid.stream import TokenStream
from liquid.tag import Tag

from cartwheel.expressions.escapes import Escaped
from cartwheel.expressions.rendering import Rendering, size_of


class PrintNode(OutputNode):
    """`{{ … }}`"""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        value = self.expression.evaluate(context)
        rendering = cast("Rendering", context)
        return buffer.write(rendering.printed(value, self.expression, leading=buffer.tell() == 0))


class PrintTag(Output):
    node_class = PrintNode


class KeepNode(CaptureNode):
    """`{% capture %}`: its values were escaped when they were printed into it."""

    def _assign(self, context: RenderContext, buf: StringIO) -> None:
        context.assign(self.name, Escaped(buf.getvalue()))


class KeepTag(CaptureTag):
    node_class = KeepNode


class LoopBody(BlockNode):
    """The inside of a `for`: each turn costs its length."""

    __slots__ = ("length",)

    def __init__(self, body: BlockNode, length: int) -> None:
        super().__init__(body.token, body.nodes)
        self.length = length

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        cast("Rendering", context).spend(self.length)
        return super().render_to_output(context, buffer)


class LoopOver(LoopExpression):
    """The head of a `for`: the entries are paid for before python-liquid copies them."""

    __slots__ = ()

    def _to_iter(self, obj: object, context: RenderContext) -> tuple[Iterator[Any], int]:
        cast("Rendering", context).spend(size_of(obj))
        return super()._to_iter(obj, context)


class LoopTag(ForTag):
    def parse(self, stream: TokenStream) -> Node:
        node = cast("ForNode", super().parse(stream))
        head = node.expression
        node.block = LoopBody(node.block, _distance(node.token, node.block.token))
        node.expression = LoopOver(
            head.token,
            head.identifier,
            head.iterable,
            limit=head.limit,
            offset=head.offset,
            reversed_=head.reversed,
            cols=head.cols,
        )
        return node


def _distance(start: Token, end: Token) -> int:
    return max(end.start_index - start.start_index, 1)


TAG_CLASSES: tuple[type[Tag], ...] = (
    Literal,
    Illegal,
    PrintTag,
    AssignTag,
    KeepTag,
    CaseTag,
    IfTag,
    UnlessTag,
    LoopTag,
    BreakTag,
    ContinueTag,
)
"""All tags there are: none that reads another text, a file or a clock."""
