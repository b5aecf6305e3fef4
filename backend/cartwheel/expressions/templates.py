"""Texts that need Liquid: python-liquid, with every door shut that a text does not need.

Imported when the first such text is compiled: most texts are plain, and the library costs 20 MB.
"""

from collections.abc import Iterator
from typing import ClassVar

from liquid import Environment, Token
from liquid.ast import Node
from liquid.context import RenderContext
from liquid.exceptions import LiquidError
from liquid.expression import Expression
from liquid.parser import get_parser
from liquid.stream import TokenStream
from liquid.template import BoundTemplate
from liquid.token import TOKEN_CONTENT, TOKEN_EXPRESSION, TOKEN_OUTPUT, TOKEN_TAG
from liquid.undefined import Undefined

from cartwheel.expressions.comparing import compare_as_shops_mean
from cartwheel.expressions.filters import FILTERS, Filter, FilterRefusal
from cartwheel.expressions.pieces import Kind, Piece
from cartwheel.expressions.problems import Position, TemplateError
from cartwheel.expressions.rendering import TOO_LONG, Paper, Refusal, Rendering, size_of
from cartwheel.expressions.surroundings import Surroundings
from cartwheel.expressions.tags import TAG_CLASSES
from cartwheel.expressions.values import LONGEST_OUTPUT, TooLong

_SHOWN = 60
_LOOP_WORDS = ("break", "continue")

# What python-liquid lets through from Python itself for odd templates: `limit: 1e30`,
# a thousand nested brackets. Each is the template's fault, and none may stop a worker.
_PYTHON_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class LiquidFilter:
    """A published filter, as python-liquid calls it."""

    with_context = True

    def __init__(self, filter_: Filter) -> None:
        self.filter = filter_

    def __call__(self, value: object, *args: object, context: Rendering, **named: object) -> object:
        context.spend(self.filter.cost)
        for each in (value, *args):
            context.spend_on(each)
        plain = tuple(_plain(each) for each in args)
        named = {name: _plain(each) for name, each in named.items()}
        try:
            result = self.filter.call(_plain(value), plain, named, context.surroundings)
        except TooLong:
            raise Refusal(TOO_LONG) from None
        except FilterRefusal as refusal:
            raise Refusal(f"{refusal} (filter “{self.filter.name}”)") from None
        if size_of(result) > LONGEST_OUTPUT:
            raise Refusal(TOO_LONG)
        context.spend_on(result)
        return result


def _plain(value: object) -> object:
    return None if isinstance(value, Undefined | Expression) else value


class Liquid(Environment):
    """The tags and filters that there are, and nothing else."""

    block_nesting_limit: ClassVar[int] = 30
    context_depth_limit: ClassVar[int] = 30
    shorthand_indexes = True

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:  # noqa: ARG002
        for tag in TAG_CLASSES:
            self.add_tag(tag)
        for name, filter_ in FILTERS.items():
            self.add_filter(name, LiquidFilter(filter_))


_LIQUID = Liquid()


def parse(source: str, pieces: tuple[Piece, ...]) -> BoundTemplate:
    """The template of a text that was cut into pieces. Raises `TemplateError`."""
    stream = TokenStream(_tokens(source, pieces))
    try:
        nodes = get_parser(_LIQUID).parse(stream)
        for node in nodes:
            _prepare(node)
    except (LiquidError, *_PYTHON_ERRORS) as error:
        raise _template_error(error, source, _last_read(stream)) from error
    return BoundTemplate(_LIQUID, nodes)


def _last_read(stream: TokenStream) -> Token | None:
    """The expression where the parser stood: its own errors often name no place."""
    read = (token for token in stream.tokens[: stream.pos + 1] if token.kind == TOKEN_EXPRESSION)
    return max(read, key=lambda token: token.start_index, default=None)


def _prepare(node: Node) -> None:
    compare_as_shops_mean(node)
    for child in node.children(_NO_CONTEXT):
        _prepare(child)


_NO_CONTEXT = RenderContext(BoundTemplate(_LIQUID, []))


def render(
    template: BoundTemplate, source: str, surroundings: Surroundings
) -> tuple[str, tuple[str, ...]]:
    """The finished text, and the names that had no value. Raises `TemplateError`."""
    rendering = Rendering(template, surroundings)
    paper = Paper(rendering)
    try:
        template.render_with_context(rendering, paper)
    except TemplateError:
        raise
    except TooLong as error:
        raise TemplateError(TOO_LONG) from error
    except (LiquidError, *_PYTHON_ERRORS) as error:
        raise _template_error(error, source) from error
    return paper.getvalue(), tuple(rendering.missing)


def _tokens(source: str, pieces: tuple[Piece, ...]) -> Iterator[Token]:
    for piece in pieces:
        if piece.kind is Kind.CONTENT:
            yield Token(TOKEN_CONTENT, piece.body, piece.start, source)
            continue
        if piece.kind is Kind.OUTPUT:
            yield Token(TOKEN_OUTPUT, piece.body, piece.opening, source)
        else:
            yield Token(TOKEN_TAG, piece.name, piece.opening, source)
        if piece.body:
            yield Token(TOKEN_EXPRESSION, piece.body, piece.start, source)


def _template_error(error: Exception, source: str, fallback: Token | None = None) -> TemplateError:
    token = error.token if isinstance(error, LiquidError) else None
    if token is None or not 0 <= token.start_index < len(source):
        token = fallback
    position = None if token is None else Position.at(source, token.start_index)
    if isinstance(error, Refusal):
        return TemplateError(str(error.message), position)
    return TemplateError(f"{_unreadable(source, token)} {_hint(error)}", position)


def _unreadable(source: str, token: Token | None) -> str:
    if token is None:
        return "This text cannot be read."
    start = max(source.rfind(brace, 0, token.start_index + 2) for brace in ("{{", "{%"))
    ends = (source.find(brace, token.start_index) + 2 for brace in ("}}", "%}"))
    end = min((end for end in ends if end > 1), default=len(source))
    written = source[max(start, 0) : end]
    return f"“{' '.join(written.split())[:_SHOWN]}” cannot be read."


def _hint(error: Exception) -> str:
    message = str(error.message) if isinstance(error, LiquidError) else ""
    if "found '='" in message:
        return "To compare, write “==”."
    if isinstance(error, RecursionError) or "nesting" in message:
        return "It is nested too deeply."
    if (
        isinstance(error, LiquidError)
        and error.token is not None
        and error.token.value in _LOOP_WORDS
    ):
        return "It belongs inside a {% for %}."
    return "Check the names, quotes and filters in it."
