"""JSON pointers (RFC 6901): how this catalogue names a place inside a JSON value."""

from collections.abc import Iterable, Mapping

from cartwheel.node_sdk import Json


class Missing:
    """Stands for a value that is not there, which is something else than null."""

    def __bool__(self) -> bool:
        return False


MISSING = Missing()


def pointer(parts: Iterable[str | int]) -> str:
    """`("cases", 0, "a/b")` as `/cases/0/a~1b`; nothing at all as the empty string."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def parts_of(place: str) -> tuple[str, ...]:
    """The keys and indexes of a pointer, unescaped."""
    steps = place.split("/")[1:]
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)


def look_up(value: Json, place: str) -> Json:
    """The value at a pointer, or `MISSING`."""
    for part in parts_of(place):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return MISSING
    return value
