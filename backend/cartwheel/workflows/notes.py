"""Notes that lie beside the steps: kept with the drawing, and read by people only.

`{"id", "text", "color", "position": {"x", "y"}, "width", "height"}`. The engine, versions and the
comparison of draft and live know nothing of them.
"""

from collections.abc import Mapping

from cartwheel.node_sdk import Json
from cartwheel.workflows.limits import is_id, is_number, is_text

MAX_NOTES = 100
MAX_NOTE_LENGTH = 5_000
_COLORS = frozenset({"yellow", "green", "blue", "pink", "grey"})


def are_notes(value: Json) -> bool:
    """Whether this can be kept as the notes of a graph; none at all can."""
    if value is None:
        return True
    return isinstance(value, list) and len(value) <= MAX_NOTES and all(map(_is_note, value))


def _is_note(note: Json) -> bool:
    if not isinstance(note, Mapping) or not is_id(note.get("id")):
        return False
    place = note.get("position")
    sizes = (note.get("width"), note.get("height"))
    return (
        is_text(note.get("text"), MAX_NOTE_LENGTH)
        and note.get("color") in _COLORS
        and isinstance(place, Mapping)
        and all(is_number(each) for each in (place.get("x"), place.get("y"), *sizes))
        and not note.keys() - {"id", "text", "color", "position", "width", "height"}
    )
