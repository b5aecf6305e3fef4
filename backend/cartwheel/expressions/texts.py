"""Texts with variables, as merchants write them: `Hello {{ customer.first_name }}`.

A text is compiled once and filled in often. Most hold nothing but plain variables and are filled
in by a loop over their pieces; the rest goes through Liquid (`templates`).
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from cartwheel.expressions.escapes import Escape, escape, refuse_line_breaks
from cartwheel.expressions.lookup import MISSING, Path, Scope, parse_path, read
from cartwheel.expressions.pieces import Kind, Piece, cut
from cartwheel.expressions.problems import Position, TemplateError
from cartwheel.expressions.surroundings import Surroundings
from cartwheel.expressions.values import LONGEST_OUTPUT, TooLong, as_text
from cartwheel.expressions.variable import Variable

if TYPE_CHECKING:
    from liquid.template import BoundTemplate

_SHORT: Final = 8 * 1024
_TOO_LONG = f"This text grows longer than {LONGEST_OUTPUT // 1024} KiB. Let it print less."
_MOMENTS = ("now", "today")

Part = str | Path
"""A piece of a plain text: literal, or the path of the variable that stands there."""


@dataclass(frozen=True, eq=False)
class Text:
    """A compiled text. Make one with `compile_text`."""

    source: str
    variables: tuple[Variable, ...]
    parts: tuple[Part, ...] | None
    """The pieces of a plain text; None where Liquid is needed."""
    template: "BoundTemplate | None" = None

    @cached_property
    def is_constant(self) -> bool:
        """Whether it always comes out the same: no variable and no instruction in it."""
        return self.parts is not None and all(isinstance(part, str) for part in self.parts)

    @cached_property
    def sole_variable(self) -> Path | None:
        """The path, where the text is one plain variable and nothing else."""
        only = self.parts[0] if self.parts and len(self.parts) == 1 else None
        return None if isinstance(only, str) else only

    def render(
        self,
        scope: Scope,
        *,
        escape: Escape = Escape.NONE,
        locale: str = "en",
        timezone: str = "UTC",
        now: datetime | None = None,
    ) -> str:
        """The text filled in; a variable without a value leaves nothing.

        `escape` is where the result will stand, `timezone` an IANA name, `now` what “now” means.
        Raises `TemplateError`, and nothing else.
        """
        return self._fill(Surroundings(scope, escape, locale, timezone, now))[0]

    def missing(
        self,
        scope: Scope,
        *,
        locale: str = "en",
        timezone: str = "UTC",
        now: datetime | None = None,
    ) -> tuple[str, ...]:
        """The variables that would print nothing because they have no value, as written.

        A variable with a default, or in a branch that is not taken, is not among them.
        Raises `TemplateError` like `render`.
        """
        return self._fill(Surroundings(scope, Escape.NONE, locale, timezone, now))[1]

    def _fill(self, surroundings: Surroundings) -> tuple[str, tuple[str, ...]]:
        if self.parts is not None:
            text, missing = _fill_plain(self.parts, surroundings)
        else:
            text, missing = self._fill_template(surroundings)
        if surroundings.escape is Escape.HEADER:
            refuse_line_breaks(text)
        return text, missing

    def _fill_template(self, surroundings: Surroundings) -> tuple[str, tuple[str, ...]]:
        from cartwheel.expressions import templates

        if self.template is None:
            raise AssertionError("a text without parts has a template")
        return templates.render(self.template, self.source, surroundings)


def compile_text(source: str) -> Text:
    """The compiled text; the same one for the same source, as long as it is remembered.

    Raises `TemplateError` with a sentence and a position.
    """
    return _remembered(source) if len(source) <= _SHORT else _remembered_long(source)


def _compile(source: str) -> Text:
    pieces = cut(source)
    parts = _plain_parts(pieces)
    if parts is not None:
        return Text(source, _plain_variables(source, pieces), parts)
    from cartwheel.expressions import reading, templates

    template = templates.parse(source, pieces)
    return Text(source, reading.variables_of(template, source), None, template)


# Two memories, so that a few long HTML messages can neither crowd out the short texts of all
# other workflows nor add up to gigabytes.
_remembered = lru_cache(maxsize=2048)(_compile)
_remembered_long = lru_cache(maxsize=32)(_compile)


def _plain_parts(pieces: tuple[Piece, ...]) -> tuple[Part, ...] | None:
    parts: list[Part] = []
    for piece in pieces:
        if piece.kind is Kind.CONTENT:
            parts.append(piece.body)
            continue
        path = parse_path(piece.body) if piece.kind is Kind.OUTPUT else None
        if path is None:
            return None
        parts.append(path)
    return tuple(parts)


def _plain_variables(source: str, pieces: tuple[Piece, ...]) -> tuple[Variable, ...]:
    variables = []
    for piece in pieces:
        path = parse_path(piece.body) if piece.kind is Kind.OUTPUT else None
        if path is not None and path[0] not in _MOMENTS:
            at = Position.at(source, piece.start)
            variables.append(Variable(path, piece.body, (), at.line, at.column))
    return tuple(variables)


def _fill_plain(parts: tuple[Part, ...], surroundings: Surroundings) -> tuple[str, tuple[str, ...]]:
    written: list[str] = []
    missing: dict[str, None] = {}
    room = LONGEST_OUTPUT
    for part in parts:
        if isinstance(part, str):
            text = part
        else:
            value = _value(surroundings, part)
            if value is MISSING or value is None:
                missing[".".join(part)] = None
                continue
            text = _printable(value, surroundings.escape, leading=not any(written))
        # Counted as it grows: a large value named a thousand times is written out once too often.
        room -= len(text)
        if room < 0:
            raise TemplateError(_TOO_LONG)
        written.append(text)
    return _bounded("".join(written)), tuple(missing)


def _value(surroundings: Surroundings, path: Path) -> object:
    value = read(surroundings.scope, path)
    if value is MISSING and path[0] in _MOMENTS and len(path) == 1:
        return surroundings.now
    return value


def _printable(value: object, sink: Escape, *, leading: bool) -> str:
    try:
        text = _bounded(as_text(value))
    except TooLong:
        raise TemplateError(_TOO_LONG) from None
    except (ValueError, RecursionError):
        raise TemplateError("A value in this text cannot be printed.") from None
    return text if sink is Escape.NONE else escape(text, sink, leading=leading)


def _bounded(text: str) -> str:
    # A character takes at most four bytes: most texts need not be encoded to be measured.
    if len(text) * 4 > LONGEST_OUTPUT:
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > LONGEST_OUTPUT:
            raise TemplateError(_TOO_LONG)
    return text
