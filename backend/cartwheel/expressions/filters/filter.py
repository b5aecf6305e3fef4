"""A filter: a plain function from value and arguments to a value, and how it is called."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter, Signature, signature

from cartwheel.expressions.surroundings import Surroundings

Function = Callable[..., object]
Functions = dict[str, Function]


class FilterRefusal(ValueError):
    """A filter cannot work with what it was given; the message tells the merchant why."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A published filter. Functions that take `surroundings` are handed them."""

    name: str
    function: Function
    signature: Signature
    needs_surroundings: bool

    @classmethod
    def of(cls, name: str, function: Function) -> "Filter":
        parameters = dict(signature(function).parameters)
        needs = parameters.pop("surroundings", None) is not None
        return cls(name, function, Signature(list(parameters.values())), needs)

    def call(
        self,
        value: object,
        args: tuple[object, ...],
        named: dict[str, object],
        around: Surroundings,
    ) -> object:
        """The filtered value. Raises `FilterRefusal`."""
        if self.needs_surroundings:
            return self.function(value, *args, **named, surroundings=around)
        return self.function(value, *args, **named)

    def misuse(self, count: int, names: list[str]) -> str | None:
        """What is wrong with calling it with `count` plain arguments and these named ones."""
        try:
            self.signature.bind(None, *[None] * count, **dict.fromkeys(names))
        except TypeError:
            return f"The filter “{self.name}” is written {self.usage()}."
        return None

    def usage(self) -> str:
        """How it is written: `replace: old, new`; what may be left out stands in brackets."""
        written = [_written(each) for each in list(self.signature.parameters.values())[1:]]
        return f"“{self.name}: {', '.join(written)}”" if written else f"“{self.name}” alone"


def _written(parameter: Parameter) -> str:
    name = parameter.name.strip("_")
    name = f"{name}: …" if parameter.kind is Parameter.KEYWORD_ONLY else name
    return name if parameter.default is Parameter.empty else f"[{name}]"
