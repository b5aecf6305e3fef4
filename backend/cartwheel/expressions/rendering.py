"""One filling in of a text that needs Liquid, and its bounds.

What bounds it: the bytes of the output and of what is kept in variables, and *work*. Work is
counted in characters of template gone through; each turn of a loop costs the length of its body,
each value handled a part of its size. So the time is proportional to what the merchant wrote and
what comes out, and an endless loop ends. (`pieces` bounds the source, `templates` the nesting.)
"""

from io import StringIO
from typing import Any, Final, TextIO

from liquid import Token
from liquid.builtin.expressions import FilteredExpression
from liquid.context import RenderContext
from liquid.exceptions import FilterArgumentError
from liquid.expression import Expression
from liquid.template import BoundTemplate
from liquid.undefined import UNDEFINED, Undefined
from liquid.utils import ReadOnlyChainMap

from cartwheel.expressions.escapes import Escaped, escape
from cartwheel.expressions.lookup import MISSING, step_into
from cartwheel.expressions.surroundings import Surroundings
from cartwheel.expressions.values import LONGEST_OUTPUT, as_text

MOST_WORK: Final = 1_000_000
MOST_KEPT: Final = 1024 * 1024
TOO_LONG: Final = f"This text grows longer than {LONGEST_OUTPUT // 1024} KiB. Let it print less."


class Refusal(FilterArgumentError):
    """Our own sentence on its way through python-liquid, which adds the place."""

    def __init__(self, message: str) -> None:
        super().__init__(message, token=None)


class Rendering(RenderContext):
    """One filling in: the names in reach, the work done so far, and what had no value."""

    __slots__ = ("kept", "missing", "surroundings", "work")

    def __init__(self, template: BoundTemplate, surroundings: Surroundings) -> None:
        now = surroundings.now
        moments = {} if now is None else {"now": now, "today": now}
        super().__init__(template, globals=ReadOnlyChainMap(surroundings.scope, moments))
        # Without python-liquid's own `now`, which asks the machine's clock.
        self.scope = ReadOnlyChainMap(self.locals, self.globals)
        self.surroundings = surroundings
        self.missing: dict[str, None] = {}
        self.work = self.kept = 0

    def spend(self, amount: int) -> None:
        """Counts work. Raises `Refusal` when it is too much."""
        self.work += amount
        if self.work > MOST_WORK:
            raise Refusal("This text repeats too much. Loop over fewer entries, or do less.")

    def spend_on(self, value: object) -> None:
        """Counts the work of going through a value once: an entry costs as much as 40 letters."""
        size = size_of(value)
        self.spend(1 + (size // 4 if isinstance(value, str) else size * 10))

    def get(
        self, path: list[object], *, token: Token | None, default: object = UNDEFINED
    ) -> object:
        """What stands at a path, read as everywhere else in Cartwheel."""
        value = self.scope.get(str(path[0]), MISSING)
        for key in path[1:]:
            value = step_into(value, key)
        if value is not MISSING:
            return value
        name = str(path[0])
        return self.env.undefined(name, token=token) if default is UNDEFINED else default

    def assign(self, key: str, val: Any) -> None:
        """Keeps a value under a name. Raises `Refusal` when that is too much to keep."""
        self.kept += size_of(val) - size_of(self.locals.get(key))
        if self.kept > MOST_KEPT:
            raise Refusal("This text keeps too much in its variables. Keep less.")
        self.locals[key] = val

    def get_buffer(self, buf: TextIO | None = None) -> StringIO:
        return Paper(self, buf.size if isinstance(buf, Paper) else 0)

    def printed(self, value: object, expression: Expression, *, leading: bool) -> str:
        """The value as it goes on paper. Notes the names of values that are not there."""
        if value is None or isinstance(value, Undefined):
            self.missing[_name(expression)] = None
            return ""
        text = as_text(value)
        if len(text) > LONGEST_OUTPUT:
            raise Refusal(TOO_LONG)
        if isinstance(value, Escaped):
            return text
        return escape(text, self.surroundings.escape, leading=leading)


def size_of(value: object) -> int:
    """How many parts a value has, 1 for what has none."""
    return len(value) if isinstance(value, str | list | tuple | dict | range) else 1


def _name(expression: Expression) -> str:
    return str(expression.left if isinstance(expression, FilteredExpression) else expression)


class Paper(StringIO):
    """What has been written; refuses to grow past the limit, counted in bytes of UTF-8."""

    def __init__(self, rendering: Rendering, size: int = 0) -> None:
        super().__init__()
        self.rendering, self.size = rendering, size

    def write(self, text: str, /) -> int:
        self.size += len(text.encode("utf-8", "surrogatepass"))
        if self.size > LONGEST_OUTPUT:
            raise Refusal(TOO_LONG)
        self.rendering.spend_on(text)
        return super().write(text)
