"""A filter: a plain function from value and arguments to a value, and how it is called."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter, Signature, signature
from typing import TypeGuard

from cartwheel.expressions.surroundings import Surroundings
from cartwheel.expressions.values import as_text

Function = Callable[..., object]
Functions = dict[str, Function]


_PLAIN_COST = 50


class FilterRefusal(ValueError):
    """A filter cannot work with what it was given; the message tells the merchant why."""


def to_text(value: object) -> str:
    """What a filter for words works on. Raises `FilterRefusal` for an object.

    Lists are read with commas. An object has no words of its own, and writing a large one out for
    every turn of a loop would cost more than the loop may.
    """
    if is_container(value) and (isinstance(value, dict) or any(map(is_container, value))):
        raise FilterRefusal("This is not a text but a whole object. Choose one of its fields.")
    return as_text(value)


def is_container(value: object) -> TypeGuard[list[object] | tuple[object, ...] | dict[str, object]]:
    """Whether it is a list or an object."""
    return isinstance(value, list | tuple | dict)


@dataclass(frozen=True, slots=True)
class Filter:
    """A published filter. Functions that take `surroundings` are handed them.

    `cost` is the work of one call beside the size of the values, as `rendering` counts it.
    """

    name: str
    function: Function
    signature: Signature
    needs_surroundings: bool
    cost: int

    @classmethod
    def of(cls, name: str, function: Function, cost: int = _PLAIN_COST) -> "Filter":
        """The filter of that name; its signature is what merchants may write."""
        parameters = dict(signature(function).parameters)
        needs = parameters.pop("surroundings", None) is not None
        return cls(name, function, Signature(list(parameters.values())), needs, cost)

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
