"""The parts of one written rule: each is read, or refused with a sentence."""

from typing import Final

from cartwheel.expressions.lookup import Path, parse_path
from cartwheel.expressions.operators import OPERATORS, MatchMode, Needs, Operator, Quantifier
from cartwheel.expressions.problems import TemplateError
from cartwheel.expressions.rule_tree import Combinator, FieldValue, Value
from cartwheel.expressions.suggestions import did_you_mean
from cartwheel.expressions.texts import compile_text

_LONGEST_FIELD: Final = 300


class Refused(ValueError):
    """This part of a rule cannot be used; the message says why, for the merchant."""


def read_combinator(written: object) -> Combinator:
    """`and` or `or`. Raises `Refused`."""
    if written not in ("and", "or"):
        raise Refused("Choose “and” or “or” for this group.")
    return Combinator(written)


def read_field(written: object, *, in_list: bool) -> Path:
    """The path of a field; in the rules for a list's entries, no field is the entry itself.

    Raises `Refused`.
    """
    if in_list and written == "":
        return ()
    is_short = isinstance(written, str) and len(written) <= _LONGEST_FIELD
    path = parse_path(written) if isinstance(written, str) and is_short else None
    if path is None:
        raise Refused("Choose what is to be compared.")
    return path


def read_operator(written: object) -> Operator:
    """The operator of that name. Raises `Refused`."""
    if not isinstance(written, str) or written not in OPERATORS:
        guess = did_you_mean(written, OPERATORS) if isinstance(written, str) else ""
        raise Refused(f"Choose how it is compared.{guess}")
    return OPERATORS[written]


def read_quantifier(written: object) -> Quantifier | None:
    """How many entries of a list must pass, None where it is not said. Raises `Refused`."""
    if written is None:
        return None
    if written not in ("any", "all", "none"):
        raise Refused("Choose “any”, “all” or “none”.")
    return Quantifier(written)


def read_mode(written: object) -> MatchMode:
    """How many entries must pass rules of their own. Raises `Refused`."""
    names = [mode.value for mode in MatchMode]
    if written not in names:
        raise Refused(f"Choose how many entries must match: {', '.join(names)}.")
    return MatchMode(written)


def read_threshold(written: object) -> float:
    """The number of entries; below 1 a share of them. Raises `Refused`."""
    if isinstance(written, bool) or not isinstance(written, int | float) or not written >= 0:
        raise Refused("Write how many entries must match.")
    return float(written)


def read_value(written: object, operator: Operator, *, from_field: bool) -> Value:
    """The other side of a rule. `from_field`: it names a field. Raises `Refused`."""
    if operator.needs is Needs.NOTHING:
        return None
    if from_field:
        return _other_field(written)
    if operator.needs is Needs.ONE:
        return _one_value(written)
    parts = split_values(written)
    if len(parts) == 1 and isinstance(parts[0], str) and "{{" in parts[0]:
        return _one_value(parts[0])
    if operator.needs is Needs.TWO and len(parts) != 2:
        raise Refused("Write the lowest and the highest value.")
    if not parts:
        raise Refused("Write at least one value.")
    return tuple(_one_value(part) for part in parts)


def _other_field(written: object) -> FieldValue:
    path = parse_path(written) if isinstance(written, str) else None
    if path is None:
        raise Refused("Choose the field to compare with.")
    return FieldValue(path)


def _one_value(written: object) -> Value:
    if isinstance(written, bool | int | float):
        return written
    if not isinstance(written, str) or not written.strip():
        raise Refused("Write a value to compare with, or choose “is empty”.")
    if "{{" not in written and "{%" not in written:
        return written
    try:
        return compile_text(written)
    except TemplateError as error:
        raise Refused(error.message) from error


def split_values(written: object) -> list[object]:
    """The values of a list; of a text `a, b` too, as react-querybuilder's inputs write it."""
    if isinstance(written, str) and "{{" not in written:
        return [part.strip() for part in written.split(",") if part.strip()]
    if isinstance(written, list | tuple):
        return list(written)
    return [] if written is None else [written]
