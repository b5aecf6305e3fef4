"""Cuts a text into what is literal, what is printed and what is an instruction.

python-liquid's own lexer backtracks: a text with one open brace and many spaces keeps it busy for
minutes. This one goes over the text once, and knows where an unclosed block began.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from cartwheel.expressions.problems import Position, TemplateError
from cartwheel.expressions.suggestions import did_you_mean

LONGEST_SOURCE: Final = 256 * 1024
"""The longest text a merchant may write, in characters."""
LONGEST_EXPRESSION: Final = 2_000
"""The longest placeholder or instruction; python-liquid reads these in quadratic time."""

BLOCKS: Final = {
    "if": ("elsif", "else"),
    "unless": ("elsif", "else"),
    "case": ("when", "else"),
    "for": ("else",),
    "capture": (),
}
"""The instructions that need an end, with what may stand inside them."""
TAGS: Final = (*BLOCKS, "assign", "break", "continue", "comment", "raw", "#")
"""Every instruction there is. No include, render or layout: a text cannot read another one."""

_OPENING = re.compile(r"\{\{|\{%")
_NAME = re.compile(r"#|\w*")
_END_RAW = re.compile(r"\{%-?\s*endraw\s*-?%\}")
_COMMENT = re.compile(r"\{%-?\s*(end)?comment\s*-?%\}")


class Kind(Enum):
    """What a piece is for."""

    CONTENT = "content"
    OUTPUT = "output"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text.

    `body` is literal text, or what stands between the braces; it begins at index `start` of the
    source, the braces themselves at `opening`. `name` is a tag's name.
    """

    kind: Kind
    body: str
    start: int
    opening: int
    name: str = ""


def cut(source: str) -> tuple[Piece, ...]:
    """The pieces of `source`, comments left out. Raises `TemplateError`."""
    if len(source) > LONGEST_SOURCE:
        raise TemplateError(f"This text is longer than {LONGEST_SOURCE // 1024} KiB. Shorten it.")
    pieces = tuple(_Cutter(source).pieces())
    _check_blocks(source, pieces)
    return pieces


class _Cutter:
    """One pass over a source; `position` only ever moves forward."""

    def __init__(self, source: str) -> None:
        self.source, self.position = source, 0
        self.trim_next = False

    def pieces(self) -> Iterator[Piece]:
        while opening := _OPENING.search(self.source, self.position):
            trims = self.source.startswith("-", opening.end())
            yield from self._content(opening.start(), trim_end=trims)
            piece = self._braced(opening.start())
            if piece.name in ("comment", "#"):
                self._skip_comment(piece)
            elif piece.name == "raw":
                yield from self._raw(piece)
            else:
                yield piece
        yield from self._content(len(self.source), trim_end=False)

    def _content(self, end: int, *, trim_end: bool) -> Iterator[Piece]:
        start = self.position
        text = self.source[start:end]
        text = text.lstrip() if self.trim_next else text
        text = text.rstrip() if trim_end else text
        if text:
            yield Piece(Kind.CONTENT, text, start, start)

    def _braced(self, opening: int) -> Piece:
        is_output = self.source[opening + 1] == "{"
        closing = "}}" if is_output else "%}"
        end = self.source.find(closing, opening + 2)
        if end < 0:
            raise self._error(
                f"The “{'{{' if is_output else '{%'}” here is never closed with “{closing}”.",
                opening,
            )
        self.position = end + 2
        return self._piece(Kind.OUTPUT if is_output else Kind.TAG, opening, end)

    def _piece(self, kind: Kind, opening: int, end: int) -> Piece:
        inner = self.source[opening + 2 : end]
        self.trim_next = inner.endswith("-")
        unsigned = inner.removeprefix("-")
        name = ""
        start = end - len(unsigned)
        body = unsigned.removesuffix("-")
        if kind is Kind.TAG:
            name, skipped = self._tag_name(body)
            body, start = body[skipped:], start + skipped
        start += len(body) - len(body.lstrip())
        piece = Piece(kind, body.strip(), start, opening, name)
        self._check(piece)
        return piece

    @staticmethod
    def _tag_name(body: str) -> tuple[str, int]:
        indent = len(body) - len(body.lstrip())
        match = _NAME.match(body, indent)
        return (match.group(), match.end()) if match else ("", indent)

    def _check(self, piece: Piece) -> None:
        if len(piece.body) > LONGEST_EXPRESSION and piece.name != "#":
            raise self._error(
                f"This placeholder is longer than {LONGEST_EXPRESSION} characters. Split it up.",
                piece.opening,
            )
        if piece.kind is Kind.OUTPUT and not piece.body:
            raise self._error(
                "There is nothing between these braces. Choose a variable.", piece.opening
            )
        if piece.kind is Kind.TAG and piece.name not in _KNOWN_NAMES:
            raise self._error(_unknown_tag(piece.name), piece.opening)

    def _skip_comment(self, piece: Piece) -> None:
        depth = 1 if piece.name == "comment" else 0
        while depth:
            match = _COMMENT.search(self.source, self.position)
            if match is None:
                raise self._error("This comment never ends: add {% endcomment %}.", piece.opening)
            depth += -1 if match[1] else 1
            self.position = match.end()
            self.trim_next = match.group().endswith("-%}")

    def _raw(self, piece: Piece) -> Iterator[Piece]:
        match = _END_RAW.search(self.source, self.position)
        if match is None:
            raise self._error("This {% raw %} never ends: add {% endraw %}.", piece.opening)
        yield from self._content(match.start(), trim_end=match.group().startswith("{%-"))
        self.position = match.end()
        self.trim_next = match.group().endswith("-%}")

    def _error(self, message: str, index: int) -> TemplateError:
        return TemplateError(message, Position.at(self.source, index))


_INNER = {name for inner in BLOCKS.values() for name in inner}
_KNOWN_NAMES = {*TAGS, *_INNER, *(f"end{name}" for name in BLOCKS)}


def _unknown_tag(name: str) -> str:
    if not name:
        return "There is no instruction between “{%” and “%}”."
    return f"There is no instruction “{name}”." + did_you_mean(name, _KNOWN_NAMES)


def _check_blocks(source: str, pieces: tuple[Piece, ...]) -> None:
    """Raises `TemplateError` where a block is not closed, or an end closes nothing."""
    open_blocks: list[Piece] = []
    for piece in pieces:
        if piece.name in BLOCKS:
            open_blocks.append(piece)
        elif piece.name.startswith("end"):
            if not open_blocks or open_blocks.pop().name != piece.name.removeprefix("end"):
                raise _misplaced(source, piece)
        elif piece.name in _INNER and not (
            open_blocks and piece.name in BLOCKS[open_blocks[-1].name]
        ):
            raise _misplaced(source, piece)
    if open_blocks:
        name, opening = open_blocks[-1].name, open_blocks[-1].opening
        message = f"This {{% {name} %}} is never closed: add {{% end{name} %}}."
        raise TemplateError(message, Position.at(source, opening))


def _misplaced(source: str, piece: Piece) -> TemplateError:
    message = f"{{% {piece.name} %}} does not belong here: no open block is waiting for it."
    return TemplateError(message, Position.at(source, piece.opening))
